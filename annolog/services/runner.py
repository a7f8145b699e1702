"""Runs reactions: sees each event once its read models have, sends what is asked for, then moves on."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from time import monotonic
from typing import Protocol

from annolog.domain.recorded import Recorded
from annolog.projections.engine.follower import Follower
from annolog.projections.engine.parking import is_outage
from annolog.projections.engine.reached import Reached
from annolog.services.reactor import Reactor

logger = logging.getLogger(__name__)

MOST_TOGETHER = 500
RETRY_SECONDS = 0.5
# Events that ask for nothing are only noted now and then: seeing them again costs little.
NOTE_SECONDS = 1.0
# How often the last position is tried to be noted by a process that stops.
STOP_TRIES = 3


class Source(Protocol):
    """The log, as reactions read it."""

    def after(self, position: int, limit: int) -> Sequence[Recorded]:
        """The log beyond a position."""
        ...


class Bookmarks(Protocol):
    """Where each reaction stands, kept over restarts."""

    def get(self, name: str) -> int:
        """The position a reaction has dealt with; 0 for one that never ran."""
        ...

    def put(self, names: Sequence[str], position: int) -> None:
        """Note that these reactions have dealt with everything up to a position."""
        ...


class Horizon(Protocol):
    """How far the read models are that reactions look at."""

    @property
    def position(self) -> int:
        """The position that every read model has reached."""
        ...

    def wait_for(self, position: int, seconds: float) -> bool:
        """Wait until the read models are there."""
        ...


class ReactionRunner(Reached):
    """Follows the log for all reactions; its position is what they have dealt with. At least once is enough."""

    def __init__(self, source: Source, horizon: Horizon, bookmarks: Bookmarks, reactor: Reactor) -> None:
        super().__init__(min((bookmarks.get(reaction.name) for reaction in reactor.reactions), default=0))
        self._source = source
        self._horizon = horizon
        self._bookmarks = bookmarks
        self._reactor = reactor
        self._names = [reaction.name for reaction in reactor.reactions]
        self._follower = Follower("reactions", self.advance, MOST_TOGETHER, self._troubled)
        self._noted = 0.0
        self._noted_position = self.position
        self.trouble: str | None = None

    def start(self) -> None:
        """Follow the log on a thread of its own."""
        self._follower.start()

    def stop(self) -> None:
        """Finish the batch at hand, note how far it came, then stop."""
        self._follower.stop()
        for _ in range(STOP_TRIES):
            try:
                self._note(self.position)
            except Exception as trouble:
                if not is_outage(trouble):
                    raise
                # What is not noted is met again, and changes nothing then.
                logger.warning("position is not noted", extra={"position": self.position, "cause": repr(trouble)})
            else:
                return

    def ring(self) -> None:
        """Something was appended."""
        self._follower.ring()

    def catch_up(self) -> int:
        """React to everything up to where the read models are; how many events were new."""
        total = 0
        while count := self.advance():
            total += count
        return total

    def advance(self) -> int:
        """React to the next batch; how many events it had."""
        batch = [
            recorded
            for recorded in self._source.after(self.position, MOST_TOGETHER)
            if recorded.position <= self._horizon.position
        ]
        self.trouble = None
        if not batch:
            # After the last event for a while, others must not think that we still have it before us.
            if self._noted_position != self.position and monotonic() - self._noted >= NOTE_SECONDS:
                self._note(self.position)
            return 0
        asked = self._reactor.handle(batch, {name: self._bookmarks.get(name) for name in self._names})
        if asked or monotonic() - self._noted >= NOTE_SECONDS:
            self._note(batch[-1].position)
        self.move(batch[-1].position)
        return len(batch)

    def _note(self, position: int) -> None:
        self._bookmarks.put(self._names, position)
        self._noted, self._noted_position = monotonic(), position

    def _troubled(self, trouble: Exception) -> float:
        """Nothing is lost by trying again: what was asked for already is asked for with the same ids."""
        self.trouble = repr(trouble)
        logger.error("reactions wait", extra={"position": self.position}, exc_info=trouble)
        return RETRY_SECONDS
