"""Reading several tables as of one moment, also while some of them are being swapped for newly built ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, Engine

from annolog.projections.engine.statements import execute, is_postgresql

Found = TypeVar("Found")

TRIES = 5
# A name stands for the table that has it now, rows are those of the snapshot: whoever began before a swap and comes to
# the table after it would find it empty. The catalog's rows are as of the snapshot too, so the two can be compared.
SWAPPED = (
    "SELECT EXISTS (SELECT 1 FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
    " AND to_regclass(quote_ident(relname))::oid IS DISTINCT FROM oid)"
)


def in_snapshot(engine: Engine, query: Callable[[Connection], Found]) -> Found:
    """What a query finds in one transaction. It is asked again if a table was swapped while it ran."""
    for left in reversed(range(TRIES)):
        with engine.connect() as connection, connection.begin():
            found = query(connection)
            if not left or not swapped(connection):
                return found
    raise AssertionError


def swapped(connection: Connection) -> bool:
    """Whether a table has been swapped since the transaction's snapshot was taken."""
    return is_postgresql(connection) and bool(execute(connection, SWAPPED).fetchone()[0])
