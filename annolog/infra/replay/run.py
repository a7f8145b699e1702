"""A replay: each recorded worker asks for the task and answers what they really answered."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from random import Random
from time import monotonic, sleep
from typing import Any
from uuid import uuid4
from xml.sax.saxutils import quoteattr

from annolog.domain.project.settings import LONGEST_RESERVATION, MOST_SLOTS
from annolog.infra.replay.dataset import Dataset, RecordedLabel
from annolog.infra.replay.front_door import FrontDoor, Result, Turned

Report = Callable[[int, int], None]
# What tells that a slot is gone; the label waits for another one.
NO_SLOT = frozenset({"slot-taken"})
MOST_UNDER_WAY = 64


@dataclass(frozen=True, slots=True)
class Plan:
    """How to replay. `additional` is the most people asked beyond the overlap; `speed` 0 is as fast as possible."""

    overlap: int = 3
    threshold: float = 0.75
    additional: int = 7
    seed: int = 0
    speed: float = 0.0
    all_labels: bool = False
    title: str | None = None


@dataclass(slots=True)
class Outcome:
    """What came of a replay."""

    project: int
    first_task: int
    sent: list[RecordedLabel] = field(default_factory=list)
    waiting_tasks: int = 0
    seconds: float = 0.0
    people: Mapping[str, int] = field(default_factory=dict)


def label_config(dataset: Dataset) -> str:
    """One choice among the recorded labels, over the texts of the tasks or, where there are none, their ids."""
    fields = sorted({name for text in dataset.texts.values() for name in text}) or ["id"]
    shown = "".join(
        f"<Text name={quoteattr(f'text{n}')} value={quoteattr('$' + name)}/>" for n, name in enumerate(fields)
    )
    choices = "".join(f"<Choice value={quoteattr(label)}/>" for label in dataset.classes)
    return f'<View>{shown}<Choices name="label" toName="text0" choice="single">{choices}</Choices></View>'


def result_of(label: str) -> Result:
    """The result of choosing a label."""
    return [{"from_name": "label", "to_name": "text0", "type": "choices", "value": {"choices": [label]}}]


def settings_of(dataset: Dataset, plan: Plan) -> dict[str, Any]:
    """Settings of the project: with all labels everybody gets a slot and no rule is on."""
    slots = min(dataset.most_labels, MOST_SLOTS) if plan.all_labels else plan.overlap
    settings: dict[str, Any] = {
        "assignment": {"overlap": slots, "seed": plan.seed, "reservation_seconds": LONGEST_RESERVATION},
        "review": {"sample_percent": 0},
    }
    if not plan.all_labels:
        settings["reassignment"] = {
            "enabled": True,
            "threshold": plan.threshold,
            "maximum_additional": plan.additional,
        }
    return settings


def replay(dataset: Dataset, plan: Plan, door: FrontDoor, report: Report = lambda done, of: None) -> Outcome:
    """Replay a data set through the front door, until no open slot has a recorded worker left."""
    started = monotonic()
    title = plan.title or f"replay of {dataset.name}"
    project = door.create_project(title, label_config(dataset), settings_of(dataset, plan))
    people = dict(
        zip(dataset.workers, door.admit(project, [f"{dataset.name}/{w}" for w in dataset.workers]), strict=True)
    )
    first = door.import_tasks(project, [_task(dataset, task) for task in dataset.tasks])
    door.publish(project)
    ids = {task: first + place for place, task in enumerate(dataset.tasks)}
    outcome = Outcome(project, first, people=people)
    crowd = _Crowd(dataset, plan, door, ids, people, outcome, report)
    slots = min(dataset.most_labels, MOST_SLOTS) if plan.all_labels else plan.overlap
    position = door.settle(project)
    crowd.answer(dict.fromkeys(dataset.tasks, slots))
    while True:
        reached = door.settle(project)
        names = {id: task for task, id in ids.items()}
        opened: dict[str, int] = defaultdict(int)
        for id in door.slots_added(project, position):
            opened[names[id]] += 1
        position = reached
        if not crowd.answer(opened):
            break
    outcome.waiting_tasks = crowd.waiting
    outcome.seconds = monotonic() - started
    return outcome


def _task(dataset: Dataset, task: str) -> dict[str, Any]:
    return {"data": {"id": task, **dataset.texts.get(task, _no_text(dataset))}, "meta": {"task": task}}


def _no_text(dataset: Dataset) -> dict[str, str]:
    return dict.fromkeys((name for text in dataset.texts.values() for name in text), "")


class _Crowd:
    """The recorded workers, each task's in their order, and those who wait for a slot."""

    def __init__(
        self,
        dataset: Dataset,
        plan: Plan,
        door: FrontDoor,
        ids: Mapping[str, int],
        people: Mapping[str, int],
        outcome: Outcome,
        report: Report,
    ) -> None:
        self._plan, self._door, self._ids, self._people = plan, door, ids, people
        self._outcome, self._report = outcome, report
        self._run = uuid4().hex
        self._total = len(dataset.labels)
        self._queues: dict[str, deque[RecordedLabel]] = defaultdict(deque)
        self._order = _in_order(dataset.labels, plan.seed)
        for label in self._order:
            self._queues[label.task].append(label)
        self._owed: dict[str, int] = defaultdict(int)

    @property
    def waiting(self) -> int:
        """Tasks with an open slot that no recorded worker is left for."""
        return sum(owed > 0 for owed in self._owed.values())

    def answer(self, slots: Mapping[str, int]) -> int:
        """Let the next recorded workers of these tasks answer, as many as there are slots; how many did."""
        turn: list[RecordedLabel] = []
        for task, count in slots.items():
            queue = self._queues[task]
            for _ in range(count):
                if queue:
                    turn.append(queue.popleft())
                else:
                    self._owed[task] += 1
        self._send(self._in_turn(turn))
        return len(turn)

    def _in_turn(self, labels: Sequence[RecordedLabel]) -> list[RecordedLabel]:
        """The labels as they are to be sent: as recorded when time is kept, else a label of each task before the next.

        Labels of one task keep their order either way; taking the tasks in turns lets them go in together.
        """
        places = {(label.task, label.worker): place for place, label in enumerate(self._order)}
        recorded = sorted(labels, key=lambda label: places[label.task, label.worker])
        if self._plan.speed:
            return recorded
        seen: Counter[str] = Counter()
        rounds: dict[int, list[RecordedLabel]] = defaultdict(list)
        for label in recorded:
            rounds[seen[label.task]].append(label)
            seen[label.task] += 1
        return [label for number in sorted(rounds) for label in rounds[number]]

    def _send(self, turn: Iterable[RecordedLabel]) -> None:
        under_way: deque[tuple[RecordedLabel, Future[None]]] = deque()
        of_task: dict[str, Future[None]] = {}
        for label in turn:
            before = of_task.get(label.task)
            if before is not None:
                # Two labels of a task keep their recorded order.
                before.exception()
            if self._plan.speed and label.duration:
                sleep(label.duration / self._plan.speed)
            future = self._door.answer(
                self._ids[label.task],
                self._people[label.worker],
                result_of(label.label),
                label.duration,
                f"{self._run}:{label.task}:{label.worker}"[-200:],
            )
            of_task[label.task] = future
            under_way.append((label, future))
            if len(under_way) >= MOST_UNDER_WAY:
                self._finish(*under_way.popleft())
        while under_way:
            self._finish(*under_way.popleft())

    def _finish(self, label: RecordedLabel, future: Future[None]) -> None:
        try:
            future.result()
        except Turned as turned:
            if turned.code not in NO_SLOT:
                raise
            self._queues[label.task].appendleft(label)
            return
        self._outcome.sent.append(label)
        self._report(len(self._outcome.sent), self._total)


def _in_order(labels: Sequence[RecordedLabel], seed: int) -> list[RecordedLabel]:
    """The recorded order, or with a seed another one that is the same every time."""
    order = list(labels)
    if seed:
        Random(seed).shuffle(order)  # noqa: S311 - an order to repeat, not a secret
    return order
