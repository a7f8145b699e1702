"""How well people answer, as it was measured."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from sqlalchemy import Connection

from annolog.domain.access.permissions import Permission
from annolog.domain.access.rights import may
from annolog.domain.ids import LARGEST_ID
from annolog.domain.refusals import Behind, Forbidden, NotFound
from annolog.domain.skills.skill import MOST_DAYS, Source
from annolog.infra.http.bodies import StrictRoute
from annolog.infra.http.caller import Caller, Calling
from annolog.infra.http.parameters import Id, MinPosition
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented, read
from annolog.infra.http.visible import sight_of, whose_figures
from annolog.projections.skills import queries
from annolog.projections.skills.queries import DAYS

router = APIRouter(prefix="/v1/projects/{id}/skills", tags=["quality"], route_class=StrictRoute)
SEEING = documented(Forbidden, NotFound, Behind)
OfSource = Annotated[Source | None, Query(description="What answers are held against; each of them if none.")]
Dimension = Annotated[str | None, Query(description="A control, or empty for all together; everything if none.")]
Label = Annotated[str | None, Query(description="A label of the control, or empty for all together.")]
Days = Annotated[int, Query(ge=1, le=MOST_DAYS, description="How many days are recent.")]
SomePerson = Annotated[int | None, Query(ge=1, le=LARGEST_ID, description="Of one person alone.")]


@router.get("", summary="How well people answer", responses=SEEING)
async def skills(
    id: Id,
    caller: Calling,
    person: SomePerson = None,
    source: OfSource = None,
    dimension: Dimension = None,
    label: Label = None,
    days: Days = DAYS,
    until: Annotated[date | None, Query(description="The last day that counts; the project's latest if none.")] = None,
    min_position: MinPosition = 0,
) -> Response:
    """By person, what answers are held against, control and label: the share that was right with its 95% interval,
    of all time and of late. Without the right to see quality, or where the project does not show who annotates, one's
    own alone. What the fitted models make of people is at `fitted`.
    """
    of_whom, hidden = _whose(caller, id, person), _is_tested(caller, id)

    def query(connection: Connection) -> Any:
        found = queries.skills_of(
            connection,
            id,
            person=of_whom,
            source=source,
            dimension=dimension,
            label=label,
            days=days,
            until=until,
        )
        if hidden:
            found["skills"] = [row for row in found["skills"] if row["source"] != Source.GROUND_TRUTH.value]
        return {**found, "fitted": f"/v1/projects/{id}/consensus/skills"}

    return presented(caller.installation, await read(caller.installation, min_position, query))


@router.get("/history", summary="How one skill came about", responses=SEEING)
async def history(
    id: Id,
    caller: Calling,
    person: Annotated[int, Query(ge=1, le=LARGEST_ID)],
    source: Source,
    dimension: Annotated[str, Query(description="A control; empty for all together.")] = "",
    label: Annotated[str, Query(description="A label of the control; empty for all together.")] = "",
    days: Days = DAYS,
    min_position: MinPosition = 0,
) -> Response:
    """Of every day on which there was an answer: that day's, all up to it, and the last `days` days. Days are UTC."""
    of_whom = _whose(caller, id, person)
    assert of_whom is not None, "the person is not left out"
    if source is Source.GROUND_TRUTH and _is_tested(caller, id):
        raise Forbidden("What came of tests is not shown to who is tested: it would tell which tasks they are.")

    def query(connection: Connection) -> Any:
        return queries.history_of(connection, id, of_whom, source, dimension=dimension, label=label, days=days)

    return presented(caller.installation, await read(caller.installation, min_position, query))


def _whose(caller: Caller, project: int, person: int | None) -> int | None:
    """Whose skills are shown, None for everybody's; somebody else's to who sees quality and names."""
    if person not in (None, caller.person.id):
        sight_of(caller.project(project, Permission.SEE_QUALITY), caller.person).must_show_names()
    return person or whose_figures(caller.project(project), caller.person)


def _is_tested(caller: Caller, project: int) -> bool:
    """Whether the caller is held against ground truth without being told by which tasks."""
    found = caller.project(project)
    return found.settings.evaluates and not may(Permission.SEE_QUALITY, caller.person, found)
