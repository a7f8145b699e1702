"""`annolog serve` and `annolog demo`."""

from __future__ import annotations

import secrets
import socket
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Annotated

import typer
from pydantic import SecretStr

from annolog.domain.people.events import OrganizationRole
from annolog.infra.cli.console import REFUSED, err, out
from annolog.infra.cli.options import DataDir, settings_of
from annolog.infra.cli.replaying import report
from annolog.infra.composition import Installation
from annolog.infra.http.serve import running_server
from annolog.infra.http.serve import serve as serve_http
from annolog.infra.replay.dataset import load
from annolog.infra.replay.front_door import LocalDoor
from annolog.infra.replay.run import Plan
from annolog.infra.settings import InstallationSettings

Host = Annotated[str | None, typer.Option("--host", help="Address to listen on.")]
Port = Annotated[int | None, typer.Option("--port", min=0, max=65535, help="Port to listen on.")]


def serve(host: Host = None, port: Port = None, data_dir: DataDir = None) -> None:
    """Serve the API, until Ctrl-C or a signal ends it."""
    settings = settings_of(data_dir)
    with Installation(settings) as installation:
        _introduce_owner(installation)
        address, number = host or settings.host, settings.port if port is None else port
        url = f"http://{address}:{number}"

        def ready() -> None:
            out.print(f"Annolog serves {settings.data_dir} at {url}  (description: {url}/docs)", soft_wrap=True)

        try:
            serve_http(installation, address, number, ready)
        except OSError as taken:
            err.print(f"[bold red]cannot listen on {url}[/]: {taken.strerror or taken}", soft_wrap=True)
            raise typer.Exit(REFUSED) from taken


def _introduce_owner(installation: Installation) -> None:
    """Make the first owner's token and show it once, where nobody could come in otherwise."""
    people = installation.organization.people.values()
    if any(person.role is OrganizationRole.OWNER for person in people):
        return
    token = f"annolog_{secrets.token_urlsafe(32)}"
    installation.introduce_owner(token)
    out.print(f"The owner's token, shown this once: [bold]{token}[/]", soft_wrap=True)


def demo(
    once: Annotated[bool, typer.Option("--once", help="Exit after the replay.")] = False,
    port: Port = None,
    data_dir: DataDir = None,
) -> None:
    """Serve, replay 800 real sentence pairs labeled by 164 people, and show what came of it."""
    token = f"annolog_{secrets.token_urlsafe(32)}"
    with TemporaryDirectory() as folder:
        settings = InstallationSettings(data_dir=data_dir or Path(folder), bootstrap_token=SecretStr(token))
        number = settings.port if port is None else port
        with Installation(settings) as installation, running_server(installation, settings.host, _free(number)) as url:
            out.print(f"Annolog serves {settings.data_dir} at {url}", soft_wrap=True)
            found = report(load("rte"), Plan(), LocalDoor(installation))
            out.print(f"\nDescription of the API: {url}/docs")
            out.print(f"The owner's token:      {token}", soft_wrap=True)
            out.print(
                f"Try:  curl -H 'Authorization: Bearer {token}' {url}/v1/projects/{found['project']}/agreement",
                soft_wrap=True,
            )
            if not once:
                out.print("Ctrl-C ends it.")
                _wait_for_interrupt()


def _free(port: int) -> int:
    """The port, or any other if something listens on it: a demo should not fail for that."""
    with socket.socket() as probe:
        return port if probe.connect_ex(("127.0.0.1", port)) else 0


def _wait_for_interrupt() -> None:
    try:
        Event().wait()
    except KeyboardInterrupt:
        out.print("bye")
