"""Logs in a folder, and something to append to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from eventsourcing.persistence import StoredEvent

from annolog.infra.databases import open_sqlite
from annolog.infra.event_log.log import SqlEventLog


@contextmanager
def log_in(folder: str | Path) -> Iterator[SqlEventLog]:
    path = Path(folder) / "log.db"
    writer = open_sqlite(path, durable=True, writes=True)
    reader = open_sqlite(path, durable=True, writes=False)
    try:
        yield SqlEventLog(writer, reader)
    finally:
        writer.dispose()
        reader.dispose()


def things(stream: str, *versions: int) -> Sequence[StoredEvent]:
    return [StoredEvent(stream, version, "ThingHappened", b"{}") for version in versions]
