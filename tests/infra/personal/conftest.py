"""Vaults on an embedded database and on PostgreSQL, opened as often as processes would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from annolog.infra.databases import Database, database_url
from annolog.infra.migrations.histories import KEYS_HISTORY, prepare
from annolog.infra.personal.keyring import Keyring
from annolog.infra.personal.vault import SqlVault, open_keys
from tests import servers
from tests.world import MovableClock

OpenVault = Callable[..., SqlVault]


class Ticking:
    """A clock of seconds that stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ticking() -> Ticking:
    return Ticking()


@pytest.fixture(
    params=[
        pytest.param("sqlite", id="sqlite"),
        pytest.param("postgresql", id="postgresql", marks=pytest.mark.services),
    ]
)
def keys_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where an empty database for keys is."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'keys.db'}"
        return
    with servers.database() as url:
        yield url


@pytest.fixture
def vault(keys_url: str, ticking: Ticking) -> Iterator[OpenVault]:
    """Opens the vault once more, as another process does, with these master keys."""
    with ExitStack() as stack:

        def open_one(current: bytes | None = None, previous: bytes | None = None) -> SqlVault:
            database: Database = open_keys(database_url(keys_url, "keys"))
            stack.callback(database.dispose)
            prepare(database.writer, KEYS_HISTORY)
            return SqlVault(database, Keyring(current, previous), MovableClock(), ticking)

        yield open_one
