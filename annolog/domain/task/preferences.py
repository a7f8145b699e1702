"""Slots that are kept for certain people: when that ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from annolog.domain.task.events import OverlapSet, PreferenceEnded, SlotAdded, SlotKept, TaskEvent
from annolog.domain.task.state import Task

ANSWERED, LAPSED, EXPERTS = "answered", "lapsed", "experts"


def ended(task: Task, events: Sequence[TaskEvent]) -> list[TaskEvent]:
    """Another number of slots ends what was said of the one that was free."""
    cause = next((event.type_name() for event in events if isinstance(event, SlotAdded | OverlapSet)), None)
    return [] if cause is None else end(task, cause)


def overtaken(task: Task, cause: str) -> list[TaskEvent]:
    """Once everybody whom the task needs has answered there is nothing to keep; and where more than the one slot is
    free, because an answer counts no more, that one was for anybody."""
    free = task.slots - len(task.answered())
    if free == 1:
        return []
    return end(task, cause if free > 1 else ANSWERED)


def lapsed(task: Task, now: datetime) -> list[TaskEvent]:
    """Nobody came in time: anybody may have the slot."""
    over = task.wanted_until is not None and task.wanted_until <= now
    return end(task, LAPSED) if over else []


def renewed(task: Task, experts: Iterable[int] | None) -> list[TaskEvent]:
    """Keep what is kept for good for these people, though there be none; with None it is anybody's.

    For those it is kept for already is not news. What is kept for a while only ends by itself.
    """
    before = task.wanted_for_good
    now = None if experts is None else frozenset(experts)
    if before is None or now == before:
        return []
    kept = [] if now is None else [SlotKept(project=task.project, task=task.id, people=sorted(now))]
    return [*end(task, EXPERTS), *kept]


def end(task: Task, cause: str) -> list[TaskEvent]:
    """Keep the free slot for nobody any more."""
    if task.wanted is None:
        return []
    return [PreferenceEnded(project=task.project, task=task.id, people=sorted(task.wanted), cause=cause)]
