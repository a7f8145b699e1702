"""Who may hold a task: reservations, manual assignment, and the number of slots."""

from __future__ import annotations

from datetime import datetime, timedelta

from annolog.domain.project.settings import Distribution, Settings
from annolog.domain.refusals import AlreadyAnnotated, LeaseLost, NotAssigned, NotFound, SlotTaken
from annolog.domain.task.events import (
    AnnotatorAssigned,
    AnnotatorUnassigned,
    OverlapSet,
    ReleaseReason,
    ReservationExtended,
    ReservationReleased,
    ReviewerAssigned,
    ReviewerUnassigned,
    SkipMode,
    SkipWithdrawn,
    Standing,
    TaskDeleted,
    TaskEvent,
    TaskReserved,
    TaskRestored,
)
from annolog.domain.task.evidence import ReservationReason
from annolog.domain.task.lifecycle import settled
from annolog.domain.task.review_events import ReturnGivenUp
from annolog.domain.task.state import Task


def must_exist(task: Task) -> None:
    """Refuse what is asked of a task that was never imported, or was deleted."""
    if not task.exists:
        raise NotFound(f"There is no task {task.id}.")


def reserve(
    task: Task,
    person: int,
    lease: int,
    now: datetime,
    why: ReservationReason,
    settings: Settings,
    *,
    beyond_slots: bool = False,
) -> list[TaskEvent]:
    """Give the person a slot, or say why not. Whoever holds a live lease keeps it, which is not news.

    Leases that have run out are released in the same append, so that the log shows who made room.
    `beyond_slots` is for ground-truth tasks, which everybody may answer. A returned annotation needs no slot.
    """
    must_exist(task)
    held = task.leases.get(person)
    if held is not None and held.expires_at > now:
        return []
    _must_be_theirs(task, person, settings)
    if not beyond_slots and not has_manual_right(task, person, settings) and not task.has_room_for(person, now):
        raise no_room(task, now)
    expires_at = now + timedelta(seconds=settings.assignment.reservation_seconds)
    reserved = TaskReserved(
        project=task.project, task=task.id, person=person, lease=lease, expires_at=expires_at, why=why
    )
    return [*expired(task, now), reserved]


def no_room(task: Task, now: datetime) -> SlotTaken:
    """Why there is no slot of the task for somebody: all are filled, or the free one is kept for others."""
    full = len(task.holders(now)) >= task.slots
    words = "has all the people it needs" if full else "has a free slot that is kept for others"
    return SlotTaken(f"Task {task.id} {words}.")


def _must_be_theirs(task: Task, person: int, settings: Settings) -> None:
    manual = settings.assignment.distribution is Distribution.MANUAL
    if manual and person not in task.assigned:
        raise NotAssigned(f"Task {task.id} is not assigned to this person.")
    if task.has_touched(person):
        raise AlreadyAnnotated(f"This person has already worked on task {task.id}.")


def has_manual_right(task: Task, person: int, settings: Settings) -> bool:
    """Whether a manual assignment stands in for a slot: an assigned person answers even a task that has its people."""
    return settings.assignment.distribution is Distribution.MANUAL and person in task.assigned


def expired(task: Task, now: datetime) -> list[TaskEvent]:
    """The end of every lease that has run out."""
    return [
        ReservationReleased(
            project=task.project, task=task.id, person=lease.person, lease=lease.id, reason=ReleaseReason.EXPIRED
        )
        for lease in task.leases.values()
        if lease.expires_at <= now
    ]


def extend(task: Task, person: int, now: datetime, settings: Settings) -> ReservationExtended:
    """Keep the slot a while longer. Refused once the lease has run out."""
    must_exist(task)
    lease = task.leases.get(person)
    if lease is None or lease.expires_at <= now:
        raise LeaseLost(f"Task {task.id} is not reserved for this person any more.")
    expires_at = now + timedelta(seconds=settings.assignment.reservation_seconds)
    return ReservationExtended(project=task.project, task=task.id, person=person, lease=lease.id, expires_at=expires_at)


def release(task: Task, person: int, reason: ReleaseReason) -> list[TaskEvent]:
    """Give the slot back. Nothing held, nothing to say."""
    must_exist(task)
    lease = task.leases.get(person)
    if lease is None:
        return []
    return [ReservationReleased(project=task.project, task=task.id, person=person, lease=lease.id, reason=reason)]


