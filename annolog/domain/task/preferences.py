"""Slots that are kept for certain people: when that ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from annolog.domain.task.events import OverlapSet, PreferenceEnded, SlotAdded, TaskEvent
from annolog.domain.task.state import Task

ANSWERED, LAPSED = "answered", "lapsed"


def ended(task: Task, events: Sequence[TaskEvent]) -> list[PreferenceEnded]:
    """Another number of slots ends what was said of the one that was free."""
    cause = next((event.type_name() for event in events if isinstance(event, SlotAdded | OverlapSet)), None)
    return [] if cause is None else _end(task, cause)


def filled(task: Task) -> list[PreferenceEnded]:
    """Once everybody whom the task needs has answered there is nothing to keep."""
    return _end(task, ANSWERED) if len(task.answered()) >= task.slots else []


def lapsed(task: Task, now: datetime) -> list[PreferenceEnded]:
    """Nobody came in time: anybody may have the slot."""
    over = task.wanted_until is not None and task.wanted_until <= now
    return _end(task, LAPSED) if over else []


def _end(task: Task, cause: str) -> list[PreferenceEnded]:
    if not task.wanted:
        return []
    return [PreferenceEnded(project=task.project, task=task.id, people=sorted(task.wanted), cause=cause)]
