"""`annolog skills`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from annolog.domain.project.decisions import must_exist
from annolog.domain.skills.skill import MOST_DAYS, Source
from annolog.infra.cli.console import print_json, print_table
from annolog.infra.cli.options import AsJson, DataDir, Token, Url, existing, patiently, server
from annolog.projections.skills.queries import DAYS, skills_of


def skills(
    project: int,
    person: Annotated[int | None, typer.Option("--person", help="Of one person alone.")] = None,
    source: Annotated[
        Source | None, typer.Option("--source", help="What answers are held against; each of them if none.")
    ] = None,
    days: Annotated[int, typer.Option("--days", min=1, max=MOST_DAYS, help="How many days are recent.")] = DAYS,
    data_dir: DataDir = None,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Show how well people answer: the share that was right with its 95% interval, of all time and of late."""
    if url is not None:
        asked = {"person": person, "source": source and source.value, "days": days}
        with server(url, token) as there:
            found = there.ask(
                "GET",
                f"/v1/projects/{project}/skills",
                params={name: value for name, value in asked.items() if value is not None},
            )
        del found["fitted"]
    else:
        found = _found(data_dir, project, person, source, days)
    if as_json:
        print_json(found)
        return
    columns = ("person", "held against", "control", "label", "right", "of answers", "recently right", "of answers")
    rows = [
        [
            row["person"],
            row["source"],
            row["dimension"] or "all",
            row["label"] or "all",
            *_in_words(row["all_time"]),
            *_in_words(row["recent"]),
        ]
        for row in found["skills"]
    ]
    print_table(f"Skills; recent are {found['since']} to {found['until']}" if rows else "Skills", columns, rows)


def _found(data_dir: Path | None, project: int, person: int | None, source: Source | None, days: int) -> dict[str, Any]:
    with existing(data_dir) as installation:
        must_exist(installation.states.project(project))
        patiently(installation.projections.catch_up)
        with installation.read_engine.connect() as connection:
            return skills_of(connection, project, person=person, source=source, days=days)


def _in_words(skill: dict[str, Any] | None) -> tuple[str, int | None]:
    if skill is None:
        return "-", None
    low, high = skill["interval"]
    return f"{skill['value']:.3f} ({low:.3f} to {high:.3f})", skill["answers"]
