"""Which events can change the answers to a task that stand, or what is true of it: one list for all who follow them."""

from __future__ import annotations

from annolog.domain.event import Event
from annolog.domain.task import events as happened

CHANGING_ANSWERS: frozenset[type[Event]] = frozenset(
    {
        happened.AnnotationSubmitted,
        happened.AnnotationRevised,
        happened.AnnotationDeleted,
        happened.AnnotationRestored,
        happened.AnnotationReviewed,
        happened.ReviewWithdrawn,
        happened.GroundTruthSet,
        happened.GroundTruthCleared,
    }
)
