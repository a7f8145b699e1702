"""Who did what in the organization, when, from where and on whose behalf."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

import orjson
from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime

from annolog.domain.access import rights
from annolog.domain.access.permissions import Permission
from annolog.domain.faults import refuse_nul
from annolog.domain.ids import LARGEST_ID
from annolog.domain.refusals import Behind, Fault, Forbidden, InvalidInput
from annolog.infra.activity.where import located
from annolog.infra.composition import Installation
from annolog.infra.http.as_csv import CSV, attached
from annolog.infra.http.bodies import StrictRoute
from annolog.infra.http.caller import Calling
from annolog.infra.http.noting import note_export
from annolog.infra.http.parameters import Limit, MinPosition
from annolog.infra.http.problems import also_as, documented
from annolog.infra.http.reading import presented, read
from annolog.projections.activity.entries import ACTIONS
from annolog.projections.activity.queries import COLUMNS, Asked, count, entries
from annolog.projections.engine import csv

router = APIRouter(prefix="/v1/activity", tags=["activity"], route_class=StrictRoute)
TOGETHER = 1_000
READING = documented(Forbidden, InvalidInput, Behind)

SomeId = Annotated[int | None, Query(ge=1, le=LARGEST_ID)]
Person = Annotated[int | None, Query(ge=0, le=LARGEST_ID, description="Who did it; 0 is the system itself.")]
Action = Annotated[str | None, Query(max_length=100, json_schema_extra={"enum": list(ACTIONS)})]
Since = Annotated[AwareDatetime | None, Query(alias="from", description="Not before.")]
Until = Annotated[AwareDatetime | None, Query(alias="to", description="Before.")]
Text = Annotated[str, Query(max_length=500, description="Words in the action, or in what is told beside.")]
Before = Annotated[int, Query(ge=1, le=LARGEST_ID, description="Only what was before this position.")]


async def asked_of(
    caller: Calling,
    person: Person = None,
    on_behalf_of: SomeId = None,
    action: Action = None,
    project: SomeId = None,
    from_: Since = None,
    to: Until = None,
    text: Text = "",
) -> Asked:
    """What is wanted, of the caller's organization alone."""
    rights.require(Permission.READ_ACTIVITY, caller.person)
    refuse_nul({"text": text})
    if action is not None and action not in ACTIONS:
        message = f"is one of {', '.join(ACTIONS)}"
        raise InvalidInput(f"action {message}", faults=[Fault("query/action", message)])
    return Asked(caller.person.organization.id, person, on_behalf_of, action, project, from_, to, text)


Wanted = Annotated[Asked, Depends(asked_of)]


@router.get("", summary="Activity", responses=READING)
async def list_activity(
    caller: Calling,
    asked: Wanted,
    before: Before = LARGEST_ID,
    limit: Limit = 100,
    min_position: MinPosition = 0,
) -> Response:
    """Grants, sign-ins, refusals, exports, use of tokens and changed settings of the organization, newest first. `next`
    is what to pass as `before` for more.
    """
    rows = await _page(caller.installation, min_position, asked, before, limit)
    following = rows[-1]["position"] if len(rows) == limit else None
    return presented(caller.installation, {"activity": rows, "next": following})


@router.get("/export", summary="Export activity", responses=READING | also_as(CSV))
async def export_activity(
    caller: Calling,
    asked: Wanted,
    before: Before = LARGEST_ID,
    min_position: MinPosition = 0,
) -> Response:
    """All of it as CSV, newest first. That it was exported is activity as well."""
    installation = caller.installation
    rows = await read(installation, min_position, lambda connection: count(connection, asked, before))
    filter = asked.filter | {"before": before if before < LARGEST_ID else None}
    first = await _page(installation, 0, asked, before, TOGETHER)
    await note_export(caller, "activity", "csv", filter=filter, rows=rows)
    return StreamingResponse(_lines(installation, asked, first), media_type=CSV, headers=attached("activity"))


async def _page(
    installation: Installation, min_position: int, asked: Asked, before: int, limit: int
) -> list[dict[str, Any]]:
    rows = await read(installation, min_position, lambda connection: entries(connection, asked, before, limit))
    return await to_thread.run_sync(located, installation.vault, installation.directory, rows)


async def _lines(installation: Installation, asked: Asked, page: list[dict[str, Any]]) -> AsyncIterator[str]:
    """All of it, by pages."""
    yield csv.header(COLUMNS)
    while page:
        yield csv.lines(COLUMNS, [row | {"detail": orjson.dumps(row["detail"]).decode()} for row in page])
        page = await _page(installation, 0, asked, page[-1]["position"], TOGETHER)
