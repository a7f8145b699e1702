"""What stands before the routes costs: who the client is, headers, limits, origins; without a socket, one by one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from ipaddress import ip_network
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from annolog.infra.http.client import KnownClient
from annolog.infra.http.limits import HeadLimit
from annolog.infra.http.origin import OwnOrigin
from annolog.infra.http.rates import RateLimits, Rates
from annolog.infra.http.security_headers import SecurityHeaders
from benchmarks.measures import Figure, percentile, show

ROUNDS = 20_000
TOKENS = 5_000
RATES = Rates(6_000_000, 12_000_000, 60)
RIDING = ((b"cookie", b"annolog_session=abc"), (b"sec-fetch-site", b"same-origin"))
PROXIES = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]


async def inside(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": b"{}"})


def scope_of(number: int, *more: tuple[bytes, bytes]) -> Scope:
    """A request with a token of one among many people, from an address of one among many."""
    token = b"Bearer annolog_%043d" % (number % TOKENS)
    headers = [(b"host", b"annolog.example"), (b"user-agent", b"measured"), (b"accept", b"*/*")]
    headers += [(b"authorization", token), (b"idempotency-key", b"some-key"), (b"content-type", b"application/json")]
    forwarded = b"198.51.%d.%d" % (number % TOKENS // 250, number % 250)
    headers += [(b"x-forwarded-for", forwarded), (b"x-forwarded-proto", b"https"), *more]
    path = "/v1/tasks/1/annotations"
    return {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "scheme": "http",
        "client": ("10.0.0.1", 5_000),
        "headers": headers,
    }


def microseconds(app: ASGIApp, *more: tuple[bytes, bytes]) -> list[float]:
    """What each of many requests took."""

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        del message

    async def run() -> list[float]:
        times = []
        for number in range(ROUNDS):
            scope = scope_of(number, *more)
            started = perf_counter()
            await app(scope, receive, send)
            times.append((perf_counter() - started) * 1e6)
        return times

    return asyncio.run(run())


def figure(
    what: str, wrap: Callable[[ASGIApp], ASGIApp], nothing: float, goal: str = "", *more: tuple[bytes, bytes]
) -> Figure:
    """What a piece adds to an application that does nothing."""
    times = microseconds(wrap(inside), *more)
    note = f"p99 {percentile(times, 0.99):.1f}"
    return Figure(what, sum(times) / ROUNDS - nothing, "microseconds", goal, note)


def limited(app: ASGIApp) -> ASGIApp:
    return RateLimits(app, RATES)


def known(app: ASGIApp) -> ASGIApp:
    return KnownClient(app, PROXIES, "x-forwarded")


def origins(app: ASGIApp) -> ASGIApp:
    return OwnOrigin(app, {"https://labels.example"})


def everything(app: ASGIApp) -> ASGIApp:
    return known(SecurityHeaders(HeadLimit(limited(origins(app)))))


def main() -> None:
    nothing = sum(microseconds(inside)) / ROUNDS
    show(
        f"what stands before the routes, mean of {ROUNDS:,} requests with {TOKENS:,} tokens",
        "python -m benchmarks shield",
        [
            Figure("an application that does nothing", nothing, "microseconds"),
            figure("who the client is, behind a proxy", known, nothing),
            figure("who the client is, without one", lambda app: KnownClient(app, [], "x-forwarded"), nothing),
            figure("headers of the answer", SecurityHeaders, nothing),
            figure("length of URL and headers", HeadLimit, nothing),
            figure("limits by token and address", limited, nothing, "< 50"),
            figure("origin, without a session", origins, nothing),
            figure("origin, with a session's cookie", origins, nothing, "", *RIDING),
            figure("all of it", everything, nothing),
        ],
    )
