"""Options that many commands share, and what they open: a folder, or a running server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from pydantic import ValidationError

from annolog.domain.faults import faults_of
from annolog.domain.refusals import Fault, InvalidInput, Unauthenticated
from annolog.infra.cli.as_json import AsJson
from annolog.infra.composition import NOTHING, Installation
from annolog.infra.databases import open_reader
from annolog.infra.migrations.histories import LOG_HISTORY, READ_HISTORY, check
from annolog.infra.replay.server import Server
from annolog.infra.settings import InstallationSettings
from annolog.projections.engine.insisting import insist

__all__ = [
    "AsJson",
    "DataDir",
    "Token",
    "Url",
    "existing",
    "looking",
    "needed_token",
    "patiently",
    "server",
    "settings_of",
]


# Each waits for ten seconds.
TRIES = 6

Found = TypeVar("Found")


def _unless_a_folder_is_named(context: typer.Context, value: str | None) -> str | None:
    """A folder on the command line wins over a server in the environment; everywhere else the server wins."""
    sources = [context.get_parameter_source(name) for name in ("url", "data_dir")]
    return None if [source and source.name for source in sources] == ["ENVIRONMENT", "COMMANDLINE"] else value


DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", envvar="ANNOLOG_DATA_DIR", file_okay=False, help="Folder of the embedded databases."),
]
Url = Annotated[
    str | None,
    typer.Option(
        "--url",
        envvar="ANNOLOG_URL",
        callback=_unless_a_folder_is_named,
        help="A running server instead of a folder.",
    ),
]
Token = Annotated[
    str | None, typer.Option("--token", envvar="ANNOLOG_TOKEN", show_envvar=True, help="The token for --url.")
]


def settings_of(data_dir: Path | None) -> InstallationSettings:
    """The installation's settings, with the folder if one was named. Refused by name where one makes no sense."""
    try:
        return InstallationSettings() if data_dir is None else InstallationSettings(data_dir=data_dir)
    except ValidationError as error:
        raise faults_of(error) from None


def existing(data_dir: Path | None) -> Installation:
    """The installation in the folder, with nothing in it that runs by itself.

    Refused where there is none, so that a misspelt folder is noticed.
    """
    return patiently(partial(Installation, _existing(data_dir), parts=NOTHING))


def patiently(step: Callable[[], Found]) -> Found:
    """Do something that a busy server may keep from happening for a while, trying for a minute."""
    return insist(step, TRIES)


class Onlooker:
    """The databases of an installation, to be looked at: nothing is made, upgraded or waited for."""

    def __init__(self, settings: InstallationSettings) -> None:
        self.settings = settings
        self.log_reader = open_reader(settings.log_database)
        self.read_engine = open_reader(settings.read_database)


@contextmanager
def looking(data_dir: Path | None) -> Iterator[Onlooker]:
    """Look at the installation in the folder. Refused where there is none, or none that this program can read."""
    onlooker = Onlooker(_existing(data_dir))
    try:
        check(onlooker.log_reader, LOG_HISTORY)
        check(onlooker.read_engine, READ_HISTORY)
        yield onlooker
    finally:
        onlooker.log_reader.dispose()
        onlooker.read_engine.dispose()


def _existing(data_dir: Path | None) -> InstallationSettings:
    settings = settings_of(data_dir)
    log = settings.log_database
    if log.get_backend_name() == "sqlite" and not Path(log.database or "").exists():
        message = f"holds no Annolog data; `annolog serve --data-dir {settings.data_dir}` makes a new installation"
        raise InvalidInput(f"{settings.data_dir} {message}", faults=[Fault("--data-dir", message)])
    return settings


def server(url: str, token: str | None) -> Server:
    """The running server."""
    return Server(url, needed_token(token))


def needed_token(token: str | None) -> str:
    """The token that `--url` needs."""
    if not token:
        raise Unauthenticated("--url needs a token: --token or ANNOLOG_TOKEN")
    return token
