"""Installations on one PostgreSQL, worlds in them, and the proof that their read models are what the log says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Connection, select, text

from annolog.domain.recorded import Recorded
from annolog.infra.composition import NOTHING, Installation, scratch_engine
from annolog.infra.read_models import ALL_PROJECTORS, PROJECTORS
from annolog.infra.settings import InstallationSettings
from annolog.projections.engine.parking import Parked, all_parked
from annolog.projections.engine.projector import Projector
from tests.world import MovableClock, World

Tables = Mapping[str, Sequence[Sequence[Any]]]


def settings_at(url: str) -> InstallationSettings:
    return InstallationSettings(log_url=SecretStr(url), sweep_seconds=0.02)


@contextmanager
def quiet(url: str) -> Iterator[World]:
    """A world in which nothing happens by itself."""
    clock = MovableClock()
    with Installation(settings_at(url), parts=NOTHING, clock=clock) as installation:
        yield World(installation, clock)


@contextmanager
def living(url: str) -> Iterator[World]:
    """A world in which everything happens by itself."""
    clock = MovableClock()
    with Installation(settings_at(url), clock=clock) as installation:
        yield World(installation, clock)


def whole_log(installation: Installation) -> Sequence[Recorded]:
    return installation.log.after(0, 1_000_000)


def prove(installation: Installation, *projectors: Projector) -> None:
    """See to it that read models, all of them unless some are named, equal those built anew."""
    for projector in projectors or ALL_PROJECTORS:
        with TemporaryDirectory() as folder:
            scratch = scratch_engine(Path(folder))
            assert installation.verify(projector, scratch) == []
            scratch.dispose()


def parked_in(installation: Installation) -> Sequence[Parked]:
    with installation.read_engine.connect() as connection:
        return all_parked(connection)


def read_models_in(installation: Installation, projectors: Sequence[Projector] = PROJECTORS) -> Tables:
    """Every row of read models, and where they stand, in one snapshot."""
    with installation.read_engine.connect() as connection, connection.begin():
        return {
            **{table.name: rows_of(connection, table) for projector in projectors for table in projector.tables},
            "bookmark": bookmarks_in(connection),
        }


def rows_of(connection: Connection, table: Any) -> Sequence[Sequence[Any]]:
    return connection.execute(select(table).order_by(*table.primary_key.columns)).fetchall()


def bookmarks_in(connection: Connection) -> Sequence[Sequence[Any]]:
    query = "SELECT reader, partition, version, position FROM bookmark WHERE reader NOT LIKE 'reaction.%' ORDER BY 1, 2"
    return connection.execute(text(query)).fetchall()
