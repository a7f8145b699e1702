"""What somebody has done with a task, as the queue sees it, and which events change that."""

from __future__ import annotations

from enum import StrEnum

from annolog.domain.task import events as happened
from annolog.domain.task.events import RejectAction, SkipMode, Standing
from annolog.domain.task.review_events import ReturnGivenUp


class Has(StrEnum):
    """What somebody has done with a task."""

    NOTHING = "nothing"
    ANSWERED = "answered"
    RETURNED = "returned"
    SKIPPED = "skipped"
    PASSED = "passed"
    OUT = "out"
    TRUTH = "truth"


FILLING = frozenset({Has.ANSWERED, Has.RETURNED, Has.SKIPPED, Has.PASSED})

AFTER_SKIP = {
    SkipMode.REQUEUE_FOR_ME: Has.SKIPPED,
    SkipMode.REQUEUE_FOR_OTHERS: Has.OUT,
    SkipMode.IGNORE: Has.PASSED,
}
AFTER_REVIEW = {
    None: Has.ANSWERED,
    RejectAction.REMOVE: Has.ANSWERED,
    RejectAction.RETURN: Has.RETURNED,
    RejectAction.PASS_ON: Has.OUT,
}
WITH_STANDING = {
    Standing.COUNTED: Has.ANSWERED,
    Standing.REMOVED: Has.ANSWERED,
    Standing.RETURNED: Has.RETURNED,
    Standing.PASSED_ON: Has.OUT,
}


def person_in(event: object) -> int | None:
    """Whose relation to the task the event changes."""
    match event:
        case happened.AnnotationSkipped(person=who) | happened.TaskReserved(person=who):
            return who
        case happened.SkipWithdrawn(person=who):
            return who
        case happened.ReservationExtended(person=who) | happened.ReservationReleased(person=who):
            return who
        case happened.AnnotatorAssigned(person=who) | happened.AnnotatorUnassigned(person=who):
            return who
        case (
            happened.AnnotationSubmitted(annotator=who)
            | happened.AnnotationRevised(annotator=who)
            | happened.AnnotationDeleted(annotator=who)
            | happened.AnnotationRestored(annotator=who)
            | happened.AnnotationReviewed(annotator=who)
            | happened.ReviewWithdrawn(annotator=who)
            | ReturnGivenUp(annotator=who)
            | happened.GroundTruthSet(annotator=who)
            | happened.GroundTruthCleared(annotator=who)
        ):
            return who
        case _:
            return None


def standing_after(event: object, before: str) -> Has:
    """What somebody has done with the task once `event`, which is about them, has happened."""
    match event:
        case happened.AnnotationSkipped(mode=mode):
            return AFTER_SKIP[mode]
        case happened.AnnotationReviewed(action=action):
            return AFTER_REVIEW[action]
        case happened.AnnotationRevised() | happened.ReviewWithdrawn() | ReturnGivenUp() if before == Has.TRUTH:
            return Has.TRUTH
        case (
            happened.ReviewWithdrawn(standing=standing)
            | happened.AnnotationRestored(standing=standing)
            | happened.GroundTruthCleared(standing=standing)
        ):
            return WITH_STANDING[standing]
        case happened.AnnotationRevised(because=happened.RevisionCause.FIXED_IN_REVIEW):
            return Has(before)
        case happened.AnnotationDeleted():
            # Who was locked out stays out.
            return Has.OUT if before == Has.OUT else Has.NOTHING
        case happened.GroundTruthSet():
            return Has.TRUTH
        case happened.SkipWithdrawn():
            return Has.NOTHING
        case _:
            return Has.ANSWERED
