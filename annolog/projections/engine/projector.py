"""What a projector is: a few pure functions and the tables they fill."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, MetaData, Table

from annolog.domain.event import Event, Unreadable
from annolog.domain.ids import LARGEST_ID
from annolog.domain.recorded import Recorded
from annolog.projections.engine.rows import Key, Rows, Values
from annolog.projections.engine.statements import select_project

# How many rows a sweep holds in memory at a time.
SWEPT_TOGETHER = 1_000


def nothing(_: Rows) -> None:
    """What a projector does whose `apply` leaves nothing to be done."""


def everything(_: Recorded) -> tuple[int, int]:
    """The bounds of all rows of a project."""
    return 0, LARGEST_ID


@dataclass(frozen=True, slots=True)
class Sweep:
    """How an event that concerns every row of a project, such as a changed metric, is folded into all of them.

    The rows of `table` with the event's project are taken in pieces, so that memory stays bounded. Of the `events` only
    those that `concerns` are swept, and of the rows those whose key is within `bounds`, both ends included.
    """

    events: frozenset[type[Event]]
    table: Table
    touches: Callable[[Values, Recorded], Iterable[tuple[Table, Key]]]
    apply: Callable[[Rows, Key, Recorded], None]
    concerns: Callable[[Recorded], bool]
    bounds: Callable[[Recorded], tuple[int, int]] = everything


@dataclass(frozen=True, slots=True)
class Projector:
    """A named, versioned fold of the log into the tables it owns.

    `touches` names the rows that an event needs, `apply` folds the event into them; both are pure. `settle` does at the
    end of a batch what follows from how things then stand, and so need not be done for every event; the rows come out
    the same however the log is cut into batches, apart from events that cannot be folded. A projector never refuses an
    event: the fact is already true. Raise
    `version` when `apply` comes to mean something else: the tables are then built anew beside the old ones.
    """

    name: str
    version: int
    tables: tuple[Table, ...]
    interests: frozenset[type[Event]]
    touches: Callable[[Recorded], Iterable[tuple[Table, Key]]]
    apply: Callable[[Rows, Recorded], None]
    sweep: Sweep | None = None
    settle: Callable[[Rows], None] = nothing

    @property
    def metadata(self) -> MetaData:
        """The metadata its tables belong to."""
        return self.tables[0].metadata

    def fold(self, connection: Connection, batch: Sequence[Recorded]) -> None:
        """Fold a batch into the tables, in the caller's transaction."""
        waiting: list[Recorded] = []
        for recorded in batch:
            if isinstance(recorded.event, Unreadable):
                recorded.event.refuse()
            if type(recorded.event) not in self.interests:
                continue
            waiting.append(recorded)
            if self.sweep is not None and type(recorded.event) in self.sweep.events and self.sweep.concerns(recorded):
                self._fold(connection, waiting)
                self._sweep(connection, self.sweep, recorded)
                waiting = []
        self._fold(connection, waiting)

    def _fold(self, connection: Connection, events: Sequence[Recorded]) -> None:
        if not events:
            return
        rows = Rows()
        for recorded in events:
            rows.want(self.touches(recorded))
        rows.load(connection)
        for recorded in events:
            self.apply(rows, recorded)
        self.settle(rows)
        rows.write(connection)

    def _sweep(self, connection: Connection, sweep: Sweep, recorded: Recorded) -> None:
        """Bring every row of the project in line with an event that was folded just now."""
        first, last = sweep.bounds(recorded)
        after = first - 1
        while True:
            ids = select_project(connection, sweep.table, recorded.project, after, last, SWEPT_TOGETHER)
            if not ids:
                return
            after = ids[-1][0]
            rows = Rows()
            rows.want((sweep.table, id) for id in ids)
            rows.want(self.touches(recorded))
            rows.load(connection)
            for id in ids:
                rows.want(sweep.touches(rows.find(sweep.table, *id) or {}, recorded))
            rows.load(connection)
            for id in ids:
                sweep.apply(rows, id, recorded)
            self.settle(rows)
            rows.write(connection)
