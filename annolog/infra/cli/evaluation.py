"""`annolog evaluation …`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import typer

from annolog.commands.drift import RequeueWindow
from annolog.domain.project.decisions import must_exist
from annolog.infra.cli.console import print_json, print_table, say
from annolog.infra.cli.options import AsJson, DataDir, Token, Url, existing, patiently, server
from annolog.infra.requeuing import preview
from annolog.projections.drift import queries as drift
from annolog.projections.skills import against_truth

app = typer.Typer(no_args_is_help=True)
MOST = 1_000
Day = Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="A day, UTC; it belongs to the window.")]


@app.command("alarms")
def list_alarms(
    project: int,
    person: Annotated[int | None, typer.Option("--person", min=1, help="Of whom.")] = None,
    data_dir: DataDir = None,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """List changes in people's work, with the days and tasks they point to."""
    if url is not None:
        with server(url, token) as there:
            rows = [
                row for row in there.pages(f"/v1/projects/{project}/drift", "alarms") if person in (None, row["person"])
            ]
    else:
        with existing(data_dir) as installation:
            must_exist(installation.states.project(project))
            patiently(installation.projections.catch_up)
            with installation.read_engine.connect() as connection:
                rows = drift.alarms(connection, project, person, 0, MOST)
    if as_json:
        print_json({"alarms": rows})
        return
    names = ("alarm", "person", "measure", "direction", "since", "until")
    shown = [[*(row[name] for name in names), len(row["tasks"]), "yes" if row["dismissed"] else "no"] for row in rows]
    print_table("Changes in people's work", (*names, "tasks", "dismissed"), shown)


@app.command("person")
def person_against_truth(
    project: int, person: int, data_dir: DataDir = None, url: Url = None, token: Token = None, as_json: AsJson = False
) -> None:
    """Hold somebody's answers against the truth: the first 1,000 tasks, and the mean over all with its interval."""
    found: Mapping[str, Any]
    if url is not None:
        with server(url, token) as there:
            path = f"/v1/projects/{project}/people/{person}/against-truth"
            found = there.ask("GET", path, params={"limit": MOST})
    else:
        with existing(data_dir) as installation:
            must_exist(installation.states.project(project))
            patiently(installation.projections.catch_up)
            with installation.read_engine.connect() as connection:
                found = against_truth.of_person(connection, project, person, 0, MOST)
    if as_json:
        print_json(found)
        return
    names = ("task", "annotation", "day", "score")
    mean = found["mean"]
    title = "Nothing to hold against the truth" if mean is None else f"Mean {mean['value']:.3f} of {mean['answers']}"
    print_table(title, names, [[row[name] for name in names] for row in found["tasks"]])


@app.command("requeue")
def requeue(
    project: int,
    person: int,
    since: Day,
    until: Day,
    reason: Annotated[str, typer.Option("--reason", help="Why.")] = "",
    only_preview: Annotated[bool, typer.Option("--preview", help="Only say how many answers that would be.")] = False,
    data_dir: DataDir = None,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Take out what somebody answered on these days, so that it is answered anew."""
    days = {"since": since.date().isoformat(), "until": until.date().isoformat()}
    path, found = f"/v1/projects/{project}/requeue", dict[str, Any]()
    if url is not None:
        with server(url, token) as there:
            if only_preview:
                found |= there.ask("GET", path, params={"person": person, **days})
            else:
                found |= there.ask("POST", path, json={"person": person, "reason": reason, **days})
    else:
        with existing(data_dir) as installation:
            must_exist(installation.states.project(project))
            if only_preview:
                patiently(installation.projections.catch_up)
                found |= preview(installation, project, person, since.date(), until.date())
            else:
                command = RequeueWindow(
                    project=project, person=person, since=since.date(), until=until.date(), reason=reason
                )
                answer = installation.as_system(command)
                found |= {**answer.value, "position": answer.position}
    if as_json:
        print_json(found)
    elif only_preview:
        say(f"{found['answers']} answers would be taken out")
    else:
        say(f"what person {person} answered from {days['since']} to {days['until']} is taken out")
