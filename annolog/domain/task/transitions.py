"""Why a task changed its state: a name for each way in which that comes about, and the reason in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from annolog.domain.event import Event
from annolog.domain.project.events import SettingsChanged
from annolog.domain.task import events as happened
from annolog.domain.task import review_events as reviewing
from annolog.domain.task.kinds import RejectAction, RevisionCause, TaskState, Verdict


class Transition(StrEnum):
    """What moved a task."""

    IMPORTED = "imported"
    SUBMITTED = "submitted"
    REVISED = "revised"
    RETURN_ANSWERED = "return_answered"
    SKIPPED = "skipped"
    SKIP_WITHDRAWN = "skip_withdrawn"
    ANNOTATION_DELETED = "annotation_deleted"
    ANNOTATION_RESTORED = "annotation_restored"
    ACCEPTED = "accepted"
    FIXED = "fixed"
    REMOVED = "removed"
    RETURNED = "returned"
    PASSED_ON = "passed_on"
    REVIEW_WITHDRAWN = "review_withdrawn"
    RETURN_GIVEN_UP = "return_given_up"
    ROUTED = "routed"
    AGREEMENT_REACHED = "agreement_reached"
    EXHAUSTED = "exhausted"
    SLOTS_CHANGED = "slots_changed"
    TRUTH_CHANGED = "truth_changed"
    ASSIGNMENT_CHANGED = "assignment_changed"
    REVIEWERS_CHANGED = "reviewers_changed"
    SETTINGS_CHANGED = "settings_changed"
    TASK_DELETED = "task_deleted"
    TASK_RESTORED = "task_restored"
    OTHER = "other"


WORDS: Mapping[Transition, str] = {
    Transition.IMPORTED: "the task came in",
    Transition.SUBMITTED: "an annotation was submitted",
    Transition.REVISED: "an annotation was revised",
    Transition.RETURN_ANSWERED: "a returned annotation was revised by its author",
    Transition.SKIPPED: "somebody skipped the task",
    Transition.SKIP_WITHDRAWN: "somebody who had skipped the task will not come back to it",
    Transition.ANNOTATION_DELETED: "an annotation was deleted",
    Transition.ANNOTATION_RESTORED: "an annotation was restored",
    Transition.ACCEPTED: "a reviewer accepted an annotation",
    Transition.FIXED: "a reviewer fixed an annotation and accepted it",
    Transition.REMOVED: "a reviewer rejected an annotation for good",
    Transition.RETURNED: "a reviewer returned an annotation to its author",
    Transition.PASSED_ON: "a reviewer passed the task on to somebody else",
    Transition.REVIEW_WITHDRAWN: "a review was taken back",
    Transition.RETURN_GIVEN_UP: "the author of a returned annotation has left",
    Transition.ROUTED: "it was decided whether the task is reviewed",
    Transition.AGREEMENT_REACHED: "the answers agree well enough",
    Transition.EXHAUSTED: "nobody more is asked, though the answers disagree",
    Transition.SLOTS_CHANGED: "the task needs another number of people",
    Transition.TRUTH_CHANGED: "the ground truth changed",
    Transition.ASSIGNMENT_CHANGED: "other people are to annotate the task",
    Transition.REVIEWERS_CHANGED: "other people are to review the task",
    Transition.SETTINGS_CHANGED: "the settings of the project changed",
    Transition.TASK_DELETED: "the task was deleted",
    Transition.TASK_RESTORED: "the task was restored",
    Transition.OTHER: "something else changed",
}
THEN: Mapping[TaskState, str] = {
    TaskState.CREATED: "nobody has begun it",
    TaskState.ANNOTATION_IN_PROGRESS: "it waits for an answer",
    TaskState.NEEDS_REVIEW: "it waits for a reviewer",
    TaskState.REVIEW_IN_PROGRESS: "some of its annotations are reviewed, others not",
    TaskState.COMPLETED: "nothing is left to be done",
}
OF_REVIEW: Mapping[RejectAction | None, Transition] = {
    None: Transition.REMOVED,
    RejectAction.REMOVE: Transition.REMOVED,
    RejectAction.RETURN: Transition.RETURNED,
    RejectAction.PASS_ON: Transition.PASSED_ON,
}


def _of_revision(event: happened.AnnotationRevised) -> Transition:
    if event.because is RevisionCause.FIXED_IN_REVIEW:
        return Transition.FIXED
    return Transition.RETURN_ANSWERED if event.because is RevisionCause.RETURNED else Transition.REVISED


def _of_verdict(event: happened.AnnotationReviewed) -> Transition:
    if event.verdict is Verdict.REJECTED:
        return OF_REVIEW[event.action]
    return Transition.ACCEPTED if event.verdict is Verdict.ACCEPTED else Transition.FIXED


_BY_TYPE: Mapping[type[Event], Transition | Callable[[Any], Transition]] = {
    happened.TaskImported: Transition.IMPORTED,
    happened.AnnotationSubmitted: Transition.SUBMITTED,
    happened.AnnotationRevised: _of_revision,
    happened.AnnotationSkipped: Transition.SKIPPED,
    happened.SkipWithdrawn: Transition.SKIP_WITHDRAWN,
    happened.AnnotationDeleted: Transition.ANNOTATION_DELETED,
    happened.AnnotationRestored: Transition.ANNOTATION_RESTORED,
    happened.AnnotationReviewed: _of_verdict,
    happened.ReviewWithdrawn: Transition.REVIEW_WITHDRAWN,
    reviewing.ReturnGivenUp: Transition.RETURN_GIVEN_UP,
    happened.AgreementReached: Transition.AGREEMENT_REACHED,
    happened.TaskExhausted: Transition.EXHAUSTED,
    happened.OverlapSet: Transition.SLOTS_CHANGED,
    happened.SlotAdded: Transition.SLOTS_CHANGED,
    happened.GroundTruthSet: Transition.TRUTH_CHANGED,
    happened.GroundTruthCleared: Transition.TRUTH_CHANGED,
    happened.AnnotatorAssigned: Transition.ASSIGNMENT_CHANGED,
    happened.AnnotatorUnassigned: Transition.ASSIGNMENT_CHANGED,
    happened.ReviewerAssigned: Transition.REVIEWERS_CHANGED,
    happened.ReviewerUnassigned: Transition.REVIEWERS_CHANGED,
    happened.TaskDeleted: Transition.TASK_DELETED,
    happened.TaskRestored: Transition.TASK_RESTORED,
}
# What may move a task. How a task is routed stands between such an event and the change, and causes some by itself.
MOVING: frozenset[type[Event]] = frozenset(_BY_TYPE)
_WITHOUT_THE_EVENT: Mapping[str, Transition] = {
    SettingsChanged.type_name(): Transition.SETTINGS_CHANGED,
    reviewing.ReviewRouted.type_name(): Transition.ROUTED,
}


def transition_of(event: Event) -> Transition:
    """What moves a task when this event moves it."""
    found = _BY_TYPE.get(type(event), Transition.OTHER)
    return found if isinstance(found, Transition) else found(event)


def transition_by_type(cause: str) -> Transition:
    """What moves a task when all that is known is the type of the event that moved it."""
    return _WITHOUT_THE_EVENT.get(cause, Transition.OTHER)


def reason(transition: Transition, state: TaskState, *, sampled: bool | None) -> str:
    """The reason of a change in words: what happened, and what that leaves to be done.

    `sampled` is whether the task is among those that are reviewed, where that was decided.
    """
    if transition is Transition.TASK_DELETED:
        return WORDS[transition]
    unreviewed = state is TaskState.COMPLETED and sampled is False
    return f"{WORDS[transition]}: {'it is not among those that are reviewed' if unreviewed else THEN[state]}"
