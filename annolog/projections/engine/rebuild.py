"""Building read models anew beside the live ones, and swapping them in: queries and work go on meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Protocol
from uuid import uuid4

from sqlalchemy import Connection, Engine, Index, MetaData, Table, inspect
from sqlalchemy.schema import CreateIndex
from sqlalchemy.sql import quoted_name

from annolog.domain.recorded import Recorded
from annolog.projections.engine import bookmarks
from annolog.projections.engine.bookmarks import Bookmark
from annolog.projections.engine.feeding import Parking, fold
from annolog.projections.engine.insisting import insist
from annolog.projections.engine.parking import PARK_AND_WAIT, ParkingRules, unpark_all
from annolog.projections.engine.partitions import WHOLE
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.statements import execute, is_postgresql

MOST_TOGETHER = 2_000
BUILDING = "__building_"
# A long query keeps its table; whoever wants to swap it does not make others queue up behind, but tries again.
LOCK_SECONDS = 2
TRIES = 100
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
    with _alone(engine) as aside:
        if not wanted():
            return 0
        insist(partial(_begin, engine, projectors, tables), TRIES)
        position = _catch_up(source, engine, projectors, 0, suffix, parkings, report)
        insist(partial(_make_ready, engine, aside, tables, later), TRIES)
        position = _catch_up(source, engine, projectors, position, suffix, parkings, report)
        swap = partial(_swap, source, engine, projectors, position, suffix, parkings, finish or _bookmarked)
        return insist(swap, TRIES)


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection | None]:
    """Held to the end, so that nobody else sweeps away what is being built; None where that is so anyway.

    A session of its own that is in no transaction: however long it waits, or works, it keeps nobody from writing.
    """
    if engine.dialect.name != "postgresql":
        yield None
        return
    with engine.connect() as aside:
        session = aside.connection.driver_connection
        assert session is not None
        session.autocommit = True
        try:
            execute(aside, "SET lock_timeout = 0")
            execute(aside, "SELECT pg_advisory_lock(?)", (REBUILDING,))
            yield aside
        finally:
            aside.invalidate()


def _begin(engine: Engine, projectors: Sequence[Projector], tables: Sequence[Table]) -> None:
    with engine.begin() as connection:
        _sweep_remains(connection, projectors)
        for table in tables:
            table.create(connection)


def _make_ready(engine: Engine, aside: Connection | None, tables: Sequence[Table], later: Sequence[Index]) -> None:
    """Make the indexes that folding could do without, and figures for the planner: nobody waits for either."""
    # One by one, and none twice: others write in between, and who tries again begins where it was interrupted.
    statements = [str(CreateIndex(index, if_not_exists=True).compile(engine)) for index in later]
    if aside is None:
        for statement in statements:
            with engine.begin() as connection:
                connection.exec_driver_sql(statement)
        return
    for statement in (*statements, *(f'ANALYZE "{table.name}"' for table in tables)):
        execute(aside, statement)


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
        batch = source.after(position, MOST_TOGETHER)
        insist(partial(_write, engine, projectors, batch, suffix, parkings), TRIES)
        count = len(batch)
        position = batch[-1].position if batch else position
        report(position)
    return position


def _write(
    engine: Engine,
    projectors: Sequence[Projector],
    batch: Sequence[Recorded],
    suffix: str,
    parkings: dict[str, Parking],
) -> None:
    """Fold a batch in a transaction; what is set aside counts only once that is committed."""
    tried = _going_on(parkings)
    with engine.begin() as connection:
        if is_postgresql(connection):
            # What is half built is swept away after a crash; the swap waits for the disk, for all of it.
            execute(connection, "SET LOCAL synchronous_commit TO off")
        _fold(connection, projectors, batch, suffix, tried)
    for name, parking in tried.items():
        parkings[name].waiting |= parking.waiting
        parkings[name].events += parking.events


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


def _going_on(parkings: dict[str, Parking]) -> dict[str, Parking]:
    """What waits so far, and nothing set aside."""
    return {name: Parking(parking.waiting, parking.rules) for name, parking in parkings.items()}


def _swap(
    source: Source,
    engine: Engine,
    projectors: Sequence[Projector],
    position: int,
    suffix: str,
    parkings: dict[str, Parking],
    finish: Finish,
) -> int:
    with engine.begin() as connection:
        if is_postgresql(connection):
            execute(connection, f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
        return _swapped(source, connection, projectors, position, suffix, parkings, finish)


def _swapped(
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
    last = _going_on(parkings)
    while batch := source.after(position, MOST_TOGETHER):
        _fold(connection, projectors, batch, suffix, last)
        position = batch[-1].position
    for projector in projectors:
        for table in projector.tables:
            connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{table.name}"')
            connection.exec_driver_sql(f'ALTER TABLE "{table.name}{suffix}" RENAME TO "{table.name}"')
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
