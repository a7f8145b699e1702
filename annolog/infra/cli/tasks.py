"""`annolog tasks …`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Annotated, Any
from uuid import uuid4

import typer

from annolog.commands.importing import ImportTasks
from annolog.domain.project.decisions import must_exist
from annolog.domain.refusals import Behind, Fault, InvalidInput
from annolog.infra.cli.console import Advance, print_json, progress_bar, say, warn
from annolog.infra.cli.options import AsJson, DataDir, Token, Url, existing, server
from annolog.infra.cli.sources import rewound, seekable
from annolog.infra.composition import Installation
from annolog.infra.importing import Reading, TaskReader, chunks, lines_of, plain_field
from annolog.infra.tables_of_text import CSV, PLAIN, TSV

app = typer.Typer(no_args_is_help=True)

JSON_ARRAY, NDJSON = "application/json", "application/x-ndjson"
BY_ENDING = {".csv": CSV, ".tsv": TSV, ".txt": PLAIN}
PIECE = 1024 * 1024


@app.callback()
def tasks() -> None:
    """Bring tasks in."""


@app.command("import")
def import_tasks(
    project: int,
    file: Annotated[
        typer.FileBinaryRead,
        typer.Argument(help="A JSON array or NDJSON of Label Studio tasks, a .csv, .tsv or .txt; - is stdin."),
    ],
    skip_errors: Annotated[
        bool, typer.Option("--skip-errors", help="Leave wrong lines out instead of refusing.")
    ] = False,
    key: Annotated[
        str | None, typer.Option("--key", help="Names the import: the same again goes on where it broke off.")
    ] = None,
    data_dir: DataDir = None,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Import tasks. Every line is checked before the first is written; wrong ones are named by their number."""
    with seekable(file) as source:
        kind = BY_ENDING.get(Path(str(getattr(file, "name", ""))).suffix.lower()) or _kind_of(source)
        if url is not None:
            report = _upload(url, token, project, source, kind, skip_errors, key, quiet=as_json)
        else:
            with existing(data_dir) as installation:
                report = _import(installation, project, source, kind, skip_errors, key, quiet=as_json)
    if as_json:
        print_json(report)
        return
    for wrong in report["refused"]:
        warn(f"line {wrong['line']}: {wrong['pointer']}: {wrong['detail']}")
    if report["refused_count"]:
        warn(f"{report['refused_count']:,} wrong lines left out")
    say(f"{report['imported']:,} tasks imported")


def _kind_of(source: IO[bytes]) -> str:
    """JSON if the first thing in it is a bracket, else NDJSON."""
    file = rewound(source)
    while (piece := file.read(PIECE)) and not piece.strip():
        pass
    return JSON_ARRAY if piece.lstrip().startswith(b"[") else NDJSON


def _upload(
    url: str,
    token: str | None,
    project: int,
    source: IO[bytes],
    kind: str,
    skip_errors: bool,
    key: str | None,
    *,
    quiet: bool,
) -> dict[str, Any]:
    size = source.seek(0, 2)
    headers = {"Content-Type": kind} | ({"Idempotency-Key": key} if key else {})
    with server(url, token) as there, progress_bar("sending bytes", quiet, size) as advance:
        report = there.ask(
            "POST",
            f"/v1/projects/{project}/imports",
            params={"on_error": "skip" if skip_errors else "refuse"},
            headers=headers,
            content=_streamed(rewound(source), advance),
        )
        try:
            # Whoever looks next finds what they brought in.
            there.ask("GET", "/v1/projects", params={"limit": 1, "min_position": report["position"]})
        except Behind:
            warn("the tasks are in; the read models are behind and show them later")
        return report


def _streamed(source: IO[bytes], advance: Advance) -> Iterator[bytes]:
    while piece := source.read(PIECE):
        yield piece
        advance(source.tell())


def _import(
    installation: Installation,
    project: int,
    source: IO[bytes],
    kind: str,
    skip_errors: bool,
    key: str | None,
    *,
    quiet: bool,
) -> dict[str, Any]:
    found = installation.states.project(project)
    must_exist(found)
    reader = TaskReader(found)
    reading = reader.check(lines_of(rewound(source), kind, plain_field(found)))
    _refuse_wrong(reading, skip_errors)
    first: int | None = None
    imported, total = 0, reading.lines - reading.wrong_count
    name = key or uuid4().hex
    try:
        with progress_bar("importing", quiet, total) as advance:
            for piece in chunks(reader.tasks(lines_of(rewound(source), kind, plain_field(found)))):
                command = ImportTasks.model_construct(
                    project=project,
                    tasks=[line.task for line in piece],
                    import_id=None,
                    first_line=piece[0].number,
                    lines=[line.number for line in piece],
                )
                answer = installation.as_system(command, f"import:{name}:{piece[0].number}")
                first = first or answer.value["first_task"]
                imported += len(piece)
                advance(imported)
    except KeyboardInterrupt:
        warn(f"{imported:,} of {total:,} tasks are in")
        raise
    refused = [wrong.shown() for wrong in reading.wrong]
    return {"imported": imported, "first_task": first, "refused": refused, "refused_count": reading.wrong_count}


def _refuse_wrong(reading: Reading, skip_errors: bool) -> None:
    if reading.lines == 0:
        raise InvalidInput("The file holds no task.", faults=[Fault("FILE", "holds no task")])
    if reading.wrong and not (skip_errors and reading.wrong_count < reading.lines):
        faults = [Fault(f"line {wrong.line}{wrong.pointer}", wrong.message) for wrong in reading.wrong]
        raise InvalidInput(
            f"{reading.wrong_count} of {reading.lines} lines are wrong, and nothing was written;"
            f" {faults[0].pointer}: {faults[0].message}",
            faults=faults,
            facts={"lines": reading.lines, "wrong": reading.wrong_count},
        )
