"""Agreement of a project, its people and its pairs of people, beyond chance and over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import Field
from sqlalchemy import Connection

from annolog.domain.access.permissions import Permission
from annolog.domain.ids import LARGEST_ID
from annolog.domain.refusals import Behind, Forbidden, InvalidInput, NotFound
from annolog.infra.http.bodies import StrictRoute
from annolog.infra.http.caller import Calling
from annolog.infra.http.parameters import Definition, Id, MinPosition
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented, read, see_quality
from annolog.infra.http.visible import sight_of, whose_figures
from annolog.projections.agreement import chance, quality
from annolog.projections.agreement import queries as agreement
from annolog.projections.performance import queries as performance

router = APIRouter(prefix="/v1/projects/{id}", tags=["quality"], route_class=StrictRoute)
SEEING = documented(Forbidden, NotFound, Behind)
Dimension = Annotated[str, Query(description="A control of the labeling config; empty for all of them, weighted.")]
Control = Annotated[str, Query(description="A control of the labeling config.", min_length=1)]
Label = Annotated[str | None, Query(description="Of one label: whether an answer carries it.")]
MOST_CHOSEN = 500
SomePeople = Annotated[
    Sequence[Annotated[int, Field(ge=1, le=LARGEST_ID)]],
    Query(max_length=MOST_CHOSEN, description="Whose pairs, repeated; everybody's if none."),
]
Resamples = Annotated[int, Query(ge=0, le=10_000, description="For the intervals; 0 for none.")]


@router.get("/agreement", summary="A project's agreement", responses=SEEING)
async def project_agreement(
    id: Id, caller: Calling, definition: Definition = None, min_position: MinPosition = 0
) -> Response:
    """Means over tasks with two answers or more, by dimension and label, by the definition in force or another one."""

    def query(connection: Connection) -> Any:
        found = agreement.project_agreement(connection, id, definition)
        return found or {"project": id, "tasks": 0, "dimensions": {}}

    return await see_quality(caller, id, min_position, query)


@router.get("/agreement/pairs", summary="Agreement of every two people", responses=SEEING)
async def pairs(
    id: Id,
    caller: Calling,
    dimension: Dimension = "",
    definition: Definition = None,
    person: SomePeople = (),
    min_position: MinPosition = 0,
) -> Response:
    """How alike every two people answered, over the tasks both have: of the project, or of the people named alone."""
    sight_of(caller.project(id, Permission.SEE_QUALITY), caller.person).must_show_names()

    def query(connection: Connection) -> Any:
        return {"dimension": dimension, "pairs": agreement.pairs(connection, id, dimension, definition, person)}

    return await see_quality(caller, id, min_position, query)


@router.get("/agreement/coefficients", summary="Agreement beyond chance", responses=SEEING)
async def coefficients(
    id: Id,
    caller: Calling,
    dimension: Control,
    label: Label = None,
    resamples: Resamples = 1000,
    min_position: MinPosition = 0,
) -> Response:
    """Krippendorff's alpha, Fleiss' kappa, Gwet's AC1 and AC2 with intervals, or in words why there is none."""

    def query(connection: Connection) -> Any:
        return chance.coefficients(connection, id, dimension, label=label, resamples=resamples)

    return await see_quality(caller, id, min_position, query)


@router.get("/agreement/coefficients/daily", summary="Agreement beyond chance, by day", responses=SEEING)
async def daily(
    id: Id,
    caller: Calling,
    dimension: Control,
    resamples: Annotated[int, Query(ge=0, le=1_000, description="For the intervals; 0 for none.")] = 0,
    min_position: MinPosition = 0,
) -> Response:
    """Krippendorff's alpha of the tasks last answered on each day, and of all up to it, with its interval if there are
    resamples. Days are UTC.
    """

    def query(connection: Connection) -> Any:
        return chance.daily(connection, id, dimension, resamples)

    return await see_quality(caller, id, min_position, query)


