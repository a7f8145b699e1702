"""Options that many commands share, and the installation they open."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from annolog.domain.refusals import Fault, InvalidInput
from annolog.infra.composition import Installation
from annolog.infra.replay.front_door import Turned
from annolog.infra.settings import InstallationSettings

DataDir = Annotated[
    Path | None, typer.Option("--data-dir", envvar="ANNOLOG_DATA_DIR", help="Folder of the embedded databases.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON value and nothing else.")]
Url = Annotated[str | None, typer.Option("--url", envvar="ANNOLOG_URL", help="A running server instead of a folder.")]
Token = Annotated[str | None, typer.Option("--token", envvar="ANNOLOG_TOKEN", help="The token for --url.")]


def settings_of(data_dir: Path | None) -> InstallationSettings:
    """The installation's settings, with the folder if one was named."""
    return InstallationSettings() if data_dir is None else InstallationSettings(data_dir=data_dir)


def existing(data_dir: Path | None, *, serve: bool = False) -> Installation:
    """The installation in the folder; refused where there is none, so that a misspelt folder is noticed."""
    settings = settings_of(data_dir)
    if not (settings.data_dir / "log.db").exists():
        message = f"holds no Annolog data; `annolog serve --data-dir {settings.data_dir}` makes a new installation"
        raise InvalidInput(f"{settings.data_dir} {message}", faults=[Fault("--data-dir", message)])
    return Installation(settings, serve=serve)


def needed_token(token: str | None) -> str:
    """The token that `--url` needs."""
    if not token:
        raise Turned("unauthenticated", "--url needs a token: --token or ANNOLOG_TOKEN")
    return token
