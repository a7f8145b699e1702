"""How events bring tasks into the review queue and out of it."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from typing import TypeAlias, get_args

import orjson
from sqlalchemy import Table

from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.domain.task import review_events as reviewing
from annolog.domain.task.kinds import WAITING, ReviewStage, TaskState
from annolog.domain.task.second_review import QUOTA, is_first
from annolog.projections.engine.moments import microseconds
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.rows import Key, Rows, Values
from annolog.projections.review_queue.tables import review_again, review_assigned, review_quota, review_task

TO_REVIEW, UNFINISHED, NEITHER = 0, 1, 2
ANNOTATOR, JUDGED, DELETED = 0, 1, 2
Again: TypeAlias = (
    reviewing.SecondReviewRequested
    | reviewing.SecondReviewGiven
    | reviewing.AdjudicationRequested
    | reviewing.ReviewAdjudicated
    | reviewing.SecondReviewCalledOff
)
AGAIN = get_args(Again)


def shuffled(project: int, task: int) -> int:
    """The task's place in an order that has nothing to do with how tasks came in; below 2^53."""
    return int.from_bytes(blake2b(f"review-order:{project}:{task}".encode(), digest_size=8).digest(), "big") >> 11


def touches(recorded: Recorded) -> Iterator[tuple[Table, Key]]:
    """The task, and whom it is assigned to."""
    event = recorded.event
    assert isinstance(event, happened.TaskEvent)
    yield review_task, (event.task,)
    if isinstance(event, happened.ReviewerAssigned | happened.ReviewerUnassigned):
        yield review_assigned, (event.person, event.task)
    if isinstance(event, AGAIN):
        yield review_again, (event.review,)


def apply(rows: Rows, recorded: Recorded) -> None:
    """Fold one event into the queue."""
    event = recorded.event
    assert isinstance(event, happened.TaskEvent)
    if isinstance(event, reviewing.ReviewRouted):
        rows.add(review_quota, (event.project, event.quota), (1,))
    if isinstance(event, happened.AnnotationReviewed) and is_first(event):
        rows.add(review_quota, (event.project, QUOTA), (1,))
    row = rows.ensure(review_task, _beginning(event))
    match event:
        case happened.TaskStateChanged(state=state):
            row["state"] = state.value
            if state in WAITING:
                row["awaited"] = 0
        case happened.TaskDeleted() | happened.TaskRestored():
            row["deleted"] = int(isinstance(event, happened.TaskDeleted))
        case happened.GroundTruthSet(annotation=annotation):
            row["ground_truth"] = annotation
        case happened.GroundTruthCleared():
            row["ground_truth"] = None
        case happened.ReviewerAssigned() | happened.ReviewerUnassigned():
            _assigned(rows, event, row)
        case reviewing.ReviewRoutingAwaited() | reviewing.ReviewRouted():
            row["awaited"] = int(isinstance(event, reviewing.ReviewRoutingAwaited))
        case reviewing.ReviewReserved():
            row["held_by"], row["held_for"] = event.reviewer, event.annotation
            row["held_until"] = microseconds(event.expires_at)
            row["held_stage"], row["held_review"] = event.stage.value, event.review
        case reviewing.ReviewReleased():
            _release(row)
        case _ if isinstance(event, AGAIN):
            _again(rows, event)
            if row["held_review"] == event.review:
                _release(row)
        case _:
            _answered(event, row)
    _place(row)


def _beginning(event: happened.TaskEvent) -> Values:
    return {
        "task": event.task,
        "project": event.project,
        "stage": NEITHER,
        "place": shuffled(event.project, event.task),
        "annotator": 0,
        "sole": 0,
        "state": TaskState.CREATED.value,
        "annotations": "{}",
        "ground_truth": None,
        "deleted": 0,
        "awaited": 0,
        "reviewers": 0,
        "held_by": None,
        "held_for": None,
        "held_until": None,
        "held_stage": None,
        "held_review": None,
    }


