"""Trying again what was parked, in order and in one transaction with what waited behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import Connection, Engine

from annolog.domain.recorded import Recorded
from annolog.projections.engine import bookmarks
from annolog.projections.engine.feeding import Parking, fold
from annolog.projections.engine.parking import Parked, ParkingRules, WhenParked, all_parked, unpark
from annolog.projections.engine.projector import Projector

TOGETHER = 1_000


class History(Protocol):
    """The log, as read again."""

    def of_place(self, place: str, after: int, limit: int) -> Sequence[Recorded]:
        """The events of a project, or of a stream that belongs to none, beyond a position."""
        ...


def retry(history: History, engine: Engine, projector: Projector, position: int) -> bool:
    """Fold a parked event, and what waited behind it; whether all of that went well.

    The read model stands still meanwhile. What fails again, or fails now further on, is parked there.
    """
    with engine.begin() as connection:
        marks = bookmarks.read(connection, [projector.name], lock=True).get(projector.name, {})
        found = next((one for one in all_parked(connection, projector.name) if one.position == position), None)
        if found is None:
            return True
        parking = Parking((), ParkingRules(WhenParked.WAIT if found.waits else WhenParked.GO_ON))
        end = _reached(marks, history, found) if found.waits else position
        _fold_again(history, connection, projector, found, end, parking)
        parking.write(connection, projector.name)
        unpark(connection, found)
        return not parking.events


def _reached(marks: dict[int, bookmarks.Bookmark], history: History, found: Parked) -> int:
    """How far the read model has gone past events that had to wait."""
    [recorded] = history.of_place(found.place, found.position - 1, 1)
    return bookmarks.position_of(marks, recorded.project)


def _fold_again(
    history: History, connection: Connection, projector: Projector, found: Parked, end: int, parking: Parking
) -> None:
    position = found.position - 1
    while batch := [event for event in history.of_place(found.place, position, TOGETHER) if event.position <= end]:
        fold(connection, projector, batch, parking)
        position = batch[-1].position
