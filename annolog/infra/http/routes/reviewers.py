"""How reviewers judge: verdicts, agreement, adjudications, leniency."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from sqlalchemy import Connection

from annolog.domain.access.permissions import Permission
from annolog.domain.access.rights import may
from annolog.domain.refusals import Behind, Forbidden, NotFound
from annolog.infra.http.as_csv import CSV, Format, as_csv
from annolog.infra.http.bodies import StrictRoute
from annolog.infra.http.caller import Calling
from annolog.infra.http.parameters import Id, MinPosition
from annolog.infra.http.problems import also_as, documented
from annolog.infra.http.reading import presented, read
from annolog.projections.reviewers.queries import COLUMNS, pairs_of, reviewers_of, waiting_in

router = APIRouter(prefix="/v1/projects/{id}/reviewers", tags=["review"], route_class=StrictRoute)


@router.get("", summary="How reviewers judge", responses=documented(Forbidden, NotFound, Behind) | also_as(CSV))
async def reviewers(
    id: Id,
    caller: Calling,
    format: Annotated[Format, Query(description="CSV is reviewers without pairs.")] = Format.JSON,
    min_position: MinPosition = 0,
) -> Response:
    """Verdicts, agreement and leniency of everybody who reviews, every two of them, and what waits; for managers.

    Reviewers get their own row alone: anything else would tell what others said of work that they may have to judge.
    """
    project = caller.project(id, Permission.SEE_QUALITY)
    person = None if may(Permission.SEE_VERDICTS, caller.person, project) else caller.person.id

    def query(connection: Connection) -> dict[str, Any]:
        rows = reviewers_of(connection, id, person)
        if person is not None:
            return {"project": id, "reviewers": rows}
        pairs = pairs_of(connection, id)
        return {"project": id, "reviewers": rows, "pairs": pairs, "waiting": waiting_in(connection, id)}

    found = await read(caller.installation, min_position, query)
    if format is Format.CSV:
        return as_csv(f"project-{id}-reviewers", COLUMNS, found["reviewers"])
    return presented(caller.installation, found)
