"""Folding the log into read models: each event once, in one transaction with the bookmarks, whoever brings it.

A transport may repeat, may bring what another process has dealt with meanwhile, and may have lost something: what
counts is the bookmark, read under a lock in the transaction that moves it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from annolog.domain.recorded import Recorded
from annolog.projections.engine import bookmarks
from annolog.projections.engine.bookmarks import Bookmark
from annolog.projections.engine.parking import (
    PARK_AND_WAIT,
    ParkingRules,
    WhenParked,
    is_outage,
    park,
    place_of,
    waiting_places,
)
from annolog.projections.engine.projector import Projector

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive events of one partition.

    It begins right after position `after`, as far as the partition is concerned, and ends at `position`; `next_offset`
    is where its transport goes on, None if that stays as it is.
    """

    events: Sequence[Recorded]
    after: int
    position: int
    next_offset: int | None = None


class Missed(Exception):
    """Something lies between what is folded, by whoever is least far, and where a stretch begins."""

    def __init__(self, partition: int, position: int) -> None:
        super().__init__(f"partition {partition} is folded up to {position} only")
        self.partition = partition
        self.position = position


def feed(
    engine: Engine,
    projectors: Sequence[Projector],
    stretches: Mapping[int, Stretch],
    rules: ParkingRules = PARK_AND_WAIT,
) -> dict[str, int]:
    """Fold stretches, by partition, into read models and move their bookmarks; how many events were new to each.

    A read model whose bookmarks are of another version, or for other partitions, is left alone: it is being built
    anew, or somebody else has taken it over. Raises `Missed` when a stretch begins too late; nothing is written then.

    Only the bookmarks of these partitions are locked, so whoever feeds others works beside us: the rows of a read
    model belong to one project each, and a project is in one partition.
    """
    counts: dict[str, int] = {}
    names = [projector.name for projector in projectors]
    with engine.begin() as connection:
        known = bookmarks.read(connection, names, partitions=list(stretches), lock=True)
        fed = [
            projector for projector in projectors if _is_current(projector, known.get(projector.name, {}), stretches)
        ]
        _refuse_gaps([known[projector.name] for projector in fed], stretches)
        waiting = waiting_places(connection, names)
        moved: dict[tuple[str, int], Bookmark] = {}
        for projector in fed:
            fresh = _fresh(projector, known[projector.name], stretches, moved)
            counts[projector.name] = len(fresh)
            parking = Parking(waiting[projector.name], rules)
            fold(connection, projector, fresh, parking)
            parking.write(connection, projector.name)
        bookmarks.move(connection, moved)
    return counts


def _is_current(projector: Projector, marks: Mapping[int, Bookmark], stretches: Mapping[int, Stretch]) -> bool:
    """Versions are those of a whole read model: whoever changes one changes it in all partitions."""
    return set(marks) == set(stretches) and all(mark.version == projector.version for mark in marks.values())


def _refuse_gaps(known: Sequence[Mapping[int, Bookmark]], stretches: Mapping[int, Stretch]) -> None:
    """Read models may stand at different positions: what is missing begins where the one furthest behind stands."""
    for partition, stretch in stretches.items():
        least = min((marks[partition].position for marks in known), default=stretch.after)
        if least < stretch.after:
            raise Missed(partition, least)


def _fresh(
    projector: Projector,
    marks: Mapping[int, Bookmark],
    stretches: Mapping[int, Stretch],
    moved: dict[tuple[str, int], Bookmark],
) -> list[Recorded]:
    """The events that the read model has not seen, and where its bookmarks move to."""
    fresh: list[Recorded] = []
    for partition, stretch in stretches.items():
        mark = marks[partition]
        offset = mark.next_offset if stretch.next_offset is None else stretch.next_offset
        if stretch.position > mark.position or offset != mark.next_offset:
            position = max(stretch.position, mark.position)
            moved[projector.name, partition] = Bookmark(projector.version, position, offset)
        fresh += [recorded for recorded in stretch.events if recorded.position > mark.position]
    return fresh


class Parking:
    """What of one reader is set aside, and whose events wait behind it."""

    def __init__(self, waiting: Iterable[str] = (), rules: ParkingRules = PARK_AND_WAIT) -> None:
        self.waiting = set(waiting)
        self.rules = rules
        self.events: list[tuple[Recorded, Exception]] = []

    def add(self, recorded: Recorded, trouble: Exception) -> None:
        """Set an event aside."""
        self.events.append((recorded, trouble))
        if self.rules.when is WhenParked.WAIT:
            self.waiting.add(place_of(recorded))

    def write(self, connection: Connection, reader: str) -> None:
        """Note what was set aside."""
        for recorded, trouble in self.events:
            park(connection, reader, recorded, trouble, self.rules)
            facts = {"reader": reader, "position": recorded.position, "type": recorded.type}
            logger.error("event parked", extra=facts, exc_info=trouble)


def fold(connection: Connection, projector: Projector, events: Sequence[Recorded], parking: Parking) -> None:
    """Fold events into a read model; one that cannot be folded is set aside."""
    if parking.waiting:
        events = [recorded for recorded in events if place_of(recorded) not in parking.waiting]
    if not events:
        return
    try:
        with connection.begin_nested():
            projector.fold(connection, events)
    except Exception as trouble:
        if is_outage(trouble):
            raise
        if len(events) == 1:
            parking.add(events[0], trouble)
            return
        middle = len(events) // 2
        fold(connection, projector, events[:middle], parking)
        fold(connection, projector, events[middle:], parking)
