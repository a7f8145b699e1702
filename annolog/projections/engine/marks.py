"""Bulk statements for SQLite: one mark for each value, in pieces of few sizes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import Table

MOST_PARAMETERS = 30_000  # SQLite takes 32,766 a statement.
CHUNKS = (512, 64, 8, 1)

Row = Sequence[Any]
Statement = tuple[str, Row]


def insert(table: Table, suffix: str, rows: Sequence[Row], conflict: str) -> Iterator[Statement]:
    """Insert rows; on conflict with a primary key `INSERT` fails, `REPLACE` replaces and `ADD` adds up."""
    for chunk in _chunks(rows, len(table.columns)):
        yield _insert(table, suffix, len(chunk), conflict), _flat(chunk)


def delete(table: Table, suffix: str, keys: Sequence[Row]) -> Iterator[Statement]:
    """Delete by primary key."""
    for chunk in _chunks(keys, len(table.primary_key.columns)):
        yield _delete(table, suffix, len(chunk)), _flat(chunk)


def delete_empty(table: Table, suffix: str, keys: Sequence[Row]) -> Iterator[Statement]:
    """Delete by primary key what has nothing but zeros beyond it."""
    for chunk in _chunks(keys, len(table.primary_key.columns)):
        yield _delete(table, suffix, len(chunk)) + empty(table), _flat(chunk)


def select(table: Table, suffix: str, keys: Sequence[Row]) -> Iterator[Statement]:
    """Find by primary key."""
    for chunk in _chunks(keys, len(table.primary_key.columns)):
        yield _select(table, suffix, len(chunk)), _flat(chunk)


def _chunks(rows: Sequence[Row], width: int) -> Iterator[Sequence[Row]]:
    """Pieces of a few fixed sizes, so that the database meets few different statements and keeps them prepared."""
    sizes = [size for size in CHUNKS if size * width <= MOST_PARAMETERS] or [1]
    start = 0
    for size in sizes:
        while len(rows) - start >= size:
            yield rows[start : start + size]
            start += size


def _flat(rows: Sequence[Row]) -> Row:
    return tuple(chain.from_iterable(rows))


def _tuples(width: int, count: int) -> str:
    return ",".join(["(" + ",".join("?" * width) + ")"] * count)


def quoted(names: Sequence[str]) -> str:
    """A list of columns."""
    return ",".join(f'"{name}"' for name in names)


def on_conflict(table: Table, suffix: str, conflict: str) -> str:
    """What an insert does about a row that has the key already."""
    if conflict == "INSERT":
        return ""
    keys = [column.name for column in table.primary_key.columns]
    others = [column.name for column in table.columns if column.name not in keys]
    before = f'"{table.name}{suffix}"."{{0}}"+' if conflict == "ADD" else ""
    values = ",".join(f'"{name}"={before.format(name)}excluded."{name}"' for name in others)
    return f" ON CONFLICT ({quoted(keys)}) DO " + (f"UPDATE SET {values}" if values else "NOTHING")


@lru_cache(maxsize=256)
def empty(table: Table, prefix: str = "") -> str:
    """The condition that there are nothing but zeros beyond the key, to be added to others."""
    return "".join(f' AND {prefix}"{column.name}" = 0' for column in table.columns if not column.primary_key)


@lru_cache(maxsize=1024)
def _insert(table: Table, suffix: str, count: int, conflict: str) -> str:
    names = [column.name for column in table.columns]
    values = f"VALUES {_tuples(len(names), count)}"
    return f'INSERT INTO "{table.name}{suffix}" ({quoted(names)}) {values}{on_conflict(table, suffix, conflict)}'


@lru_cache(maxsize=1024)
def _delete(table: Table, suffix: str, count: int) -> str:
    return f'DELETE FROM "{table.name}{suffix}" WHERE {_matching(table, count)}'


@lru_cache(maxsize=1024)
def _select(table: Table, suffix: str, count: int) -> str:
    names = quoted([column.name for column in table.columns])
    return f'SELECT {names} FROM "{table.name}{suffix}" WHERE {_matching(table, count)}'


def _matching(table: Table, count: int) -> str:
    keys = [column.name for column in table.primary_key.columns]
    if len(keys) == 1:
        return f'"{keys[0]}" IN ({",".join("?" * count)})'
    return f"({quoted(keys)}) IN (VALUES {_tuples(len(keys), count)})"
