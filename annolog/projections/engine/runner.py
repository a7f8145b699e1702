"""Feeds read models from the log: batches when behind, at once when something happens."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from threading import Condition
from time import monotonic

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from annolog.projections.engine import bookmarks
from annolog.projections.engine.follower import Follower
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.rebuild import MOST_TOGETHER, Source, drop_tables

logger = logging.getLogger(__name__)

RETRY_SECONDS = 1.0


class ProjectionRunner:
    """Keeps read models up with the log. Rows and positions are written in one transaction: exactly once in effect."""

    def __init__(self, source: Source, engine: Engine, projectors: Iterable[Projector]) -> None:
        self._source = source
        self._engine = engine
        self.projectors = tuple(projectors)
        self._position = 0
        self._moved = Condition()
        self._follower = Follower("projections", self.advance, MOST_TOGETHER, self._troubled)
        self._followers: tuple[Callable[[], None], ...] = ()
        self.trouble: str | None = None
        self._prepare()

    @property
    def position(self) -> int:
        """The position that every read model has reached."""
        return self._position

    def _prepare(self) -> None:
        """Make the tables; those of an older version of a projector begin anew."""
        with self._engine.begin() as connection:
            bookmarks.metadata.create_all(connection)
            known = bookmarks.positions(connection)
            for projector in self.projectors:
                version, _ = known.get(projector.name, (projector.version, 0))
                if version != projector.version:
                    drop_tables(connection, projector)
                    bookmarks.move(connection, [projector], 0)
                projector.metadata.create_all(connection)
            self._position = self._least(bookmarks.positions(connection))

    def _least(self, known: Mapping[str, tuple[int, int]]) -> int:
        return min((known.get(p.name, (p.version, 0))[1] for p in self.projectors), default=0)

    def start(self) -> None:
        """Follow the log on a thread of its own."""
        self._follower.start()

    def stop(self) -> None:
        """Finish the batch at hand, then stop."""
        self._follower.stop()

    def ring(self) -> None:
        """Something was appended."""
        self._follower.ring()

    def on_move(self, follower: Callable[[], None]) -> None:
        """Have somebody called, who must return at once, whenever the read models have moved."""
        self._followers = (*self._followers, follower)

    def wait_for(self, position: int, seconds: float) -> bool:
        """Wait until the read models have reached a position; whether they did in time."""
        deadline = monotonic() + seconds
        with self._moved:
            while self._position < position:
                left = deadline - monotonic()
                if left <= 0 or not self._moved.wait(left):
                    return self._position >= position
        return True

    def catch_up(self) -> int:
        """Read to the end of the log; how many events were new."""
        total = 0
        while count := self.advance():
            total += count
        return total

    def advance(self) -> int:
        """Fold the next batch into every read model that has not seen it; how many events it had."""
        with self._engine.begin() as connection:
            known = dict(bookmarks.positions(connection))
            start = self._least(known)
            batch = self._source.after(start, MOST_TOGETHER)
            for projector in self.projectors:
                seen = known.get(projector.name, (projector.version, 0))[1]
                fresh = batch if seen == start else [recorded for recorded in batch if recorded.position > seen]
                if fresh:
                    projector.fold(connection, fresh)
            end = batch[-1].position if batch else start
            late = [p for p in self.projectors if known.get(p.name, (p.version, 0))[1] < end]
            bookmarks.move(connection, late, end)
        self.trouble = None
        # Without a batch too: another process may have moved these read models.
        if end != self._position:
            self._reached(end)
        return len(batch)

    def _reached(self, position: int) -> None:
        with self._moved:
            self._position = position
            self._moved.notify_all()
        for follower in self._followers:
            follower()

    def _troubled(self, trouble: Exception) -> float | None:
        """The database's own trouble passes; a defect in a fold does not, and is told by the position."""
        self.trouble = repr(trouble)
        if isinstance(trouble, OperationalError):
            logger.warning("projections wait", extra={"cause": self.trouble})
            return RETRY_SECONDS
        logger.error("projections stopped", extra={"position": self._position}, exc_info=trouble)
        return None
