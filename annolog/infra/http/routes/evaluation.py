"""Work held against the truth, changes in people's work, and having it done anew."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Query, Response
from pydantic import Field
from sqlalchemy import Connection

from annolog.commands.drift import DismissDrift, RequeueWindow
from annolog.domain.access.permissions import Permission
from annolog.domain.ids import LARGEST_ID
from annolog.domain.refusals import Behind, Forbidden, InvalidInput, NotFound, StaleVersion
from annolog.infra.http.answers import Answered
from annolog.infra.http.bodies import Body, StrictRoute
from annolog.infra.http.caller import Calling
from annolog.infra.http.parameters import After, Id, Limit, MinPosition
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented, see_quality, shown_of
from annolog.infra.http.visible import sight_of
from annolog.infra.requeuing import preview
from annolog.projections.drift import queries as drift
from annolog.projections.skills import against_truth

router = APIRouter(prefix="/v1", tags=["quality"], route_class=StrictRoute)
SEEING = documented(Forbidden, NotFound, Behind)
MANAGING = documented(Forbidden, NotFound, InvalidInput, StaleVersion)
Person = Annotated[int, Query(ge=1, le=LARGEST_ID)]


class Dismissal(Body):
    """Why nothing need follow."""

    reason: str = Field(default="", max_length=10_000)


class Window(Body):
    """Whose answers of which days are to be given anew; both ends belong to it, in UTC."""

    person: int = Field(ge=1, le=LARGEST_ID)
    since: date
    until: date
    reason: str = Field(default="", max_length=10_000)


@router.get(
    "/tasks/{id}/annotations/{annotation}/against-truth", summary="An annotation and the truth", responses=SEEING
)
async def annotation_against_truth(id: Id, annotation: Id, caller: Calling, min_position: MinPosition = 0) -> Response:
    """How alike they are by the project's metrics, overall and by control."""
    task, project = caller.task(id, Permission.SEE_QUALITY)
    sight = sight_of(project, caller.person)
    sight.must_see(task)
    sight.must_show_names()

    def query(connection: Connection) -> Any:
        return against_truth.of_annotation(connection, project.id, id, annotation)

    return await see_quality(caller, project.id, min_position, query)


@router.get("/projects/{id}/people/{person}/against-truth", summary="Somebody and the truth", responses=SEEING)
async def person_against_truth(
    id: Id, person: Id, caller: Calling, after: After = 0, limit: Limit = 100, min_position: MinPosition = 0
) -> Response:
    """Their answers to tasks of which the truth is known, with scores, and the mean over all with its 95% interval.

    `next` is what to pass as `after` for more.
    """

    sight = sight_of(caller.project(id, Permission.SEE_QUALITY), caller.person)
    sight.must_show_names()

    def query(connection: Connection) -> Any:
        found = against_truth.of_person(connection, id, person, after, limit)
        return found | {"tasks": shown_of(connection, found["tasks"], sight.hidden_from)}

    return await see_quality(caller, id, min_position, query)


@router.get("/projects/{id}/drift", summary="Changes in people's work", responses=SEEING)
async def list_alarms(
    id: Id,
    caller: Calling,
    person: Annotated[int | None, Query(ge=1, le=LARGEST_ID, description="Of whom.")] = None,
    after: After = 0,
    limit: Limit = 100,
    min_position: MinPosition = 0,
) -> Response:
    """Alarms with the window, the figures and the tasks they point to, in their order.

    `next` is what to pass as `after` for more.
    """

    sight_of(caller.project(id, Permission.SEE_QUALITY), caller.person).must_show_names()

    def query(connection: Connection) -> Any:
        rows = drift.alarms(connection, id, person, after, limit)
        return {"alarms": rows, "next": rows[-1]["alarm"] if len(rows) == limit else None}

    return await see_quality(caller, id, min_position, query)


@router.post(
    "/projects/{id}/drift/{alarm}/dismiss", summary="Dismiss an alarm", response_model=Answered, responses=MANAGING
)
async def dismiss(id: Id, alarm: Id, body: Dismissal, caller: Calling) -> Response:
    """Have it seen to. What came after its window is looked at anew, dismissed or not."""
    return await caller.answer(DismissDrift(project=id, alarm=alarm, reason=body.reason))


@router.get("/projects/{id}/requeue", summary="What would be done anew", responses=MANAGING)
async def preview_requeue(id: Id, person: Person, since: date, until: date, caller: Calling) -> Response:
    """How many answers of these days would be taken out, and of which tasks."""
    caller.project(id, Permission.CHANGE_ANSWERS)
    found = await to_thread.run_sync(preview, caller.installation, id, person, since, until)
    return presented(caller.installation, found)


@router.post("/projects/{id}/requeue", summary="Have work done anew", response_model=Answered, responses=MANAGING)
async def requeue(id: Id, body: Window, caller: Calling) -> Response:
    """Take out what somebody answered on these days; the tasks are open to others. Asked again nothing more happens."""
    command = RequeueWindow(project=id, person=body.person, since=body.since, until=body.until, reason=body.reason)
    return await caller.answer(command)
