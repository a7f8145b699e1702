"""What comes next to a reviewer, and verdicts on many tasks at once."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query, Response

from annolog.commands.review_stream import MOST_PASSED, ReleaseReview, RequestReview, ReviewTasks
from annolog.commands.second_review import AdjudicateReview, GiveSecondReview
from annolog.domain.access.permissions import Permission
from annolog.domain.refusals import (
    Behind,
    Forbidden,
    InvalidInput,
    InvalidResult,
    NotFound,
    NotPublished,
    NoWork,
    OwnWork,
    Paused,
    UnknownLabel,
)
from annolog.infra.http.answers import Answered, ReviewWork
from annolog.infra.http.bodies import BulkReview, StrictRoute, VerdictAgain
from annolog.infra.http.caller import Calling
from annolog.infra.http.over_filter import on_tasks
from annolog.infra.http.parameters import Id, MinPosition
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented
from annolog.infra.http.visible import sight_of
from annolog.infra.my_work import awaits_verdict
from annolog.projections.board.digest import waiting_for_verdicts

router = APIRouter(prefix="/v1", tags=["review"], route_class=StrictRoute)
AGAIN = documented(OwnWork, Forbidden, NotFound, UnknownLabel, InvalidInput, InvalidResult, NotPublished, Paused)
Passing = Annotated[
    list[int] | None,
    Query(max_length=MOST_PASSED, description="Tasks that are passed by this time; they wait for later."),
]
COUNTS = ("changed", "reviewed", "left", "held")


@router.post(
    "/projects/{id}/review/next",
    summary="Ask for something to review",
    response_model=ReviewWork,
    responses=documented(NoWork, NotPublished, Paused, Forbidden, NotFound),
)
async def request_review(id: Id, caller: Calling, passing: Passing = None) -> Response:
    """Get the next annotation to judge, for half an hour no other reviewer's. What one has already comes again."""
    return await caller.answer(RequestReview(project=id, passing=passing or []))


@router.get(
    "/projects/{id}/review/waiting",
    summary="Whether something waits for my verdict",
    responses=documented(Forbidden, NotFound),
)
async def review_waiting(id: Id, caller: Calling) -> Response:
    """Whether there would be something to review, without taking it."""
    project = caller.project(id, Permission.REVIEW)
    found = await to_thread.run_sync(awaits_verdict, caller.installation, project, caller.person)
    return presented(caller.installation, {"waiting": found})


@router.delete(
    "/tasks/{id}/review",
    summary="Leave a review",
    response_model=Answered,
    responses=documented(Forbidden, NotFound),
)
async def release_review(id: Id, caller: Calling) -> Response:
    """Leave to other reviewers what one was given; it may come back."""
    return await caller.answer(ReleaseReview(task=id))


@router.post(
    "/projects/{id}/review/bulk",
    summary="Review many tasks",
    response_model=Answered,
    responses=documented(Forbidden, NotFound, InvalidInput, NotPublished, Paused, Behind),
)
async def review_tasks(id: Id, body: BulkReview, caller: Calling, min_position: MinPosition = 0) -> Response:
    """Accept or reject alike whatever waits for a verdict in these tasks, by id or by a filter of the board.

    `left` are tasks with nothing that waits for a verdict of the caller, `held` those that another reviewer has before
    them. One that breaks off is finished by asking again: what is judged already is left as it is.
    """
    project = caller.project(id, Permission.REVIEW)
    if body.filters is not None:
        sight_of(project, caller.person).must_allow_filters(body.filters)

    def command(some: list[int]) -> ReviewTasks:
        return ReviewTasks(project=id, tasks=some, verdict=body.verdict, action=body.action, comment=body.comment)

    return await on_tasks(caller, id, body, min_position, command, waiting_for_verdicts(), COUNTS)


@router.post(
    "/tasks/{id}/reviews/{review}/second",
    status_code=201,
    summary="Review a second time",
    response_model=Answered,
    responses=AGAIN,
)
async def give_second_review(id: Id, review: Id, body: VerdictAgain, caller: Calling) -> Response:
    """Judge without having seen it what another reviewer judged. It changes nothing by itself."""
    return await caller.answer(GiveSecondReview(task=id, review=review, **body.model_dump()), 201)


@router.post(
    "/tasks/{id}/reviews/{review}/adjudication",
    status_code=201,
    summary="Settle two reviews",
    response_model=Answered,
    responses=AGAIN,
)
async def adjudicate_review(id: Id, review: Id, body: VerdictAgain, caller: Calling) -> Response:
    """Say what holds where two reviewers judged the same; for who is neither of them."""
    return await caller.answer(AdjudicateReview(task=id, review=review, **body.model_dump()), 201)
