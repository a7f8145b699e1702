"""Feeds read models from the log itself: batches when behind, at once when something happens."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext

from sqlalchemy import Engine

from annolog.domain.recorded import Recorded
from annolog.projections.engine import bookmarks
from annolog.projections.engine.feeding import Stretch, feed
from annolog.projections.engine.follower import Follower
from annolog.projections.engine.parking import PARK_AND_WAIT, ParkingRules, is_outage
from annolog.projections.engine.partitions import WHOLE
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.reached import Reached
from annolog.projections.engine.rebuild import MOST_TOGETHER, Source
from annolog.projections.engine.renewal import begin, renew

logger = logging.getLogger(__name__)

RETRY_SECONDS = 1.0
NOTHING = bookmarks.Bookmark(bookmarks.NO_VERSION, 0)


class ProjectionRunner(Reached):
    """Keeps read models up with the log; its position is the one that all of them have reached.

    Rows and positions are written in one transaction: exactly once in effect.
    """

    def __init__(
        self,
        source: Source,
        engine: Engine,
        projectors: Iterable[Projector],
        rules: ParkingRules = PARK_AND_WAIT,
        folded: Callable[[str, int], None] = lambda _, __: None,
        span: Callable[[Sequence[Recorded]], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        super().__init__()
        self._source = source
        self._engine = engine
        self.projectors = tuple(projectors)
        self._rules = rules
        self._folded = folded
        self._span = span
        self._follower = Follower("projections", self.advance, MOST_TOGETHER, self._troubled)
        self.trouble: str | None = None
        begin(engine, self.projectors, [WHOLE])
        self._look()

    def start(self) -> None:
        """Follow the log on a thread of its own. What another version wrote is left alone, for a `Renewal`."""
        self._follower.start()

    def stop(self) -> None:
        """Finish the batch at hand, then stop."""
        self._follower.stop()

    def ring(self) -> None:
        """Something was appended."""
        self._follower.ring()

    def catch_up(self) -> int:
        """Build anew what another version wrote, then read to the end of the log; how many events were new."""
        renew(self._source, self._engine, self.projectors, self._rules)
        self.renewed()
        total = 0
        while count := self.advance():
            total += count
        return total

    def renewed(self) -> None:
        """Read models were built anew: look where they stand."""
        self._look()
        self.ring()

    def advance(self) -> int:
        """Fold the next batch into every read model that has not seen it; how many events it had."""
        start = self._look()
        batch = self._source.after(start, MOST_TOGETHER) if start is not None else ()
        if start is not None and batch:
            stretch = Stretch(batch, start, batch[-1].position)
            with self._span(batch):
                counts = feed(self._engine, self.projectors, {WHOLE: stretch}, self._rules)
            for name, count in counts.items():
                self._folded(name, count)
            self._look()
        self.trouble = None
        return len(batch)

    def _look(self) -> int | None:
        """Note where the read models are, moved by whomever; where those of today's version stand."""
        with self._engine.connect() as connection:
            known = bookmarks.read(connection, [projector.name for projector in self.projectors])
        marks = {projector.name: known.get(projector.name, {}).get(WHOLE, NOTHING) for projector in self.projectors}
        position = min((mark.position for mark in marks.values()), default=0)
        self.move(position)
        current = [marks[p.name].position for p in self.projectors if marks[p.name].version == p.version]
        return min(current, default=None)

    def _troubled(self, trouble: Exception) -> float:
        """Trouble of the database passes. What is wrong with an event parks it and never gets here."""
        self.trouble = repr(trouble)
        report = logger.warning if is_outage(trouble) else logger.exception
        report("projections wait", extra={"position": self.position, "cause": self.trouble})
        return RETRY_SECONDS
