"""Who asks too often waits; who only sits behind the same address as somebody who guesses does not."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from limits import RateLimitItemPerMinute
from limits.strategies import MovingWindowRateLimiter

from annolog.infra.composition import Installation
from annolog.infra.http.moving_windows import SWEEP_SECONDS, MovingWindows
from annolog.infra.http.origin import SESSION_COOKIE
from annolog.infra.http.rates import RateLimits, Rates, network_of, vouch
from annolog.infra.http.serve import running_server
from annolog.infra.replay.server import Server
from tests.infra.http.asgi import Answered, saying, scope_of, through
from tests.infra.http.conftest import LIMITS, TOKEN
from tests.world import settings_in

GOOD = "good-token"


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Gate:
    """Limits before an application that knows one token."""

    def __init__(self, per_token: int = 0, per_address: int = 0, failed: int = 0) -> None:
        self.clock = Clock()
        self.limits = RateLimits(self._application, Rates(per_token, per_address, failed), self.clock)
        self.reached = 0

    async def _application(self, scope: Any, receive: Any, send: Any) -> None:
        self.reached += 1
        headers = dict(scope["headers"])
        knows = GOOD.encode() in headers.get(b"authorization", b"") + headers.get(b"cookie", b"")
        if knows:
            vouch(scope)
        await saying(200 if knows or scope["path"] == "/docs" else 401)(scope, receive, send)

    def ask(self, token: str | None = GOOD, peer: str | None = "192.0.2.1", path: str = "/v1/projects") -> Answered:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        return self.with_headers(headers, peer, path)

    def with_headers(self, headers: dict[str, str], peer: str | None, path: str = "/v1/projects") -> Answered:
        return asyncio.run(through(self.limits, scope_of(path, headers, peer=peer)))


def test_a_token_may_ask_so_often_in_any_minute_and_then_waits() -> None:
    gate = Gate(per_token=3)
    assert [gate.ask().status for _ in range(5)] == [200, 200, 200, 429, 429]
    assert gate.reached == 3
    refused = gate.ask(peer="192.0.2.99")
    assert (refused.code, refused.headers["retry-after"]) == ("too-many-requests", "60")
    assert b"3 a minute" in refused.body
    assert gate.ask("other").status == 401


def test_the_window_moves_instead_of_opening_every_minute() -> None:
    gate = Gate(per_token=2)
    gate.ask()
    gate.clock.now += 40
    gate.ask()
    assert gate.ask().headers["retry-after"] == "20"
    gate.clock.now += 20
    assert [gate.ask().status, gate.ask().status] == [200, 429]


def test_what_is_left_is_said_with_every_answer() -> None:
    gate = Gate(per_token=3, per_address=10)
    told = [gate.ask().headers for _ in range(4)]
    assert [headers["ratelimit-remaining"] for headers in told] == ["2", "1", "0", "0"]
    assert {headers["ratelimit-limit"] for headers in told} == {"3"}
    assert {headers["ratelimit-reset"] for headers in told} == {"60"}
    # Now the address is nearer to its end than a fresh token.
    gate = Gate(per_token=9, per_address=2)
    assert gate.ask().headers["ratelimit-limit"] == "2"


def test_an_address_may_ask_so_often_whatever_tokens_it_has() -> None:
    gate = Gate(per_address=3)
    assert [gate.ask(f"{GOOD}-{number}").status for number in range(4)] == [200, 200, 200, 429]
    assert gate.ask(peer="192.0.2.2").status == 200


def test_wrong_tokens_shut_an_address_out() -> None:
    gate = Gate(failed=3)
    assert [gate.ask(f"guess-{number}").status for number in range(5)] == [401, 401, 401, 429, 429]
    assert gate.reached == 3
    # Also from the right token, if it comes for the first time: otherwise guessing would go on unhindered.
    assert gate.ask().status == 429
    assert gate.ask(peer="192.0.2.2").status == 200
    gate.clock.now += 60
    assert gate.ask().status == 200


def test_who_was_known_before_keeps_coming_in_from_a_shut_address() -> None:
    gate = Gate(failed=3)
    assert gate.ask().status == 200
    for number in range(9):
        gate.ask(f"guess-{number}")
    assert gate.ask().status == 200
    assert gate.ask(None).status == 429


def test_a_guess_does_not_become_known_where_no_token_is_looked_at() -> None:
    gate = Gate(failed=1)
    assert gate.ask("guess", path="/docs").status == 200
    assert gate.ask("wrong").status == 401
    assert gate.ask("guess").status == 429


def test_no_token_at_all_is_as_wrong_as_a_wrong_one() -> None:
    gate = Gate(failed=2)
    assert [gate.ask(None).status for _ in range(3)] == [401, 401, 429]


def test_a_session_is_counted_as_a_token_is() -> None:
    gate = Gate(per_token=1)
    cookie = {"Cookie": f"a=b; {SESSION_COOKIE}={GOOD}"}
    assert [gate.with_headers(cookie, f"192.0.2.{n}").status for n in (1, 2)] == [200, 429]


def test_one_token_has_one_window_however_it_is_spelt() -> None:
    gate = Gate(per_token=1)
    spellings = [f"Bearer {GOOD}", f"bearer {GOOD}", f"Token   {GOOD} ", GOOD]
    statuses = [gate.with_headers({"Authorization": spelt}, "192.0.2.1").status for spelt in spellings]
    assert statuses == [200, 429, 429, 429]


def test_somebody_with_an_ipv6_address_has_one_network_to_ask_from() -> None:
    gate = Gate(per_address=1)
    assert [gate.ask(peer=f"2001:db8::{n}").status for n in (1, 2)] == [200, 429]
    assert gate.ask(peer="2001:db8:0:1::1").status == 200
    assert network_of("2001:db8::1") == "2001:db8::/64"
    assert network_of("") == "unknown"


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
def test_whoever_watches_over_the_server_is_never_turned_away(path: str) -> None:
    gate = Gate(per_address=1, failed=1)
    assert [gate.ask("wrong", path=path).status for _ in range(3)] == [401, 401, 401]
    assert gate.ask().status == 200


def test_nothing_is_limited_where_limits_are_nought() -> None:
    gate = Gate()
    answers = [gate.ask("wrong") for _ in range(200)]
    assert {answer.status for answer in answers} == {401}
    assert "ratelimit-limit" not in answers[0].headers


def test_no_token_is_kept() -> None:
    gate = Gate(per_token=5, per_address=5, failed=5)
    gate.ask("a-very-secret-token")
    gate.ask()
    kept = repr((vars(gate.limits), vars(gate.limits._windows.storage)))
    assert "192.0.2.1" in kept
    assert "very-secret" not in kept
    assert GOOD not in kept


@given(st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 40)), max_size=60), st.integers(1, 5))
def test_no_minute_ever_holds_more_than_is_allowed_and_nobody_is_refused_below_it(
    steps: list[tuple[str, float]], most: int
) -> None:
    """Against an oracle that keeps every moment for ever and counts them anew each time."""
    clock = Clock()
    limiter, item = MovingWindowRateLimiter(MovingWindows(clock)), RateLimitItemPerMinute(most)
    allowed: dict[str, list[float]] = {"a": [], "b": []}
    for key, pause in steps:
        clock.now += pause
        lately = [moment for moment in allowed[key] if moment > clock.now - 60]
        assert limiter.hit(item, key) is (len(lately) < most)
        if len(lately) < most:
            allowed[key].append(clock.now)
            lately.append(clock.now)
        stats = limiter.get_window_stats(item, key)
        assert (stats.reset_time, stats.remaining) == (lately[0] + 60, most - len(lately))


def test_keys_of_which_nothing_counts_any_more_are_forgotten() -> None:
    clock = Clock()
    storage = MovingWindows(clock)
    for number in range(1_000):
        assert storage.acquire_entry(f"key-{number}", 5, 60)
    clock.now += 2 * SWEEP_SECONDS
    assert storage.acquire_entry("another", 5, 60)
    assert len(storage) == 1


def test_the_command_line_comes_back_when_it_is_told_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    with (
        settings_in(tmp_path) as settings,
        Installation(settings.model_copy(update={**LIMITS, "requests_per_minute_per_token": 2})) as installation,
        running_server(installation) as url,
        Server(url, TOKEN) as server,
    ):

        def note(seconds: float) -> None:
            waited.append(seconds)
            if len(waited) == 2:
                raise Patience

        monkeypatch.setattr("annolog.infra.replay.server.sleep", note)
        assert [server.ask("GET", "/v1/projects")["projects"] for _ in range(2)] == [[], []]
        with pytest.raises(Patience):
            server.ask("GET", "/v1/projects")
    assert len(waited) == 2
    assert all(0 < seconds <= 60 for seconds in waited)


class Patience(Exception):
    """Enough was waited for one test."""


def test_a_server_limits_what_its_settings_say(tmp_path: Path) -> None:
    few = {**LIMITS, "requests_per_minute_per_token": 5, "failed_tokens_per_minute_per_address": 2}
    with (
        settings_in(tmp_path) as settings,
        Installation(settings.model_copy(update=few)) as installation,
        running_server(installation) as url,
        httpx.Client(base_url=url, headers={"Authorization": f"Bearer {TOKEN}"}) as client,
    ):
        assert client.get("/v1/projects").headers["RateLimit-Remaining"] == "4"
        wrong = {"Authorization": "Bearer wrong"}
        assert [client.get("/v1/projects", headers=wrong).status_code for _ in range(3)] == [401, 401, 429]
        answers = [client.get("/v1/projects") for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
        problem = answers[-1].json()
        assert (problem["code"], problem["type"]) == ("too-many-requests", "/problems/too-many-requests")
        assert int(answers[-1].headers["Retry-After"]) == problem["retry_after"] <= 60
        assert answers[-1].headers["X-Correlation-Id"]
        assert client.get("/readyz").status_code == 200
