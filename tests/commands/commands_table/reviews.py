"""What is asked of reviewers: verdicts, second ones, and what sends work to them."""

from __future__ import annotations

from contextlib import suppress

from annolog.commands import (
    projects,
    review_stream,
    reviewing,
    routing,
    second_review,
)
from annolog.commands.command import Command
from annolog.domain.project.events import ProjectRole
from annolog.domain.refusals import Refused
from tests.commands.commands_table.asked import (
    NOBODY,
    REVIEWERS,
    Table,
)
from tests.world import World


def own_review(world: World, who: str) -> int:
    with suppress(Refused):
        return world.review(who, 1, 1, "accepted")
    return 1


def given_to_review(world: World, who: str) -> int:
    with suppress(Refused):
        task: int = world.run(review_stream.RequestReview(project=world.project), who).value["task"]
        return task
    return 1


def reviewed_twice(world: World, *verdicts: str) -> int:
    """A review by somebody else that is to be given again or, with another verdict, to be settled."""
    more = {"second_review_percent": 100, "adjudication": "on_disagreement"}
    world.run(projects.ChangeSettings(project=world.project, group="review", changes=more))
    world.join("one other", ProjectRole.REVIEWER)
    review = world.review("one", 1, 1, verdicts[0])
    for verdict in verdicts[1:]:
        world.run(second_review.GiveSecondReview(task=1, review=review, verdict=verdict), "other")
    return review


TABLE: Table = {
    reviewing.ReviewAnnotation: (
        REVIEWERS,
        lambda w, _: reviewing.ReviewAnnotation(task=1, annotation=1, verdict="accepted"),
    ),
    reviewing.WithdrawReview: (REVIEWERS, lambda w, who: reviewing.WithdrawReview(task=1, review=own_review(w, who))),
    reviewing.SetGroundTruth: (REVIEWERS, lambda w, _: reviewing.SetGroundTruth(task=1, annotation=1)),
    reviewing.ClearGroundTruth: (REVIEWERS, lambda w, _: reviewing.ClearGroundTruth(task=1)),
    review_stream.RequestReview: (REVIEWERS, lambda w, _: review_stream.RequestReview(project=w.project)),
    review_stream.ReleaseReview: (REVIEWERS, lambda w, who: review_stream.ReleaseReview(task=given_to_review(w, who))),
    review_stream.ReviewTasks: (
        REVIEWERS,
        lambda w, _: review_stream.ReviewTasks(project=w.project, tasks=[1], verdict="accepted"),
    ),
    # Who manages sees all verdicts, and would not judge independently.
    second_review.GiveSecondReview: (
        {"reviewer"},
        lambda w, who: second_review.GiveSecondReview(task=1, review=reviewed_twice(w, "accepted"), verdict="accepted"),
    ),
    second_review.AdjudicateReview: (
        REVIEWERS,
        lambda w, who: second_review.AdjudicateReview(
            task=1, review=reviewed_twice(w, "accepted", "rejected"), verdict="accepted"
        ),
    ),
    routing.RouteForReview: (
        NOBODY,
        lambda w, _: routing.RouteForReview(
            task=2, agreement=routing.MeasuredAgreement(overall=0.5, annotations=[], definition=0)
        ),
    ),
}
ORGANIZATION_WIDE: set[type[Command]] = {
    routing.RouteForReview,
}
