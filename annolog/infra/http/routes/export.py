"""Everything out again, as Label Studio tasks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

import orjson
from anyio import to_thread
from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from annolog.domain.access.permissions import Permission
from annolog.domain.ids import task_stream
from annolog.domain.refusals import Forbidden, NotFound
from annolog.infra.composition import Installation
from annolog.infra.http.caller import Calling
from annolog.infra.http.parameters import Id
from annolog.infra.http.problems import also_as, documented
from annolog.infra.read_side import QueueReader
from annolog.projections.task_page.page import task_page

router = APIRouter(prefix="/v1/projects", tags=["export"])
TOGETHER = 200


@router.get(
    "/{id}/export",
    summary="Export a project",
    response_class=StreamingResponse,
    responses=documented(Forbidden, NotFound) | also_as("application/x-ndjson"),
)
async def export(id: Id, caller: Calling) -> StreamingResponse:
    """Every task with its annotations, one Label Studio task a line (NDJSON), streamed in order of id."""
    caller.project(id, Permission.EXPORT)
    headers = {"Content-Disposition": f'attachment; filename="project-{id}.ndjson"'}
    return StreamingResponse(_lines(caller.installation, id), media_type="application/x-ndjson", headers=headers)


async def _lines(installation: Installation, project: int) -> AsyncIterator[bytes]:
    queue = QueueReader(installation.log_reader, installation.read_engine)
    after = 0
    while tasks := await to_thread.run_sync(queue.tasks, project, after, TOGETHER):
        after = tasks[-1]
        yield await to_thread.run_sync(_some, installation, tasks)


def _some(installation: Installation, tasks: Sequence[int]) -> bytes:
    histories = installation.log.streams([task_stream(task) for task in tasks])
    pages = (task_page(histories[task_stream(task)]) for task in tasks)
    return b"".join(orjson.dumps(label_studio_task(page)) + b"\n" for page in pages if page is not None)


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
