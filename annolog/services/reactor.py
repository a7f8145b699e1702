"""Has reactions look at events and sends what they ask for. What a reaction cannot deal with is set aside."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from typing import Protocol

from annolog.commands.command import Answer, Request
from annolog.commands.scope import SYSTEM
from annolog.domain.event import Unreadable
from annolog.domain.recorded import Recorded
from annolog.domain.refusals import Overloaded, Refused, Unavailable
from annolog.projections.engine.parking import is_outage
from annolog.services.reaction import Ask, Reaction

logger = logging.getLogger(__name__)

# How many commands are under way at a time: whoever works beside us should not have to wait for all of them.
MOST_UNDER_WAY = 16


class Bus(Protocol):
    """Where commands go."""

    def send(self, request: Request) -> Future[Answer]:
        """Have a command run."""
        ...


class Aside(Protocol):
    """Where events go that a reaction cannot deal with."""

    def park(self, reaction: str, recorded: Recorded, trouble: Exception) -> None:
        """Set an event aside for a reaction, with the reason."""
        ...


class Reactor:
    """At least once is enough: a repeated command changes nothing."""

    def __init__(self, bus: Bus, aside: Aside, reactions: Iterable[Reaction]) -> None:
        self._bus = bus
        self._aside = aside
        self.reactions = tuple(reactions)

    def handle(self, batch: Sequence[Recorded], seen: Mapping[str, int]) -> int:
        """React to the events beyond what each reaction has seen; how many commands that came to.

        Raises what keeps everything from going on, such as a database that is gone.
        """
        asked = 0
        for reaction in self.reactions:
            after = seen.get(reaction.name, 0)
            # Whoever cannot read an event cannot know that it is none of theirs.
            interests = reaction.interests | {Unreadable}
            mine = [event for event in batch if event.position > after and type(event.event) in interests]
            if mine:
                asked += self.react(reaction, mine)
        return asked

    def react(self, reaction: Reaction, events: Sequence[Recorded]) -> int:
        """Have one reaction look at events; if that fails, at each of them alone."""
        try:
            for recorded in events:
                if isinstance(recorded.event, Unreadable):
                    recorded.event.refuse()
            return self._send(reaction, reaction.react(events))
        except Exception as trouble:
            if isinstance(trouble, Overloaded | Unavailable) or is_outage(trouble):
                raise
            if len(events) > 1:
                return sum(self.react(reaction, [event]) for event in events)
            correlation_id = events[0].correlation_id
            facts = {"reaction": reaction.name, "position": events[0].position, "correlation_id": correlation_id}
            logger.error("event parked", extra=facts, exc_info=trouble)
            self._aside.park(reaction.name, events[0], trouble)
            return 1

    def _send(self, reaction: Reaction, asked: Iterable[tuple[Recorded, Ask]]) -> int:
        """Send what a reaction asks for and wait until it is done; how many commands those were."""
        under_way: deque[tuple[Recorded, Future[Answer]]] = deque()
        count = 0
        for recorded, ask in asked:
            if len(under_way) >= MOST_UNDER_WAY:
                _finish(reaction, *under_way.popleft())
            under_way.append((recorded, self._bus.send(_request(reaction, recorded, ask))))
            count += 1
        while under_way:
            _finish(reaction, *under_way.popleft())
        return count


def _finish(reaction: Reaction, recorded: Recorded, answer: Future[Answer]) -> None:
    try:
        answer.result()
    except (Overloaded, Unavailable):
        raise
    except Refused as refusal:
        facts = {"code": refusal.code, "position": recorded.position, "correlation_id": recorded.correlation_id}
        logger.info("reaction refused", extra={"reaction": reaction.name, **facts})


def _request(reaction: Reaction, recorded: Recorded, ask: Ask) -> Request:
    return Request(
        ask.command,
        reaction.id_of(recorded, ask),
        SYSTEM.id,
        correlation_id=recorded.correlation_id,
        causation_id=recorded.id,
    )
