"""Agreement of a project, its people and its pairs of people, beyond chance and over time."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from annolog.domain.access import Action, allowed
from annolog.domain.refusals import Behind, Forbidden, NotFound
from annolog.infra.http.bodies import StrictRoute
from annolog.infra.http.caller import Calling
from annolog.infra.http.parameters import Definition, Id, MinPosition
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented, read
from annolog.projections.agreement import chance, quality
from annolog.projections.agreement import queries as agreement
from annolog.projections.performance import queries as performance

router = APIRouter(prefix="/v1/projects/{id}", tags=["quality"], route_class=StrictRoute)
SEEING = documented(Forbidden, NotFound, Behind)
Dimension = Annotated[str, Query(description="A control of the labeling config; empty for all of them, weighted.")]
Control = Annotated[str, Query(description="A control of the labeling config.", min_length=1)]
Resamples = Annotated[int, Query(ge=0, le=10_000, description="For the intervals; 0 for none.")]


@router.get("/agreement", summary="A project's agreement", responses=SEEING)
async def project_agreement(
    id: Id, caller: Calling, definition: Definition = None, min_position: MinPosition = 0
) -> Response:
    """Means over tasks with two answers or more, by dimension and label, by the definition in force or another one."""
    caller.project(id, Action.SEE_QUALITY)
    found = await read(
        caller.installation, min_position, lambda connection: agreement.project_agreement(connection, id, definition)
    )
    return presented(caller.installation, found or {"project": id, "tasks": 0, "dimensions": {}})


@router.get("/agreement/pairs", summary="Agreement of every two people", responses=SEEING)
async def pairs(
    id: Id, caller: Calling, dimension: Dimension = "", definition: Definition = None, min_position: MinPosition = 0
) -> Response:
    """How alike every two people answered, over the tasks both have."""
    caller.project(id, Action.SEE_QUALITY)
    rows = await read(
        caller.installation, min_position, lambda connection: agreement.pairs(connection, id, dimension, definition)
    )
    return presented(caller.installation, {"dimension": dimension, "pairs": rows})


@router.get("/agreement/coefficients", summary="Agreement beyond chance", responses=SEEING)
async def coefficients(
    id: Id,
    caller: Calling,
    dimension: Control,
    label: Annotated[str | None, Query(description="Of one label: whether an answer carries it.")] = None,
    resamples: Resamples = 1000,
    min_position: MinPosition = 0,
) -> Response:
    """Krippendorff's alpha, Fleiss' kappa, Gwet's AC1 and AC2 with intervals, or in words why there is none."""
    caller.project(id, Action.SEE_QUALITY)
    found = await read(
        caller.installation,
        min_position,
        lambda connection: chance.coefficients(connection, id, dimension, label=label, resamples=resamples),
    )
    return presented(caller.installation, found)


@router.get("/agreement/coefficients/daily", summary="Agreement beyond chance, by day", responses=SEEING)
async def daily(id: Id, caller: Calling, dimension: Control, min_position: MinPosition = 0) -> Response:
    """Krippendorff's alpha of the tasks last answered on each day, and of all up to it. Days are UTC."""
    caller.project(id, Action.SEE_QUALITY)
    rows = await read(caller.installation, min_position, lambda connection: chance.daily(connection, id, dimension))
    return presented(caller.installation, {"dimension": dimension, "days": rows})


@router.get("/agreement/pairs/{one}/{other}", summary="Two people beyond chance", responses=SEEING)
async def pair(
    id: Id,
    one: Id,
    other: Id,
    caller: Calling,
    dimension: Control,
    resamples: Resamples = 1000,
    min_position: MinPosition = 0,
) -> Response:
    """Cohen's kappa, weighted too where answers are numbers, and what one said where the other said what."""
    caller.project(id, Action.SEE_QUALITY)
    found = await read(
        caller.installation,
        min_position,
        lambda connection: chance.of_pair(connection, id, dimension, one, other, resamples=resamples),
    )
    return presented(caller.installation, found)


@router.get("/agreement/distribution", summary="How scores are spread", responses=SEEING)
async def distribution(
    id: Id,
    caller: Calling,
    definition: Definition = None,
    threshold: Annotated[float | None, Query(ge=0, le=1, description="As in the reassignment rule if none.")] = None,
    min_position: MinPosition = 0,
) -> Response:
    """Tasks in ten buckets of agreement, and how many are under the threshold."""
    project = caller.project(id, Action.SEE_QUALITY)
    limit = project.settings.reassignment.threshold if threshold is None else threshold
    found = await read(
        caller.installation,
        min_position,
        lambda connection: quality.spread(connection, id, limit, definition),
    )
    return presented(caller.installation, found)


@router.get("/agreement/explanation", summary="Where agreement is missing", responses=SEEING)
async def explanation(
    id: Id,
    caller: Calling,
    dimension: Control,
    most: Annotated[int, Query(ge=1, le=1000, description="Rows of each list.")] = 20,
    min_position: MinPosition = 0,
) -> Response:
    """The people, pairs of labels and tasks that the missing agreement comes from, the largest shares first."""
    caller.project(id, Action.SEE_QUALITY)
    found = await read(
        caller.installation, min_position, lambda connection: quality.explained(connection, id, dimension, most)
    )
    return presented(caller.installation, found)


@router.get("/confusion", summary="What is taken for what", responses=SEEING)
async def confusion(
    id: Id,
    caller: Calling,
    dimension: Control,
    mode: Annotated[
        quality.Mode, Query(description="Compared with each other, with accepted work, or with the truth.")
    ] = quality.Mode.ALL,
    min_position: MinPosition = 0,
) -> Response:
    """Counts by label and label, precision and recall, and the pairs that are confused most."""
    caller.project(id, Action.SEE_QUALITY)
    found = await read(
        caller.installation, min_position, lambda connection: quality.confused(connection, id, dimension, mode)
    )
    return presented(caller.installation, found)


@router.get("/labels", summary="How often each label was given", responses=SEEING)
async def labels(id: Id, caller: Calling, dimension: Control, min_position: MinPosition = 0) -> Response:
    """By label: in how many annotations and in how many tasks, and how often models gave it."""
    caller.project(id, Action.SEE_QUALITY)
    found = await read(caller.installation, min_position, lambda connection: quality.labels(connection, id, dimension))
    return presented(caller.installation, found)


@router.get("/annotators", summary="People's work and quality", responses=documented(NotFound, Behind))
async def annotators(id: Id, caller: Calling, min_position: MinPosition = 0) -> Response:
    """Counts, times, verdicts, agreement and accuracy of everybody; without the right to see quality, one's own row."""
    project = caller.project(id)
    person = None if Action.SEE_QUALITY in allowed(caller.person, project) else caller.person.id

    def query(connection: Any) -> list[dict[str, Any]]:
        rows = performance.performance_of(connection, id, person)
        if person is not None:
            return rows
        found = {row["person"]: row for row in agreement.people(connection, id)}
        return [{**row, **found.get(row["person"], {})} for row in rows]

    return presented(caller.installation, {"annotators": await read(caller.installation, min_position, query)})
