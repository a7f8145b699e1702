"""How the work of a project burns down, and when it will be done."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime
from sqlalchemy import Connection

from annolog.domain.access.permissions import Permission
from annolog.domain.measures.calendar import zone_named
from annolog.domain.refusals import Behind, Fault, Forbidden, InvalidInput, NotFound
from annolog.infra.http.as_csv import CSV, Format, as_csv
from annolog.infra.http.bodies import StrictRoute
from annolog.infra.http.caller import Calling
from annolog.infra.http.parameters import Id, MinPosition
from annolog.infra.http.problems import also_as, documented
from annolog.infra.http.reading import presented, read
from annolog.projections.burndown.buckets import Size
from annolog.projections.burndown.queries import changes, completion, rows_of

router = APIRouter(prefix="/v1/projects/{id}/burndown", tags=["quality"], route_class=StrictRoute)
MOST_BUCKETS = 2_000
# There was no work before, and there are dates in every time zone after.
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
Since = Annotated[AwareDatetime | None, Query(alias="from", description="Since the first task came in if none.")]
Until = Annotated[AwareDatetime | None, Query(description="Until now if none.")]


@router.get(
    "", summary="Burndown and forecast", responses=documented(Forbidden, NotFound, InvalidInput, Behind) | also_as(CSV)
)
async def burndown(
    id: Id,
    caller: Calling,
    zone: Annotated[str, Query(max_length=64, description="An IANA time zone, in which buckets begin.")] = "UTC",
    from_: Since = None,
    to: Until = None,
    by: Annotated[Size, Query(description="How long a bucket is.")] = Size.DAY,
    seed: Annotated[int, Query(ge=0, lt=2**32, description="What the futures of the forecast are drawn with.")] = 0,
    format: Annotated[Format, Query(description="CSV has the rows, without the forecast.")] = Format.JSON,
    min_position: MinPosition = 0,
) -> Response:
    """Tasks by state at the end of every bucket, tasks completed in it, and the day by which all will be, or in words
    why none can be named. A bucket comes whole also where `from` or `to` is within it.
    """
    caller.project(id, Permission.SEE_QUALITY)
    place, now = _zone(zone), caller.installation.clock()

    for name, moment in (("from", from_), ("to", to)):
        if moment is not None and not EARLIEST <= moment <= LATEST:
            raise _wrong(name, f"is not between {EARLIEST.year} and {LATEST.year}")

    def query(connection: Connection) -> dict[str, Any]:
        found = changes(connection, id)
        last = to or now
        first = from_ or (found[0].at if found else last)
        if first > last:
            raise _wrong("from", "is after the end of the range")
        rows = rows_of(found, place, first, last, by, MOST_BUCKETS)
        if len(rows) > MOST_BUCKETS:
            raise _wrong("by", f"makes more than {MOST_BUCKETS} buckets of the range")
        return {
            "project": id,
            "zone": place.key,
            "by": by.value,
            "rows": rows,
            "forecast": completion(found, place, now, seed),
        }

    found = await read(caller.installation, min_position, query)
    if format is Format.JSON:
        return presented(caller.installation, found)
    return as_csv(f"project-{id}-burndown", list(found["rows"][0]), found["rows"])


def _zone(name: str) -> ZoneInfo:
    found = zone_named(name)
    if found is None:
        raise _wrong("zone", "is the name of no time zone, such as Europe/Berlin")
    return found


def _wrong(parameter: str, message: str) -> InvalidInput:
    return InvalidInput(f"{parameter} {message}", faults=[Fault(f"query/{parameter}", message)])
