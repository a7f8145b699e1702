"""How databases are opened: SQLite files with write-ahead log, durable where it matters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from annolog.projections.board.filters import register_functions

BUSY_MILLISECONDS = 10_000


def open_sqlite(path: Path, *, durable: bool, writes: bool, cache_megabytes: int = 16) -> Engine:
    """An engine on a SQLite file.

    `durable` makes every commit survive the loss of power (synchronous=FULL); what can be rebuilt does without.
    `writes` makes every transaction take the writer lock at its start, so that it cannot fail half way for want of it.
    """
    url = URL.create("sqlite", database=str(path))
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=28,
        connect_args={"check_same_thread": False, "timeout": BUSY_MILLISECONDS / 1000, "cached_statements": 512},
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _: Any) -> None:
        # The driver's own transaction control would begin late and commit early; ours says BEGIN itself.
        connection.isolation_level = None
        register_functions(connection)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
        connection.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        connection.execute(f"PRAGMA cache_size=-{cache_megabytes * 1024}")
        connection.execute("PRAGMA temp_store=MEMORY")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
