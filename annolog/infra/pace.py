"""How fast the log grows: events by minute, found without an index on their times."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from threading import Lock

from sqlalchemy import Connection, Engine, select

from annolog.infra.event_log.recorder import SqlRecorder
from annolog.infra.event_log.schema import event
from annolog.projections.engine.moments import MICROSECONDS, microseconds

MINUTE = 60 * MICROSECONDS
MOST_REMEMBERED = 1_500


class Pace:
    """Counts events by minute. Positions are in the order of time, so that a minute begins where a search by halves
    ends; minutes that are over are remembered.
    """

    def __init__(self, reader: Engine) -> None:
        self._reader = reader
        self._lock = Lock()
        # By minute: how many events were recorded before it began.
        self._before: dict[int, int] = {}

    def by_minute(self, now: datetime, minutes: int) -> list[int]:
        """How many events were recorded in each of the latest minutes, oldest first; the last is going on."""
        this = microseconds(now) // MINUTE
        with self._lock, self._reader.connect() as connection:
            head = SqlRecorder.head(connection)
            found = [head]
            for minute in range(this, this - minutes, -1):
                found.append(self._begins(connection, minute, found[-1]))
            if len(self._before) > MOST_REMEMBERED:
                self._before = {minute: at for minute, at in self._before.items() if minute > this - minutes}
        return [later - earlier for later, earlier in pairwise(found)][::-1]

    def _begins(self, connection: Connection, minute: int, no_later: int) -> int:
        if minute not in self._before:
            self._before[minute] = _recorded_before(connection, minute * MINUTE, no_later)
        return self._before[minute]


def _recorded_before(connection: Connection, moment: int, no_later: int) -> int:
    """The position of the last event before a moment, among those up to a position."""
    if no_later == 0 or _recorded_at(connection, no_later) < moment:
        return no_later
    # Most minutes are short, so that what is looked for is near.
    reach, high = 1, no_later
    while (low := no_later - reach) > 0 and _recorded_at(connection, low) >= moment:
        reach, high = reach * 2, low
    low = max(0, low)
    while high - low > 1:
        middle = (low + high) // 2
        if _recorded_at(connection, middle) < moment:
            low = middle
        else:
            high = middle
    return low


def _recorded_at(connection: Connection, position: int) -> int:
    query = select(event.c.recorded_at).where(event.c.position >= position).order_by(event.c.position).limit(1)
    found = connection.execute(query).scalar()
    assert found is not None
    return int(found)
