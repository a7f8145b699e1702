"""Proving that read models are what the log says: they are built anew in scratch space and compared row by row."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, zip_longest
from typing import Any

from sqlalchemy import JSON, Connection, Engine, Table

from annolog.projections.engine import bookmarks
from annolog.projections.engine.bookmarks import Bookmark
from annolog.projections.engine.feeding import Parking, fold
from annolog.projections.engine.parking import PARK_AND_WAIT, ParkingRules
from annolog.projections.engine.partitions import WHOLE, belongs
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.rebuild import MOST_TOGETHER, Progress, Source
from annolog.projections.engine.snapshots import in_snapshot
from annolog.projections.engine.statements import is_postgresql
from annolog.projections.engine.tables import create_tables

COMPARED_TOGETHER = 1_000
MOST_DIFFERENCES = 100

Marks = Mapping[int, Bookmark]
MarksOf = Callable[[Connection, Projector], Marks]


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not the same in the live table and in the one built anew."""

    table: str
    live: Sequence[Any] | None
    rebuilt: Sequence[Any] | None


def marks_of(connection: Connection, projector: Projector) -> Marks:
    """Where a read model stands, by partition; one without a bookmark has read nothing."""
    return bookmarks.read(connection, [projector.name]).get(projector.name, {WHOLE: Bookmark(projector.version, 0)})


def verify(
    source: Source,
    live: Engine,
    scratch: Engine,
    projectors: Sequence[Projector],
    report: Progress = lambda _: None,
    where: MarksOf = marks_of,
    rules: ParkingRules = PARK_AND_WAIT,
) -> list[Difference]:
    """Build the tables anew in an empty database and compare them with the live ones, row by row.

    The live tables are read in one snapshot, each as of its own position in it, so that work may go on. `where` says
    where tables stand that have no bookmark because they move with the log itself; `rules` are those by which the live
    tables set events aside.
    """

    def differences(connection: Connection) -> list[Difference]:
        found: list[Difference] = []
        for projector in projectors:
            with scratch.begin() as emptying:
                projector.metadata.drop_all(emptying)
            build(source, scratch, projector, where(connection, projector), report, rules)
            with scratch.connect() as rebuilt:
                for table in projector.tables:
                    found += islice(compare(table, connection, rebuilt), MOST_DIFFERENCES)
        return found

    return in_snapshot(live, differences)


def build(
    source: Source,
    engine: Engine,
    projector: Projector,
    marks: Marks,
    report: Progress = lambda _: None,
    rules: ParkingRules = PARK_AND_WAIT,
) -> None:
    """Fold the log, each partition up to its bookmark, into the tables of an empty database."""
    with engine.begin() as connection:
        create_tables(connection, projector.metadata)
    parking = Parking((), rules)
    end = max(mark.position for mark in marks.values())
    position = 0
    while position < end:
        batch = [recorded for recorded in source.after(position, MOST_TOGETHER) if recorded.position <= end]
        position = batch[-1].position
        if len({mark.position for mark in marks.values()}) > 1:
            batch = [
                recorded
                for recorded in batch
                if any(
                    belongs(recorded, partition, len(marks)) and recorded.position <= mark.position
                    for partition, mark in marks.items()
                )
            ]
        with engine.begin() as connection:
            fold(connection, projector, batch, parking)
        report(position)


def compare(table: Table, live: Connection, rebuilt: Connection) -> Iterator[Difference]:
    """Where two tables of the same name differ, in the order of their primary key."""
    for one, other in zip_longest(_in_order(table, live), _in_order(table, rebuilt)):
        if one != other:
            yield Difference(table.name, one, other)


def _in_order(table: Table, connection: Connection) -> Iterator[tuple[Any, ...]]:
    # The driver of PostgreSQL has parsed them.
    written = () if is_postgresql(connection) else tuple(table.columns)
    documents = [place for place, column in enumerate(written) if isinstance(column.type, JSON)]
    for row in connection.execution_options(yield_per=COMPARED_TOGETHER).exec_driver_sql(_query(table)):
        values = list(row)
        for place in documents:
            values[place] = json.loads(values[place]) if values[place] is not None else None
        yield tuple(values)


@cache
def _query(table: Table) -> str:
    """As text, for otherwise every proof of a small log would spend most of its time on compiling it anew."""
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    key = ", ".join(f'"{column.name}"' for column in table.primary_key.columns)
    return f'SELECT {columns} FROM "{table.name}" ORDER BY {key}'
