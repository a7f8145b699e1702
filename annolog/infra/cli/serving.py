"""`annolog serve` and `annolog demo`."""

from __future__ import annotations

import secrets
import signal
import socket
import sys
from collections.abc import Set
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import TYPE_CHECKING, Annotated, NoReturn

import httpx
import typer
from pydantic import SecretStr

from annolog.infra.cli.console import OK, REFUSED, say, warn
from annolog.infra.cli.options import DataDir, settings_of
from annolog.infra.cli.replaying import report
from annolog.infra.composition import EVERYTHING, Installation, Part
from annolog.infra.identity.first_owner import invite_first_owner
from annolog.infra.identity.ways_in import new_token
from annolog.infra.replay.dataset import load
from annolog.infra.replay.local_door import LocalDoor
from annolog.infra.replay.plan import Plan
from annolog.infra.settings import InstallationSettings

if TYPE_CHECKING:
    from fastapi import FastAPI

Host = Annotated[str | None, typer.Option("--host", help="Address to listen on.")]
Port = Annotated[int | None, typer.Option("--port", min=0, max=65535, help="Port to listen on; 0 takes a free one.")]
Pages = Annotated[bool, typer.Option("--pages/--no-pages", help="Whether there are pages beside the API.")]
DEMO_OWNER = "owner"
WORDS = ("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heron", "inlet", "juniper", "kelp", "linen")
OwnFolder = Annotated[
    Path | None,
    typer.Option("--data-dir", file_okay=False, help="Keep what happens here; otherwise it is thrown away."),
]


def serve(host: Host = None, port: Port = None, data_dir: DataDir = None, pages: Pages = True) -> None:
    """Serve pages and the API, until Ctrl-C or a signal ends it, with everything that happens by itself in the same
    process.
    """
    serve_parts(EVERYTHING, "serve", host, port, data_dir, pages)


def serve_parts(parts: Set[Part], process: str, host: Host, port: Port, data_dir: DataDir, pages: bool) -> None:
    """Serve the API with some parts beside it."""
    from annolog.infra.http.serve import serve as serve_http

    settings = settings_of(data_dir)
    begin_logging(settings, process)
    end_well_on_termination()
    address, number, url = where(settings, host, port)

    def ready() -> None:
        say(f"Annolog serves {settings.place} at {url}  (description: {url}/docs)")

    with Installation(settings, parts=parts) as installation:
        _introduce_owner(installation, url)
        try:
            serve_http(installation, address, number, ready, pages_beside if pages else lambda _: None)
        except OSError as taken:
            must_listen(url, taken)


def where(settings: InstallationSettings, host: Host, port: Port) -> tuple[str, int, str]:
    """The address and port to listen on, and the URL that makes."""
    address = host or settings.host
    number = (settings.port if port is None else port) or _any_port(address)
    return address, number, f"http://{f'[{address}]' if ':' in address else address}:{number}"


def must_listen(url: str, taken: OSError) -> NoReturn:
    """Say that somebody else listens there, and end."""
    warn(f"cannot listen on {url}: {taken.strerror or taken}", "bold red")
    raise typer.Exit(REFUSED) from taken


def pages_beside(app: FastAPI) -> None:
    """Put the pages into the process of the API, which they ask as everybody does."""
    from annolog.infra.web.door import Api
    from annolog.infra.web.mounting import attach

    settings = app.state.installation.settings
    attach(app, Api(app), settings.media_origins, settings.full_editor_dir, settings.most_body_bytes)


def begin_logging(settings: InstallationSettings, process: str) -> None:
    """Log as the settings say."""
    from annolog.infra.telemetry.logs import configure_logging

    configure_logging(settings.log_format, settings.log_level, process)


def end_well_on_termination() -> None:
    """Being told to stop is how a server ends: that is no failure."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(OK))


def _any_port(host: str) -> int:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.bind((host, 0))
        number: int = probe.getsockname()[1]
        return number


def _introduce_owner(installation: Installation, url: str) -> None:
    """Say once how to become the first owner, where nobody could come in otherwise."""
    secret = invite_first_owner(installation)
    if secret is not None:
        say("Nobody owns this installation yet. Once, within 24 hours, its owner becomes who runs:")
        say(f"    annolog join {secret} --url {url}", "bold")


def demo(
    once: Annotated[bool, typer.Option("--once", help="Exit after the replay.")] = False,
    port: Port = None,
    data_dir: OwnFolder = None,
) -> None:
    """Serve, replay 800 real sentence pairs labeled by 164 people, and show what came of it."""
    from annolog.infra.http.serve import running_server

    end_well_on_termination()
    token = new_token()
    with TemporaryDirectory() as folder:
        settings = InstallationSettings(data_dir=data_dir or Path(folder), bootstrap_token=SecretStr(token))
        number = settings.port if port is None else port
        with (
            Installation(settings) as installation,
            running_server(installation, settings.host, _free(number), pages_beside) as url,
        ):
            password = _password_of_owner(url, token)
            say(f"Annolog serves {settings.data_dir} at {url}")
            say(f"Open {url} and sign in as {DEMO_OWNER} with the password {password}", "bold")
            found = report(load("rte"), Plan(), LocalDoor(installation))
            project = f"{url}/v1/projects/{found['project']}"
            say(f"\nLook at it:             {url}/projects/{found['project']}  ({DEMO_OWNER}, {password})")
            say(f"Description of the API: {url}/docs")
            say(f"The owner's token:      {token}")
            for what in ("agreement", "annotators", "progress"):
                say(f"Try:  curl -H 'Authorization: Bearer {token}' {project}/{what}")
            if not once:
                say("Ctrl-C ends it.")
                Event().wait()


def _password_of_owner(url: str, token: str) -> str:
    """Give the demo's owner a password that nobody has had before, also in a folder in which they have one."""
    password = "-".join(secrets.choice(WORDS) for _ in range(4)) + f"-{secrets.randbelow(90) + 10}"
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=30) as client:
        person = client.get("/v1/me").raise_for_status().json()["person"]
        client.delete(f"/v1/people/{person}/password").raise_for_status()
        client.post("/v1/me/password", json={"new": password}).raise_for_status()
    return password


def _free(port: int) -> int:
    """The port, or any other if something listens on it: a demo should not fail for that."""
    with socket.socket() as probe:
        return port if probe.connect_ex(("127.0.0.1", port)) else 0
