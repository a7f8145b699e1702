"""Events that a reader could not deal with, set aside with the reason so that everything else goes on.

What goes wrong with one event must not hold up other projects. By `WAIT` the later events of its project wait behind
it and are dealt with in order once it is retried; by `GO_ON` it alone is left out. Where that happens too often the
defect is no event's: the reader stops and says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from time import time_ns

from sqlalchemy import BigInteger, Column, Connection, Integer, MetaData, Table
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from annolog.domain.recorded import Recorded
from annolog.projections.engine.columns import Text
from annolog.projections.engine.statements import execute, upsert_rows

LONGEST_ERROR = 2_000

metadata = MetaData()

parked = Table(
    "parked",
    metadata,
    Column("reader", Text, primary_key=True, comment="a read model, or a reaction"),
    Column("position", BigInteger, primary_key=True),
    Column("place", Text, nullable=False, comment="what waits behind it: a project, or a stream without one"),
    Column("stream", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("error", Text, nullable=False),
    Column("waits", Integer, nullable=False, comment="1 if later events of the place wait"),
    Column("attempts", Integer, nullable=False),
    Column("parked_at", BigInteger, nullable=False, comment="microseconds since 1970, UTC"),
)


class WhenParked(StrEnum):
    """What later events of the same project do."""

    WAIT = "wait"
    GO_ON = "go_on"


@dataclass(frozen=True, slots=True)
class ParkingRules:
    """What happens when an event cannot be dealt with: how its project goes on, and how many a reader may set aside.

    `most` is None for any number.
    """

    when: WhenParked = WhenParked.WAIT
    most: int | None = None


PARK_AND_WAIT = ParkingRules()


class TooManyParked(Exception):
    """A reader has set aside as many events as it may and has met another: it stands still rather than go on."""

    def __init__(self, reader: str, most: int, trouble: Exception) -> None:
        super().__init__(
            f"{reader} stands still: {most:,} of its events are parked, which is as many as may be, and one more cannot"
            f" be dealt with ({type(trouble).__name__}: {trouble}). See `annolog events parked`; ANNOLOG_MOST_PARKED"
            " allows more"
        )


@dataclass(frozen=True, slots=True)
class Parked:
    """One event that a reader could not deal with, as often as it tried."""

    reader: str
    position: int
    place: str
    stream: str
    type: str
    error: str
    waits: int
    attempts: int
    parked_at: int


def place_of(recorded: Recorded) -> str:
    """What has to be in order: the events of a project, or of a stream that belongs to none."""
    return recorded.stream if recorded.project is None else f"project-{recorded.project}"


def is_outage(trouble: Exception) -> bool:
    """Whether the database failed rather than the event: such trouble passes, and no event is to blame for it."""
    if isinstance(trouble, OperationalError | InterfaceError):
        return True
    return isinstance(trouble, DBAPIError) and trouble.connection_invalidated


def all_parked(connection: Connection, reader: str | None = None) -> list[Parked]:
    """What is parked, in the order of the log."""
    where, parameters = ("", ()) if reader is None else (" WHERE reader = ?", (reader,))
    columns = ", ".join(column.name for column in parked.columns)
    rows = execute(connection, f"SELECT {columns} FROM parked{where} ORDER BY position, reader", parameters)
    return [Parked(*row) for row in rows]


def waiting_places(connection: Connection, readers: Sequence[str]) -> dict[str, set[str]]:
    """The places, by reader, whose events wait behind one that is parked."""
    found: dict[str, set[str]] = {reader: set() for reader in readers}
    marks = ",".join("?" * len(readers))
    sql = f"SELECT reader, place FROM parked WHERE waits = 1 AND reader IN ({marks})"
    for reader, place in execute(connection, sql, tuple(readers)):
        found[reader].add(place)
    return found


def park(
    connection: Connection, reader: str, recorded: Recorded, trouble: Exception, rules: ParkingRules = PARK_AND_WAIT
) -> None:
    """Set an event aside. Doing it again counts one more attempt. Raises `TooManyParked` where that is one too many."""
    attempts = _attempts(connection, reader, recorded.position)
    if not attempts and rules.most is not None and _count(connection, reader) >= rules.most:
        raise TooManyParked(reader, rules.most, trouble)
    error = f"{type(trouble).__name__}: {trouble}".replace("\x00", "")[:LONGEST_ERROR]
    waits = int(rules.when is WhenParked.WAIT)
    row = (reader, recorded.position, place_of(recorded), recorded.stream, recorded.type, error, waits, attempts + 1)
    upsert_rows(connection, parked, [(*row, time_ns() // 1000)])


def _attempts(connection: Connection, reader: str, position: int) -> int:
    sql = "SELECT attempts FROM parked WHERE reader = ? AND position = ?"
    row = execute(connection, sql, (reader, position)).fetchone()
    return 0 if row is None else int(row[0])


def _count(connection: Connection, reader: str) -> int:
    return int(execute(connection, "SELECT count(*) FROM parked WHERE reader = ?", (reader,)).fetchone()[0])


def unpark(connection: Connection, one: Parked) -> None:
    """Take an event out that is dealt with, unless somebody has set it aside once more since it was looked at."""
    sql = "DELETE FROM parked WHERE reader = ? AND position = ? AND attempts = ?"
    execute(connection, sql, (one.reader, one.position, one.attempts))


def unpark_all(connection: Connection, reader: str) -> None:
    """Take out everything of a reader whose tables are built anew."""
    execute(connection, "DELETE FROM parked WHERE reader = ?", (reader,))
