"""Bulk statements: many rows in one step.

One statement of many rows matters twice: it is faster than many statements, and it lets go of the interpreter lock
once instead of once a row, so that a busy thread beside it does not delay every row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.exc import DBAPIError

# SQLite takes 32,766 parameters a statement, PostgreSQL 65,535.
MOST_PARAMETERS = 30_000
CHUNKS = (512, 64, 8, 1)

Row = Sequence[Any]


def execute(connection: Connection, sql: str, parameters: Row = ()) -> Any:
    """Run SQL text on the driver's own cursor, within the connection's transaction; errors are SQLAlchemy's.

    A commit of few small statements spends most of its time on what the toolkit does around each of them; this leaves
    that out. Parameters are positional, in the driver's style.
    """
    cursor = connection.connection.cursor()
    try:
        cursor.execute(sql, parameters)
    except Exception as error:
        driver: Any = connection.dialect.loaded_dbapi
        if isinstance(error, driver.Error):
            raise DBAPIError.instance(sql, None, error, driver.Error, dialect=connection.dialect) from error
        raise
    return cursor


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, each with a value for every column of the table, in the table's order."""
    _write(connection, table, rows, "INSERT")


def upsert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, or replace the ones that have the same primary key."""
    _write(connection, table, rows, "REPLACE")


def add_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, or add their values to the ones that have the same primary key."""
    _write(connection, table, rows, "ADD")


def delete_keys(connection: Connection, table: Table, keys: Sequence[Row]) -> None:
    """Delete the rows with these primary keys."""
    width = len(table.primary_key.columns)
    for chunk in _chunks(keys, width):
        sql = _delete_sql(connection.dialect.paramstyle, table, suffix_of(connection), len(chunk))
        execute(connection, sql, tuple(value for key in chunk for value in key))


def select_keys(connection: Connection, table: Table, keys: Sequence[Row]) -> list[Row]:
    """The rows with these primary keys, those that exist, in no particular order."""
    found: list[Row] = []
    for chunk in _chunks(keys, len(table.primary_key.columns)):
        sql = _select_sql(connection.dialect.paramstyle, table, suffix_of(connection), len(chunk))
        found += execute(connection, sql, tuple(value for key in chunk for value in key)).fetchall()
    return found


def select_project(
    connection: Connection, table: Table, project: int | None, after: int, limit: int
) -> Sequence[tuple[int]]:
    """The next keys of a project's rows, in order. For tables with one integer as their key."""
    key = next(iter(table.primary_key.columns)).name
    mark = _mark(connection.dialect.paramstyle)
    sql = (
        f'SELECT "{key}" FROM "{table.name}{suffix_of(connection)}" WHERE project = {mark} AND "{key}" > {mark}'
        f' ORDER BY "{key}" LIMIT {mark}'
    )
    return [(id,) for (id,) in execute(connection, sql, (project, after, limit))]


def _write(connection: Connection, table: Table, rows: Sequence[Row], conflict: str) -> None:
    for chunk in _chunks(rows, len(table.columns)):
        sql = _insert_sql(connection.dialect.paramstyle, table, suffix_of(connection), len(chunk), conflict)
        execute(connection, sql, tuple(value for row in chunk for value in row))


def _chunks(rows: Sequence[Row], width: int) -> Iterator[Sequence[Row]]:
    """Pieces of a few fixed sizes, so that the database meets few different statements and keeps them prepared."""
    sizes = [size for size in CHUNKS if size * width <= MOST_PARAMETERS] or [1]
    start = 0
    for size in sizes:
        while len(rows) - start >= size:
            yield rows[start : start + size]
            start += size


def suffix_of(connection: Connection) -> str:
    """What the names of all tables end in on this connection: set while tables are built beside the live ones."""
    suffix: str = connection.get_execution_options().get("table_suffix", "")
    return suffix


def _mark(paramstyle: str) -> str:
    return "?" if paramstyle == "qmark" else "%s"


def _tuples(paramstyle: str, width: int, count: int) -> str:
    one = "(" + ",".join([_mark(paramstyle)] * width) + ")"
    return ",".join([one] * count)


def _quoted(names: Sequence[str]) -> str:
    return ",".join(f'"{name}"' for name in names)


@lru_cache(maxsize=1024)
def _insert_sql(paramstyle: str, table: Table, suffix: str, count: int, conflict: str) -> str:
    names = [column.name for column in table.columns]
    sql = f'INSERT INTO "{table.name}{suffix}" ({_quoted(names)}) VALUES {_tuples(paramstyle, len(names), count)}'
    if conflict == "INSERT":
        return sql
    keys = [column.name for column in table.primary_key.columns]
    before = f'"{table.name}{suffix}"."{{0}}"+' if conflict == "ADD" else ""
    values = ",".join(f'"{name}"={before.format(name)}excluded."{name}"' for name in names if name not in keys)
    return f"{sql} ON CONFLICT ({_quoted(keys)}) DO " + (f"UPDATE SET {values}" if values else "NOTHING")


@lru_cache(maxsize=1024)
def _delete_sql(paramstyle: str, table: Table, suffix: str, count: int) -> str:
    return f'DELETE FROM "{table.name}{suffix}" WHERE {_matching(paramstyle, table, count)}'


@lru_cache(maxsize=1024)
def _select_sql(paramstyle: str, table: Table, suffix: str, count: int) -> str:
    names = [column.name for column in table.columns]
    return f'SELECT {_quoted(names)} FROM "{table.name}{suffix}" WHERE {_matching(paramstyle, table, count)}'


def _matching(paramstyle: str, table: Table, count: int) -> str:
    keys = [column.name for column in table.primary_key.columns]
    if len(keys) == 1:
        return f'"{keys[0]}" IN ({",".join([_mark(paramstyle)] * count)})'
    return f"({_quoted(keys)}) IN (VALUES {_tuples(paramstyle, len(keys), count)})"
