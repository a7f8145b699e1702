"""How long it takes until an acknowledged answer is seen: by queries, and by the rule that asks one more person."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from threading import Event, Thread
from time import perf_counter, sleep
from uuid import UUID, uuid4

from annolog.commands.annotating import SubmitAnnotation
from annolog.commands.command import Request
from annolog.domain.recorded import Recorded
from annolog.domain.task.events import SlotAdded
from annolog.infra.composition import Installation
from annolog.projections.engine import bookmarks
from annolog.projections.engine.partitions import partition_of
from benchmarks.measures import Figure, percentile
from benchmarks.scaled.ground import Ground, until
from benchmarks.workload import answer_of, project_with, run_all

TASKS = 12_000
FULL = 6_000
SECONDS = 15.0
RULE = {"enabled": True, "threshold": 0.9, "maximum_additional": 1}


def measured(ground: Ground) -> list[Figure]:
    with ground.opened() as found, ground.running("relay", "projector", "projector", "reactor"):
        project, people = project_with(found, TASKS, 3, overlap=2, reassignment=RULE)
        requests = _answers(people)
        until(lambda: _settled(found))
        begun = perf_counter()
        run_all(found, list(islice(requests, FULL)), in_flight=64)
        until(lambda: _settled(found))
        highest = FULL / (perf_counter() - begun)
        before = found.log.head()
        visible = _at_rate(found, project, requests, highest / 2)
        until(lambda: _settled(found))
        sleep(1)
        slots = list(_slots(found, project, before))
    return [
        Figure("highest load: answers a second, all of them settled", highest, "answers/s"),
        Figure("load while measuring", highest / 2, "answers/s", "", f"{len(visible):,} answers"),
        Figure("acknowledged to visible in agreement, p50", percentile(visible, 0.5) * 1000, "ms"),
        Figure("acknowledged to visible in agreement, p99", percentile(visible, 0.99) * 1000, "ms", "< 250"),
        Figure(
            "low agreement to additional slot, p50", percentile(slots, 0.5) * 1000, "ms", "", f"{len(slots):,} slots"
        ),
        Figure("low agreement to additional slot, p99", percentile(slots, 0.99) * 1000, "ms", "< 500"),
    ]


def _answers(people: list[int]) -> Iterator[Request]:
    """Two answers to each task, which differ on every third."""
    one, other, _ = people
    for task in range(1, TASKS + 1):
        for person, label in ((one, "yes"), (other, "yes" if task % 3 else "no")):
            yield Request(SubmitAnnotation(task=task, result=answer_of(label), lead_time=12.5), uuid4(), person)


def _settled(found: Installation) -> bool:
    with found.read_engine.connect() as connection:
        known = bookmarks.read(connection)
    return bool(known) and min(bookmarks.least(marks) for marks in known.values()) >= found.log.head()


def _at_rate(found: Installation, project: int, requests: Iterator[Request], rate: float) -> list[float]:
    """Seconds from each acknowledgement until the agreement read model has what was acknowledged."""
    partition = partition_of(project, found.settings.kafka_partitions)
    acknowledged: list[tuple[float, int]] = []
    reached: list[tuple[float, int]] = []
    stop = Event()

    def watch() -> None:
        while not stop.is_set():
            with found.read_engine.connect() as connection:
                position = bookmarks.read(connection, ["agreement"])["agreement"][partition].position
            reached.append((perf_counter(), position))
            sleep(0.004)

    watcher = Thread(target=watch)
    watcher.start()
    begun = perf_counter()
    for number, request in enumerate(islice(requests, int(rate * SECONDS))):
        pause = begun + number / rate - perf_counter()
        if pause > 0:
            sleep(pause)
        found.bus.send(request).add_done_callback(
            lambda future: acknowledged.append((perf_counter(), future.result().position))
        )
    until(lambda: reached[-1][1] >= acknowledged[-1][1] == found.log.head() or _settled(found))
    stop.set()
    watcher.join()
    return list(_waits(acknowledged, reached))


def _waits(acknowledged: list[tuple[float, int]], reached: list[tuple[float, int]]) -> Iterator[float]:
    looks = iter(reached)
    at, there = next(looks)
    for when, position in sorted(acknowledged, key=lambda one: one[1]):
        while there < position:
            at, there = next(looks)
        yield max(0.0, at - when)


def _slots(found: Installation, project: int, position: int) -> Iterator[float]:
    """Seconds from each answer that completed a disagreement to the slot that it led to."""
    # The last event of the answer's own commit is what the slot is traced back to.
    causes: dict[UUID, Recorded] = {}
    while batch := found.log.after(position, 2_000, project):
        for recorded in batch:
            causes[recorded.id] = recorded
            if isinstance(recorded.event, SlotAdded) and recorded.causation_id in causes:
                yield (recorded.recorded_at - causes[recorded.causation_id].recorded_at).total_seconds()
        position = batch[-1].position
