"""Bringing tasks in: JSON, NDJSON, tables or plain text, checked line by line before anything is written."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
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
from annolog.infra.http.reading import presented
from annolog.infra.import_check import looked_at
from annolog.infra.importing import Line, Reading, TaskReader, chunks, lines_of, plain_field

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
            "text/csv": {"schema": {"type": "string"}, "example": "text,source\nA fine film.,x\n"},
            "text/tab-separated-values": {"schema": {"type": "string"}, "example": "text\tsource\nA fine film.\tx\n"},
            "text/plain": {"schema": {"type": "string"}, "example": "A fine film.\n"},
        },
    }
}
OnError = Annotated[
    Literal["refuse", "skip"],
    Query(description="What a wrong line does: refuse the whole import, or be left out and reported."),
]
Partial = Annotated[bool, Query(description="The body is the beginning of a file: the last line may be cut off.")]


@router.post(
    "/{id}/imports/check",
    summary="Look at an import",
    responses=documented(Forbidden, NotFound, Malformed, TooLarge),
    openapi_extra=BODY,
)
async def check_import(id: Id, request: Request, caller: Calling, partial: Partial = False) -> Response:
    """What an import of this body would bring: its first tasks, their fields, and which lines are wrong. Nothing is
    written.
    """
    project = caller.project(id, Permission.IMPORT_TASKS)
    kind = _kind(request)
    with SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        async for piece in request.stream():
            file.write(piece)
        lines = lines_of(_rewound(file), kind, plain_field(project))
        found = await to_thread.run_sync(lambda: looked_at(project, lines, partial=partial))
    return presented(caller.installation, found)


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
    Of a table (CSV or TSV, with the columns' names in its first line) each row is a task, of plain text each line.

    Every line is checked before the first is written; errors name their line. An import that broke off is repeated with
    the same `Idempotency-Key`: what is in already stays in, the rest follows. Who hangs up ends it there.
    """
    project = caller.project(id, Permission.IMPORT_TASKS)
    kind, field = _kind(request), plain_field(project)
    with SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        async for piece in request.stream():
            file.write(piece)
        reader = TaskReader(project)
        reading = await to_thread.run_sync(reader.check, lines_of(_rewound(file), kind, field))
        _refuse_wrong(reading, on_error)
        pieces = chunks(reader.tasks(lines_of(_rewound(file), kind, field)))
        return await _write(id, caller, request, pieces, reading)


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


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


async def _write(id: int, caller: Caller, request: Request, pieces: Iterator[list[Line]], reading: Reading) -> Response:
    """Send the tasks, some hundreds in a command and a few commands at a time, so that nobody else waits long."""
    under_way: set[asyncio.Task[Answer]] = set()
    done: list[Answer] = []
    while (piece := await to_thread.run_sync(next, pieces, None)) is not None:
        under_way.add(asyncio.ensure_future(_send(id, caller, piece)))
        if len(under_way) >= IN_FLIGHT:
            finished, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            done += [task.result() for task in finished]
            if await request.is_disconnected():
                # Nobody waits for the rest, and whoever sends it again under the same key goes on from here.
                break
    done += await asyncio.gather(*under_way)
    value: dict[str, Any] = {
        "imported": sum(answer.value["count"] for answer in done),
        "first_task": min(answer.value["first_task"] for answer in done),
        "refused": [wrong.shown() for wrong in reading.wrong[:MOST_REPORTED]],
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