@router.get("/agreement/pairs/{one}/{other}", summary="Two people beyond chance", responses=SEEING)
async def pair(
    id: Id,
    one: Id,
    other: Id,
    caller: Calling,
    dimension: Control,
    label: Label = None,
    resamples: Resamples = 1000,
    min_position: MinPosition = 0,
) -> Response:
    """Every coefficient of a project, and Cohen's kappa, over the tasks both answered; and who said what when."""
    sight_of(caller.project(id, Permission.SEE_QUALITY), caller.person).must_show_names()

    def query(connection: Connection) -> Any:
        return chance.of_pair(connection, id, dimension, one, other, label=label, resamples=resamples)

    return await see_quality(caller, id, min_position, query)


@router.get("/agreement/distribution", summary="How scores are spread", responses=SEEING)
async def distribution(
    id: Id,
    caller: Calling,
    definition: Definition = None,
    threshold: Annotated[float | None, Query(ge=0, le=1, description="As in the reassignment rule if none.")] = None,
    min_position: MinPosition = 0,
) -> Response:
    """Tasks in ten buckets of agreement, and how many are under the threshold."""
    limit = caller.project(id).settings.reassignment.threshold if threshold is None else threshold

    def query(connection: Connection) -> Any:
        return quality.spread(connection, id, limit, definition)

    return await see_quality(caller, id, min_position, query)


@router.get("/agreement/explanation", summary="Where agreement is missing", responses=SEEING)
async def explanation(
    id: Id,
    caller: Calling,
    dimension: Control,
    most: Annotated[int, Query(ge=1, le=1000, description="Rows of each list.")] = 20,
    min_position: MinPosition = 0,
) -> Response:
    """The people, pairs of labels and tasks that the missing agreement comes from, the largest shares first; without
    people where the project does not show who annotates.
    """
    names = sight_of(caller.project(id, Permission.SEE_QUALITY), caller.person).names

    def query(connection: Connection) -> Any:
        found = quality.explained(connection, id, dimension, most)
        return found if names else {name: value for name, value in found.items() if name != "annotators"}

    return await see_quality(caller, id, min_position, query)


@router.get(
    "/confusion", summary="What is taken for what", responses=documented(Forbidden, NotFound, Behind, InvalidInput)
)
async def confusion(
    id: Id,
    caller: Calling,
    dimension: Control,
    mode: Annotated[
        quality.Mode, Query(description="Compared with each other, with accepted work, or with the truth.")
    ] = quality.Mode.ALL,
    person: Annotated[int | None, Query(ge=1, le=LARGEST_ID, description="Whose answers; everybody's if none.")] = None,
    min_position: MinPosition = 0,
) -> Response:
    """Counts by label and label, precision and recall, and the pairs that are confused most.

    Of one person it is what they said where something else is accepted or true, so it takes one of these modes.
    """
    if person is not None:
        sight_of(caller.project(id, Permission.SEE_QUALITY), caller.person).must_show_names()

    def query(connection: Connection) -> Any:
        return quality.confused(connection, id, dimension, mode, person=person)

    return await see_quality(caller, id, min_position, query)


@router.get("/labels", summary="How often each label was given", responses=SEEING)
async def labels(id: Id, caller: Calling, dimension: Control, min_position: MinPosition = 0) -> Response:
    """By label: in how many annotations and in how many tasks, and how often models gave it."""
    return await see_quality(caller, id, min_position, lambda connection: quality.labels(connection, id, dimension))


@router.get("/annotators", summary="People's work and quality", responses=documented(NotFound, Behind))
async def annotators(id: Id, caller: Calling, min_position: MinPosition = 0) -> Response:
    """Counts, times, verdicts, agreement and accuracy of everybody; without the right to see quality, or where the
    project does not show who annotates, one's own row.

    Reviewers who are not shown agreement are not told of it by this either.
    """
    project = caller.project(id)
    person, sight = whose_figures(project, caller.person), sight_of(project, caller.person)

    def query(connection: Connection) -> list[dict[str, Any]]:
        rows = performance.performance_of(connection, id, person)
        if person is not None:
            return rows
        if not sight.agreement:
            return [{name: value for name, value in row.items() if name != "performance_score"} for row in rows]
        found = {row["person"]: row for row in agreement.people(connection, id)}
        return [{**row, **found.get(row["person"], {})} for row in rows]

    return presented(caller.installation, {"annotators": await read(caller.installation, min_position, query)})
