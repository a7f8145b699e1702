"""What reviewers say, on the page of a task: verdicts, second ones, and what settles both."""

from __future__ import annotations

from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.domain.task import review_events as reviewing
from annolog.projections.task_page.step import Page, Steps


def _reviewed(page: Page, recorded: Recorded, event: happened.AnnotationReviewed) -> None:
    annotation = page["annotations"][event.annotation]
    annotation["reviews"].append(
        {
            "id": event.review,
            "reviewer": event.reviewer,
            "revision": event.revision,
            "verdict": event.verdict.value,
            "action": event.action.value if event.action else None,
            "comment": event.comment,
            "region": event.region,
            "answered_by_revision": None,
            "fix_agreement": event.fix_agreement,
            "reviewed_at": recorded.recorded_at.isoformat(),
            "review_time": event.review_time,
            "active_time": event.active_time,
            "withdrawn": False,
            "given_up": False,
        }
    )
    annotation["standing"] = happened.STANDING_AFTER[event.action].value


def _withdrawn(page: Page, recorded: Recorded, event: happened.ReviewWithdrawn) -> None:
    annotation = page["annotations"][event.annotation]
    annotation["standing"] = event.standing.value
    for review in annotation["reviews"]:
        if review["id"] == event.review:
            review["withdrawn"] = True


def _given_up(page: Page, recorded: Recorded, event: reviewing.ReturnGivenUp) -> None:
    annotation = page["annotations"][event.annotation]
    annotation["standing"] = happened.Standing.COUNTED.value
    for review in annotation["reviews"]:
        review["given_up"] = review["given_up"] or review["id"] == event.review


def _reviewed_again(page: Page, recorded: Recorded, event: reviewing.SecondReviewGiven) -> None:
    page["annotations"][event.annotation]["second_reviews"].append(
        {
            "review": event.review,
            "reviewer": event.reviewer,
            "revision": event.revision,
            "verdict": event.verdict.value,
            "agrees": event.agrees,
            "action": event.action.value if event.action else None,
            "comment": event.comment,
            "region": event.region,
            "result": event.result,
            "reviewed_at": recorded.recorded_at.isoformat(),
            "review_time": event.review_time,
            "active_time": event.active_time,
            "adjudication": None,
        }
    )


def _adjudicated(page: Page, recorded: Recorded, event: reviewing.ReviewAdjudicated) -> None:
    for again in page["annotations"][event.annotation]["second_reviews"]:
        if again["review"] == event.review:
            again["adjudication"] = {
                "adjudicator": event.adjudicator,
                "verdict": event.verdict.value,
                "action": event.action.value if event.action else None,
                "comment": event.comment,
                "region": event.region,
                "overturns": event.overturns,
                "applied": event.applied,
                "at": recorded.recorded_at.isoformat(),
                "review_time": event.review_time,
                "active_time": event.active_time,
            }


STEPS: Steps = {
    happened.AnnotationReviewed: _reviewed,
    happened.ReviewWithdrawn: _withdrawn,
    reviewing.ReturnGivenUp: _given_up,
    reviewing.SecondReviewGiven: _reviewed_again,
    reviewing.ReviewAdjudicated: _adjudicated,
}
