"""Answering a task: submit, revise, skip, delete."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from annolog.domain.project.settings import Distribution, Settings
from annolog.domain.refusals import (
    AlreadyAnnotated,
    LeaseLost,
    NotAssigned,
    NotFound,
    SkipRefused,
    SlotTaken,
    StaleVersion,
    WrongState,
)
from annolog.domain.task.distribution import expired, has_manual_right, must_exist, no_room
from annolog.domain.task.events import (
    AnnotationDeleted,
    AnnotationRestored,
    AnnotationRevised,
    AnnotationSkipped,
    AnnotationSubmitted,
    GroundTruthCleared,
    ResultItems,
    RevisionCause,
    SkipMode,
    Standing,
    TaskEvent,
)
from annolog.domain.task.lifecycle import settled
from annolog.domain.task.state import Annotation, Task
from annolog.domain.task.times import OWN, known_of
from annolog.domain.time.bounds import Claim, Held, held
from annolog.domain.time.notes import TimeNote


@dataclass(frozen=True, slots=True)
class Work:
    """What somebody answered, with which version of the config in front of them, and how long it took, in seconds."""

    result: ResultItems
    config_version: int
    started_at: datetime | None = None
    lead_time: float | None = None
    active_time: float | None = None
    prediction: int | None = None
    time_notes: tuple[TimeNote, ...] = ()


def time_of(task: Task, person: int, claim: Claim, now: datetime, *, vouched: bool = False) -> Held:
    """How long somebody's own work took, within what is possible. `vouched` is for work that was done elsewhere."""
    return held(claim, known_of(task, (person, OWN), now), now, vouched=vouched)


def submit(
    task: Task,
    person: int,
    annotation: int,
    work: Work,
    now: datetime,
    settings: Settings,
    *,
    lease: int | None = None,
    exempt: bool = False,
    beyond_slots: bool = False,
) -> list[TaskEvent]:
    """Answer the task. It takes a slot: the person's own live lease, or one that is free.

    `exempt` is for managers and reviewers, whom the overlap does not bind; with overlap that is not strict it binds
    nobody. What goes in beyond the slots is marked as surplus. `beyond_slots` is for ground-truth tasks.
    """
    must_exist(task)
    if task.annotation_of(person) is not None:
        raise AlreadyAnnotated(f"This person has already annotated task {task.id}.")
    if person in task.locked_out:
        raise AlreadyAnnotated(f"Task {task.id} was passed on to somebody else.")
    surplus = _claim_slot(task, person, now, settings, lease, exempt=exempt or beyond_slots)
    held = task.leases.get(person)
    submitted = AnnotationSubmitted(
        project=task.project,
        task=task.id,
        annotation=annotation,
        annotator=person,
        result=work.result,
        config_version=work.config_version,
        lease=held.id if held else None,
        started_at=work.started_at,
        lead_time=work.lead_time,
        active_time=work.active_time,
        time_notes=list(work.time_notes),
        prediction=work.prediction,
        surplus=surplus and not beyond_slots,
    )
    return settled(task, [submitted], settings)


def _claim_slot(task: Task, person: int, now: datetime, settings: Settings, lease: int | None, *, exempt: bool) -> bool:
    """Whether the answer goes in beyond the slots; refused when it may not."""
    manual = settings.assignment.distribution is Distribution.MANUAL
    if manual and not exempt and person not in task.assigned:
        raise NotAssigned(f"Task {task.id} is not assigned to this person.")
    held = task.leases.get(person)
    alive = held is not None and held.expires_at > now and lease in (None, held.id)
    if alive or has_manual_right(task, person, settings) or task.has_room_for(person, now):
        return False
    if exempt or not settings.assignment.strict_overlap:
        return True
    if held is not None or person in task.lapsed or lease is not None:
        raise LeaseLost(f"The reservation of task {task.id} ran out, and somebody else has taken the slot.")
    raise no_room(task, now)


def revise(
    task: Task, person: int, annotation: int, work: Work, settings: Settings, *, expected_revision: int | None = None
) -> list[TaskEvent]:
    """Change one's own answer. What was passed on to somebody else is closed to its author."""
    current = own_annotation(task, person, annotation)
    if current.standing is Standing.PASSED_ON:
        raise NotAssigned(f"Annotation {annotation} was passed on to somebody else and is closed.")
    if expected_revision is not None and expected_revision != current.revision:
        raise StaleVersion(f"Annotation {annotation} is at revision {current.revision}, not {expected_revision}.")
    because = RevisionCause.RETURNED if current.standing is Standing.RETURNED else RevisionCause.OWN_UPDATE
    answered = current.reviews[-1].id if because is RevisionCause.RETURNED else None
    return settled(task, [revision_of(task, current, person, work, because, review=answered)], settings)


