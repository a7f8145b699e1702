"""Everything out again, as Label Studio tasks."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from typing import Any

import orjson
from anyio import to_thread
from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from annolog.domain.access.data_fields import concealed_from
from annolog.domain.access.permissions import Permission
from annolog.domain.ids import task_stream
from annolog.domain.project.data_fields import Concealment
from annolog.domain.refusals import Behind, Forbidden, InvalidInput, NotFound
from annolog.infra.composition import Installation
from annolog.infra.http.caller import Calling
from annolog.infra.http.noting import note_export
from annolog.infra.http.over_filter import tasks_that_meet
from annolog.infra.http.parameters import Filters, Id, MinPosition, parsed_filters
from annolog.infra.http.problems import also_as, documented
from annolog.infra.http.pseudonyms import HowPeople, pseudonym_for
from annolog.infra.personal.pseudonyms import People, Pseudonym, pseudonymised
from annolog.infra.read_side import QueueReader
from annolog.projections.task_page.page import task_page

router = APIRouter(prefix="/v1/projects", tags=["export"])
TOGETHER = 200
CONCEALED = "X-Concealed-Fields"


@router.get(
    "/{id}/export",
    summary="Export a project",
    response_class=StreamingResponse,
    responses=documented(Forbidden, NotFound, InvalidInput, Behind) | also_as("application/x-ndjson"),
)
async def export(
    id: Id, caller: Calling, people: HowPeople = People.IDS, filters: Filters = None, min_position: MinPosition = 0
) -> StreamingResponse:
    """Every task with its annotations, one Label Studio task a line (NDJSON), streamed in order of id.

    With `filters` those that meet a filter of the board, for who may see that.

    `X-Concealed-Fields` says as JSON which fields of the data are kept from the caller, and how.
    """
    concealed = concealed_from(caller.person, caller.project(id, Permission.EXPORT))
    wanted = parsed_filters(filters)
    tasks = None
    if wanted is not None:
        caller.project(id, Permission.SEE_QUALITY)
        tasks = await tasks_that_meet(caller, id, wanted, (), min_position)
    await note_export(
        caller, "project", "ndjson", project=id, filter={"filters": filters}, pseudonyms=people is People.PSEUDONYMS
    )
    pseudonym = await pseudonym_for(caller.installation, id, people)
    headers = {"Content-Disposition": f'attachment; filename="project-{id}.ndjson"'}
    headers[CONCEALED] = json.dumps(dict(concealed.fields), sort_keys=True)
    leaving = partial(_as_it_leaves, concealed=concealed, pseudonym=pseudonym)
    pieces = _all_of(caller.installation, id) if tasks is None else _pieces(tasks)
    lines = _lines(caller.installation, pieces, leaving)
    return StreamingResponse(lines, media_type="application/x-ndjson", headers=headers)


def _as_it_leaves(page: dict[str, Any], concealed: Concealment, pseudonym: Pseudonym | None) -> dict[str, Any]:
    task = label_studio_task(concealed.of(page))
    return task if pseudonym is None else pseudonymised(task, pseudonym)


async def _all_of(installation: Installation, project: int) -> AsyncIterator[Sequence[int]]:
    queue = QueueReader(installation.log_reader, installation.read_engine)
    after = 0
    while tasks := await to_thread.run_sync(queue.tasks, project, after, TOGETHER):
        after = tasks[-1]
        yield tasks


async def _pieces(tasks: Sequence[int]) -> AsyncIterator[Sequence[int]]:
    for start in range(0, len(tasks), TOGETHER):
        yield tasks[start : start + TOGETHER]


async def _lines(
    installation: Installation,
    pieces: AsyncIterator[Sequence[int]],
    leaving: Callable[[dict[str, Any]], dict[str, Any]],
) -> AsyncIterator[bytes]:
    async for tasks in pieces:
        yield await to_thread.run_sync(_some, installation, tasks, leaving)


def _some(
    installation: Installation, tasks: Sequence[int], leaving: Callable[[dict[str, Any]], dict[str, Any]]
) -> bytes:
    histories = installation.log.streams([task_stream(task) for task in tasks])
    pages = (task_page(histories[task_stream(task)]) for task in tasks)
    return b"".join(orjson.dumps(leaving(page)) + b"\n" for page in pages if page is not None)


def label_studio_task(page: dict[str, Any]) -> dict[str, Any]:
    """The task as Label Studio exports it; what was deleted stays out."""
    live = [annotation for annotation in page["annotations"] if not annotation["deleted"]]
    skipped = [
        {"result": [], "completed_by": skip["person"], "was_cancelled": True, "created_at": skip["skipped_at"]}
        for skip in page["skips"]
    ]
    return {
        "id": page["id"],
        "data": page["data"],
        "meta": page["meta"],
        "created_at": page["created_at"],
        "updated_at": page["updated_at"],
        "project": page["project"],
        "annotations": [_annotation(annotation) for annotation in live] + skipped,
        "predictions": [
            {name: prediction.get(name) for name in ("result", "model_version", "score")}
            for prediction in page["predictions"]
        ],
    }


def _annotation(annotation: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": annotation["id"],
        "completed_by": annotation["annotator"],
        "result": annotation["result"],
        "was_cancelled": False,
        "ground_truth": annotation["ground_truth"],
        "created_at": annotation["created_at"],
        "updated_at": annotation["updated_at"],
        "lead_time": annotation["lead_time"],
        "active_time": annotation["active_time"],
        "reviews": [
            {"id": review["id"], "created_by": review["reviewer"], "accepted": review["verdict"] != "rejected"}
            for review in annotation["reviews"]
            if not review["withdrawn"]
        ],
    }
