"""Logs in a folder, and something to append to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from eventsourcing.persistence import StoredEvent

from annolog.infra.databases import database_url
from annolog.infra.event_log.log import SqlEventLog, open_log


@contextmanager
def log_in(folder: str | Path) -> Iterator[SqlEventLog]:
    with log_at(str(Path(folder) / "log.db")) as found:
        yield found


@contextmanager
def log_at(where: str) -> Iterator[SqlEventLog]:
    """By the path of a SQLite file, or the URL of a database."""
    database = open_log(database_url(where, "where"))
    try:
        yield SqlEventLog(database)
    finally:
        database.dispose()


def things(stream: str, *versions: int) -> Sequence[StoredEvent]:
    return [StoredEvent(stream, version, "ThingHappened", b"{}") for version in versions]
