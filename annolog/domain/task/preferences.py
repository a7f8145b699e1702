"""Slots that are kept for certain people: when that ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from annolog.domain.task.events import OverlapSet, PreferenceEnded, SlotAdded, TaskEvent
from annolog.domain.task.state import Task

ANSWERED, LAPSED = "answered", "lapsed"


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


def end(task: Task, cause: str) -> list[TaskEvent]:
    """Keep the free slot for nobody any more."""
    if not task.wanted:
        return []
    return [PreferenceEnded(project=task.project, task=task.id, people=sorted(task.wanted), cause=cause)]
