"""Everything that was said in a project."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import StreamingResponse

from annolog.domain.access.permissions import Permission
from annolog.domain.access.rights import may
from annolog.domain.ids import LARGEST_ID
from annolog.domain.refusals import Behind, NotFound
from annolog.domain.task.commenting import LONGEST_CLASSIFICATION
from annolog.infra.composition import Installation
from annolog.infra.http.as_csv import CSV, Format, attached, wants_csv
from annolog.infra.http.bodies import StrictRoute
from annolog.infra.http.caller import Calling
from annolog.infra.http.noting import note_export
from annolog.infra.http.parameters import After, Id, Limit, MinPosition
from annolog.infra.http.problems import also_as, documented
from annolog.infra.http.pseudonyms import HowPeople, pseudonym_for
from annolog.infra.http.reading import presented, read
from annolog.infra.http.visible import sight_of, without_names
from annolog.infra.personal.pseudonyms import People, pseudonymised
from annolog.projections.comments.queries import COLUMNS, Wanted, comments_of
from annolog.projections.engine import csv

router = APIRouter(prefix="/v1/projects/{id}/comments", tags=["comments"], route_class=StrictRoute)
TOGETHER = 1_000
Shown = Callable[[dict[str, Any]], dict[str, Any]]
SomeId = Annotated[int | None, Query(ge=1, le=LARGEST_ID)]


@router.get("", summary="Comments of a project", responses=documented(NotFound, Behind) | also_as(CSV))
async def list_comments(
    id: Id,
    caller: Calling,
    task: SomeId = None,
    annotation: SomeId = None,
    author: SomeId = None,
    mentioned: SomeId = None,
    resolved: Annotated[bool | None, Query(description="Whether the thread is.")] = None,
    classification: Annotated[str | None, Query(max_length=LONGEST_CLASSIFICATION)] = None,
    after: After = 0,
    limit: Limit = 100,
    format: Annotated[Format | None, Query(description="CSV is everything at once.")] = None,
    accept: Annotated[str, Header()] = "",
    people: HowPeople = People.IDS,
    min_position: MinPosition = 0,
) -> Response:
    """What was said, in its order; without the right to review what is about one's own work and the threads that one
    takes part in. `next` is what to pass as `after` for more. As CSV all of it comes, after `after`.
    """
    project = caller.project(id)
    seen_by = None if may(Permission.SEE_QUALITY, caller.person, project) else caller.person.id
    sight = sight_of(project, caller.person)
    if seen_by is None and any(found not in (None, caller.person.id) for found in (author, mentioned)):
        sight.must_show_names()
    unseen = sight.hidden_from
    wanted = Wanted(task, annotation, author, resolved, mentioned, classification, seen_by, unseen)
    blind = None if sight.names or seen_by is not None else project
    pseudonym = await pseudonym_for(caller.installation, id, people)

    def shown(row: dict[str, Any]) -> dict[str, Any]:
        seen = row if blind is None else without_names(row, blind)
        return seen if pseudonym is None else pseudonymised(seen, pseudonym)

    if wants_csv(format, accept):
        first = await _page(caller.installation, min_position, id, wanted, after, TOGETHER)
        asked: dict[str, Any] = {"task": task, "annotation": annotation, "author": author, "mentioned": mentioned}
        asked |= {"resolved": resolved, "classification": classification, "after": after or None}
        veiled = people is People.PSEUDONYMS
        await note_export(caller, "comments", "csv", project=id, filter=asked, pseudonyms=veiled)
        headers = attached(f"project-{id}-comments")
        return StreamingResponse(_lines(caller.installation, id, wanted, first, shown), media_type=CSV, headers=headers)
    rows = await _page(caller.installation, min_position, id, wanted, after, limit)
    found = {"comments": [shown(row) for row in rows], "next": rows[-1]["comment"] if len(rows) == limit else None}
    return presented(caller.installation, found)


async def _page(
    installation: Installation, min_position: int, project: int, wanted: Wanted, after: int, limit: int
) -> list[dict[str, Any]]:
    return await read(
        installation, min_position, lambda connection: comments_of(connection, project, wanted, after, limit)
    )


async def _lines(
    installation: Installation, project: int, wanted: Wanted, page: list[dict[str, Any]], shown: Shown
) -> AsyncIterator[str]:
    """All of it, by pages."""
    yield csv.header(COLUMNS)
    while page:
        yield csv.lines(COLUMNS, [shown(row) for row in page])
        page = await _page(installation, 0, project, wanted, page[-1]["comment"], TOGETHER)
