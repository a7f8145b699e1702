"""How long it took to judge: of every verdict, whether it was the first, a second, or settled both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from annolog.domain.task.events import AnnotationReviewed
from annolog.domain.task.review_events import ReviewAdjudicated, SecondReviewGiven

Judging: TypeAlias = AnnotationReviewed | SecondReviewGiven | ReviewAdjudicated
JUDGING = (AnnotationReviewed, SecondReviewGiven, ReviewAdjudicated)


@dataclass(frozen=True, slots=True)
class JudgingTime:
    """Who judged, and how many seconds that took: from opening to judging, and of these at work. None is not known."""

    reviewer: int
    review_time: float | None
    active_time: float | None


def judging_time(event: Judging) -> JudgingTime:
    """The time of a verdict. Where an adjudication led to a review, that has its time, so that it counts once."""
    reviewer = event.adjudicator if isinstance(event, ReviewAdjudicated) else event.reviewer
    return JudgingTime(reviewer, event.review_time, event.active_time)
