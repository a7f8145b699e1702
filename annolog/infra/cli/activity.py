"""`annolog activity …`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import wraps
from inspect import Signature, signature
from pathlib import Path
from typing import Annotated, Any, Concatenate, ParamSpec

import orjson
import typer

from annolog.domain.activity.events import COMMAND_LINE, DataExported
from annolog.domain.ids import LARGEST_ID
from annolog.domain.organization.state import FIRST
from annolog.infra.activity.where import located
from annolog.infra.cli.console import print_json, print_table
from annolog.infra.cli.options import AsJson, DataDir, Token, Url, existing, patiently, server
from annolog.infra.composition import Installation
from annolog.projections.activity.queries import COLUMNS, Asked, count, entries
from annolog.projections.engine import csv

app = typer.Typer(no_args_is_help=True)

More = ParamSpec("More")

PAGE = 1_000
SHOWN = ("position", "at", "person", "on_behalf_of", "action", "subject", "project", "address", "detail")

Person = Annotated[int | None, typer.Option("--person", min=0, help="Who did it; 0 is the system itself.")]
Behalf = Annotated[int | None, typer.Option("--on-behalf-of", min=1, help="For whom.")]
Action = Annotated[str | None, typer.Option("--action", help="Such as denied, exported or settings_changed.")]
Project = Annotated[int | None, typer.Option("--project", min=1, help="Only in this project.")]
Since = Annotated[datetime | None, typer.Option("--from", help="Not before; UTC.")]
Until = Annotated[datetime | None, typer.Option("--to", help="Before; UTC.")]
Text = Annotated[str, typer.Option("--text", help="Words in the action, or in what is told beside.")]


def _asked(
    person: Person = None,
    on_behalf_of: Behalf = None,
    action: Action = None,
    project: Project = None,
    since: Since = None,
    until: Until = None,
    text: Text = "",
) -> Asked:
    return Asked(None, person, on_behalf_of, action, project, _utc(since), _utc(until), text)


def asking(command: Callable[Concatenate[Asked, More], None]) -> Callable[..., None]:
    """The command with the options that say what is asked for in the place of `asked`."""
    wanted, more = signature(_asked, eval_str=True).parameters, signature(command, eval_str=True).parameters
    options = [*wanted.values(), *(option for option in more.values() if option.annotation is not Asked)]

    @wraps(command)
    def run(**given: Any) -> None:
        known: dict[str, Any] = {name: given.pop(name) for name in wanted}
        run_with: Callable[..., None] = command
        run_with(_asked(**known), **given)

    # What Typer looks at to find the options.
    run.__annotations__ = {option.name: option.annotation for option in options}
    vars(run)["__signature__"] = Signature(options)
    return run


@app.callback()
def activity() -> None:
    """Who did what, when, from where and on whose behalf. In a folder: in all organizations."""


@app.command("list")
@asking
def list_activity(
    asked: Asked,
    limit: Annotated[int, typer.Option("--limit", min=1, max=PAGE, help="Most entries.")] = 50,
    data_dir: DataDir = None,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """List the latest, newest first."""
    if url is not None:
        with server(url, token) as there:
            rows = there.ask("GET", "/v1/activity", params=asked.filter | {"limit": limit})["activity"]
    else:
        with existing(data_dir) as installation:
            patiently(installation.projections.catch_up)
            rows = _page(installation, asked, LARGEST_ID, limit)
    if as_json:
        print_json({"activity": rows})
        return
    print_table("Activity", SHOWN, [[_cell(row[name]) for name in SHOWN] for row in rows])


@app.command("export")
@asking
def export(
    asked: Asked,
    data_dir: DataDir = None,
    url: Url = None,
    token: Token = None,
) -> None:
    """Write all of it to standard output as CSV, newest first. That it was exported is activity as well."""
    if url is not None:
        with server(url, token) as there:
            for piece in there.text("/v1/activity/export", params=asked.filter):
                sys.stdout.write(piece)
        return
    sys.stdout.write(csv.header(COLUMNS))
    for row in _all(data_dir, asked):
        sys.stdout.write(csv.lines(COLUMNS, [row | {"detail": _cell(row["detail"])}]))


def _all(data_dir: Path | None, asked: Asked) -> Iterator[dict[str, Any]]:
    with existing(data_dir) as installation:
        patiently(installation.projections.catch_up)
        with installation.read_engine.connect() as connection:
            rows = count(connection, asked)
        note_export(installation, "activity", "csv", rows=rows, filter=asked.filter)
        before = LARGEST_ID
        while page := _page(installation, asked, before, PAGE):
            yield from page
            before = page[-1]["position"]


def note_export(installation: Installation, what: str, format: str, **more: Any) -> None:
    """Record that whoever has the databases at hand takes data out, before it is written."""
    organization = FIRST
    if more.get("in_project") is not None:
        organization = installation.states.project(more["in_project"]).organization
    export = DataExported(
        organization=organization,
        person=0,
        address=COMMAND_LINE,
        what=what,
        format=format,
        position=installation.log.head(),
        **more,
    )
    installation.bus.run(installation.activity.export(export))


def _page(installation: Installation, asked: Asked, before: int, limit: int) -> list[dict[str, Any]]:
    with installation.read_engine.connect() as connection:
        found = entries(connection, asked, before, limit)
    return located(installation.vault, installation.directory, found)


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=moment.tzinfo or UTC)


def _cell(value: Any) -> Any:
    return orjson.dumps(value).decode() if isinstance(value, dict) else "" if value is None else value
