"""The task board: a row a task, filtered and ordered on any column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from sqlalchemy import Connection

from annolog.domain.access.permissions import Permission
from annolog.domain.refusals import Behind, Forbidden, NotFound
from annolog.infra.http.bodies import BoardCount, BoardQuery, StrictRoute
from annolog.infra.http.caller import Caller, Calling
from annolog.infra.http.parameters import Filters, Id, Limit, MinPosition, parsed_filters
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented, read
from annolog.infra.http.visible import row_for, sight_of
from annolog.projections.board import queries as board

router = APIRouter(prefix="/v1/projects/{id}/tasks", tags=["board"], route_class=StrictRoute)
SEEING = documented(Forbidden, NotFound, Behind)
Order = Annotated[
    Sequence[str],
    Query(max_length=10, description="Columns to order by, `-` before a descending one; may be repeated."),
]


@router.get("", summary="List tasks", responses=SEEING)
async def list_tasks(
    id: Id,
    caller: Calling,
    filters: Filters = None,
    order: Order = (),
    limit: Limit = 100,
    cursor: Annotated[str | None, Query(max_length=4_000)] = None,
    min_position: MinPosition = 0,
) -> Response:
    """A page of the board. `next_cursor` is what to pass as `cursor` for the next one."""
    body = BoardQuery(filters=parsed_filters(filters), order=list(order), limit=limit, cursor=cursor)
    return await _page(id, caller, body, min_position)


@router.post("/query", summary="Query tasks", responses=SEEING)
async def query_tasks(id: Id, body: BoardQuery, caller: Calling, min_position: MinPosition = 0) -> Response:
    """The same with a body: `and`/`or` groups, which may be nested, of items with filter, operator and value."""
    return await _page(id, caller, body, min_position)


@router.post("/count", summary="Count tasks", responses=SEEING)
async def count_tasks(id: Id, body: BoardCount, caller: Calling, min_position: MinPosition = 0) -> Response:
    """How many tasks a query would find, counted up to a bound; `exact` says whether there are no more.

    What no index tells has every task looked at, so that a rare thing among very many takes seconds.
    """
    sight = sight_of(caller.project(id, Permission.SEE_QUALITY), caller.person)
    sight.must_allow_filters(body.filters)

    def query(connection: Connection) -> dict[str, Any]:
        found, exact = board.count(connection, id, body.filters, body.up_to, sight.hidden_from)
        return {"count": found, "exact": exact}

    return presented(caller.installation, await read(caller.installation, min_position, query))


@router.get("/{task}/neighbours", summary="The tasks before and after one", responses=SEEING)
async def neighbours(
    id: Id,
    task: Id,
    caller: Calling,
    filters: Filters = None,
    order: Order = (),
    min_position: MinPosition = 0,
) -> Response:
    """In the order of the board; null where the board begins or ends. The task itself need not meet the filter."""
    body = BoardQuery(filters=parsed_filters(filters), order=list(order))
    sight = sight_of(caller.project(id, Permission.SEE_QUALITY), caller.person)
    sight.must_allow_columns(body.order)
    sight.must_allow_filters(body.filters)

    def query(connection: Any) -> dict[str, Any]:
        unseen = sight.hidden_from
        return board.neighbours(connection, id, task, filters=body.filters, order=body.order, unseen_by=unseen)

    return presented(caller.installation, await read(caller.installation, min_position, query))


async def _page(id: int, caller: Caller, body: BoardQuery, min_position: int) -> Response:
    sight = sight_of(caller.project(id, Permission.SEE_QUALITY), caller.person)
    sight.must_allow_columns(body.order)
    sight.must_allow_filters(body.filters)

    def query(connection: Any) -> dict[str, Any]:
        found = board.board_page(
            connection,
            id,
            filters=body.filters,
            order=body.order,
            limit=body.limit,
            cursor=body.cursor,
            unseen_by=sight.hidden_from,
        )
        return {"tasks": [row_for(row, sight) for row in found.rows], "next_cursor": found.next_cursor}

    return presented(caller.installation, await read(caller.installation, min_position, query))
