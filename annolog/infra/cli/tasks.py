"""`annolog tasks …`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Annotated, Any

import httpx
import typer

from annolog.commands.importing import ImportTasks
from annolog.domain.project.decisions import must_exist
from annolog.domain.refusals import Fault, InvalidInput
from annolog.infra.cli.console import REFUSED, err, out, print_json, progress_bar
from annolog.infra.cli.options import AsJson, DataDir, Token, Url, existing, needed_token
from annolog.infra.composition import Installation
from annolog.infra.importing import Reading, TaskReader, chunks, lines_of

app = typer.Typer(no_args_is_help=True)

NDJSON = "application/x-ndjson"
IN_MEMORY = 64 * 1024 * 1024


@app.callback()
def tasks() -> None:
    """Bring tasks in."""


@app.command("import")
def import_tasks(
    project: int,
    file: Annotated[str, typer.Argument(help="JSON array or NDJSON of Label Studio tasks; - for standard input.")],
    skip_errors: Annotated[
        bool, typer.Option("--skip-errors", help="Leave wrong lines out instead of refusing.")
    ] = False,
    data_dir: DataDir = None,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Import tasks. Every line is checked before the first is written; wrong ones are named by their number."""
    with _opened(file) as source:
        kind = _kind_of(source)
        if url is not None:
            report = _upload(url, needed_token(token), project, source, kind, skip_errors)
        else:
            with existing(data_dir) as installation:
                report = _import(installation, project, source, kind, skip_errors, as_json)
    if as_json:
        print_json(report)
    else:
        for wrong in report.get("refused", []):
            err.print(f"line {wrong['line']}: {wrong['pointer']}: {wrong['detail']}", soft_wrap=True)
        out.print(f"{report.get('imported', 0):,} tasks imported" if "imported" in report else report.get("detail", ""))
    if "imported" not in report:
        raise typer.Exit(REFUSED)


def _opened(file: str) -> IO[bytes]:
    if file != "-":
        if not Path(file).is_file():
            raise InvalidInput(f"there is no file {file}", faults=[Fault("FILE", f"there is no file {file}")])
        return Path(file).open("rb")
    spooled: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the caller closes it
    shutil.copyfileobj(sys.stdin.buffer, spooled)
    spooled.seek(0)
    return spooled


def _kind_of(source: IO[bytes]) -> str:
    """JSON if the first thing in it is a bracket, else NDJSON."""
    head = source.read(1024).lstrip()
    source.seek(0)
    return "application/json" if head.startswith(b"[") else NDJSON


def _upload(url: str, token: str, project: int, source: IO[bytes], kind: str, skip_errors: bool) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": kind}
    response = httpx.post(
        f"{url.rstrip('/')}/v1/projects/{project}/imports",
        params={"on_error": "skip" if skip_errors else "refuse"},
        headers=headers,
        content=source,
        timeout=600,
    )
    found: dict[str, Any] = response.json()
    return found


def _import(
    installation: Installation, project: int, source: IO[bytes], kind: str, skip_errors: bool, quiet: bool
) -> dict[str, Any]:
    found = installation.states.project(project)
    must_exist(found)
    reader = TaskReader(found)
    reading = reader.check(lines_of(source, kind))
    refused = _refused(reading)
    if reading.lines == reading.wrong_count or (reading.wrong and not skip_errors):
        detail = f"{reading.wrong_count} of {reading.lines} lines are wrong, and nothing was written"
        return {"code": "invalid-input", "detail": detail, "refused": refused}
    source.seek(0)
    imported, total = 0, reading.lines - reading.wrong_count
    first: int | None = None
    with progress_bar("importing", quiet) as advance:
        for piece in chunks(reader.tasks(lines_of(source, kind))):
            command = ImportTasks.model_construct(
                project=project,
                tasks=[line.task for line in piece],
                import_id=None,
                first_line=piece[0].number,
                lines=[line.number for line in piece],
            )
            answer = installation.as_system(command)
            first = first or answer.value["first_task"]
            imported += len(piece)
            advance(imported, total)
    return {"imported": imported, "first_task": first, "refused": refused, "refused_count": reading.wrong_count}


def _refused(reading: Reading) -> list[dict[str, Any]]:
    return [{"line": wrong.line, "pointer": wrong.pointer, "detail": wrong.message} for wrong in reading.wrong]