def revision_of(
    task: Task, annotation: Annotation, by: int, work: Work, because: RevisionCause, *, review: int | None = None
) -> AnnotationRevised:
    """The next revision of an annotation. `review` is the one it answers, or in which it was made."""
    return AnnotationRevised(
        project=task.project,
        task=task.id,
        annotation=annotation.id,
        annotator=annotation.annotator,
        revision=annotation.revision + 1,
        result=work.result,
        by=by,
        because=because,
        config_version=work.config_version,
        lead_time=work.lead_time,
        active_time=work.active_time,
        time_notes=list(work.time_notes),
        review=review,
    )


def live_annotation(task: Task, annotation: int) -> Annotation:
    """The annotation, or the refusal that there is none."""
    must_exist(task)
    found = task.annotations.get(annotation)
    if found is None or found.deleted:
        raise NotFound(f"Task {task.id} has no annotation {annotation}.")
    return found


def own_annotation(task: Task, person: int, annotation: int) -> Annotation:
    """The person's own annotation; anybody else's is not found, so that it does not show that it exists."""
    found = live_annotation(task, annotation)
    if found.annotator != person:
        raise NotFound(f"Task {task.id} has no annotation {annotation} of this person.")
    return found


def skip(task: Task, person: int, comment: str, spent: Held, now: datetime, settings: Settings) -> list[TaskEvent]:
    """Pass over the task, in the mode of the project. Like an answer it takes a slot."""
    must_exist(task)
    rules = settings.assignment
    if not task.allow_skip:
        raise SkipRefused(f"Task {task.id} may not be skipped.")
    if not rules.skipping:
        raise SkipRefused("This project does not allow skipping.")
    if rules.comment_on_skip and not comment.strip():
        raise SkipRefused("This project asks for a comment when a task is skipped.")
    if task.has_touched(person):
        raise AlreadyAnnotated(f"This person has already worked on task {task.id}.")
    _claim_slot(task, person, now, settings, None, exempt=False)
    manual = rules.distribution is Distribution.MANUAL
    mode = SkipMode.IGNORE if manual and rules.skip_mode is SkipMode.REQUEUE_FOR_OTHERS else rules.skip_mode
    skipped = AnnotationSkipped(
        project=task.project,
        task=task.id,
        person=person,
        mode=mode,
        comment=comment,
        lead_time=spent.lead_time,
        time_notes=[note for note in spent.notes if note.field == "lead_time"],
    )
    return settled(task, [*_others_expired(task, person, now), skipped], settings)


def _others_expired(task: Task, person: int, now: datetime) -> list[TaskEvent]:
    return [event for event in expired(task, now) if getattr(event, "person", None) != person]


def delete(task: Task, annotation: int, reason: str, settings: Settings) -> list[TaskEvent]:
    """Make an annotation count for nothing. If it was the ground truth, the task has none from here on."""
    found = live_annotation(task, annotation)
    events: list[TaskEvent] = []
    place = {"project": task.project, "task": task.id, "annotation": found.id, "annotator": found.annotator}
    if task.ground_truth == found.id:
        events.append(GroundTruthCleared(**place, cause="annotation deleted", standing=found.standing))
    events.append(AnnotationDeleted(**place, reason=reason))
    return settled(task, events, settings)


def restore(task: Task, annotation: int, now: datetime, settings: Settings) -> list[TaskEvent]:
    """Take a deletion back, unless its author has answered anew since, or the slot went to somebody else."""
    must_exist(task)
    found = task.annotations.get(annotation)
    if found is None:
        raise NotFound(f"Task {task.id} has no annotation {annotation}.")
    if not found.deleted:
        return []
    if task.annotation_of(found.annotator) is not None or found.annotator in task.leases:
        raise WrongState("Its author is at work on the task anew.")
    if not found.surplus and found.standing is not Standing.PASSED_ON:
        must_have_room(task, found.annotator, now, settings)
    restored = AnnotationRestored(
        project=task.project,
        task=task.id,
        annotation=annotation,
        annotator=found.annotator,
        standing=found.standing,
    )
    return settled(task, [restored], settings)


def must_have_room(task: Task, person: int, now: datetime, settings: Settings) -> None:
    """Refuse to let an answer count again whose slot somebody else has answered or holds since."""
    if settings.assignment.strict_overlap and not task.has_room_for(person, now):
        raise SlotTaken(f"The slot on task {task.id} went to somebody else since.")
