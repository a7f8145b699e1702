"""What one is told of, and how much of it one has read."""

from __future__ import annotations

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Query, Response
from pydantic import Field
from sqlalchemy import Connection

from annolog.commands.notifying import MarkNotificationsRead
from annolog.domain.access.permissions import Permission
from annolog.domain.access.rights import holds, may
from annolog.domain.ids import LARGEST_ID
from annolog.domain.refusals import Behind
from annolog.infra.http.answers import Answered
from annolog.infra.http.bodies import Body, StrictRoute
from annolog.infra.http.caller import Caller, Calling, answered
from annolog.infra.http.parameters import Limit, MinPosition
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented, read
from annolog.infra.http.visible import sight_of
from annolog.projections.notifications import queries

router = APIRouter(prefix="/v1/notifications", tags=["notifications"], route_class=StrictRoute)


class UpTo(Body):
    """How far one has read."""

    up_to: int = Field(ge=0, le=LARGEST_ID, description="The position of the latest notification that was seen.")


@router.get("", summary="My notifications", responses=documented(Behind))
async def list_notifications(
    caller: Calling,
    unread: Annotated[bool, Query(description="Only what was not read.")] = False,
    before: Annotated[int | None, Query(ge=1, le=LARGEST_ID, description="What came before this position.")] = None,
    limit: Limit = 100,
    min_position: MinPosition = 0,
) -> Response:
    """One's own, the latest first and so the unread before the others, with how many there are of both; only of
    projects that are open to one. `next` is what to pass as `before` for more.
    """
    person = caller.person.id
    mark = await to_thread.run_sync(caller.installation.log.read_mark, person)

    def query(connection: Connection) -> dict[str, Any]:
        projects = [id for id in queries.projects_of(connection, person) if _is_open(caller, id)]
        rows = queries.notifications_of(connection, person, projects, mark, unread=unread, before=before, limit=limit)
        for row in rows:
            if row["comment"] is not None and not _sees(caller, row):
                row["words"] = None
            row["by"] = _named(caller, row)
        return {
            "notifications": rows,
            "next": rows[-1]["position"] if len(rows) == limit else None,
            "read_up_to": mark,
            **queries.counts_of(connection, person, projects, mark),
        }

    return presented(caller.installation, await read(caller.installation, min_position, query))


def _sees(caller: Caller, row: dict[str, Any]) -> bool:
    """Whether what a comment says may be known, or would tell a verdict before the caller has given theirs."""
    states = caller.installation.states
    return row["task"] is None or sight_of(states.project(row["project"]), caller.person).sees(states.task(row["task"]))


def _named(caller: Caller, row: dict[str, Any]) -> int | None:
    """Who brought it about, unless that is an annotator whose name is hidden from the caller."""
    by: int | None = row["by"]
    project = caller.installation.states.project(row["project"])
    hides = holds(Permission.REVIEW, caller.person, project) and not sight_of(project, caller.person).names
    return None if by is not None and hides and project.annotates(by) else by


def _is_open(caller: Caller, project: int) -> bool:
    return may(Permission.SEE_PROJECT, caller.person, caller.installation.states.project(project))


@router.post("/read", summary="Mark notifications as read", response_model=Answered, responses=documented())
async def mark_read(body: UpTo, caller: Calling) -> Response:
    """One has read everything up to a position, or as far as read models are; what is not shown yet stays unread."""
    up_to = min(body.up_to, caller.installation.projections.position)
    return answered(await caller.send_anew(MarkNotificationsRead(up_to=up_to)))
