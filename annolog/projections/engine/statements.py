"""Bulk statements: many rows in one step.

One statement of many rows matters twice: it is faster than many statements, and it lets go of the interpreter lock
once instead of once a row, so that a busy thread beside it does not delay every row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Protocol

from sqlalchemy import Column, Connection, Table
from sqlalchemy.exc import DBAPIError

from annolog.projections.engine import arrays, marks

Row = Sequence[Any]
Statement = tuple[str, Row]


class Dialect(Protocol):
    """How a kind of database takes many rows. Each statement comes with its parameters."""

    def insert(self, table: Table, suffix: str, rows: Sequence[Row], conflict: str) -> Iterable[Statement]:
        """Insert rows; on conflict with a primary key `INSERT` fails, `REPLACE` replaces and `ADD` adds up."""
        ...

    def delete(self, table: Table, suffix: str, keys: Sequence[Row]) -> Iterable[Statement]:
        """Delete by primary key."""
        ...

    def delete_empty(self, table: Table, suffix: str, keys: Sequence[Row]) -> Iterable[Statement]:
        """Delete by primary key what has nothing but zeros beyond it."""
        ...

    def select(self, table: Table, suffix: str, keys: Sequence[Row]) -> Iterable[Statement]:
        """Find by primary key."""
        ...


def execute(connection: Connection, sql: str, parameters: Row = ()) -> Any:
    """Run SQL text on the driver's own cursor, within the connection's transaction; errors are SQLAlchemy's.

    A commit of few small statements spends most of its time on what the toolkit does around each of them; this leaves
    that out. Parameters are positional, each marked by `?`.
    """
    dialect = connection.dialect
    driver_connection = connection.connection
    cursor = driver_connection.cursor()
    try:
        cursor.execute(sql if dialect.paramstyle == "qmark" else formatted(sql), parameters)
    except Exception as error:
        driver: Any = dialect.loaded_dbapi
        if not isinstance(error, driver.Error):
            raise
        lost = dialect.is_disconnect(error, driver_connection.dbapi_connection, cursor)
        if lost:
            connection.invalidate(error)
        raise DBAPIError.instance(
            sql, None, error, driver.Error, connection_invalidated=lost, dialect=dialect
        ) from error
    return cursor


@lru_cache(maxsize=4096)
def formatted(sql: str) -> str:
    """The statement with the marks of drivers that format."""
    return sql.replace("%", "%%").replace("?", "%s")


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, each with a value for every column of the table, in the table's order."""
    _run(connection, _dialect(connection).insert(table, suffix_of(connection), rows, "INSERT"))


def upsert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, or replace the ones that have the same primary key."""
    _run(connection, _dialect(connection).insert(table, suffix_of(connection), rows, "REPLACE"))


def add_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, or add their values to the ones that have the same primary key."""
    _run(connection, _dialect(connection).insert(table, suffix_of(connection), rows, "ADD"))


def delete_keys(connection: Connection, table: Table, keys: Sequence[Row]) -> None:
    """Delete the rows with these primary keys."""
    _run(connection, _dialect(connection).delete(table, suffix_of(connection), keys))


def delete_empty(connection: Connection, table: Table, keys: Sequence[Row]) -> None:
    """Delete those of the rows with these primary keys that have nothing but zeros beyond them."""
    _run(connection, _dialect(connection).delete_empty(table, suffix_of(connection), keys))


def select_keys(connection: Connection, table: Table, keys: Sequence[Row]) -> list[Row]:
    """The rows with these primary keys, those that exist, in no particular order."""
    found: list[Row] = []
    for sql, parameters in _dialect(connection).select(table, suffix_of(connection), keys):
        found += execute(connection, sql, parameters).fetchall()
    return found


def among(connection: Connection, column: Column[Any], values: Sequence[Any]) -> tuple[str, Row]:
    """The condition that a column has one of these values, with its parameters; the same text for any number of them
    where the database would have to prepare each anew.
    """
    if is_postgresql(connection):
        return arrays.among(column, values)
    return f'"{column.name}" IN ({",".join("?" * len(values))})', tuple(values)


def select_project(
    connection: Connection, table: Table, project: int | None, after: int, last: int, limit: int
) -> Sequence[tuple[int]]:
    """The next keys of a project's rows up to `last`, in order. For tables with one integer as their key."""
    key = next(iter(table.primary_key.columns)).name
    sql = (
        f'SELECT "{key}" FROM "{table.name}{suffix_of(connection)}" WHERE project = ? AND "{key}" > ?'
        f' AND "{key}" <= ? ORDER BY "{key}" LIMIT ?'
    )
    return [(id,) for (id,) in execute(connection, sql, (project, after, last, limit))]


def suffix_of(connection: Connection) -> str:
    """What the names of all tables end in on this connection: set while tables are built beside the live ones."""
    suffix: str = connection.get_execution_options().get("table_suffix", "")
    return suffix


def is_postgresql(connection: Connection) -> bool:
    """Whether the database is PostgreSQL, where it is not SQLite."""
    return connection.dialect.name == "postgresql"


def _dialect(connection: Connection) -> Dialect:
    return arrays if is_postgresql(connection) else marks


def _run(connection: Connection, statements: Iterable[Statement]) -> None:
    for sql, parameters in statements:
        execute(connection, sql, parameters)
