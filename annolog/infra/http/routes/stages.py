"""In which state tasks and projects were when and why; work that came back, and how long everything took."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime
from sqlalchemy import Connection

from annolog.domain.access.permissions import Permission
from annolog.domain.access.rights import may
from annolog.domain.ids import LARGEST_ID, task_stream
from annolog.domain.project.lifecycle import ProjectState
from annolog.domain.project.state import Project
from annolog.domain.refusals import Behind, Forbidden, NotFound
from annolog.domain.task.kinds import TaskState
from annolog.domain.task.transitions import Transition
from annolog.infra.composition import Installation
from annolog.infra.http.as_csv import CSV, Format, attached, wants_csv
from annolog.infra.http.bodies import StrictRoute
from annolog.infra.http.caller import Caller, Calling
from annolog.infra.http.noting import note_export
from annolog.infra.http.parameters import After, Id, Limit, MinPosition
from annolog.infra.http.problems import also_as, documented
from annolog.infra.http.reading import presented, read
from annolog.infra.http.visible import annotators_of, sight_of
from annolog.projections.engine import csv
from annolog.projections.engine.moments import microseconds
from annolog.projections.stages import figures, queries
from annolog.projections.stages.figures import Figures
from annolog.projections.stages.queries import RETURN_COLUMNS, Changes, Returns
from annolog.projections.stages.reviewed import Status
from annolog.projections.task_page.page import task_page

router = APIRouter(prefix="/v1", tags=["quality"], route_class=StrictRoute)
SEEING = documented(Forbidden, NotFound, Behind)
TOGETHER = 1_000
# Elsewhere on earth a moment may be later than there are dates in UTC.
LATEST = microseconds(datetime.max.replace(tzinfo=UTC))
SomeId = Annotated[int | None, Query(ge=1, le=LARGEST_ID)]
Since = Annotated[AwareDatetime | None, Query(description="From this moment on (RFC 3339, with a zone).")]
Until = Annotated[AwareDatetime | None, Query(description="Before this moment.")]
Cause = Annotated[str | None, Query(description="Type of the event that caused it.", max_length=100)]


@router.get("/tasks/{id}/states", summary="A task's states", responses=SEEING)
async def task_states(
    id: Id,
    caller: Calling,
    since: Since = None,
    until: Until = None,
    state: TaskState | None = None,
    previous: TaskState | None = None,
    transition: Transition | None = None,
    cause: Cause = None,
    triggered_by: SomeId = None,
    after: After = 0,
    limit: Limit = 100,
    min_position: MinPosition = 0,
) -> Response:
    """Every change of state, the oldest first, with the reason in words and the event that caused it; its import is the
    first. `next` is what to pass as `after` for more.
    """
    task, project = caller.task(id, Permission.SEE_QUALITY)
    sight = sight_of(project, caller.person)
    sight.must_see(task)
    if triggered_by is not None:
        sight.must_show_names()
    wanted = Changes(_at(since), _at(until), state, previous, transition, cause, triggered_by, after, limit)
    rows = await read(caller.installation, min_position, lambda found: queries.task_changes(found, id, wanted))
    shown = rows if sight.names else sight.of(rows, await _annotators(caller.installation, id))
    return presented(caller.installation, {"task": id, "states": shown, "next": _next(rows, "position", limit)})


@router.get("/projects/{id}/states", summary="A project's states", responses=SEEING)
async def project_states(
    id: Id,
    caller: Calling,
    since: Since = None,
    until: Until = None,
    state: ProjectState | None = None,
    previous: ProjectState | None = None,
    cause: Cause = None,
    triggered_by: SomeId = None,
    after: After = 0,
    limit: Limit = 100,
    min_position: MinPosition = 0,
) -> Response:
    """Every change of state, the oldest first, with the event that caused it and the task that is of, if it is of one.

    `next` is what to pass as `after` for more. Where names are hidden, so is who triggered it.
    """
    sight = sight_of(caller.project(id, Permission.SEE_QUALITY), caller.person)
    if triggered_by is not None:
        sight.must_show_names()
    wanted = Changes(_at(since), _at(until), state, previous, None, cause, triggered_by, after, limit)
    rows = await read(caller.installation, min_position, lambda found: queries.project_changes(found, id, wanted))
    shown = rows if sight.names else _without(rows, "triggered_by")
    return presented(caller.installation, {"project": id, "states": shown, "next": _next(rows, "position", limit)})


@router.get("/projects/{id}/stages", summary="Time in each state, first pass and rework", responses=SEEING)
async def stages(
    id: Id,
    caller: Calling,
    annotator: SomeId = None,
    reviewer: SomeId = None,
    since: Since = None,
    until: Until = None,
    as_of: Annotated[
        AwareDatetime | None, Query(description="Until when what lasts still is counted; now if none.")
    ] = None,
    min_position: MinPosition = 0,
) -> Response:
    """How long tasks stayed in each state and annotations waited for their authors, in microseconds; the share of
    annotations whose first verdict accepted them as they were; how often those went back that came to an end.

    Without the right to see quality: of one's own work, without the states of tasks and without reviewers.
    """
    project = caller.project(id)
    own = not may(Permission.SEE_QUALITY, caller.person, project)
    who, reviewer = _whose(caller, project, annotator, reviewer)
    if not own and any(found is not None for found in (annotator, reviewer, since, until)):
        _must_know_verdicts(caller, project)
    now = microseconds(caller.installation.clock() if as_of is None else as_of)
    wanted = Figures(_known(now), who, reviewer, _at(since), _at(until))

    def query(connection: Connection) -> dict[str, Any]:
        return figures.stage_figures(connection, id, wanted)

    found = await read(caller.installation, min_position, query)
    if own:
        found = figures.own_figures(found)
    elif not sight_of(project, caller.person).names:
        found.pop("annotators")
    return presented(caller.installation, found)


@router.get("/projects/{id}/returned", summary="Work that was returned to its authors", responses=SEEING | also_as(CSV))
async def returned(
    id: Id,
    caller: Calling,
    annotator: SomeId = None,
    reviewer: SomeId = None,
    task: SomeId = None,
    status: Status | None = None,
    since: Since = None,
    until: Until = None,
    after: After = 0,
    limit: Limit = 100,
    format: Annotated[Format | None, Query(description="CSV is everything at once.")] = None,
    accept: Annotated[str, Header()] = "",
    min_position: MinPosition = 0,
) -> Response:
    """What was returned, the oldest first: why, about which region, how many times the annotation had come back by
    then, and the revision that answered it. `next` is what to pass as `after` for more. As CSV all of it comes.

    Without the right to see quality one's own work, without who reviewed it.
    """
    project = caller.project(id)
    who, reviewer = _whose(caller, project, annotator, reviewer)
    unseen = sight_of(project, caller.person).hidden_from
    wanted = Returns(who, reviewer, task, status, _at(since), _at(until), after, limit, unseen)
    hidden = _hidden(caller, project)
    if wants_csv(format, accept):
        first = await _returned(caller.installation, min_position, id, replace(wanted, limit=TOGETHER))
        asked: dict[str, Any] = {
            "annotator": who,
            "reviewer": reviewer,
            "task": task,
            "status": status,
            "after": after or None,
        }
        asked |= {"since": since, "until": until}
        await note_export(caller, "returned", "csv", project=id, filter=asked)
        headers = attached(f"project-{id}-returned")
        lines = _lines(caller.installation, id, replace(wanted, limit=TOGETHER), hidden, first)
        return StreamingResponse(lines, media_type=CSV, headers=headers)
    rows = await _returned(caller.installation, min_position, id, wanted)
    found = {"returned": _without(rows, *hidden), "next": _next(rows, "position", limit)}
    return presented(caller.installation, found)


def _whose(
    caller: Caller, project: Project, annotator: int | None, reviewer: int | None
) -> tuple[int | None, int | None]:
    """Whose work, and judged by whom: who may not see others' work sees their own, and nothing that names reviewers."""
    if may(Permission.SEE_QUALITY, caller.person, project):
        if annotator is not None:
            sight_of(project, caller.person).must_show_names()
        return annotator, reviewer
    if reviewer is not None or annotator not in (None, caller.person.id):
        raise Forbidden("This needs the right to see quality.")
    return caller.person.id, None


