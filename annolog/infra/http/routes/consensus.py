"""What a project takes for true, and what each person's answers are worth."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response
from sqlalchemy import Connection

from annolog.domain.access.permissions import Permission
from annolog.domain.refusals import Behind, Forbidden, NotFound
from annolog.infra.http.bodies import StrictRoute
from annolog.infra.http.caller import Calling
from annolog.infra.http.parameters import After, Id, Limit, MinPosition
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented, read, see_quality, shown_of
from annolog.infra.http.visible import sight_of
from annolog.projections.consensus import queries as consensus
from annolog.projections.consensus import skills, verdicts

router = APIRouter(prefix="/v1", tags=["quality"], route_class=StrictRoute)
SEEING = documented(Forbidden, NotFound, Behind)


@router.get("/projects/{id}/consensus", summary="One answer made of several", responses=SEEING)
async def page(
    id: Id, caller: Calling, after: After = 0, limit: Limit = 100, min_position: MinPosition = 0
) -> Response:
    """By task: what most people said, all answers where they tie, and by dimension what the model makes of them, how
    sure it is, and whom it rests on; of regions those that enough people drew. `next` is what to pass as `after`.
    """
    project = caller.project(id, Permission.SEE_QUALITY)
    settings, unseen = project.settings.consensus, sight_of(project, caller.person).hidden_from

    def query(connection: Connection) -> dict[str, Any]:
        rows = verdicts.consensus_page(connection, id, after, limit, settings)
        return {"tasks": shown_of(connection, rows, unseen), "next": rows[-1]["task"] if len(rows) == limit else None}

    return presented(caller.installation, await read(caller.installation, min_position, query))


@router.get("/tasks/{id}/consensus", summary="One task's consensus", responses=SEEING)
async def of_task(id: Id, caller: Calling, min_position: MinPosition = 0) -> Response:
    """The same for one task."""
    task, project = caller.task(id, Permission.SEE_QUALITY)
    sight_of(project, caller.person).must_see(task)
    settings = project.settings.consensus
    found = await read(
        caller.installation,
        min_position,
        lambda connection: verdicts.consensus_of_task(connection, id, settings),
    )
    return presented(caller.installation, found or {"task": id, "answers": 0, "winners": {}, "dimensions": {}})


@router.get("/projects/{id}/consensus/models", summary="The models in use", responses=SEEING)
async def models(id: Id, caller: Calling, min_position: MinPosition = 0) -> Response:
    """By dimension: kind, version, what it was fitted on, and why this kind."""

    def query(connection: Connection) -> Any:
        return {"models": [consensus.described(row) for row in consensus.models(connection, id)]}

    return await see_quality(caller, id, min_position, query)


@router.get("/projects/{id}/consensus/skills", summary="What people's answers are worth", responses=SEEING)
async def people(id: Id, caller: Calling, min_position: MinPosition = 0) -> Response:
    """By dimension and person: accuracy and accuracy by label with intervals, and what they take for what."""

    def query(connection: Connection) -> Any:
        return {"dimensions": skills.skills_of(connection, id)}

    return await see_quality(caller, id, min_position, query)
