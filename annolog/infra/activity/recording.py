"""The one way by which activity gets into the log: told in words, coalesced, and sent without waiting."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID, uuid4

from annolog.commands.activity import RecordActivity
from annolog.commands.bus import CommandBus
from annolog.commands.command import Answer, Request
from annolog.commands.ports import Clock
from annolog.commands.scope import SYSTEM
from annolog.domain.activity.events import (
    AccessDenied,
    Activity,
    CommandLocated,
    DataExported,
    SignedIn,
    SignedOut,
    SignInFailed,
    SignInMethod,
    SignOutCause,
    TokenUsed,
)
from annolog.domain.people.state import Person
from annolog.domain.refusals import Refused
from annolog.infra.activity.coalescing import MOST_KEPT, Coalescing
from annolog.infra.activity.probing import Probing
from annolog.infra.activity.where import neighbourhood

logger = logging.getLogger(__name__)

DENIALS_SECONDS = 60.0
FAILURES_SECONDS = 60.0
FAILURES_PASS = 10
USES = timedelta(hours=1)
PROBING = "probing"


class ActivityRecorder:
    """Records what people do. Every method may be called from any thread, and none but `export` is waited for.

    What cannot be recorded is told in a log line and lost: a request that was served is not refused for that.
    """

    def __init__(self, bus: CommandBus, clock: Clock) -> None:
        self._bus = bus
        self._clock = clock
        self._lock = Lock()
        self._denials: Coalescing[AccessDenied] = Coalescing(DENIALS_SECONDS)
        self._failures: Coalescing[SignInFailed] = Coalescing(FAILURES_SECONDS, FAILURES_PASS)
        self._probing = Probing()
        # When the use of a token from an address was last recorded, the oldest first.
        self._used: OrderedDict[tuple[int, str], datetime] = OrderedDict()

    def signed_in(self, person: Person, method: SignInMethod, address: str, provider: str = "") -> None:
        """Somebody came in."""
        organization = person.organization.id
        self._send(
            SignedIn(organization=organization, person=person.id, address=address, method=method, provider=provider)
        )

    def signed_out(self, person: Person, cause: SignOutCause, address: str = "") -> None:
        """A session is over; without an address where nobody was there when it ended."""
        self._send(SignedOut(organization=person.organization.id, person=person.id, address=address, cause=cause))

    def sign_in_failed(self, failed: SignInFailed) -> None:
        """Somebody did not come in. `failed` has the address as it is; of nobody known only its network is kept."""
        person, address = failed.person, failed.address
        where = neighbourhood(address) if person is None else address
        event = failed.model_copy(update={"address": where})
        with self._lock:
            found = self._failures.take(address, event, self._clock())
        self._send_all(found)

    def denied(self, denial: AccessDenied) -> None:
        """Somebody was refused. `denial` has the address as it is."""
        key = (denial.person, denial.on_behalf_of, denial.method, denial.route, denial.in_project, denial.code)
        with self._lock:
            found = self._denials.take(key, denial, self._clock())
        self._send_all(found)

    def not_found(self, miss: AccessDenied) -> None:
        """Somebody asked for what is not there, or not for them; many in a minute are probing."""
        with self._lock:
            now = self._clock()
            misses = self._probing.missed(miss.person, now)
            if not misses:
                return
            event = miss.model_copy(update={"code": PROBING, "count": misses, "in_project": None})
            found = self._denials.take((event.person, PROBING), event, now)
        self._send_all(found)

    def token_used(self, token: int, person: Person, address: str) -> None:
        """A token spoke for somebody. Costs a few microseconds where that was recorded within the hour."""
        now, key = self._clock(), (token, address)
        with self._lock:
            # Requests come all the time, so that what was counted need not wait for the next of its kind.
            overdue: list[Activity] = [*self._denials.due(now), *self._failures.due(now)]
            is_told = self._is_told(key, now)
        self._send_all(overdue)
        if not is_told:
            self._send(TokenUsed(organization=person.organization.id, person=person.id, address=address, token=token))

    def _is_told(self, use: tuple[int, str], now: datetime) -> bool:
        """Whether the use was recorded within the hour; if not it is now."""
        last = self._used.get(use)
        if last is not None and now - last < USES:
            return True
        self._used[use] = now
        self._used.move_to_end(use)
        if len(self._used) > MOST_KEPT:
            self._used.popitem(last=False)
        return False

    def located(self, command: UUID, person: Person, address: str) -> None:
        """A command that grants or changes something came from an address."""
        self._send(
            CommandLocated(organization=person.organization.id, person=person.id, address=address, command=command)
        )

    def export(self, export: DataExported) -> Request:
        """The command that records an export. Whoever exports waits for it: nothing leaves that nobody wrote down."""
        return _request(export)

    def close(self) -> None:
        """Record what was counted and not told yet."""
        with self._lock:
            denials, failures = self._denials.rest(), self._failures.rest()
        self._send_all(denials)
        self._send_all(failures)

    def _send_all(self, events: Sequence[Activity]) -> None:
        for event in events:
            self._send(event)

    def _send(self, event: Activity) -> None:
        try:
            self._bus.send(_request(event)).add_done_callback(_told)
        except Refused as refusal:
            logger.warning("activity not recorded", extra={"type": event.type_name(), "cause": repr(refusal)})


def _request(activity: Activity) -> Request:
    return Request(RecordActivity(activity=activity), uuid4(), SYSTEM.id)


def _told(future: Future[Answer]) -> None:
    trouble = future.exception()
    if trouble is not None:
        logger.warning("activity not recorded", extra={"cause": repr(trouble)})
