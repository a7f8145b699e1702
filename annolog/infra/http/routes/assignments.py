"""Giving tasks to people by hand: some by id, or all that meet a filter of the board."""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Response
from sqlalchemy import Connection

from annolog.commands.distributing import AssignTasks
from annolog.domain.access import Action
from annolog.domain.refusals import Behind, Forbidden, NotFound
from annolog.infra.http.answers import Answered
from annolog.infra.http.bodies import Assignment, StrictRoute
from annolog.infra.http.caller import Caller, Calling
from annolog.infra.http.parameters import Id, MinPosition
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import read
from annolog.projections.board import queries as board

router = APIRouter(prefix="/v1/projects/{id}", tags=["tasks"], route_class=StrictRoute)

# Each piece is a command, so that others get their turn between them.
TOGETHER = 500


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
    caller.project(id, Action.MANAGE_PROJECT)
    tasks = body.tasks if body.tasks is not None else await _found(id, body, caller, min_position)
    if body.preview:
        return Response(orjson.dumps({"tasks": len(tasks), "changed": 0}), media_type="application/json")
    if body.tasks is not None:
        return await caller.answer(_command(id, body, body.tasks))
    changed, position = 0, 0
    for start in range(0, len(tasks), TOGETHER):
        # Without the caller's key: what is asked of a piece is the same whoever asks, and asking twice changes nothing.
        answer = await caller.send_anew(_command(id, body, tasks[start : start + TOGETHER]))
        changed += answer.value["changed"]
        position = answer.position
    found = {"tasks": len(tasks), "changed": changed, "position": position}
    return Response(orjson.dumps(found), headers={"X-Position": str(position)}, media_type="application/json")


async def _found(id: int, body: Assignment, caller: Caller, min_position: int) -> list[int]:
    """Every task that meets the filter, by id, without those left out."""
    excluded = set(body.excluded)

    def query(connection: Connection) -> list[int]:
        found: list[int] = []
        while piece := board.task_ids(connection, id, body.filters, found[-1] if found else 0, 10_000):
            found += piece
        return [task for task in found if task not in excluded]

    return await read(caller.installation, min_position, query)


def _command(id: int, body: Assignment, tasks: list[int]) -> AssignTasks:
    return AssignTasks(
        project=id, tasks=tasks, people=body.people, as_reviewers=body.as_reviewers, unassign=body.unassign
    )
