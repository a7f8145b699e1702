"""`annolog dashboard`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from annolog.domain.measures.question import SEGMENTS, question
from annolog.domain.project.decisions import must_exist
from annolog.infra.cli.console import print_json, print_table
from annolog.infra.cli.options import AsJson, DataDir, Token, Url, existing, patiently, server
from annolog.projections.dashboards.files import Format, written
from annolog.projections.dashboards.queries import dashboard
from annolog.projections.dashboards.segments import Scope

Several = Annotated[list[str] | None, typer.Option("--measure", help="The key of a measure; all that fit if none.")]


def show(
    project: int,
    by: Annotated[list[str] | None, typer.Option("--by", help=f"What to tell apart: {', '.join(SEGMENTS)}.")] = None,
    measures: Several = None,
    zone: Annotated[str, typer.Option("--zone", help="Whose hours and days.")] = "UTC",
    since: Annotated[str | None, typer.Option("--from", help="A day in the zone, or a time.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="A day, to its end, or a time.")] = None,
    person: Annotated[int | None, typer.Option("--person", min=1, help="Of one person alone.")] = None,
    format: Annotated[
        Format | None, typer.Option("--format", help="Write to standard output as this, not as a table.")
    ] = None,
    data_dir: DataDir = None,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Show what people and a project did in a stretch of time, told apart by person, label, hour, day and so on."""
    asked = {"zone": zone, "from": since, "to": until, "by": ",".join(by or ()), "measures": ",".join(measures or ())}
    if url is not None:
        params = {name: value for name, value in {**asked, "person": person}.items() if value is not None}
        with server(url, token) as there:
            found = there.ask("GET", f"/v1/projects/{project}/dashboard", params=params)
    else:
        found = _found(data_dir, Scope(project, person), zone, since, until, by or [], measures or [])
    if as_json or format is Format.JSON:
        print_json(found)
    elif format is not None:
        sys.stdout.buffer.write(written(found, format))
    else:
        _print(found)


def _found(
    data_dir: Path | None,
    scope: Scope,
    zone: str,
    since: str | None,
    until: str | None,
    by: list[str],
    measures: list[str],
) -> dict[str, Any]:
    asked = question(zone, since, until, by, measures, place="--")
    with existing(data_dir) as installation:
        must_exist(installation.states.project(scope.project))
        patiently(installation.projections.catch_up)
        with installation.read_engine.connect() as connection:
            return dashboard(connection, [scope], asked)


def _print(found: dict[str, Any]) -> None:
    if not found["by"]:
        print_table("In total", ("measure", "value"), list(found["total"].items()))
        return
    columns = list(found["rows"][0]) if found["rows"] else [*found["by"], *found["measures"]]
    print_table(f"By {' and '.join(found['by'])}", columns, [list(row.values()) for row in found["rows"]])
