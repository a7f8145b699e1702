"""`annolog webhooks …`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import SecretStr, ValidationError

from annolog.commands.subscribing import RegisterWebhook, RemoveWebhook, ResendWebhook
from annolog.domain.faults import faults_of
from annolog.domain.project.decisions import must_exist
from annolog.infra.cli.console import print_json, print_table, say
from annolog.infra.cli.options import AsJson, DataDir, Token, Url, existing, patiently, server
from annolog.infra.composition import Installation
from annolog.infra.webhooks.deliveries import standings
from annolog.infra.webhooks.message import new_secret
from annolog.infra.webhooks.presenting import listed, stands

app = typer.Typer(no_args_is_help=True)

NAMES = ("webhook", "url", "event_types", "active", "position", "delivered", "attempts", "last_status", "last_error")
Webhook = Annotated[int, typer.Argument(min=1, help="As `annolog webhooks list` shows it.")]


@app.command("list")
def list_webhooks(
    project: int, data_dir: DataDir = None, url: Url = None, token: Token = None, as_json: AsJson = False
) -> None:
    """List the webhooks of a project, and where each of them stands."""
    if url is not None:
        path = f"/v1/projects/{project}/webhooks"
        with server(url, token) as there:
            found = there.ask("GET", path)["webhooks"]
            rows = [{**one, **there.ask("GET", f"{path}/{one['webhook']}/deliveries")} for one in found]
    else:
        with existing(data_dir) as installation:
            rows = patiently(lambda: _rows(installation, project))
    if as_json:
        print_json({"webhooks": rows})
        return
    shown = [{**row, "event_types": ", ".join(row["event_types"]) or "all"} for row in rows]
    print_table(f"Webhooks of project {project}", NAMES, [[row[name] for name in NAMES] for row in shown])


def _rows(installation: Installation, id: int) -> list[dict[str, Any]]:
    project = installation.states.project(id)
    must_exist(project)
    with installation.read_engine.connect() as connection:
        known = standings(connection, id)
    return [{**one, **stands(project.webhooks[one["webhook"]], known)} for one in listed(project)]


@app.command()
def add(
    project: int,
    target: Annotated[str, typer.Argument(help="Where to send: http:// or https://.")],
    event: Annotated[
        list[str] | None, typer.Option("--event", help="An event type, such as TaskExhausted; all if none. Repeatable.")
    ] = None,
    task_data: Annotated[bool, typer.Option("--task-data", help="Also the data of tasks.")] = False,
    after: Annotated[int | None, typer.Option("--after", min=0, help="Begin after this position, not now.")] = None,
    data_dir: DataDir = None,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Have what happens in a project sent to a URL. The secret that it is signed with is shown this once."""
    asked = {"url": target, "event_types": event or [], "include_task_data": task_data, "after": after}
    if url is not None:
        with server(url, token) as there:
            found = there.ask("POST", f"/v1/projects/{project}/webhooks", json=asked)
    else:
        secret = new_secret()
        try:
            command = RegisterWebhook.model_validate({"project": project, **asked, "secret": SecretStr(secret)})
        except ValidationError as error:
            raise faults_of(error) from error
        with existing(data_dir) as installation:
            answer = installation.as_system(command)
        found = {**answer.value, "position": answer.position, "secret": secret}
    if as_json:
        print_json(found)
    else:
        say(f"webhook {found['webhook']}")
        say(f"its secret, shown this once: {found['secret']}", "bold")


@app.command()
def remove(
    project: int,
    webhook: Webhook,
    data_dir: DataDir = None,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Send nothing more to a webhook, also of what waits."""
    command = RemoveWebhook(project=project, webhook=webhook)
    found = _told(command, ("DELETE", f"/v1/projects/{project}/webhooks/{webhook}", None), data_dir, url, token)
    print_json(found) if as_json else say(f"webhook {webhook} is removed")


@app.command()
def resend(
    project: int,
    webhook: Webhook,
    after: Annotated[int, typer.Option("--after", min=0, help="A position of the log.")],
    data_dir: DataDir = None,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Send everything after a position once more, in order."""
    command = ResendWebhook(project=project, webhook=webhook, after=after)
    path = f"/v1/projects/{project}/webhooks/{webhook}/resend"
    found = _told(command, ("POST", path, {"after": after}), data_dir, url, token)
    print_json(found) if as_json else say(f"webhook {webhook} gets everything after {after} once more")


def _told(
    command: RemoveWebhook | ResendWebhook,
    there: tuple[str, str, dict[str, Any] | None],
    data_dir: Path | None,
    url: str | None,
    token: str | None,
) -> dict[str, Any]:
    """Send a command to the folder, or what says the same to a server."""
    if url is not None:
        method, path, body = there
        with server(url, token) as reached:
            return reached.ask(method, path, **({} if body is None else {"json": body}))
    with existing(data_dir) as installation:
        answer = installation.as_system(command)
    return {**answer.value, "position": answer.position}
