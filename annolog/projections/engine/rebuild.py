"""Building read models anew beside the live ones, and swapping them in: queries and work go on meanwhile."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Protocol
from uuid import uuid4

from sqlalchemy import Connection, Engine, Index, MetaData, Table, inspect
from sqlalchemy.exc import OperationalError
from sqlalchemy.sql import quoted_name

from annolog.domain.recorded import Recorded
from annolog.projections.engine import bookmarks
from annolog.projections.engine.bookmarks import Bookmark
from annolog.projections.engine.feeding import Parking, fold
from annolog.projections.engine.parking import PARK_AND_WAIT, ParkingRules, unpark_all
from annolog.projections.engine.partitions import WHOLE
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.statements import execute, is_postgresql

logger = logging.getLogger(__name__)

MOST_TOGETHER = 2_000
BUILDING = "__building_"
# A long query keeps its table; whoever wants to swap it does not make others queue up behind, but tries again.
LOCK_SECONDS = 2
TRIES = 100
# What PostgreSQL says of a lock that is not to be had, also when whoever has it waits for us.
NOT_TO_BE_HAD = ("lock timeout", "deadlock detected")
# Of two that build the same read model anew, one waits for the other.
REBUILDING = 0x616E6E6F_72656275

Progress = Callable[[int], None]
Finish = Callable[[Connection, Projector, int], None]


class Source(Protocol):
    """The log, as projections read it: in order, without a gap, committed events only."""

    def after(self, position: int, limit: int) -> Sequence[Recorded]:
        """The log beyond a position."""
        ...


def rebuild(
    source: Source,
    engine: Engine,
    projectors: Sequence[Projector],
    report: Progress = lambda _: None,
    finish: Finish | None = None,
    wanted: Callable[[], bool] = lambda: True,
    rules: ParkingRules = PARK_AND_WAIT,
) -> int:
    """Build the tables of projectors from the first event beside the live ones, catch up, swap; the position reached.

    Only the last step holds others up. A rebuild that dies half way leaves the live tables as they were; the next one
    sweeps its remains away. `finish` notes where the new tables stand, by default in their bookmarks; `wanted` is asked
    once it is our turn, for somebody else may have done it meanwhile.
    """
    suffix = f"{BUILDING}{uuid4().hex[:8]}"
    parkings = {projector.name: Parking((), rules) for projector in projectors}
    tables = [shadow(table, suffix) for projector in projectors for table in projector.tables]
    later = [index for table in tables for index in table.indexes if not _is_needed(index)]
    for table in tables:
        table.indexes.difference_update(later)
    with engine.connect() as guard:
        # Held to the end, so that nobody else sweeps away what is being built.
        if is_postgresql(guard):
            with guard.begin():
                execute(guard, "SELECT pg_advisory_lock(?)", (REBUILDING,))
        try:
            if not wanted():
                return 0
            with engine.begin() as connection:
                _sweep_remains(connection, projectors)
                for table in tables:
                    table.create(connection)
            position = _catch_up(source, engine, projectors, 0, suffix, parkings, report)
            with engine.begin() as connection:
                for index in later:
                    index.create(connection)
            position = _catch_up(source, engine, projectors, position, suffix, parkings, report)
            return _swap(source, engine, projectors, position, suffix, parkings, finish or _bookmarked)
        finally:
            if is_postgresql(guard):
                guard.invalidate()


def _catch_up(
    source: Source,
    engine: Engine,
    projectors: Sequence[Projector],
    position: int,
    suffix: str,
    parkings: dict[str, Parking],
    report: Progress,
) -> int:
    """Fold until less than a full batch is left: the log may give less than it has, so only nothing is the end."""
    count = MOST_TOGETHER
    while count:
        with engine.begin() as connection:
            if is_postgresql(connection):
                # What is half built is swept away after a crash; the swap waits for the disk, for all of it.
                execute(connection, "SET LOCAL synchronous_commit TO off")
            batch = source.after(position, MOST_TOGETHER)
            _fold(connection, projectors, batch, suffix, parkings)
        count = len(batch)
        position = batch[-1].position if batch else position
        report(position)
    return position


def _fold(
    connection: Connection,
    projectors: Sequence[Projector],
    batch: Sequence[Recorded],
    suffix: str,
    parkings: dict[str, Parking],
) -> None:
    connection.execution_options(table_suffix=suffix)
    for projector in projectors:
        fold(connection, projector, batch, parkings[projector.name])
    connection.execution_options(table_suffix="")


def _swap(
    source: Source,
    engine: Engine,
    projectors: Sequence[Projector],
    position: int,
    suffix: str,
    parkings: dict[str, Parking],
    finish: Finish,
) -> int:
    for left in reversed(range(TRIES)):
        try:
            with engine.begin() as connection:
                if is_postgresql(connection):
                    execute(connection, f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
                return _swap_once(source, connection, projectors, position, suffix, parkings, finish)
        except OperationalError as trouble:
            if not left or not any(words in str(trouble.orig) for words in NOT_TO_BE_HAD):
                raise
            logger.warning("swap waits for queries to end", extra={"cause": str(trouble.orig)})
    raise AssertionError


def _swap_once(
    source: Source,
    connection: Connection,
    projectors: Sequence[Projector],
    position: int,
    suffix: str,
    parkings: dict[str, Parking],
    finish: Finish,
) -> int:
    """Once nobody else may move the live tables, fold what they had in addition, and take their place."""
    names = sorted(projector.name for projector in projectors)
    if finish is _bookmarked:
        bookmarks.read(connection, names, lock=True)
    last = {name: Parking(parking.waiting, parking.rules) for name, parking in parkings.items()}
    while batch := source.after(position, MOST_TOGETHER):
        _fold(connection, projectors, batch, suffix, last)
        position = batch[-1].position
    for projector in projectors:
        for table in projector.tables:
            connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{table.name}"')
            connection.exec_driver_sql(f'ALTER TABLE "{table.name}{suffix}" RENAME TO "{table.name}"')
            if is_postgresql(connection):
                connection.exec_driver_sql(f'ANALYZE "{table.name}"')
        finish(connection, projector, position)
        if finish is _bookmarked:
            unpark_all(connection, projector.name)
            parkings[projector.name].write(connection, projector.name)
            last[projector.name].write(connection, projector.name)
    return position


def _bookmarked(connection: Connection, projector: Projector, position: int) -> None:
    marks = bookmarks.read(connection, [projector.name]).get(projector.name) or {WHOLE: Bookmark(0, 0)}
    moved = {
        (projector.name, partition): Bookmark(projector.version, position, mark.next_offset)
        for partition, mark in marks.items()
    }
    bookmarks.move(connection, moved)


def _sweep_remains(connection: Connection, projectors: Sequence[Projector]) -> None:
    names = inspect(connection).get_table_names()
    for projector in projectors:
        for table in projector.tables:
            for name in names:
                if name.startswith(table.name + BUILDING):
                    connection.exec_driver_sql(f'DROP TABLE "{name}"')


def _is_needed(index: Index) -> bool:
    """Whether a table is built with the index: sweeps find the rows of a project by it. All others cost less later."""
    table = index.table
    assert table is not None
    return [column.name for column in index.columns] == ["project", *(column.name for column in table.primary_key)]


def shadow(table: Table, suffix: str) -> Table:
    """The same table under another name, with indexes under other names."""
    copy = table.to_metadata(MetaData(), name=table.name + suffix)
    for index in copy.indexes:
        index.name = quoted_name(f"{index.name}{suffix}", quote=None)
    return copy
