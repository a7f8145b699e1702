"""`annolog comments …`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Annotated, Any

import typer

from annolog.domain.project.decisions import must_exist
from annolog.infra.cli.activity import note_export
from annolog.infra.cli.console import print_json
from annolog.infra.cli.options import AsJson, DataDir, Token, Url, existing, patiently, server
from annolog.infra.personal.pseudonyms import People, pseudonymised
from annolog.projections.comments.queries import COLUMNS, Wanted, comments_of
from annolog.projections.engine import csv

app = typer.Typer(no_args_is_help=True)

PAGE = 1_000


@app.callback()
def comments() -> None:
    """What was said in a project."""


@app.command("export")
def export(
    project: int,
    task: Annotated[int | None, typer.Option("--task", min=1, help="Of one task alone.")] = None,
    people: Annotated[People, typer.Option("--people", help="`pseudonyms` tells nobody who they are.")] = People.IDS,
    data_dir: DataDir = None,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Write the comments of a project to standard output, as CSV or as JSON."""
    if url is not None:
        with server(url, token) as there:
            rows = there.pages(f"/v1/projects/{project}/comments", "comments", people=people.value)
            _write((row for row in rows if task in (None, row["task"])), as_json=as_json)
    else:
        _write(_all(data_dir, project, task, people, "json" if as_json else "csv"), as_json=as_json)


def _write(rows: Iterator[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        print_json({"comments": list(rows)})
        return
    # Nothing is written before it is known that there is such a project.
    first = list(islice(rows, 1))
    sys.stdout.write(csv.header(COLUMNS))
    for row in chain(first, rows):
        sys.stdout.write(csv.lines(COLUMNS, [row]))


def _all(
    data_dir: Path | None, project: int, task: int | None, people: People, format: str
) -> Iterator[dict[str, Any]]:
    with existing(data_dir) as installation:
        must_exist(installation.states.project(project))
        patiently(installation.projections.catch_up)
        veiled = people is People.PSEUDONYMS
        pseudonym = installation.vault.pseudonyms(project) if veiled else None
        asked = {} if task is None else {"task": task}
        note_export(installation, "comments", format, in_project=project, filter=asked, pseudonyms=veiled)
        after = 0
        with installation.read_engine.connect() as connection:
            while page := comments_of(connection, project, Wanted(task=task), after, PAGE):
                yield from page if pseudonym is None else (pseudonymised(row, pseudonym) for row in page)
                after = page[-1]["comment"]
