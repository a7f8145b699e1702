"""How far each read model has read, committed with the rows it accounts for.

Whoever follows the log itself has one bookmark, for the partition `WHOLE`. Where the log comes in partitions there is
one for each; `next_offset` is then where its transport goes on, `position` still what is true.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from time import time_ns

from sqlalchemy import BigInteger, Column, Connection, Integer, MetaData, Table

from annolog.projections.engine.columns import Text
from annolog.projections.engine.partitions import WHOLE, partition_of
from annolog.projections.engine.statements import execute, is_postgresql, upsert_rows

# Whoever begins to read takes this lock first, so that of two that begin together one finds what the other left.
BEGINNING = 0x616E6E6F_62656769

NO_VERSION = -1
# Whoever waits for read models in another process listens here.
CHANNEL = "annolog_read"

metadata = MetaData()

bookmark = Table(
    "bookmark",
    metadata,
    Column("reader", Text, primary_key=True, comment="a read model, or a reaction"),
    Column("partition", Integer, primary_key=True, comment="-1 for the whole log"),
    Column("version", Integer, nullable=False),
    Column("next_offset", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("moved_at", BigInteger, nullable=False, comment="microseconds since 1970, UTC"),
)


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Everything of the partition up to `position` is accounted for."""

    version: int
    position: int
    next_offset: int = 0
    moved_at: int = 0


Bookmarks = Mapping[tuple[str, int], Bookmark]


def read(
    connection: Connection, readers: Iterable[str] = (), *, partitions: Iterable[int] = (), lock: bool = False
) -> dict[str, dict[int, Bookmark]]:
    """By reader and partition; of all readers, if none is named, and in all partitions.

    With `lock` nobody else moves them before this transaction ends, and they are what the last one left. Everybody
    locks them in the same order, so that nobody waits for somebody who waits for them.
    """
    wanted = {"reader": tuple(readers), "partition": tuple(partitions)}
    conditions = [f"{name} IN ({','.join('?' * len(values))})" for name, values in wanted.items() if values]
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    order = " ORDER BY reader, partition"
    sql = f"SELECT reader, partition, version, position, next_offset, moved_at FROM bookmark{where}{order}"
    found: dict[str, dict[int, Bookmark]] = {}
    parameters = tuple(chain.from_iterable(wanted.values()))
    for reader, partition, *values in execute(connection, sql + _locking(connection, lock), parameters):
        found.setdefault(reader, {})[partition] = Bookmark(*values)
    return found


def _locking(connection: Connection, lock: bool) -> str:
    """SQLite has one writer at a time anyway."""
    return " FOR UPDATE" if lock and is_postgresql(connection) else ""


def move(connection: Connection, moved: Bookmarks) -> None:
    """Set bookmarks, in the transaction that writes the rows."""
    now = time_ns() // 1000
    rows = [
        (reader, partition, mark.version, mark.next_offset, mark.position, now)
        for (reader, partition), mark in sorted(moved.items())
    ]
    upsert_rows(connection, bookmark, rows)
    if rows and is_postgresql(connection):
        execute(connection, "SELECT pg_notify(?, '')", (CHANNEL,))


def forget(connection: Connection, reader: str) -> None:
    """Drop all bookmarks of a reader."""
    execute(connection, "DELETE FROM bookmark WHERE reader = ?", (reader,))


def least(marks: Mapping[int, Bookmark]) -> int:
    """The position that every partition has reached; 0 before the first bookmark."""
    return min((mark.position for mark in marks.values()), default=0)


def position_of(marks: Mapping[int, Bookmark], project: int | None) -> int:
    """The position up to which the events of a project are accounted for; 0 before the first bookmark."""
    mark = marks.get(WHOLE) or marks.get(partition_of(project, len(marks) or 1))
    return mark.position if mark is not None else 0


def take_turn(connection: Connection) -> None:
    """Wait until nobody else is beginning."""
    if is_postgresql(connection):
        execute(connection, "SELECT pg_advisory_xact_lock(?)", (BEGINNING,))


def begin(connection: Connection, readers: Mapping[str, int], partitions: Sequence[int], start: int = 0) -> None:
    """See to it that every reader, given with its version, has a bookmark for each of these partitions and no others.

    A new one begins after the position `start`.

    One that followed the whole log so far goes on from there in every partition. The other way round its partitions
    may stand at different positions; its tables count as those of no version then, and are built anew.
    """
    take_turn(connection)
    known = read(connection, readers, lock=True)
    for reader, version in readers.items():
        marks = known.get(reader, {})
        if set(marks) == set(partitions):
            continue
        positions = {mark.position for mark in marks.values()} or {start}
        versions = {mark.version for mark in marks.values()} or {version}
        even = len(positions) == 1 and len(versions) == 1
        begins = Bookmark(versions.pop() if even else NO_VERSION, min(positions))
        forget(connection, reader)
        move(connection, {(reader, partition): begins for partition in partitions})
