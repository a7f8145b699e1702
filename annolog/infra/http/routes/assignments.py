"""Giving tasks to people by hand: some by id, or all that meet a filter of the board."""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Response

from annolog.commands.distributing import AssignTasks
from annolog.domain.access.permissions import Permission
from annolog.domain.refusals import Behind, Forbidden, NotFound
from annolog.infra.http.answers import Answered
from annolog.infra.http.bodies import Assignment, StrictRoute
from annolog.infra.http.caller import Calling
from annolog.infra.http.over_filter import piece_by_piece, tasks_that_meet
from annolog.infra.http.parameters import Id, MinPosition
from annolog.infra.http.problems import documented

router = APIRouter(prefix="/v1/projects/{id}", tags=["tasks"], route_class=StrictRoute)


@router.post(
    "/assignments",
    summary="Assign tasks",
    response_model=Answered,
    responses=documented(Forbidden, NotFound, Behind),
)
async def assign(id: Id, body: Assignment, caller: Calling, min_position: MinPosition = 0) -> Response:
    """Make tasks these people's to annotate or to review, or take that back.

    With `filters` it is done some hundreds at a time. One that breaks off is finished by asking again: what is assigned
    already is left as it is. Which tasks meet the filter is looked at once, at the beginning.
    """
    caller.project(id, Permission.ASSIGN_REVIEWERS if body.as_reviewers else Permission.ASSIGN_ANNOTATORS)
    tasks = body.tasks
    if tasks is None:
        tasks = await tasks_that_meet(caller, id, body.filters, body.excluded, min_position)
    if body.preview:
        return Response(orjson.dumps({"tasks": len(tasks), "changed": 0}), media_type="application/json")
    if body.tasks is not None:
        return await caller.answer(_command(id, body, body.tasks))
    return await piece_by_piece(caller, tasks, lambda some: _command(id, body, some), ("changed",))


def _command(id: int, body: Assignment, tasks: list[int]) -> AssignTasks:
    return AssignTasks(
        project=id, tasks=tasks, people=body.people, as_reviewers=body.as_reviewers, unassign=body.unassign
    )
