"""Bringing tasks in: JSON or NDJSON, checked line by line before anything is written."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from tempfile import SpooledTemporaryFile
from typing import IO, Annotated, Any, Literal

from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response

from annolog.commands.command import Answer
from annolog.commands.importing import ImportTasks
from annolog.domain.access.permissions import Permission
from annolog.domain.refusals import Fault, Forbidden, InvalidInput, Malformed, NotFound, TooLarge
from annolog.infra.http.answers import ImportAnswer
from annolog.infra.http.caller import Caller, Calling, answered
from annolog.infra.http.parameters import Id
from annolog.infra.http.problems import documented
from annolog.infra.importing import Line, Reading, TaskReader, chunks, lines_of

router = APIRouter(prefix="/v1/projects", tags=["imports"])

IN_MEMORY = 8 * 1024 * 1024
IN_FLIGHT = 3
MOST_REPORTED = 100
BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"type": "array", "items": {"type": "object"}},
                "example": [{"data": {"text": "A fine film."}, "meta": {"source": "x"}}],
            },
            "application/x-ndjson": {"schema": {"type": "string"}, "example": '{"data": {"text": "A fine film."}}\n'},
        },
    }
}
OnError = Annotated[
    Literal["refuse", "skip"],
    Query(description="What a wrong line does: refuse the whole import, or be left out and reported."),
]


@router.post(
    "/{id}/imports",
    status_code=201,
    summary="Import tasks",
    response_model=ImportAnswer,
    responses=documented(Forbidden, NotFound, Malformed, TooLarge),
    openapi_extra=BODY,
)
async def import_tasks(id: Id, request: Request, caller: Calling, on_error: OnError = "refuse") -> Response:
    """Bring in Label Studio tasks: a JSON array, or one task a line (NDJSON), 100,000 of them in one request and more.

    Every line is checked before the first is written; errors name their line. An import that broke off is repeated with
    the same `Idempotency-Key`: what is in already stays in, the rest follows.
    """
    project = caller.project(id, Permission.IMPORT_TASKS)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    with SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        async for piece in request.stream():
            file.write(piece)
        reader = TaskReader(project)
        reading = await to_thread.run_sync(reader.check, lines_of(_rewound(file), kind))
        _refuse_wrong(reading, on_error)
        return await _write(id, caller, reader, _rewound(file), kind, reading)


def _rewound(file: IO[bytes]) -> IO[bytes]:
    file.seek(0)
    return file


def _refuse_wrong(reading: Reading, on_error: str) -> None:
    if reading.lines == 0:
        raise InvalidInput("The body holds no task.", faults=[Fault("/", "holds no task")])
    if reading.wrong and (on_error == "refuse" or reading.lines == reading.wrong_count):
        first = reading.wrong[0]
        raise InvalidInput(
            f"{reading.wrong_count} of {reading.lines} lines are wrong, and nothing was written;"
            f" line {first.line}: {first.pointer}: {first.message}",
            faults=[Fault(f"line {wrong.line}{wrong.pointer}", wrong.message) for wrong in reading.wrong],
            facts={"lines": reading.lines, "wrong": reading.wrong_count},
        )


async def _write(id: int, caller: Caller, reader: TaskReader, file: IO[bytes], kind: str, reading: Reading) -> Response:
    """Send the tasks, some hundreds in a command and a few commands at a time, so that nobody else waits long."""
    pieces = chunks(reader.tasks(lines_of(file, kind)))
    under_way: set[asyncio.Task[Answer]] = set()
    done: list[Answer] = []
    while (piece := await to_thread.run_sync(next, pieces, None)) is not None:
        under_way.add(asyncio.ensure_future(_send(id, caller, piece)))
        if len(under_way) >= IN_FLIGHT:
            finished, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            done += [task.result() for task in finished]
    done += await asyncio.gather(*under_way)
    refused = [
        {"line": wrong.line, "pointer": wrong.pointer, "detail": wrong.message}
        for wrong in reading.wrong[:MOST_REPORTED]
    ]
    value: dict[str, Any] = {
        "imported": sum(answer.value["count"] for answer in done),
        "first_task": min(answer.value["first_task"] for answer in done),
        "refused": refused,
        "refused_count": reading.wrong_count,
    }
    position = max(answer.position for answer in done)
    return answered(Answer(position, value, all(answer.repeated for answer in done)), 201)


async def _send(project: int, caller: Caller, piece: Sequence[Line]) -> Answer:
    command = ImportTasks.model_construct(
        project=project,
        tasks=[line.task for line in piece],
        import_id=None,
        first_line=piece[0].number,
        lines=[line.number for line in piece],
    )
    return await caller.send(command, f":{piece[0].number}", versioned=False)
