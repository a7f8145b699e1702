"""How reviews, second reviews and adjudications add up for each reviewer and every two of them."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Table

from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.domain.task import review_events as reviewing
from annolog.domain.task.kinds import Verdict
from annolog.domain.task.second_review import is_first
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.rows import Key, Rows, Values
from annolog.projections.reviewers.tables import reviewer_figures, reviewer_pair, reviewer_verdicts, second_review

VERDICTS = tuple(Verdict)


def touches(recorded: Recorded) -> Iterator[tuple[Table, Key]]:
    """The review that is given again, if it is; sums need not be looked at."""
    event = recorded.event
    if not isinstance(event, happened.AnnotationReviewed):
        yield second_review, (getattr(event, "review", 0),)


def apply(rows: Rows, recorded: Recorded) -> None:
    """Fold one event into the figures of reviewers."""
    event = recorded.event
    match event:
        case happened.AnnotationReviewed():
            if is_first(event):
                _add_verdict(rows, event, 1)
        case happened.ReviewWithdrawn():
            _add_verdict(rows, event, -1)
            _change(rows, event.review, withdrawn=True)
        case reviewing.SecondReviewRequested():
            rows.put(second_review, _requested(event))
        case reviewing.SecondReviewGiven():
            _change(
                rows,
                event.review,
                waiting="",
                second_reviewer=event.reviewer,
                second_verdict=event.verdict.value,
            )
        case reviewing.AdjudicationRequested():
            _change(rows, event.review, waiting="adjudication")
        case reviewing.ReviewAdjudicated():
            _change(
                rows,
                event.review,
                waiting="",
                adjudicator=event.adjudicator,
                adjudicated_verdict=event.verdict.value,
            )
        case reviewing.SecondReviewCalledOff():
            _change(rows, event.review, waiting="")


def _add_verdict(rows: Rows, event: happened.AnnotationReviewed | happened.ReviewWithdrawn, step: int) -> None:
    amounts = tuple(step * (event.verdict is verdict) for verdict in VERDICTS)
    rows.add(reviewer_verdicts, (event.project, event.reviewer, event.annotator), amounts)


def _requested(event: reviewing.SecondReviewRequested) -> Values:
    return {
        "review": event.review,
        "project": event.project,
        "task": event.task,
        "annotation": event.annotation,
        "annotator": event.annotator,
        "waiting": "second",
        "reviewer": event.reviewer,
        "verdict": event.verdict.value,
        "second_reviewer": 0,
        "second_verdict": "",
        "adjudicator": 0,
        "adjudicated_verdict": "",
    }


def _change(rows: Rows, review: int, *, withdrawn: bool = False, **values: object) -> None:
    """Take out what the review added, change it, and put in what it adds now. One withdrawn adds nothing ever more."""
    row = rows.change(second_review, review)
    if row is None:
        return
    _count(rows, row, -1)
    row.update(values)
    if withdrawn:
        # A second review and an adjudication that were given are of a verdict that is no more.
        rows.drop(second_review, review)
        return
    _count(rows, row, 1)


def _count(rows: Rows, row: Values, step: int) -> None:
    if not row["second_reviewer"]:
        return
    project, agreed = row["project"], int(row["verdict"] == row["second_verdict"])
    settled = int(row["adjudicator"] != 0)
    said = ((row["reviewer"], row["verdict"], 0, 1), (row["second_reviewer"], row["second_verdict"], 1, 0))
    for reviewer, verdict, given, reviewed in said:
        overturned = int(settled and verdict != row["adjudicated_verdict"])
        amounts = (given, reviewed, agreed, settled, overturned, 0)
        rows.add(reviewer_figures, (project, reviewer), tuple(step * amount for amount in amounts))
    if settled:
        rows.add(reviewer_figures, (project, row["adjudicator"]), (0, 0, 0, 0, 0, step))
    (one, verdict, *_), (other, other_verdict, *_) = sorted(said)
    rows.add(reviewer_pair, (project, one, other, verdict, other_verdict), (step,))


reviewers = Projector(
    name="reviewers",
    version=1,
    tables=(reviewer_verdicts, reviewer_figures, reviewer_pair, second_review),
    interests=frozenset(
        {
            happened.AnnotationReviewed,
            happened.ReviewWithdrawn,
            reviewing.SecondReviewRequested,
            reviewing.SecondReviewGiven,
            reviewing.AdjudicationRequested,
            reviewing.ReviewAdjudicated,
            reviewing.SecondReviewCalledOff,
        }
    ),
    touches=touches,
    apply=apply,
)
