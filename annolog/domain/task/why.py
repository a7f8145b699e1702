"""Why somebody could be given a task, or could not: the rules that filter people, in the order in which they apply."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from annolog.domain.project.events import ProjectRole
from annolog.domain.project.settings import Distribution
from annolog.domain.project.state import Project
from annolog.domain.task.distribution import has_manual_right
from annolog.domain.task.events import SkipMode, Standing
from annolog.domain.task.state import Task


class Reason(StrEnum):
    """How somebody stands to a task."""

    ELIGIBLE = "eligible"
    HOLDS = "holds"
    RETURNED = "returned"
    ANSWERED = "answered"
    PASSED_ON = "passed_on"
    SKIPPED = "skipped"
    SKIPPED_FOR_NOW = "skipped_for_now"
    PAUSED = "paused"
    AT_LIMIT = "at_limit"
    NOT_ASSIGNED = "not_assigned"
    KEPT = "kept"
    NO_SLOT = "no_slot"
    UNPUBLISHED = "unpublished"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Considered:
    """One annotator, how they stand to the task, and that in words. `until` is when it may change by itself."""

    person: int
    reason: Reason
    words: str
    until: datetime | None = None


def considered(task: Task, project: Project, now: datetime, spent: Set[int]) -> Sequence[Considered]:
    """Every annotator of the project. `spent` are the people at their limit."""
    people = sorted(id for id, member in project.members.items() if member.role is ProjectRole.ANNOTATOR)
    return [consider(task, project, person, now, spent) for person in people]


def consider(task: Task, project: Project, person: int, now: datetime, spent: Set[int]) -> Considered:
    """One annotator: the first rule that applies."""
    if task.deleted:
        return Considered(person, Reason.DELETED, "the task is deleted")
    return (
        _by_what_they_did(task, person, now)
        or what_binds(project, person, now, spent)
        or _by_what_the_task_needs(task, project, person, now)
    )


def _by_what_they_did(task: Task, person: int, now: datetime) -> Considered | None:
    annotation = task.annotation_of(person)
    if person in task.locked_out:
        return Considered(person, Reason.PASSED_ON, "a reviewer passed their answer on to somebody else")
    if annotation is not None and annotation.standing is Standing.RETURNED:
        return Considered(person, Reason.RETURNED, "a reviewer returned their answer to them")
    if annotation is not None:
        return Considered(person, Reason.ANSWERED, "has answered it")
    lease = task.leases.get(person)
    if lease is not None and lease.expires_at > now:
        return Considered(person, Reason.HOLDS, "holds it now", lease.expires_at)
    if person in task.skips:
        for_now = task.skips[person] is SkipMode.REQUEUE_FOR_ME
        reason = Reason.SKIPPED_FOR_NOW if for_now else Reason.SKIPPED
        return Considered(person, reason, "skipped it and will see it again" if for_now else "skipped it")
    return None


def what_binds(project: Project, person: int, now: datetime, spent: Set[int]) -> Considered | None:
    """What keeps an annotator from any new task, whichever it is; None if nothing does."""
    if not project.published:
        return Considered(person, Reason.UNPUBLISHED, "the project is not published")
    pause = project.members[person].pause(now)
    if pause is not None:
        words = f"is paused ({pause.cause.value}): {pause.reason or 'no reason given'}"
        return Considered(person, Reason.PAUSED, words, pause.until)
    if person in spent:
        return Considered(person, Reason.AT_LIMIT, "has as many annotations as one person may have")
    return None


def _by_what_the_task_needs(task: Task, project: Project, person: int, now: datetime) -> Considered:
    manual = project.settings.assignment.distribution is Distribution.MANUAL
    if manual and not has_manual_right(task, person, project.settings):
        return Considered(person, Reason.NOT_ASSIGNED, "it is not assigned to them")
    if not manual and len(task.holders(now) - {person}) < task.slots and not task.admits(person, now):
        return Considered(person, Reason.KEPT, "its free slot is kept for others", task.wanted_until)
    if not manual and not task.has_room_for(person, now):
        ends = min((lease.expires_at for lease in task.leases.values() if lease.expires_at > now), default=None)
        return Considered(person, Reason.NO_SLOT, "it has all the people it needs", ends)
    return Considered(person, Reason.ELIGIBLE, "could be given it")
