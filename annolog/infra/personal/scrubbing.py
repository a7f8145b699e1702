"""Having a database keep nothing of what was overwritten in it: databases do not by themselves."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, event

from annolog.domain.refusals import Unavailable
from annolog.infra.personal.schema import metadata
from annolog.projections.engine.statements import is_postgresql


def keep_nothing_deleted(engine: Engine) -> None:
    """Have SQLite overwrite with zeros whatever is deleted or replaced."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA secure_delete=ON")


def keep_no_examples(connection: Connection) -> None:
    """Have PostgreSQL keep no examples of keys to plan by: they would outlive the keys themselves."""
    if is_postgresql(connection):
        for table in metadata.sorted_tables:
            connection.exec_driver_sql(f"ALTER TABLE {table.name} ALTER COLUMN key SET STATISTICS 0")


def scrub(engine: Engine) -> None:
    """Leave nothing of what was replaced: neither in the write-ahead log of SQLite, nor in old rows of PostgreSQL."""
    if engine.dialect.name == "sqlite":
        _truncate_log(engine)
    else:
        _rewrite_tables(engine)


def _truncate_log(engine: Engine) -> None:
    # Not inside a transaction, which every connection of the engine begins by itself.
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        row = cursor.fetchone()
    finally:
        connection.close()
    if row is None or row[0]:
        raise Unavailable("Somebody is reading the keys; what was destroyed is still in the write-ahead log.")


def _rewrite_tables(engine: Engine) -> None:
    """Plain VACUUM frees the room of old rows and leaves what was in it; FULL writes the table anew."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in metadata.sorted_tables:
            connection.exec_driver_sql(f"VACUUM (FULL) {table.name}")
