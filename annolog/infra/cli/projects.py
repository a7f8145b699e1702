"""`annolog project …`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from pydantic import ValidationError

from annolog.commands.projects import CreateProject, PublishProject
from annolog.domain.faults import faults_of
from annolog.domain.ids import project_stream
from annolog.domain.project.decisions import must_exist
from annolog.domain.project.settings import plain
from annolog.infra.cli.console import print_json, print_table, say
from annolog.infra.cli.options import AsJson, DataDir, Token, Url, existing, patiently, server, settings_of
from annolog.infra.composition import NOTHING, Installation
from annolog.projections.access.queries import EVERYTHING, projects_of
from annolog.projections.progress import queries as progress

app = typer.Typer(no_args_is_help=True)

PAGE = 1_000


@app.command()
def create(
    title: Annotated[str, typer.Option("--title", help="What people tell the project apart by.")],
    config: Annotated[
        typer.FileText | None,
        typer.Option("--config", encoding="utf-8-sig", help="A file with the labeling config; - for standard input."),
    ] = None,
    overlap: Annotated[int | None, typer.Option("--overlap", min=1, max=100, help="People a task needs.")] = None,
    threshold: Annotated[
        float | None, typer.Option("--threshold", min=0, max=1, help="Agreement under which one more person is asked.")
    ] = None,
    maximum: Annotated[
        int | None, typer.Option("--maximum", min=0, help="Most people asked beyond the overlap.")
    ] = None,
    more: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            help="Any setting: group.name=value, the value as JSON. Repeatable. So is said which fields of tasks not"
            """ everybody sees: 'data_fields.fields={"iban": {"sensitive": true}}'.""",
        ),
    ] = None,
    data_dir: DataDir = None,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Create a project, with its labeling config if there is one already."""
    settings = _settings(more or [])
    if overlap is not None:
        settings.setdefault("assignment", {})["overlap"] = overlap
    if threshold is not None:
        settings.setdefault("reassignment", {}).update(enabled=True, threshold=threshold)
    if maximum is not None:
        settings.setdefault("reassignment", {})["maximum_additional"] = maximum
    label_config = None if config is None else config.read()
    found = _create({"title": title, "label_config": label_config, "settings": settings}, data_dir, url, token)
    if as_json:
        print_json(found)
    else:
        say(f"project {found['project']}")


def _settings(assignments: list[str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for text in assignments:
        place, _, value = text.partition("=")
        group, _, name = place.partition(".")
        if not (group and name and value):
            raise typer.BadParameter(f"{text!r} is not group.name=value", param_hint="--set")
        found.setdefault(group, {})[name] = _plain_or_json(value)
    return found


def _plain_or_json(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def _create(fields: dict[str, Any], data_dir: Path | None, url: str | None, token: str | None) -> Mapping[str, Any]:
    if url is not None:
        with server(url, token) as there:
            return there.ask("POST", "/v1/projects", json=fields)
    try:
        command = CreateProject(**fields)
    except ValidationError as error:
        raise faults_of(error) from error
    with Installation(settings_of(data_dir), parts=NOTHING) as installation:
        answer = installation.as_system(command)
    return {**answer.value, "position": answer.position}


@app.command()
def publish(
    project: int, data_dir: DataDir = None, url: Url = None, token: Token = None, as_json: AsJson = False
) -> None:
    """Let annotators and reviewers work in a project."""
    if url is not None:
        with server(url, token) as there:
            found: Mapping[str, Any] = there.ask("POST", f"/v1/projects/{project}/publish")
    else:
        with existing(data_dir) as installation:
            answer = installation.as_system(PublishProject(project=project))
        found = {**answer.value, "position": answer.position}
    if as_json:
        print_json(found)
    else:
        say(f"project {project} is published")


@app.command("list")
def list_projects(data_dir: DataDir = None, url: Url = None, token: Token = None, as_json: AsJson = False) -> None:
    """List the projects with their progress."""
    if url is not None:
        with server(url, token) as there:
            rows = list(there.pages("/v1/projects", "projects"))
    else:
        with existing(data_dir) as installation:
            rows = _all(installation)
    if as_json:
        print_json({"projects": rows})
        return
    names = ("project", "title", "state", "tasks", "annotations", "completed_share")
    print_table("Projects", names, [[row[name] for name in names] for row in rows])


def _all(installation: Installation) -> list[dict[str, Any]]:
    patiently(installation.projections.catch_up)
    rows: list[dict[str, Any]] = []
    with installation.read_engine.connect() as connection:
        while page := projects_of(connection, EVERYTHING, rows[-1]["project"] if rows else 0, PAGE):
            rows += page
    return rows


@app.command()
def show(project: int, data_dir: DataDir = None, url: Url = None, token: Token = None, as_json: AsJson = False) -> None:
    """Show a project's settings and progress."""
    if url is not None:
        with server(url, token) as there:
            configured = there.ask("GET", f"/v1/projects/{project}")
            counts = there.ask("GET", f"/v1/projects/{project}/progress")
        found = {**counts, **{name: configured.get(name) for name in ("version", "settings", "label_config")}}
    else:
        with existing(data_dir) as installation:
            found = _one(installation, project)
    if as_json:
        print_json(found)
        return
    settings: dict[str, Any] = found.pop("settings") or {}
    del found["label_config"]
    print_table(found.pop("title"), ("", "value"), list(found.items()))
    for group, values in settings.items():
        print_table(group, ("setting", "value"), list(values.items()))


def _one(installation: Installation, project: int) -> dict[str, Any]:
    found = installation.states.project(project)
    must_exist(found)
    patiently(installation.projections.catch_up)
    with installation.read_engine.connect() as connection:
        counts = progress.project_progress(connection, project) or {}
    return {
        **counts,
        "version": installation.bus.state(project_stream(project)).version,
        "settings": {name: plain(getattr(found.settings, name)) for name in type(found.settings).model_fields},
        "label_config": found.config.xml,
    }
