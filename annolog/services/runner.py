"""Runs reactions: sees each event once its read models have, sends what is asked for, then moves on."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from threading import Condition
from time import monotonic
from typing import Protocol

from annolog.commands.command import Answer, Request
from annolog.commands.scope import SYSTEM
from annolog.domain.recorded import Recorded
from annolog.domain.refusals import Overloaded, Refused
from annolog.projections.engine.follower import Follower
from annolog.services.reaction import Ask, Reaction

logger = logging.getLogger(__name__)

MOST_TOGETHER = 500
RETRY_SECONDS = 0.5
# How many commands are under way at a time: whoever works beside us should not have to wait for all of them.
MOST_UNDER_WAY = 16
# Events that ask for nothing are only noted now and then: seeing them again costs little.
NOTE_SECONDS = 1.0


class Source(Protocol):
    """The log, as reactions read it."""

    def after(self, position: int, limit: int) -> Sequence[Recorded]:
        """The log beyond a position."""
        ...


class Bookmarks(Protocol):
    """Where each reaction stands, kept over restarts."""

    def get(self, name: str) -> int | None:
        """The position a reaction has dealt with; None for one that never ran."""
        ...

    def put(self, names: Sequence[str], position: int) -> None:
        """Note that these reactions have dealt with everything up to a position."""
        ...


class Bus(Protocol):
    """Where commands go."""

    def send(self, request: Request) -> Future[Answer]:
        """Have a command run."""
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


class ReactionRunner:
    """Follows the log for all reactions. At least once is enough: a repeated command changes nothing."""

    def __init__(
        self, source: Source, horizon: Horizon, bus: Bus, bookmarks: Bookmarks, reactions: Iterable[Reaction]
    ) -> None:
        self._source = source
        self._horizon = horizon
        self._bus = bus
        self._bookmarks = bookmarks
        self._reactions = tuple(reactions)
        self._moved = Condition()
        self._follower = Follower("reactions", self.advance, MOST_TOGETHER, self._troubled)
        self._noted = 0.0
        self.position = min((bookmarks.get(reaction.name) or 0 for reaction in self._reactions), default=0)

    def start(self) -> None:
        """Follow the log on a thread of its own."""
        self._follower.start()

    def stop(self) -> None:
        """Finish the batch at hand, note how far it came, then stop."""
        self._follower.stop()
        self._note(self.position)

    def ring(self) -> None:
        """Something was appended."""
        self._follower.ring()

    def wait_for(self, position: int, seconds: float) -> bool:
        """Wait until everything up to a position is dealt with; whether that was in time."""
        with self._moved:
            return self._moved.wait_for(lambda: self.position >= position, seconds)

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
        if not batch:
            return 0
        asked = 0
        for reaction in self._reactions:
            seen = self._bookmarks.get(reaction.name) or 0
            mine = [r for r in batch if r.position > seen and type(r.event) in reaction.interests]
            asked += self._send(reaction, reaction.react(mine)) if mine else 0
        if asked or monotonic() - self._noted >= NOTE_SECONDS:
            self._note(batch[-1].position)
        with self._moved:
            self.position = batch[-1].position
            self._moved.notify_all()
        return len(batch)

    def _note(self, position: int) -> None:
        self._bookmarks.put([reaction.name for reaction in self._reactions], position)
        self._noted = monotonic()

    def _send(self, reaction: Reaction, asked: Iterable[tuple[Recorded, Ask]]) -> int:
        """Send what a reaction asks for and wait until it is done; how many commands those were."""
        under_way: deque[tuple[Recorded, Future[Answer]]] = deque()
        count = 0
        for recorded, ask in asked:
            if len(under_way) >= MOST_UNDER_WAY:
                self._finish(reaction, *under_way.popleft())
            under_way.append((recorded, self._bus.send(_request(reaction, recorded, ask))))
            count += 1
        while under_way:
            self._finish(reaction, *under_way.popleft())
        return count

    @staticmethod
    def _finish(reaction: Reaction, recorded: Recorded, answer: Future[Answer]) -> None:
        try:
            answer.result()
        except Overloaded:
            raise
        except Refused as refusal:
            logger.info(
                "reaction refused",
                extra={"reaction": reaction.name, "code": refusal.code, "position": recorded.position},
            )

    def _troubled(self, trouble: Exception) -> float | None:
        """Nothing is lost by trying again: what was asked for already is asked for with the same ids."""
        logger.error("reactions wait", extra={"position": self.position}, exc_info=trouble)
        return RETRY_SECONDS


def _request(reaction: Reaction, recorded: Recorded, ask: Ask) -> Request:
    return Request(
        ask.command,
        reaction.id_of(recorded, ask),
        SYSTEM.id,
        correlation_id=recorded.correlation_id,
        causation_id=recorded.id,
    )
