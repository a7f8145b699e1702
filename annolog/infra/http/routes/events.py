"""The log itself: a page at a time, or as it grows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Annotated

import orjson
from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from annolog.domain.access import rights
from annolog.domain.access.permissions import Permission
from annolog.domain.ids import LARGEST_ID
from annolog.domain.people.state import Person
from annolog.domain.recorded import Recorded
from annolog.domain.refusals import Forbidden, NotFound, Refused
from annolog.infra.composition import Installation
from annolog.infra.http.bodies import StrictRoute
from annolog.infra.http.caller import Caller, Calling, caller_of
from annolog.infra.http.parameters import After, Id, Limit
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented
from annolog.infra.whose import concerns
from annolog.projections.task_page.page import presented as event_page

router = APIRouter(prefix="/v1", tags=["events"], route_class=StrictRoute)

TOGETHER = 500
KEEP_ALIVE_SECONDS = 15.0
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
    seen = [event_page(recorded) for recorded in batch if concerns(caller.installation, caller.person, recorded)]
    return presented(caller.installation, {"events": seen, "next": following})


@router.get("/events/stream", summary="Follow the log", responses=documented(Forbidden, NotFound))
async def follow(request: Request, caller: Calling, after: After = 0, project: OfProject = None) -> Response:
    """Server-sent events whose id is the log position: reconnecting with `Last-Event-ID` goes on where it broke off."""
    _reader(caller, project)
    last = request.headers.get("last-event-id", "")
    start = int(last[:20]) if last.isascii() and last.isdigit() else after
    stream = _counted(caller.installation, _stream(caller.installation, request, start, project))
    return StreamingResponse(stream, media_type="text/event-stream", headers={"Cache-Control": "no-store"})


def _reader(caller: Caller, project: int | None) -> Person:
    """Who reads; refused where they may not."""
    if project is None:
        rights.require(Permission.READ_LOG, caller.person)
    else:
        caller.project(project, Permission.READ_EVENTS)
    return caller.person


async def _counted(installation: Installation, stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    with installation.observer.metrics.listening():
        async for piece in stream:
            yield piece


async def _stream(
    installation: Installation, request: Request, position: int, project: int | None
) -> AsyncIterator[bytes]:
    """It ends when whoever follows may no longer: their token, their account or their right is gone."""
    loop, bell = asyncio.get_running_loop(), asyncio.Event()

    def ring() -> None:
        loop.call_soon_threadsafe(bell.set)

    installation.log.doorbell.listen(ring)
    try:
        yield b"retry: 2000\n\n"
        while not await request.is_disconnected():
            bell.clear()
            try:
                person = _reader(await caller_of(request), project)
            except Refused:
                return
            batch: Sequence[Recorded] = await to_thread.run_sync(installation.log.after, position, TOGETHER, project)
            for recorded in batch:
                position = recorded.position
                if not concerns(installation, person, recorded):
                    continue
                body = orjson.dumps(event_page(recorded))
                yield b"id: %d\nevent: %s\ndata: %s\n\n" % (recorded.position, recorded.type.encode(), body)
            if not batch:
                try:
                    await asyncio.wait_for(bell.wait(), KEEP_ALIVE_SECONDS)
                except TimeoutError:
                    yield b": still here\n\n"
    finally:
        installation.log.doorbell.leave(ring)
