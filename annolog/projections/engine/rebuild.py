"""Building read models anew beside the live ones, swapping them in, and proving that both are equal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import Any, Protocol
from uuid import uuid4

from sqlalchemy import Connection, Engine, MetaData, Table, inspect, select
from sqlalchemy.sql import quoted_name

from annolog.domain.recorded import Recorded
from annolog.projections.engine import bookmarks
from annolog.projections.engine.projector import Projector

MOST_TOGETHER = 2_000
COMPARED_TOGETHER = 1_000
MOST_DIFFERENCES = 100
BUILDING = "__building_"

Progress = Callable[[int], None]
PositionOf = Callable[[Connection, Projector], int]


class Source(Protocol):
    """The log, as projections read it: in order, without a gap, committed events only."""

    def after(self, position: int, limit: int) -> Sequence[Recorded]:
        """The log beyond a position."""
        ...


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not the same in the live table and in the one built anew."""

    table: str
    live: Sequence[Any] | None
    rebuilt: Sequence[Any] | None


def drop_tables(connection: Connection, projector: Projector) -> None:
    """Drop a projector's tables."""
    for table in projector.tables:
        connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{table.name}"')


def rebuild(source: Source, engine: Engine, projector: Projector, report: Progress = lambda _: None) -> int:
    """Build a projector's tables from the first event beside the live ones, catch up, swap; the position reached.

    Queries and live projection go on meanwhile; only the last steps hold the writer lock. A rebuild that dies half way
    leaves the live tables as they were; the next one sweeps its remains away.
    """
    suffix = f"{BUILDING}{uuid4().hex[:8]}"
    with engine.begin() as connection:
        _sweep_remains(connection, projector)
        for table in projector.tables:
            shadow(table, suffix).create(connection)
    position, caught_up = 0, False
    while not caught_up:
        with engine.begin() as connection:
            position, caught_up = _fold_next(source, connection, projector, position, suffix)
            if caught_up:
                _swap(connection, projector, suffix, position)
        report(position)
    return position


def _fold_next(
    source: Source, connection: Connection, projector: Projector, position: int, suffix: str
) -> tuple[int, bool]:
    """Fold a full batch, or all that is left: the log may give less than it has, so that only nothing is the end."""
    while batch := source.after(position, MOST_TOGETHER):
        projector.fold(connection.execution_options(table_suffix=suffix), batch)
        position = batch[-1].position
        if len(batch) == MOST_TOGETHER:
            return position, False
    return position, True


def _swap(connection: Connection, projector: Projector, suffix: str, position: int) -> None:
    for table in projector.tables:
        connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{table.name}"')
        connection.exec_driver_sql(f'ALTER TABLE "{table.name}{suffix}" RENAME TO "{table.name}"')
    bookmarks.metadata.create_all(connection)
    bookmarks.move(connection.execution_options(table_suffix=""), [projector], position)


def _sweep_remains(connection: Connection, projector: Projector) -> None:
    names = inspect(connection).get_table_names()
    for table in projector.tables:
        for name in names:
            if name.startswith(table.name + BUILDING):
                connection.exec_driver_sql(f'DROP TABLE "{name}"')


def shadow(table: Table, suffix: str) -> Table:
    """The same table under another name, with indexes under other names."""
    copy = table.to_metadata(MetaData(), name=table.name + suffix)
    for index in copy.indexes:
        index.name = quoted_name(f"{index.name}{suffix}", quote=None)
    return copy


def verify(
    source: Source,
    live: Engine,
    scratch: Engine,
    projectors: Sequence[Projector],
    report: Progress = lambda _: None,
    position_of: PositionOf = bookmarks.position_of,
) -> list[Difference]:
    """Build the tables anew in an empty database and compare them with the live ones, row by row.

    The live tables are read in one snapshot, each projector as of its own position in it, so that work may go on.
    `position_of` says where a projector's tables stand that has no bookmark because it moves with the log itself.
    """
    differences: list[Difference] = []
    with live.connect() as connection, connection.begin():
        for projector in projectors:
            build(source, scratch, projector, position_of(connection, projector), report)
            with scratch.connect() as rebuilt:
                for table in projector.tables:
                    differences += islice(compare(table, connection, rebuilt), MOST_DIFFERENCES)
    return differences


def build(source: Source, engine: Engine, projector: Projector, end: int, report: Progress = lambda _: None) -> None:
    """Fold the log up to a position into the tables of an empty database."""
    with engine.begin() as connection:
        projector.metadata.create_all(connection)
    position = 0
    while position < end:
        batch = [recorded for recorded in source.after(position, MOST_TOGETHER) if recorded.position <= end]
        with engine.begin() as connection:
            projector.fold(connection, batch)
        position = batch[-1].position
        report(position)


def compare(table: Table, live: Connection, rebuilt: Connection) -> Iterator[Difference]:
    """Where two tables of the same name differ, in the order of their primary key."""
    for one, other in zip_longest(_in_order(table, live), _in_order(table, rebuilt)):
        if one != other:
            yield Difference(table.name, one, other)


def _in_order(table: Table, connection: Connection) -> Iterator[tuple[Any, ...]]:
    query = select(table).order_by(*table.primary_key.columns)
    result = connection.execution_options(yield_per=COMPARED_TOGETHER).execute(query)
    return (tuple(row) for row in result)
