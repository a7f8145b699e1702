"""One webhook's events, sent one after the other: each again until the receiver has taken it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import random
from time import monotonic
from typing import Protocol, TypeVar
from uuid import uuid4

from annolog.commands.command import Request
from annolog.commands.scope import SYSTEM
from annolog.commands.subscribing import DisableWebhook
from annolog.domain.event import Unreadable
from annolog.domain.project.delivering import MOST_WAIT_SECONDS, accepted, wait_before, why_given_up
from annolog.domain.project.webhook import Webhook
from annolog.domain.recorded import Recorded
from annolog.domain.refusals import Refused
from annolog.services.reactor import Bus

logger = logging.getLogger(__name__)

PAGE = 200
# While a receiver takes one event after the other, how far that came is noted as often; a crash repeats what was not.
NOTE_SECONDS = 0.1
# How many requests are under way at a time; each of them ends within its own time limit.
MOST_AT_ONCE = 64
LONGEST_ERROR = 500

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a webhook stands: what concerns it up to `position` is delivered. Attempts are those that failed since."""

    webhook: int
    project: int
    position: int
    delivered: int = 0
    delivered_at: datetime | None = None
    attempts: int = 0
    failing_since: datetime | None = None
    next_attempt_at: datetime | None = None
    last_status: int | None = None
    last_error: str = ""

    def begun_anew(self) -> Standing:
        """As if nothing had failed yet."""
        return replace(self, attempts=0, failing_since=None, next_attempt_at=None, last_error="")


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: no status if nothing did. A receiver may ask to be left alone for some seconds."""

    status: int | None
    error: str = ""
    retry_after_seconds: float = 0.0


class Log(Protocol):
    """The log, as webhooks read it."""

    def after(self, position: int, limit: int, project: int | None = None) -> Sequence[Recorded]:
        """The committed log, or one project's part of it, beyond a position, in order."""
        ...

    def webhook_secret(self, webhook: int) -> str | None:
        """What a webhook signs with."""
        ...


class Deliveries(Protocol):
    """Where webhooks stand, kept over restarts. Losing it costs repetitions."""

    def begin(self) -> tuple[int | None, Sequence[Standing]]:
        """How far the log has been looked at, None if never, and where every webhook stands."""
        ...

    def note(self, scanned: int | None, standings: Sequence[Standing], gone: Sequence[int] = ()) -> None:
        """Keep all of it at once, or nothing."""
        ...


class Sender(Protocol):
    """Hands an event to a receiver."""

    async def send(self, webhook: Webhook, secret: str, recorded: Recorded) -> Reply:
        """What came back, within the time limit. Raises nothing that a receiver could cause."""
        ...


class DeliveryObserver(Protocol):
    """Is told how deliveries do."""

    def delivered(self, outcome: str) -> None:
        """An attempt was `accepted`, or `failed`."""
        ...


@dataclass(slots=True, eq=False)
class Line:
    """A webhook at work. `turn` counts what was said to it: what was begun before that does not count any more."""

    webhook: Webhook
    standing: Standing
    turn: int = 0
    idle: bool = False
    not_before: float = 0.0
    noted_at: float = 0.0
    noted: Standing | None = None
    due: asyncio.Event = field(default_factory=asyncio.Event)
    told: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self) -> None:
        """Have it look again at once, whatever it is waiting for."""
        self.turn += 1
        self.not_before = 0.0
        self.told.set()
        self.due.set()

    def is_at(self, turn: int) -> bool:
        """Whether nothing was said to it since that turn began."""
        return self.turn == turn

    def pass_to(self, position: int) -> None:
        """There is nothing for it up to a position."""
        if position > self.standing.position:
            self.standing = replace(self.standing, position=position)


