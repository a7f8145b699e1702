"""What people and projects did, told apart as one likes, as JSON or as a file; and what every measure means."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from sqlalchemy import Connection

from annolog.domain.access.permissions import Permission
from annolog.domain.access.rights import may
from annolog.domain.ids import LARGEST_ID
from annolog.domain.measures.measure import MEASURES
from annolog.domain.measures.question import PERSON, SEGMENTS, Question, question, segments_of
from annolog.domain.measures.snapshot import SNAPSHOTS
from annolog.domain.refusals import Behind, Fault, Forbidden, InvalidInput, NotFound
from annolog.infra.http.bodies import StrictRoute
from annolog.infra.http.caller import Caller, Calling
from annolog.infra.http.parameters import Id, MinPosition
from annolog.infra.http.problems import also_as, documented
from annolog.infra.http.reading import presented, read
from annolog.infra.http.visible import sight_of
from annolog.projections.dashboards.files import KINDS, Format, written
from annolog.projections.dashboards.queries import dashboard
from annolog.projections.dashboards.segments import Scope

router = APIRouter(prefix="/v1", tags=["quality"], route_class=StrictRoute)
SEEING = documented(Forbidden, NotFound, InvalidInput, Behind)
MOST_PROJECTS = 50

Zone = Annotated[str, Query(description="Whose hours and days: a name such as Asia/Kathmandu.", max_length=100)]
From = Annotated[
    str | None,
    Query(
        alias="from",
        max_length=64,
        description="A day in the zone, or a time on a quarter of an hour (RFC 3339); from the beginning if none.",
    ),
]
To = Annotated[
    str | None,
    Query(alias="to", max_length=64, description="A day, to its end, or a time; to this day if none."),
]
By = Annotated[str, Query(description=f"What to tell apart, parted by commas: {', '.join(SEGMENTS)}.", max_length=200)]
Measures = Annotated[
    str, Query(description="Keys of measures, parted by commas; all that fit but medians if none.", max_length=2000)
]
SomePerson = Annotated[int | None, Query(ge=1, le=LARGEST_ID, description="Of one person alone.")]
InFormat = Annotated[Format, Query(alias="format", description="How it is written down.")]


@router.get("/measures", summary="What dashboards measure", responses=documented())
async def measures(caller: Calling) -> Response:
    """Every measure with what it says, its unit, how it is made of sums, when its facts count, and its segments; and
    `snapshots`, which say how a project is now, with where below it they come from.
    """
    found = [
        {
            "key": measure.key,
            "says": measure.says,
            "unit": measure.unit,
            "aggregation": measure.aggregation,
            "formula": measure.formula,
            "dated_by": measure.dating,
            "segments": segments_of(measure),
        }
        for measure in MEASURES
    ]
    now = [
        {
            "key": one.key,
            "says": one.says,
            "unit": one.unit,
            "aggregation": "snapshot",
            "formula": one.formula,
            "path": one.path,
        }
        for one in SNAPSHOTS
    ]
    return presented(caller.installation, {"measures": found, "snapshots": now})


@router.get("/projects/{id}/dashboard", summary="A project's dashboard", responses=SEEING | also_as(*KINDS.values()))
async def of_project(
    id: Id,
    caller: Calling,
    zone: Zone = "UTC",
    since: From = None,
    until: To = None,
    by: By = "",
    measures: Measures = "",
    person: SomePerson = None,
    format: InFormat = Format.JSON,
    min_position: MinPosition = 0,
) -> Response:
    """Measures of a project in a stretch of time, in total and told apart. Some see but themselves."""
    asked = question(zone, since, until, _words(by), _words(measures))
    return await _answer(caller, [_scope(caller, id, person, asked)], asked, format, min_position)


@router.get("/dashboard", summary="A dashboard of several projects", responses=SEEING | also_as(*KINDS.values()))
async def of_projects(
    caller: Calling,
    projects: Annotated[str, Query(description=f"At most {MOST_PROJECTS} ids, parted by commas.", max_length=1000)],
    zone: Zone = "UTC",
    since: From = None,
    until: To = None,
    by: By = "",
    measures: Measures = "",
    person: SomePerson = None,
    format: InFormat = Format.JSON,
    min_position: MinPosition = 0,
) -> Response:
    """Measures of projects together, or one beside the other; of each the caller sees what its own dashboard shows."""
    asked = question(zone, since, until, _words(by), _words(measures))
    scopes = [_scope(caller, id, person, asked) for id in _ids(projects)]
    return await _answer(caller, scopes, asked, format, min_position)


async def _answer(caller: Caller, scopes: list[Scope], asked: Question, format: Format, min_position: int) -> Response:
    def query(connection: Connection) -> Any:
        found = dashboard(connection, scopes, asked)
        return found if format is Format.JSON else written(found, format)

    found = await read(caller.installation, min_position, query)
    shown = presented(caller.installation, found if format is Format.JSON else None)
    if format is Format.JSON:
        return shown
    names = {name: value for name, value in shown.headers.items() if name.startswith("x-")}
    names["Content-Disposition"] = f'attachment; filename="dashboard.{format}"'
    return Response(found, 200, names, KINDS[format])


def _scope(caller: Caller, id: int, person: int | None, asked: Question) -> Scope:
    """What the caller sees of a project: with the right to see quality everybody's work, else their own.

    Performance tells how much fixes kept, so it takes the sight of agreement; people apart take that of their names.
    """
    project = caller.project(id)
    sight = sight_of(project, caller.person)
    apart = person is not None or PERSON in asked.by
    if (
        may(Permission.SEE_QUALITY, caller.person, project)
        and sight.agreement
        and (sight.names or not apart or person == caller.person.id)
    ):
        return Scope(id, person)
    if person not in (None, caller.person.id):
        raise Forbidden("The project shows you nobody's work but your own.")
    return Scope(id, caller.person.id)


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _ids(text: str) -> list[int]:
    words = list(dict.fromkeys(_words(text)))
    right = all(word.isascii() and word.isdigit() and 0 < int(word[:20]) <= LARGEST_ID for word in words)
    if not right or not 0 < len(words) <= MOST_PROJECTS:
        message = f"is one to {MOST_PROJECTS} ids of projects, parted by commas"
        raise InvalidInput(f"projects {message}", faults=[Fault("query/projects", message)])
    return list(dict.fromkeys(map(int, words)))