def _must_know_verdicts(caller: Caller, project: Project) -> None:
    """Figures of a person or of a moment may be those of one verdict, which whoever judges again must not know."""
    if project.settings.review.second_review_percent and sight_of(project, caller.person).hidden_from is not None:
        raise Forbidden("Where reviews are given a second time, reviewers see the figures of the whole project.")


def _hidden(caller: Caller, project: Project) -> tuple[str, ...]:
    """What of returned work is not shown: to its author who reviewed it, to others whose it is if names are hidden."""
    if not may(Permission.SEE_QUALITY, caller.person, project):
        return ("reviewer",)
    return () if sight_of(project, caller.person).names else ("annotator",)


async def _returned(
    installation: Installation, min_position: int, project: int, wanted: Returns
) -> list[dict[str, Any]]:
    return await read(installation, min_position, lambda found: queries.returned_work(found, project, wanted))


async def _lines(
    installation: Installation, project: int, wanted: Returns, hidden: tuple[str, ...], page: list[dict[str, Any]]
) -> AsyncIterator[str]:
    columns = [name for name in RETURN_COLUMNS if name not in hidden]
    yield csv.header(columns)
    while page:
        yield csv.lines(columns, page)
        wanted = replace(wanted, after=page[-1]["position"])
        page = await _returned(installation, 0, project, wanted)


async def _annotators(installation: Installation, task: int) -> list[int]:
    """The annotators of a task, named as on its page."""
    stream = task_stream(task)
    page = task_page((await to_thread.run_sync(installation.log.streams, [stream]))[stream])
    return annotators_of(page) if page else []


def _without(rows: list[dict[str, Any]], *names: str) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name not in names} for row in rows]


def _next(rows: list[dict[str, Any]], name: str, limit: int) -> int | None:
    return rows[-1][name] if len(rows) == limit else None


def _at(moment: AwareDatetime | None) -> int | None:
    return None if moment is None else _known(microseconds(moment))


def _known(count: int) -> int:
    """Nothing happened before 1970, and nothing will after the last date there is."""
    return min(max(count, 0), LATEST)
