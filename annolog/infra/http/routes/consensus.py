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
from annolog.infra.http.visible import Sight, sight_of
from annolog.projections.consensus import queries as consensus
from annolog.projections.consensus import skills, verdicts

router = APIRouter(prefix="/v1", tags=["quality"], route_class=StrictRoute)
SEEING = documented(Forbidden, NotFound, Behind)
_PEOPLE = frozenset({"people"})
# How sure one is of what people said, and how many drew the same, is how much they agree.
_AGREEMENT = frozenset({"pairwise", "consensus", "posterior", "entropy", "support"})


@router.get("/projects/{id}/consensus", summary="One answer made of several", responses=SEEING)
async def page(
    id: Id, caller: Calling, after: After = 0, limit: Limit = 100, min_position: MinPosition = 0
) -> Response:
    """By task: what most people said, all answers where they tie, and by dimension what the model makes of them, how
    sure it is, and whom it rests on; of regions those that enough people drew. `next` is what to pass as `after`.
    """
    project = caller.project(id, Permission.SEE_QUALITY)
    sight = sight_of(project, caller.person)
    settings, unseen = project.settings.consensus, sight.hidden_from

    def query(connection: Connection) -> dict[str, Any]:
        rows = verdicts.consensus_page(connection, id, after, limit, settings)
        shown = [_seen(row, sight) for row in shown_of(connection, rows, unseen)]
        return {"tasks": shown, "next": rows[-1]["task"] if len(rows) == limit else None}

    return presented(caller.installation, await read(caller.installation, min_position, query))


@router.get("/tasks/{id}/consensus", summary="One task's consensus", responses=SEEING)
async def of_task(id: Id, caller: Calling, min_position: MinPosition = 0) -> Response:
    """The same for one task."""
    task, project = caller.task(id, Permission.SEE_QUALITY)
    sight = sight_of(project, caller.person)
    sight.must_see(task)
    settings = project.settings.consensus
    found = await read(
        caller.installation,
        min_position,
        lambda connection: verdicts.consensus_of_task(connection, id, settings),
    )
    found = _seen(found or {"task": id, "answers": 0, "winners": {}, "dimensions": {}}, sight)
    return presented(caller.installation, found)


def _seen(row: dict[str, Any], sight: Sight) -> dict[str, Any]:
    """What a task comes to, without whom it rests on where names are hidden, and without scores where agreement is."""
    hidden = frozenset() if sight.names else _PEOPLE
    hidden |= frozenset() if sight.agreement else _AGREEMENT
    dimensions: dict[str, Any] = {}
    for name, one in row["dimensions"].items():
        regions = [_without(region, hidden) for region in one.get("regions", ())]
        dimensions[name] = _without(one, hidden) | ({"regions": regions} if "regions" in one else {})
    return _without(row, hidden) | {"dimensions": dimensions}


def _without(row: dict[str, Any], hidden: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in hidden}


@router.get("/projects/{id}/consensus/models", summary="The models in use", responses=SEEING)
async def models(id: Id, caller: Calling, min_position: MinPosition = 0) -> Response:
    """By dimension: kind, version, what it was fitted on, and why this kind."""

    def query(connection: Connection) -> Any:
        return {"models": [consensus.described(row) for row in consensus.models(connection, id)]}

    return await see_quality(caller, id, min_position, query)


@router.get("/projects/{id}/consensus/skills", summary="What people's answers are worth", responses=SEEING)
async def people(id: Id, caller: Calling, min_position: MinPosition = 0) -> Response:
    """By dimension and person: accuracy and accuracy by label with intervals, and what they take for what."""
    sight_of(caller.project(id, Permission.SEE_QUALITY), caller.person).must_show_names()

    def query(connection: Connection) -> Any:
        return {"dimensions": skills.skills_of(connection, id)}

    return await see_quality(caller, id, min_position, query)
