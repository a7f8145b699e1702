"""Agreement of a project, its people and its pairs of people."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from annolog.domain.access import Action, allowed
from annolog.domain.refusals import Behind, Forbidden, NotFound
from annolog.infra.http.bodies import StrictRoute
from annolog.infra.http.caller import Calling
from annolog.infra.http.parameters import After, Id, Limit, MinPosition
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented, read
from annolog.projections.agreement import queries as agreement
from annolog.projections.performance import queries as performance

router = APIRouter(prefix="/v1/projects/{id}", tags=["quality"], route_class=StrictRoute)
SEEING = documented(Forbidden, NotFound, Behind)
Dimension = Annotated[str, Query(description="A control of the labeling config; empty for all of them, weighted.")]


@router.get("/agreement", summary="A project's agreement", responses=SEEING)
async def project_agreement(id: Id, caller: Calling, min_position: MinPosition = 0) -> Response:
    """Means over tasks with two answers or more, and Krippendorff's alpha with the reason where it is not defined."""
    caller.project(id, Action.SEE_QUALITY)
    found = await read(
        caller.installation, min_position, lambda connection: agreement.project_agreement(connection, id)
    )
    return presented(caller.installation, found or {"project": id, "tasks": 0, "dimensions": {}})


@router.get("/agreement/pairs", summary="Agreement of every two people", responses=SEEING)
async def pairs(id: Id, caller: Calling, dimension: Dimension = "", min_position: MinPosition = 0) -> Response:
    """How alike every two people answered, over the tasks both have."""
    caller.project(id, Action.SEE_QUALITY)
    rows = await read(caller.installation, min_position, lambda connection: agreement.pairs(connection, id, dimension))
    return presented(caller.installation, {"dimension": dimension, "pairs": rows})


@router.get("/consensus", summary="What most people said", responses=SEEING)
async def consensus(
    id: Id, caller: Calling, after: After = 0, limit: Limit = 100, min_position: MinPosition = 0
) -> Response:
    """The most frequent answers to each task, all where they tie. `next` is what to pass as `after` for more."""
    caller.project(id, Action.SEE_QUALITY)
    rows = await read(
        caller.installation, min_position, lambda connection: agreement.consensus(connection, id, after, limit)
    )
    return presented(caller.installation, {"tasks": rows, "next": rows[-1]["task"] if len(rows) == limit else None})


@router.get("/annotators", summary="People's work and quality", responses=documented(NotFound, Behind))
async def annotators(id: Id, caller: Calling, min_position: MinPosition = 0) -> Response:
    """Counts, times, verdicts, agreement and accuracy of everybody; without the right to see quality, one's own row."""
    project = caller.project(id)
    person = None if Action.SEE_QUALITY in allowed(caller.person, project) else caller.person.id

    def query(connection: Any) -> list[dict[str, Any]]:
        rows = performance.performance_of(connection, id, person)
        if person is not None:
            return rows
        quality = {row["person"]: row for row in agreement.people(connection, id)}
        return [{**row, **quality.get(row["person"], {})} for row in rows]

    return presented(caller.installation, {"annotators": await read(caller.installation, min_position, query)})
