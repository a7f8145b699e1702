"""The rows of a batch: loaded once, folded in memory, written back once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from operator import add
from typing import Any

from sqlalchemy import Connection, Table

from annolog.projections.engine.statements import add_rows, delete_empty, delete_keys, select_keys, upsert_rows

Key = tuple[Any, ...]
Values = dict[str, Any]


@lru_cache(maxsize=256)
def names_of(table: Table) -> tuple[str, ...]:
    """The columns of a table, in order."""
    return tuple(column.name for column in table.columns)


@lru_cache(maxsize=256)
def key_of(table: Table) -> tuple[str, ...]:
    """The columns of its primary key, in order."""
    return tuple(column.name for column in table.primary_key.columns)


def zeros(table: Table) -> Values:
    """A row of counts that begin at 0."""
    return dict.fromkeys(names_of(table), 0)


class Rows:
    """The rows that a batch of events touches. What a projector changes here is written when the batch is done.

    `opened` is for what a projector makes of a row once and needs for several events; it is gone after the batch.
    """

    def __init__(self) -> None:
        self.opened: dict[Any, Any] = {}
        self._wanted: dict[Table, dict[Key, None]] = {}
        self._rows: dict[Table, dict[Key, Values]] = {}
        self._dirty: dict[Table, dict[Key, None]] = {}
        self._gone: dict[Table, dict[Key, None]] = {}
        self._sums: dict[Table, dict[Key, tuple[int, ...]]] = {}

    def add(self, table: Table, key: Key, amounts: tuple[int, ...]) -> None:
        """Add to the columns beyond the key of a table of sums, without looking at the row; a new row begins at 0.

        A row that comes to nothing is gone, so that sums do not tell by which way they were reached. A table is either
        summed up or changed row by row, never both.
        """
        self.add_all(table, [(key, amounts)])

    def add_all(self, table: Table, changes: Iterable[tuple[Key, tuple[int, ...]]]) -> None:
        """Add to several rows."""
        sums = self._sums.get(table)
        if sums is None:
            sums = self._sums[table] = {}
        for key, amounts in changes:
            found = sums.get(key)
            sums[key] = amounts if found is None else tuple(map(add, found, amounts))

    def want(self, keys: Iterable[tuple[Table, Key]]) -> None:
        """Say beforehand which rows will be asked for."""
        for table, key in keys:
            self._wanted.setdefault(table, {})[key] = None

    def load(self, connection: Connection) -> None:
        """Load what is wanted: one query a table, or a few for very many rows."""
        for table, keys in self._wanted.items():
            known = self._rows.setdefault(table, {})
            missing = [key for key in keys if key not in known]
            names = names_of(table)
            places = [names.index(name) for name in key_of(table)]
            for row in select_keys(connection, table, missing):
                known[tuple(row[place] for place in places)] = dict(zip(names, row, strict=True))
        self._wanted.clear()

    def find(self, table: Table, *key: Any) -> Values | None:
        """The row as it is now, to read only."""
        return self._rows.get(table, {}).get(key)

    def change(self, table: Table, *key: Any) -> Values | None:
        """The row, to be changed in place, if there is one."""
        found = self._rows.get(table, {}).get(key)
        if found is not None:
            self._dirty.setdefault(table, {})[key] = None
        return found

    def put(self, table: Table, values: Values) -> Values:
        """Let the row be so; every column of the table has a value."""
        key = tuple([values[name] for name in key_of(table)])
        self._rows.setdefault(table, {})[key] = values
        self._dirty.setdefault(table, {})[key] = None
        self._gone.get(table, {}).pop(key, None)
        return values

    def ensure(self, table: Table, values: Values) -> Values:
        """The row with this key, to be changed in place; `values` is how it begins."""
        key = tuple([values[name] for name in key_of(table)])
        return self.change(table, *key) or self.put(table, values)

    def drop(self, table: Table, *key: Any) -> None:
        """Let there be no such row."""
        if self._rows.get(table, {}).pop(key, None) is not None:
            self._dirty.get(table, {}).pop(key, None)
            self._gone.setdefault(table, {})[key] = None

    def write(self, connection: Connection) -> None:
        """Write back what changed."""
        for table, keys in self._gone.items():
            delete_keys(connection, table, list(keys))
        for table, keys in self._dirty.items():
            rows = self._rows[table]
            upsert_rows(connection, table, [tuple(rows[key].values()) for key in keys])
        for table, sums in self._sums.items():
            add_rows(connection, table, [key + amounts for key, amounts in sums.items() if any(amounts)])
            delete_empty(connection, table, [key for key, amounts in sums.items() if min(amounts) < 0])
        self._gone.clear()
        self._dirty.clear()
        self._sums.clear()
