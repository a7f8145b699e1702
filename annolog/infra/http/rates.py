"""How often a token and an address may ask, and how often an address may be wrong about who it is."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from time import monotonic

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.strategies import MovingWindowRateLimiter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from annolog.domain.refusals import TooManyRequests
from annolog.infra.http.client import client_of
from annolog.infra.http.moving_windows import MovingWindows
from annolog.infra.http.origin import SESSION_COOKIE
from annolog.infra.http.problems import problem

# Whoever watches over the server must not be turned away when there is most to see.
EXEMPT = frozenset({"/livez", "/readyz", "/metrics"})
ASKING = "annolog.asking"
# Somebody with an IPv6 address has all of its network.
NETWORK_BITS = 64
MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Rates:
    """What is allowed within any minute; 0 is no limit."""

    per_token: int
    per_address: int
    failed_per_address: int


@dataclass(slots=True)
class Asking:
    """Who asks, as far as limits go: never the token itself."""

    address: str
    credential: str | None
    known: bool = False

    @property
    def pair(self) -> tuple[str, str | None]:
        """The credential at this address."""
        return self.address, self.credential


class PerMinute(RateLimitItemPerMinute):
    """So many a minute. Its keys are made in a tenth of the time that the library takes, for each of five questions."""

    def key_for(self, *identifiers: bytes | str | float) -> str:
        """The key of one who is limited."""
        return f"{self.namespace}/{identifiers[0]!s}"


@dataclass(frozen=True, slots=True)
class Limit:
    """So many times a minute, for each key of a kind."""

    item: RateLimitItem
    name: str
    # What is limited, to be said after "Too many".
    words: str

    @classmethod
    def of(cls, most: int, name: str, words: str) -> Limit | None:
        """The limit, or None where there is none."""
        return cls(PerMinute(most, namespace=name), name, words) if most > 0 else None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a limit stands for somebody: how many, how many are left, and in how many seconds there is one more."""

    limit: Limit
    left: int
    seconds: int

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """The same for programs."""
        return [
            (b"ratelimit-limit", b"%d" % self.limit.item.amount),
            (b"ratelimit-remaining", b"%d" % self.left),
            (b"ratelimit-reset", b"%d" % self.seconds),
        ]


def vouch(scope: Scope) -> None:
    """Say that the credential of this request is good. Who was known keeps coming in from an address that is shut out
    for wrong tokens of others behind it.
    """
    asking = scope.get(ASKING)
    if isinstance(asking, Asking):
        asking.known = True


class RateLimits:
    """Refuses who asks too often. It counts in the memory of this process: several processes allow several times as
    much.
    """

    def __init__(self, app: ASGIApp, rates: Rates, clock: Callable[[], float] = monotonic) -> None:
        self._app = app
        self._clock = clock
        self._windows = MovingWindowRateLimiter(MovingWindows(clock))
        self._per_token = Limit.of(rates.per_token, "token", "requests with this token")
        self._per_address = Limit.of(rates.per_address, "address", "requests from this address")
        self._failed = Limit.of(rates.failed_per_address, "failed", "requests without a valid token from this address")
        self._key = secrets.token_bytes(32)
        self._known: OrderedDict[tuple[str, str | None], None] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counted, or refuse it."""
        if scope["type"] != "http" or scope["path"] in EXEMPT:
            await self._app(scope, receive, send)
            return
        asking = Asking(network_of(client_of(scope).address), self._digest(credential_in(scope)))
        standing, exceeded = self._count(asking)
        if exceeded:
            await self._refuse(standing, scope, receive, send)
            return
        scope[ASKING] = asking

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._note(asking, message["status"])
                if standing is not None:
                    message["headers"] = [*message.get("headers", ()), *standing.headers]
            await send(message)

        await self._app(scope, receive, noting)

    def _count(self, asking: Asking) -> tuple[Standing | None, bool]:
        """The limit that is next to be reached, and whether it is exceeded."""
        if (
            self._failed
            and asking.pair not in self._known
            and not self._windows.test(self._failed.item, asking.address)
        ):
            return self._standing(self._failed, asking.address), True
        tightest: Standing | None = None
        for limit, key in ((self._per_address, asking.address), (self._per_token, asking.credential)):
            if limit is None or key is None:
                continue
            fits = self._windows.hit(limit.item, key)
            standing = self._standing(limit, key)
            if not fits:
                return standing, True
            if tightest is None or standing.left < tightest.left:
                tightest = standing
        return tightest, False

    def _standing(self, limit: Limit, key: str) -> Standing:
        reset, left = self._windows.get_window_stats(limit.item, key)
        return Standing(limit, left, max(1, ceil(reset - self._clock())))

    def _note(self, asking: Asking, status: int) -> None:
        if self._failed is None:
            return
        if status == 401:
            self._known.pop(asking.pair, None)
            self._windows.hit(self._failed.item, asking.address)
        elif asking.known and asking.credential:
            self._known[asking.pair] = None
            self._known.move_to_end(asking.pair)
            if len(self._known) > MOST_REMEMBERED:
                self._known.popitem(last=False)

    async def _refuse(self, standing: Standing | None, scope: Scope, receive: Receive, send: Send) -> None:
        assert standing is not None
        words = f"Too many {standing.limit.words}: {standing.limit.item.amount:,} a minute are allowed."
        response = problem(TooManyRequests(words, facts={"retry_after": standing.seconds}), scope["path"])
        response.raw_headers += standing.headers
        await response(scope, receive, send)

    def _digest(self, credential: bytes | None) -> str | None:
        return blake2b(credential, key=self._key, digest_size=16).hexdigest() if credential else None


def network_of(address: str) -> str:
    """What is counted together: an IPv4 address, or the network of an IPv6 address."""
    if ":" not in address:
        return address or "unknown"
    found = ip_address(address)
    assert isinstance(found, IPv6Address)
    return str(ip_network((found, NETWORK_BITS), strict=False))


def credential_in(scope: Scope) -> bytes | None:
    """The token, or the session, that a request comes with; however the header spells what it is."""
    session = None
    for name, value in scope["headers"]:
        if name == b"authorization":
            scheme, _, token = value.strip().partition(b" ")
            return bytes(token.strip() or scheme)
        if name == b"cookie" and session is None:
            session = _session_in(value)
    return session


def _session_in(cookies: bytes) -> bytes | None:
    pairs = (pair.strip().partition(b"=") for pair in cookies.split(b";"))
    return next((value for name, _, value in pairs if name == SESSION_COOKIE.encode() and value), None)
