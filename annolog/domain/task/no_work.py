"""Why there is no task for somebody who may work: the reasons, in the order in which they apply, and their words."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from annolog.domain.project.settings import Distribution
from annolog.domain.project.state import Project


class NoWorkReason(StrEnum):
    """What became of the tasks."""

    ASSIGNED_DONE = "assigned_done"
    NO_TASKS = "no_tasks"
    TOUCHED = "touched"
    KEPT = "kept"
    HELD = "held"
    FINISHED = "finished"

    @property
    def words(self) -> str:
        """The reason as a sentence that is right for the person themselves, and for whoever asks about them."""
        return WORDS[self]


WORDS: dict[NoWorkReason, str] = {
    NoWorkReason.ASSIGNED_DONE: "Every assigned task is done.",
    NoWorkReason.NO_TASKS: "The project has no tasks.",
    NoWorkReason.TOUCHED: "This person has been with every task that still needs somebody.",
    NoWorkReason.KEPT: "Every task that still needs somebody is kept for others, by the project's policy.",
    NoWorkReason.HELD: "Every task is finished, or held by somebody else.",
    NoWorkReason.FINISHED: "Every task has all the people it needs.",
}


def why_no_work(
    project: Project, *, any_tasks: bool, any_open: bool, any_kept: bool, next_expiry: datetime | None
) -> NoWorkReason:
    """The reason why somebody was offered nothing.

    `any_open` says whether a task has a free slot for anybody, `any_kept` whether one has a slot for certain people,
    and `next_expiry` when the first reservation runs out, if there is one.
    """
    if project.settings.assignment.distribution is Distribution.MANUAL:
        return NoWorkReason.ASSIGNED_DONE
    if not any_tasks:
        return NoWorkReason.NO_TASKS
    if any_open:
        return NoWorkReason.TOUCHED
    if any_kept:
        return NoWorkReason.KEPT
    return NoWorkReason.FINISHED if next_expiry is None else NoWorkReason.HELD
