"""A reviewer's day: verdicts, ground truth, and talking about it."""

from __future__ import annotations

from fastapi import APIRouter, Response

from annolog.commands.commenting import AddComment, DeleteComment, EditComment, ReopenComment, ResolveComment
from annolog.commands.reviewing import ClearGroundTruth, ReviewAnnotation, SetGroundTruth, WithdrawReview
from annolog.domain.refusals import (
    Forbidden,
    InvalidInput,
    InvalidResult,
    NotAssigned,
    NotFound,
    OwnWork,
    Paused,
    StaleVersion,
    UnknownLabel,
    WrongState,
)
from annolog.infra.http.answers import Answered
from annolog.infra.http.bodies import CommentText, NewComment, NewReview, StrictRoute, Truth
from annolog.infra.http.caller import Calling
from annolog.infra.http.parameters import Id
from annolog.infra.http.problems import documented

router = APIRouter(prefix="/v1/tasks/{id}", route_class=StrictRoute)
REVIEWING = documented(Forbidden, NotFound, WrongState)
COMMENTING = documented(NotFound, Forbidden, InvalidInput, Paused)


@router.post(
    "/annotations/{annotation}/reviews",
    status_code=201,
    tags=["review"],
    summary="Review an annotation",
    response_model=Answered,
    responses=documented(
        OwnWork, NotAssigned, Forbidden, NotFound, WrongState, StaleVersion, UnknownLabel, InvalidResult, Paused
    ),
)
async def review_annotation(id: Id, annotation: Id, body: NewReview, caller: Calling) -> Response:
    """Accept, fix and accept, or reject somebody else's annotation."""
    command = ReviewAnnotation(
        task=id,
        annotation=annotation,
        verdict=body.verdict,
        action=body.action,
        comment=body.comment,
        region=body.region,
        result=body.result,
        expected_revision=body.expected_revision,
        started_at=body.started_at,
        review_time=body.review_time,
        active_time=body.active_time,
    )
    return await caller.answer(command, 201)


@router.delete(
    "/reviews/{review}", tags=["review"], summary="Withdraw a review", response_model=Answered, responses=REVIEWING
)
async def withdraw_review(id: Id, review: Id, caller: Calling) -> Response:
    """Take a verdict back; the one before it holds again."""
    return await caller.answer(WithdrawReview(task=id, review=review))


@router.put(
    "/ground-truth", tags=["review"], summary="Set the ground truth", response_model=Answered, responses=REVIEWING
)
async def set_ground_truth(id: Id, body: Truth, caller: Calling) -> Response:
    """Say which annotation is true; the one before is cleared."""
    return await caller.answer(SetGroundTruth(task=id, annotation=body.annotation))


@router.delete(
    "/ground-truth", tags=["review"], summary="Clear the ground truth", response_model=Answered, responses=REVIEWING
)
async def clear_ground_truth(id: Id, caller: Calling) -> Response:
    """Leave the task without a ground truth."""
    return await caller.answer(ClearGroundTruth(task=id))


@router.post(
    "/comments",
    status_code=201,
    tags=["comments"],
    summary="Comment",
    response_model=Answered,
    responses=COMMENTING,
)
async def add_comment(id: Id, body: NewComment, caller: Calling) -> Response:
    """Say something about the task, an annotation, a region of one, or one's own draft; see docs/comments.md."""
    return await caller.answer(AddComment(task=id, **body.model_dump()), 201)


@router.put(
    "/comments/{comment}", tags=["comments"], summary="Edit a comment", response_model=Answered, responses=COMMENTING
)
async def edit_comment(id: Id, comment: Id, body: CommentText, caller: Calling) -> Response:
    """Say it differently. One's own only."""
    return await caller.answer(EditComment(task=id, comment=comment, text=body.text))


@router.post(
    "/comments/{comment}/resolve",
    tags=["comments"],
    summary="Resolve a comment",
    response_model=Answered,
    responses=COMMENTING,
)
async def resolve_comment(id: Id, comment: Id, caller: Calling) -> Response:
    """What it asked for is done."""
    return await caller.answer(ResolveComment(task=id, comment=comment))


@router.post(
    "/comments/{comment}/reopen",
    tags=["comments"],
    summary="Reopen a comment",
    response_model=Answered,
    responses=COMMENTING,
)
async def reopen_comment(id: Id, comment: Id, caller: Calling) -> Response:
    """It is not done after all."""
    return await caller.answer(ReopenComment(task=id, comment=comment))


@router.delete(
    "/comments/{comment}",
    tags=["comments"],
    summary="Delete a comment",
    response_model=Answered,
    responses=COMMENTING,
)
async def delete_comment(id: Id, comment: Id, caller: Calling) -> Response:
    """Withdraw it: one's own; for managers anybody's."""
    return await caller.answer(DeleteComment(task=id, comment=comment))
