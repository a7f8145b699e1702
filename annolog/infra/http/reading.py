"""How queries are answered: from one snapshot of the read models, telling how far that is behind the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import orjson
from anyio import to_thread
from fastapi import Response
from sqlalchemy import Connection

from annolog.domain.access.permissions import Permission
from annolog.infra.composition import Installation
from annolog.infra.http.caller import Caller
from annolog.infra.http.visible import sight_of
from annolog.projections.engine.snapshots import in_snapshot
from annolog.projections.reviewers.queries import hidden_among

Found = TypeVar("Found")


async def read(installation: Installation, min_position: int, query: Callable[[Connection], Found]) -> Found:
    """Run a query against the read models, on a thread of its own, once they have reached a position."""

    def run() -> Found:
        if min_position > installation.projections.position:
            installation.wait_for(min_position)
        return in_snapshot(installation.read_engine, query)

    return await to_thread.run_sync(run)


async def see_quality(caller: Caller, project: int, min_position: int, query: Callable[[Connection], Any]) -> Response:
    """The answer to a question about a project, for those who may see how good its work is, and how people agree."""
    sight_of(caller.project(project, Permission.SEE_QUALITY), caller.person).must_show_agreement()
    return presented(caller.installation, await read(caller.installation, min_position, query))


def shown_of(connection: Connection, rows: list[dict[str, Any]], unseen_by: int | None) -> list[dict[str, Any]]:
    """The rows about tasks without those that somebody must not see, if anybody is named."""
    if unseen_by is None:
        return rows
    hidden = hidden_among(connection, {row["task"] for row in rows}, unseen_by)
    return [row for row in rows if row["task"] not in hidden]


def presented(installation: Installation, value: Any, headers: dict[str, str] | None = None) -> Response:
    """JSON with the position of the read models and how many events they are behind."""
    position = installation.projections.position
    lag = max(0, installation.bus.head - position)
    found = {"X-Position": str(position), "X-Lag": str(lag), **(headers or {})}
    # Rows of read models have keys of a type that the database library derives from str.
    return Response(orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS), 200, found, "application/json")


def etag(version: int) -> dict[str, str]:
    """The header that carries a stream's version."""
    return {"ETag": f'"v{version}"'}
