"""`annolog project …`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from annolog.commands.projects import CreateProject, PublishProject
from annolog.domain.ids import project_stream
from annolog.domain.project.decisions import must_exist
from annolog.domain.project.settings import plain
from annolog.infra.cli.console import out, print_json, print_table
from annolog.infra.cli.options import AsJson, DataDir, existing, settings_of
from annolog.infra.composition import Installation
from annolog.projections.progress import queries as progress

app = typer.Typer(no_args_is_help=True)


@app.command()
def create(
    title: Annotated[str, typer.Option("--title", help="What people tell the project apart by.")],
    config: Annotated[
        str | None, typer.Option("--config", help="A file with the labeling config; - for standard input.")
    ] = None,
    overlap: Annotated[int, typer.Option("--overlap", min=1, max=100, help="People a task needs.")] = 1,
    threshold: Annotated[
        float | None, typer.Option("--threshold", min=0, max=1, help="Agreement under which one more person is asked.")
    ] = None,
    maximum: Annotated[int, typer.Option("--maximum", min=0, help="Most people asked beyond the overlap.")] = 2,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Create a project, with its labeling config if there is one already."""
    settings: dict[str, Any] = {"assignment": {"overlap": overlap}}
    if threshold is not None:
        settings["reassignment"] = {"enabled": True, "threshold": threshold, "maximum_additional": maximum}
    label_config = None
    if config is not None:
        label_config = sys.stdin.read() if config == "-" else Path(config).read_text(encoding="utf-8")
    with Installation(settings_of(data_dir), serve=False) as installation:
        answer = installation.as_system(CreateProject(title=title, label_config=label_config, settings=settings))
    if as_json:
        print_json(answer.value)
    else:
        out.print(f"project {answer.value['project']}")


@app.command()
def publish(project: int, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Let annotators and reviewers work in a project."""
    with existing(data_dir) as installation:
        answer = installation.as_system(PublishProject(project=project))
    if as_json:
        print_json(answer.value)
    else:
        out.print(f"project {project} is published")


@app.command("list")
def list_projects(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List the projects with their progress."""
    with existing(data_dir) as installation:
        installation.projections.catch_up()
        with installation.read_engine.connect() as connection:
            rows = progress.projects(connection, 0, 10_000)
    if as_json:
        print_json({"projects": rows})
        return
    names = ("project", "title", "state", "tasks", "annotations", "completed_share")
    print_table("Projects", names, [[row[name] for name in names] for row in rows])


@app.command()
def show(project: int, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Show a project's settings and progress."""
    with existing(data_dir) as installation:
        found = installation.states.project(project)
        must_exist(found)
        installation.projections.catch_up()
        with installation.read_engine.connect() as connection:
            shown = progress.project_progress(connection, project) or {}
        version = installation.bus.state(project_stream(project)).version
    settings = {name: plain(getattr(found.settings, name)) for name in type(found.settings).model_fields}
    if as_json:
        print_json({**shown, "version": version, "settings": settings, "label_config": found.config.xml})
        return
    print_table(found.title, ("", "value"), [(name, value) for name, value in shown.items() if name != "title"])
    for group, values in settings.items():
        print_table(group, ("setting", "value"), list(values.items()))