def assign_annotator(task: Task, person: int, settings: Settings) -> list[TaskEvent]:
    """Make the task this person's to annotate. Already so is not news."""
    must_exist(task)
    if person in task.assigned:
        return []
    return settled(task, [AnnotatorAssigned(project=task.project, task=task.id, person=person)], settings)


def unassign_annotator(task: Task, person: int, settings: Settings) -> list[TaskEvent]:
    """Take the assignment back, and the reservation with it."""
    must_exist(task)
    if person not in task.assigned:
        return []
    unassigned = AnnotatorUnassigned(project=task.project, task=task.id, person=person)
    return settled(task, [*release(task, person, ReleaseReason.REVOKED), unassigned], settings)


def assign_reviewer(task: Task, person: int, settings: Settings) -> list[TaskEvent]:
    """Make the task this person's to review."""
    must_exist(task)
    if person in task.reviewers:
        return []
    return settled(task, [ReviewerAssigned(project=task.project, task=task.id, person=person)], settings)


def unassign_reviewer(task: Task, person: int, settings: Settings) -> list[TaskEvent]:
    """Take the review back."""
    must_exist(task)
    if person not in task.reviewers:
        return []
    return settled(task, [ReviewerUnassigned(project=task.project, task=task.id, person=person)], settings)


def set_overlap(task: Task, slots: int, cause: str, settings: Settings, *, covered: bool) -> list[TaskEvent]:
    """Ask for another number of people. People added by the reassignment rule stay on top of it."""
    must_exist(task)
    wanted = slots + task.additional
    if (wanted, covered) == (task.slots, task.covered):
        return []
    changed = OverlapSet(
        project=task.project, task=task.id, slots=wanted, previous=task.slots, covered=covered, cause=cause
    )
    return settled(task, [changed], settings)


def take_back_slots(task: Task, slots: int, cause: str, settings: Settings, now: datetime) -> list[TaskEvent]:
    """Ask for so many people fewer, never for fewer than the project asks for, nor than there are who fill a slot."""
    must_exist(task)
    asked_for = (settings.assignment.overlap if task.covered else 1) + task.additional
    wanted = max(asked_for, task.slots - slots, len(task.holders(now)))
    if wanted >= task.slots:
        return []
    return set_overlap(task, wanted - task.additional, cause, settings, covered=task.covered)


def delete(task: Task, reason: str) -> list[TaskEvent]:
    """Take the task out of the project's work, and every reservation with it."""
    must_exist(task)
    revoked = [event for lease in task.leases.values() for event in release(task, lease.person, ReleaseReason.REVOKED)]
    return [*revoked, TaskDeleted(project=task.project, task=task.id, reason=reason)]


def restore(task: Task) -> list[TaskEvent]:
    """Take a deletion back. A task that is there already is not news; one that never was is not found."""
    if task.slots == 0:
        must_exist(task)
    return [TaskRestored(project=task.project, task=task.id)] if task.deleted else []


def give_up(task: Task, person: int, settings: Settings, *, leaves: bool, away: bool) -> list[TaskEvent]:
    """Let nothing wait for somebody who may not work: the slot kept since they skipped, and if they are `away` also
    their reservation.

    Of who `leaves` the project the assignments that are not done go too, and what was returned to them goes back to
    review. What they answered stays.
    """
    must_exist(task)
    place = {"project": task.project, "task": task.id}
    events: list[TaskEvent] = [*release(task, person, ReleaseReason.REVOKED)] if away else []
    if task.skips.get(person) is SkipMode.REQUEUE_FOR_ME:
        events.append(SkipWithdrawn(**place, person=person))
    if leaves and person in task.assigned and person not in task.answered():
        events.append(AnnotatorUnassigned(**place, person=person))
    if leaves and person in task.reviewers:
        events.append(ReviewerUnassigned(**place, person=person))
    if leaves and (annotation := task.annotation_of(person)) and annotation.standing is Standing.RETURNED:
        returned_by = annotation.reviews[-1].id
        events.append(ReturnGivenUp(**place, review=returned_by, annotation=annotation.id, annotator=person))
    return settled(task, events, settings)


def is_returned_to(task: Task, person: int) -> bool:
    """Whether a reviewer sent this person's annotation back to them."""
    annotation = task.annotation_of(person)
    return task.exists and annotation is not None and annotation.standing is Standing.RETURNED
