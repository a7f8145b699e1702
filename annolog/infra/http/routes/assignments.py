"""Giving tasks to people by hand: some by id, or all that meet a filter of the board."""

from __future__ import annotations

from fastapi import APIRouter, Response

from annolog.commands.distributing import AssignTasks
from annolog.domain.access.permissions import Permission
from annolog.domain.refusals import Behind, Forbidden, NotFound
from annolog.infra.http.answers import Answered
from annolog.infra.http.bodies import Assignment, StrictRoute
from annolog.infra.http.caller import Calling
from annolog.infra.http.over_filter import on_tasks
from annolog.infra.http.parameters import Id, MinPosition
from annolog.infra.http.problems import documented
from annolog.projections.board.digest import assigning

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
    already is left as it is. Which tasks meet the filter is looked at once, at the beginning. `changed_tasks` are those
    that it made a difference to, `refused` those that it was not done to, with why.
    """
    caller.project(id, Permission.ASSIGN_REVIEWERS if body.as_reviewers else Permission.ASSIGN_ANNOTATORS)
    changes = assigning(body.people, as_reviewers=body.as_reviewers, unassign=body.unassign)
    return await on_tasks(caller, id, body, min_position, lambda some: _command(id, body, some), changes)


def _command(id: int, body: Assignment, tasks: list[int]) -> AssignTasks:
    return AssignTasks(
        project=id, tasks=tasks, people=body.people, as_reviewers=body.as_reviewers, unassign=body.unassign
    )
