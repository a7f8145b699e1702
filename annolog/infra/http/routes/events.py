"""The log itself: a page at a time, or as it grows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any

import orjson
from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from annolog.domain.access import rights
from annolog.domain.access.data_fields import concealed_from
from annolog.domain.access.permissions import Permission
from annolog.domain.ids import LARGEST_ID
from annolog.domain.people.state import Person
from annolog.domain.project.data_fields import NOTHING
from annolog.domain.project.decisions import must_exist
from annolog.domain.recorded import Recorded
from annolog.domain.refusals import Forbidden, NotFound, Refused
from annolog.infra.composition import Installation
from annolog.infra.http.bodies import StrictRoute
from annolog.infra.http.caller import Caller, Calling
from annolog.infra.http.parameters import After, Id, Limit
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented
from annolog.infra.http.visible import without
from annolog.infra.whose import concerns
from annolog.projections.task_page.page import presented as event_page

router = APIRouter(prefix="/v1", tags=["events"], route_class=StrictRoute)

TOGETHER = 500
KEEP_ALIVE_SECONDS = 15.0
# No proxy keeps them back until there are more.
AS_THEY_COME = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
OfProject = Annotated[int | None, Query(ge=1, le=LARGEST_ID, description="Only events of this project.")]


@router.get("/events", summary="Read the log", responses=documented(Forbidden))
async def read_log(caller: Calling, after: After = 0, limit: Limit = 100) -> Response:
    """Every event of the organization beyond a position, in order: a page has fewer where others share the log. For
    administrators.
    """
    rights.require(Permission.READ_LOG, caller.person)
    return await _page(caller, after, limit, None)


@router.get("/projects/{id}/events", summary="Read a project's log", responses=documented(Forbidden, NotFound))
async def read_project_log(id: Id, caller: Calling, after: After = 0, limit: Limit = 100) -> Response:
    """The project's events beyond a position, in order. For managers."""
    caller.project(id, Permission.READ_EVENTS)
    return await _page(caller, after, limit, id)


async def _page(caller: Caller, after: int, limit: int, project: int | None) -> Response:
    batch = await to_thread.run_sync(caller.installation.log.after, after, limit, project)
    following = batch[-1].position if len(batch) == limit else None
    events = await to_thread.run_sync(_seen, caller, caller.person, batch)
    return presented(caller.installation, {"events": [event for _, event in events], "next": following})


def _still_seen(
    caller: Caller, batch: Sequence[Recorded], project: int | None
) -> list[tuple[Recorded, dict[str, Any]]]:
    """What is seen of a batch; refused once the caller may not follow any more."""
    person = caller.person_now
    _must_read(caller, person, project)
    return _seen(caller, person, batch)


def _seen(caller: Caller, person: Person, batch: Sequence[Recorded]) -> list[tuple[Recorded, dict[str, Any]]]:
    """The events that are somebody's to see, as they may see them by the rules and the role that hold now."""
    installation = caller.installation
    batch = [recorded for recorded in batch if concerns(installation, person, recorded)]
    projects = {recorded.project for recorded in batch if recorded.project is not None}
    concealed = {project: concealed_from(person, installation.states.project(project)) for project in projects}
    return [
        (recorded, without(event_page(recorded), concealed.get(recorded.project or 0, NOTHING))) for recorded in batch
    ]


@router.get("/events/stream", summary="Follow the log", responses=documented(Forbidden, NotFound))
async def follow(request: Request, caller: Calling, after: After = 0, project: OfProject = None) -> Response:
    """Server-sent events whose id is the log position: reconnecting with `Last-Event-ID` goes on where it broke off."""
    _must_read(caller, caller.person, project)
    last = request.headers.get("last-event-id", "")
    start = int(last[:20]) if last.isascii() and last.isdigit() else after
    stream = _counted(caller.installation, _stream(caller, request, start, project))
    return StreamingResponse(stream, media_type="text/event-stream", headers=AS_THEY_COME)


def _must_read(caller: Caller, person: Person, project: int | None) -> None:
    """Refuse whoever may not follow this."""
    if project is None:
        rights.require(Permission.READ_LOG, person)
        return
    found = caller.installation.states.project(project)
    must_exist(found)
    rights.require(Permission.READ_EVENTS, person, found)


async def _counted(installation: Installation, stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    with installation.observer.metrics.listening():
        async for piece in stream:
            yield piece


async def _stream(caller: Caller, request: Request, position: int, project: int | None) -> AsyncIterator[bytes]:
    """It ends when whoever follows may no longer: their token, their account or their right is gone."""
    installation = caller.installation
    loop, bell = asyncio.get_running_loop(), asyncio.Event()

    def ring() -> None:
        loop.call_soon_threadsafe(bell.set)

    installation.log.doorbell.listen(ring)
    try:
        yield b"retry: 2000\n\n"
        while not await request.is_disconnected():
            bell.clear()
            batch: Sequence[Recorded] = await to_thread.run_sync(installation.log.after, position, TOGETHER, project)
            try:
                seen = await to_thread.run_sync(_still_seen, caller, batch, project)
            except Refused as refusal:
                # Whoever is not to follow any more is told so, that they do not try again.
                yield b"event: ended\ndata: %s\n\n" % orjson.dumps({"code": refusal.code, "detail": refusal.detail})
                return
            position = batch[-1].position if batch else position
            for recorded, event in seen:
                body = orjson.dumps(event)
                yield b"id: %d\nevent: %s\ndata: %s\n\n" % (recorded.position, recorded.type.encode(), body)
            if not batch:
                try:
                    await asyncio.wait_for(bell.wait(), KEEP_ALIVE_SECONDS)
                except TimeoutError:
                    yield b": still here\n\n"
    finally:
        installation.log.doorbell.leave(ring)
