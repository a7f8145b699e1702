"""From the log to Kafka, from Kafka to the read models, and building them anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import cycle
from threading import Event, Thread
from time import perf_counter, sleep

from sqlalchemy import Connection

from annolog.infra.composition import Installation
from annolog.infra.read_models import ALL_PROJECTORS, PROJECTORS
from annolog.projections.access.queries import EVERYTHING, projects_of
from annolog.projections.agreement import queries as agreement
from annolog.projections.board.queries import board_page
from annolog.projections.engine import bookmarks
from annolog.projections.performance import queries as performance
from benchmarks.measures import Figure, percentile
from benchmarks.scaled.ground import Ground, until
from benchmarks.scaled.history import write
from benchmarks.workload import project_with, run_all, submissions

PROJECTS = 6
TASKS = 2_500
PEOPLE = 4


def fill(found: Installation, projects: int = PROJECTS, tasks: int = TASKS) -> int:
    """Projects with tasks that all people have answered, spread over partitions; the position after the last event."""
    for _ in range(projects):
        first = len(_tasks(found))
        _, people = project_with(found, tasks, PEOPLE, overlap=PEOPLE)
        run_all(found, list(submissions(range(first + 1, first + tasks + 1), people)), in_flight=256)
    return found.log.head()


def _tasks(found: Installation) -> range:
    with found.log_reader.connect() as connection:
        count = connection.exec_driver_sql("SELECT count(*) FROM queue_task").scalar_one()
    return range(count)


def relay_and_projectors(ground: Ground) -> list[Figure]:
    with ground.opened() as found:
        head = fill(found)
        with ground.running("relay"):
            started = _moved(lambda: _relayed(found) > 0)
            until(lambda: _relayed(found) >= head)
            relayed = head / (perf_counter() - started)
        # Everything is in Kafka: from here on only projectors work.
        with ground.running("projector", "projector"):
            started = _moved(lambda: _folded(found, most=True) > 0)
            until(lambda: _folded(found) >= head)
            folded = head / (perf_counter() - started)
    return [
        Figure("log to Kafka, one relay", relayed, "events/s", ">= 10,000", f"{head:,} events"),
        Figure("Kafka to all read models, two projectors", folded, "events/s", ">= 10,000"),
    ]


def _moved(done: object) -> float:
    """The moment at which something first moved, so that the start of processes is not counted."""
    until(done)
    return perf_counter()


def _relayed(found: Installation) -> int:
    with found.log_reader.connect() as connection:
        return connection.exec_driver_sql("SELECT coalesce(max(position), 0) FROM relay_note").scalar_one()


def _folded(found: Installation, *, most: bool = False) -> int:
    with found.read_engine.connect() as connection:
        known = bookmarks.read(connection, [projector.name for projector in PROJECTORS])
    positions = [mark.position for marks in known.values() for mark in marks.values()]
    return (max if most else min)(positions, default=0)


def rebuilding(ground: Ground, events: int) -> list[Figure]:
    """All read models built anew, the assignment queue among them, with queries of every kind going on."""
    with ground.opened() as found:
        head = write(found, events)
        stop, times, failures = Event(), [], []

        def ask() -> None:
            for question in cycle(QUESTIONS):
                if stop.is_set():
                    return
                begun = perf_counter()
                try:
                    with found.read_engine.connect() as connection:
                        question(connection)
                except Exception as trouble:  # noqa: BLE001 - counted and shown
                    failures.append(trouble)
                times.append(perf_counter() - begun)
                sleep(0.02)

        asking = Thread(target=ask)
        asking.start()
        begun = perf_counter()
        found.renewed(ALL_PROJECTORS)
        seconds = perf_counter() - begun
        stop.set()
        asking.join()
    return [
        Figure("events in the log", head, "events"),
        Figure("all read models built anew", seconds, "s", "< 120 s a million", f"{head / seconds:,.0f} events/s"),
        Figure("slowest query meanwhile", max(times) * 1000, "ms", "", f"{len(times)} asked, {len(failures)} failed"),
        Figure("query meanwhile, p99", percentile(times, 0.99) * 1000, "ms"),
    ]


QUESTIONS: Sequence[Callable[[Connection], object]] = (
    lambda connection: projects_of(connection, EVERYTHING, 0, 100),
    lambda connection: agreement.project_agreement(connection, 1),
    lambda connection: board_page(connection, 1),
    lambda connection: performance.performance_of(connection, 1, None),
)
