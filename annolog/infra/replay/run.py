"""A replay: each recorded worker asks for the task and answers what they really answered."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from queue import Empty, SimpleQueue
from random import Random
from time import monotonic

from annolog.domain.refusals import SlotTaken
from annolog.infra.replay.dataset import Dataset, RecordedLabel
from annolog.infra.replay.front_door import FrontDoor, Work
from annolog.infra.replay.plan import Plan, label_config, result_of, tasks_of
from annolog.infra.replay.turns import Turns

Report = Callable[[int, int], None]
MOST_UNDER_WAY = 64


@dataclass(slots=True)
class Outcome:
    """What came of a replay."""

    project: int
    ids: Mapping[str, int]
    people: Mapping[str, int]
    sent: list[RecordedLabel] = field(default_factory=list)
    waiting_tasks: int = 0
    events: int = 0
    seconds: float = 0.0


def replay(dataset: Dataset, plan: Plan, door: FrontDoor, report: Report = lambda done, of: None) -> Outcome:
    """Replay a data set through the front door, until no open slot has a recorded worker left."""
    started = monotonic()
    outcome = _set_up(dataset, plan, door)
    crowd = _Crowd(dataset, plan, door, outcome, report)
    tasks = {id: task for task, id in outcome.ids.items()}
    opened = Counter(dict.fromkeys(dataset.tasks, plan.slots(dataset)))
    position = 0
    while crowd.answer(opened):
        door.settle()
        news = door.news(outcome.project, position)
        position = news.position
        outcome.events += news.events
        opened = Counter(tasks[id] for id in news.slots_added)
    outcome.waiting_tasks = crowd.waiting
    outcome.seconds = monotonic() - started
    return outcome


def _set_up(dataset: Dataset, plan: Plan, door: FrontDoor) -> Outcome:
    key = plan.key(dataset)
    title = plan.title or f"replay of {dataset.name}"
    project = door.create_project(title, label_config(dataset), plan.settings(dataset), key)
    people = door.admit(project, [f"{dataset.name}/{worker}" for worker in dataset.workers], key)
    first = door.import_tasks(project, tasks_of(dataset), key)
    door.publish(project, key)
    ids = {task: first + place for place, task in enumerate(dataset.tasks)}
    return Outcome(project, ids, dict(zip(dataset.workers, people, strict=True)))


class _Crowd:
    """The recorded workers, each task's in their order, and the slots that nobody is left for."""

    def __init__(self, dataset: Dataset, plan: Plan, door: FrontDoor, outcome: Outcome, report: Report) -> None:
        self._dataset, self._plan, self._door = dataset, plan, door
        self._outcome, self._report = outcome, report
        self._places = {label: place for place, label in enumerate(_in_order(dataset.labels, plan.seed))}
        self._queues: dict[str, deque[RecordedLabel]] = defaultdict(deque)
        for label in self._places:
            self._queues[label.task].append(label)
        self._unanswered: set[str] = set()

    @property
    def waiting(self) -> int:
        """Tasks with an open slot that no recorded worker is left for."""
        return len(self._unanswered)

    def answer(self, slots: Mapping[str, int]) -> int:
        """Let the next recorded workers of these tasks answer, as many as there are slots; how many did."""
        turn: list[RecordedLabel] = []
        for task, count in slots.items():
            queue = self._queues[task]
            some = [queue.popleft() for _ in range(min(count, len(queue)))]
            if len(some) < count:
                self._unanswered.add(task)
            turn += some
        self._send(sorted(turn, key=self._places.__getitem__))
        return len(turn)

    def _send(self, turn: Sequence[RecordedLabel]) -> None:
        """Send labels as their turn comes, some at a time, until all are in or refused."""
        turns = Turns(turn, self._plan.speed, monotonic())
        finished: SimpleQueue[tuple[int, Future[None]]] = SimpleQueue()
        under_way = 0
        while turns or under_way:
            while under_way < MOST_UNDER_WAY and (place := turns.take(monotonic())) is not None:
                under_way += 1
                future = self._door.answer(self._work(turn[place]))
                future.add_done_callback(partial(_hand_over, finished, place))
                if self._door.in_order:
                    turns.done(place, monotonic())
            try:
                place, future = finished.get(timeout=turns.pause(monotonic()) if under_way < MOST_UNDER_WAY else None)
            except Empty:
                continue
            under_way -= 1
            self._finish(turn[place], future)
            if not self._door.in_order:
                turns.done(place, monotonic())

    def _work(self, label: RecordedLabel) -> Work:
        task, person = self._outcome.ids[label.task], self._outcome.people[label.worker]
        key = self._plan.key(self._dataset, label.task, label.worker)
        return Work(task, person, result_of(label), label.duration, key)

    def _finish(self, label: RecordedLabel, future: Future[None]) -> None:
        try:
            future.result()
        except SlotTaken:
            # Somebody else is at work in the project: the label waits for the next slot.
            queue = self._queues[label.task]
            self._queues[label.task] = deque(sorted([label, *queue], key=self._places.__getitem__))
            return
        self._outcome.sent.append(label)
        self._report(len(self._outcome.sent), len(self._places))


def _hand_over(finished: SimpleQueue[tuple[int, Future[None]]], place: int, future: Future[None]) -> None:
    finished.put((place, future))


def _in_order(labels: Sequence[RecordedLabel], seed: int) -> list[RecordedLabel]:
    """The recorded order, or with a seed another one that is the same every time."""
    order = list(labels)
    if seed:
        Random(seed).shuffle(order)  # noqa: S311 - an order to repeat, not a secret
    return order