class Delivery:
    """Sends what lines have due. Everything here runs on one event loop; databases are asked on other threads.

    `notes` has a single thread, so that what is noted later is written later.
    """

    def __init__(
        self,
        log: Log,
        deliveries: Deliveries,
        sender: Sender,
        bus: Bus,
        clock: Callable[[], datetime],
        observer: DeliveryObserver,
        first_wait_seconds: float,
        reads: Executor,
        notes: Executor,
    ) -> None:
        self._log = log
        self._deliveries = deliveries
        self._sender = sender
        self._bus = bus
        self._clock = clock
        self._observer = observer
        self._first_wait = first_wait_seconds
        self._reads = reads
        self._notes = notes
        self._open = asyncio.Semaphore(MOST_AT_ONCE)
        self.scanned = 0
        self.stopping = False
        # Nothing is sent before all is known that was said about webhooks.
        self.begun = asyncio.Event()

    async def read(self, ask: Callable[[], Found]) -> Found:
        """Ask the log."""
        return await asyncio.get_running_loop().run_in_executor(self._reads, ask)

    async def note(self, scanned: int | None, lines: Sequence[Line], gone: Sequence[int] = ()) -> None:
        """Keep where lines stand, and how far the log has been looked at."""
        standings = [line.standing for line in lines]
        for line, standing in zip(lines, standings, strict=True):
            line.noted_at, line.noted = monotonic(), standing
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._notes, self._deliveries.note, scanned, standings, gone)

    async def serve(self, line: Line) -> None:
        """Send what is due, until it is time to stop."""
        if line.standing.next_attempt_at is not None:
            left = (line.standing.next_attempt_at - self._clock()).total_seconds()
            line.not_before = monotonic() + min(max(left, 0.0), MOST_WAIT_SECONDS)
        await self.begun.wait()
        while not self.stopping:
            line.idle = True
            await line.due.wait()
            line.due.clear()
            line.idle = False
            while line.webhook.active and await self._page(line):
                pass

    async def _page(self, line: Line) -> bool:
        """Send what is next; whether there may be more, and time for it."""
        turn, scanned, position = line.turn, self.scanned, line.standing.position
        line.told.clear()
        batch = await self.read(lambda: self._log.after(position, PAGE, line.standing.project))
        for recorded in batch:
            if line.is_at(turn) and line.webhook.wants(recorded.type):
                await self._insist(line, recorded, turn)
            if not line.is_at(turn) or self.stopping:
                break
            line.pass_to(recorded.position)
        if not line.is_at(turn):
            return not self.stopping
        if len(batch) < PAGE and not self.stopping:
            line.pass_to(scanned)
        if line.standing != line.noted:
            await self.note(None, [line])
        return len(batch) == PAGE and not self.stopping

    async def _insist(self, line: Line, recorded: Recorded, turn: int) -> None:
        """Send an event until it is taken, something else is said, or it is time to stop."""
        while line.is_at(turn) and not self.stopping:
            wait = line.not_before - monotonic()
            if wait > 0:
                await heard(line.told, wait)
                continue
            reply = await self._send(line, recorded, turn)
            # What came of it counts no more if the webhook has gone back, or is another one, meanwhile.
            if reply is None or not line.is_at(turn):
                return
            if reply.status is not None and accepted(reply.status):
                await self._taken(line, recorded, reply)
                return
            await self._failed(line, recorded, reply)

    async def _send(self, line: Line, recorded: Recorded, turn: int) -> Reply | None:
        """What came back; None if something else was said before it was sent."""
        if isinstance(recorded.event, Unreadable):
            return Reply(None, f"{recorded.type} at {recorded.position} cannot be read: {recorded.event.reason}")
        secret = await self.read(lambda: self._log.webhook_secret(line.webhook.id))
        if secret is None:
            return Reply(None, "its secret is lost; give it another one")
        async with self._open:
            if not line.is_at(turn):
                return None
            try:
                return await self._sender.send(line.webhook, secret, recorded)
            except Exception as defect:
                logger.exception("webhook cannot be sent", extra=_facts(line, recorded))
                return Reply(None, repr(defect))

    async def _taken(self, line: Line, recorded: Recorded, reply: Reply) -> None:
        self._observer.delivered("accepted")
        line.standing = replace(
            line.standing.begun_anew(),
            position=recorded.position,
            delivered=line.standing.delivered + 1,
            delivered_at=self._clock(),
            last_status=reply.status,
        )
        if monotonic() - line.noted_at >= NOTE_SECONDS:
            await self.note(None, [line])

    async def _failed(self, line: Line, recorded: Recorded, reply: Reply) -> None:
        self._observer.delivered("failed")
        now, old = self._clock(), line.standing
        error = reply.error[:LONGEST_ERROR] or f"the receiver answered {reply.status}"
        attempts, since = old.attempts + 1, old.failing_since or now
        wait = wait_before(attempts, self._first_wait, random(), reply.retry_after_seconds)  # noqa: S311 - no secret
        line.not_before = monotonic() + wait
        line.standing = replace(
            old,
            attempts=attempts,
            failing_since=since,
            next_attempt_at=now + timedelta(seconds=wait),
            last_status=reply.status,
            last_error=error,
        )
        logger.info("webhook failed", extra={**_facts(line, recorded), "status": reply.status, "cause": error})
        turn = line.turn
        await self.note(None, [line])
        reason = why_given_up(reply.status, error, since, now)
        if reason is not None and line.is_at(turn):
            await self._give_up(line, recorded, reason)

    async def _give_up(self, line: Line, recorded: Recorded, reason: str) -> None:
        command = DisableWebhook(project=line.standing.project, webhook=line.webhook.id, reason=reason)
        request = Request(command, uuid4(), SYSTEM.id, correlation_id=recorded.correlation_id)
        try:
            await asyncio.wrap_future(self._bus.send(request))
            # It will be told so; until then nothing more is tried.
            line.not_before = monotonic() + MOST_WAIT_SECONDS
        except Refused as refusal:
            # The next failure asks again.
            logger.warning("webhook cannot be disabled", extra={**_facts(line, recorded), "cause": refusal.detail})


def _facts(line: Line, recorded: Recorded) -> dict[str, object]:
    return {"webhook": line.webhook.id, "project": line.standing.project, "position": recorded.position}


async def heard(told: asyncio.Event, seconds: float) -> bool:
    """Whether something was said within so many seconds."""
    try:
        async with asyncio.timeout(seconds):
            return await told.wait()
    except TimeoutError:
        return False
