"""The words in which events speak of a task: states, verdicts, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class TaskState(StrEnum):
    """How far a task is, in the order in which it advances."""

    CREATED = "created"
    ANNOTATION_IN_PROGRESS = "annotation_in_progress"
    NEEDS_REVIEW = "needs_review"
    REVIEW_IN_PROGRESS = "review_in_progress"
    COMPLETED = "completed"


# The states in which a task still waits for answers.
WAITING = frozenset({TaskState.CREATED, TaskState.ANNOTATION_IN_PROGRESS})


class SkipMode(StrEnum):
    """What becomes of a task that somebody skipped."""

    REQUEUE_FOR_ME = "requeue_for_me"
    REQUEUE_FOR_OTHERS = "requeue_for_others"
    IGNORE = "ignore_skipped"


class Verdict(StrEnum):
    """What a reviewer found."""

    ACCEPTED = "accepted"
    FIXED = "fixed"
    REJECTED = "rejected"


class ReviewStage(StrEnum):
    """Which verdict on an annotation is asked for: the first, an independent second, or the one that settles both."""

    FIRST = "first"
    SECOND = "second"
    ADJUDICATION = "adjudication"


class RejectAction(StrEnum):
    """What follows a rejection: nothing, the author tries again, or somebody else does it."""

    REMOVE = "remove"
    RETURN = "return"
    PASS_ON = "pass_on"


class Standing(StrEnum):
    """What an annotation counts for."""

    COUNTED = "counted"
    RETURNED = "returned"
    REMOVED = "removed"
    PASSED_ON = "passed_on"


# What follows a verdict decides what the annotation counts for; without an action it counts.
STANDING_AFTER: Mapping[RejectAction | None, Standing] = MappingProxyType(
    {
        None: Standing.COUNTED,
        RejectAction.REMOVE: Standing.REMOVED,
        RejectAction.RETURN: Standing.RETURNED,
        RejectAction.PASS_ON: Standing.PASSED_ON,
    }
)
# The standings in which agreement compares an annotation.
COMPARED = frozenset({Standing.COUNTED, Standing.RETURNED})


class ReleaseReason(StrEnum):
    """Why a reservation ended without an answer."""

    LEFT = "left"
    EXPIRED = "expired"
    REVOKED = "revoked"


class RevisionCause(StrEnum):
    """Why an annotation has a new revision."""

    OWN_UPDATE = "own_update"
    RETURNED = "returned"
    FIXED_IN_REVIEW = "fixed_in_review"