def _again(rows: Rows, event: Again) -> None:
    match event:
        case reviewing.SecondReviewRequested():
            stage, second = ReviewStage.SECOND, 0
        case reviewing.AdjudicationRequested():
            stage, second = ReviewStage.ADJUDICATION, event.second_reviewer
        case _:
            rows.drop(review_again, event.review)
            return
    rows.put(
        review_again,
        {
            "review": event.review,
            "project": event.project,
            "task": event.task,
            "stage": stage.value,
            "annotator": event.annotator,
            "reviewer": event.reviewer,
            "second_reviewer": second,
        },
    )


def _assigned(rows: Rows, event: happened.ReviewerAssigned | happened.ReviewerUnassigned, row: Values) -> None:
    known = rows.find(review_assigned, event.person, event.task) is not None
    if isinstance(event, happened.ReviewerAssigned):
        rows.put(review_assigned, {"person": event.person, "task": event.task})
    else:
        rows.drop(review_assigned, event.person, event.task)
    row["reviewers"] += isinstance(event, happened.ReviewerAssigned) - known


def _release(row: Values) -> None:
    row["held_by"] = row["held_for"] = row["held_until"] = row["held_stage"] = row["held_review"] = None


def _release_from(row: Values, annotation: int) -> None:
    """The annotation is judged, or no more; who has an earlier verdict on it before them keeps that."""
    if row["held_for"] == annotation and row["held_review"] is None:
        _release(row)


def _answered(event: happened.TaskEvent, row: Values) -> None:
    known: dict[str, list[int]] = orjson.loads(row["annotations"])
    match event:
        case happened.AnnotationSubmitted(annotation=annotation, annotator=annotator):
            known[str(annotation)] = [annotator, 0, 0]
        case happened.AnnotationRevised(annotation=annotation, because=because):
            if because is not happened.RevisionCause.FIXED_IN_REVIEW:
                known[str(annotation)][JUDGED] = 0
        case happened.AnnotationReviewed(annotation=annotation):
            known[str(annotation)][JUDGED] = 1
            _release_from(row, annotation)
        case happened.ReviewWithdrawn(annotation=annotation):
            known[str(annotation)][JUDGED] = int(event.stands)
            _release_from(row, annotation)
        case reviewing.ReturnGivenUp(annotation=annotation):
            known[str(annotation)][JUDGED] = 0
        case happened.AnnotationDeleted(annotation=annotation) | happened.AnnotationRestored(annotation=annotation):
            known[str(annotation)][DELETED] = int(isinstance(event, happened.AnnotationDeleted))
        case _:
            return
    row["annotations"] = orjson.dumps(known).decode()


def _place(row: Values) -> None:
    """Where the task stands: what has nothing left to be judged comes to nobody."""
    row["stage"] = NEITHER
    if row["deleted"] or row["state"] == TaskState.COMPLETED:
        return
    known = orjson.loads(row["annotations"])
    left = [
        found[ANNOTATOR]
        for id, found in known.items()
        if not found[JUDGED] and not found[DELETED] and int(id) != row["ground_truth"]
    ]
    if left:
        row["stage"] = UNFINISHED if row["state"] in WAITING else TO_REVIEW
        row["annotator"] = left[0]
        row["sole"] = left[0] if len(set(left)) == 1 else 0


review_queue = Projector(
    name="review_queue",
    version=3,
    tables=(review_task, review_assigned, review_quota, review_again),
    interests=frozenset(
        {
            happened.TaskStateChanged,
            happened.TaskDeleted,
            happened.TaskRestored,
            happened.GroundTruthSet,
            happened.GroundTruthCleared,
            happened.ReviewerAssigned,
            happened.ReviewerUnassigned,
            happened.AnnotationSubmitted,
            happened.AnnotationRevised,
            happened.AnnotationReviewed,
            happened.ReviewWithdrawn,
            happened.AnnotationDeleted,
            happened.AnnotationRestored,
            reviewing.ReturnGivenUp,
            reviewing.ReviewRoutingAwaited,
            reviewing.ReviewRouted,
            reviewing.ReviewReserved,
            reviewing.ReviewReleased,
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
