"""What is too large, too long or too slow ends, with a word about it where one can be said."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import monotonic

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from annolog.infra.http.connections import ImpatientProtocol
from annolog.infra.http.limits import MOST_HEADERS, SLOWEST_BYTES_PER_SECOND, BodyLimit, HeadLimit
from tests.infra.http.asgi import Answered, ask, saying, scope_of, through
from tests.infra.http.conftest import TOKEN, Api


async def reading(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    await PlainTextResponse(str(len(body)))(scope, receive, send)


def sent_in(pieces: int, size: int, pause: float, patience: float = 0.2, most: int = 10_000) -> Answered:
    """A body in pieces, each of which takes a while to come."""

    async def run() -> Answered:
        waiting = list(range(pieces))

        async def receive() -> Message:
            await asyncio.sleep(pause)
            waiting.pop()
            return {"type": "http.request", "body": b"x" * size, "more_body": bool(waiting)}

        return await through(BodyLimit(reading, most, most, patience), scope_of(method="POST"), receive)

    return asyncio.run(run())


def test_a_body_that_trickles_is_not_waited_for() -> None:
    began = monotonic()
    answer = sent_in(1_000, 1, 0.01)
    assert (answer.status, answer.code, answer.headers["connection"]) == (408, "too-slow", "close")
    assert 0.2 <= monotonic() - began < 2


def test_a_body_that_stops_coming_is_not_waited_for() -> None:
    assert sent_in(2, 1, 60).code == "too-slow"


def test_a_large_body_has_the_time_that_its_size_needs() -> None:
    size = SLOWEST_BYTES_PER_SECOND // 10
    answer = sent_in(8, size, 0.06)
    assert (answer.status, answer.body) == (200, b"%d" % (8 * size))


def test_a_body_that_is_too_large_ends_its_connection() -> None:
    answer = sent_in(3, 100, 0, most=250)
    assert (answer.status, answer.code, answer.headers["connection"]) == (413, "too-large", "close")


def test_waiting_for_somebody_to_leave_is_not_waiting_for_a_body() -> None:
    async def patient(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        left = await receive()
        await PlainTextResponse(left["type"])(scope, receive, send)

    async def run() -> Answered:
        messages = [{"type": "http.disconnect"}, {"type": "http.request", "body": b"", "more_body": False}]

        async def receive() -> Message:
            if len(messages) == 1:
                await asyncio.sleep(0.4)
            return messages.pop()

        return await through(BodyLimit(patient, 10, 10, 0.1), scope_of(method="POST"), receive)

    assert asyncio.run(run()).body == b"http.disconnect"


@pytest.mark.parametrize(
    ("scope", "status"),
    [
        (scope_of("/" + "x" * 8_191), 200),
        (scope_of("/" + "x" * 8_192), 414),
        ({**scope_of(), "query_string": b"x" * 8_192}, 414),
        (scope_of(headers=[("x", "y")] * MOST_HEADERS), 200),
        (scope_of(headers=[("x", "y")] * (MOST_HEADERS + 1)), 431),
        (scope_of(headers={"x": "y" * 32_767}), 200),
        (scope_of(headers={"x": "y" * 32_768}), 431),
    ],
)
def test_urls_and_headers_have_an_end(scope: Scope, status: int) -> None:
    answer = ask(HeadLimit(saying()), scope)
    assert answer.status == status
    assert status == 200 or answer.headers["content-type"] == "application/problem+json"


@contextmanager
def connected(api: Api) -> Iterator[socket.socket]:
    host, port = api.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as found:
        yield found


@pytest.fixture
def connection(api: Api, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """A connection to a server that waits half a second for a head."""
    monkeypatch.setattr(ImpatientProtocol, "head_seconds", 0.5)
    with connected(api) as found:
        yield found


def said(connection: socket.socket) -> bytes:
    """All that comes until the server ends the connection."""
    found = b""
    try:
        while piece := connection.recv(65_536):
            found += piece
    except ConnectionResetError:
        pass
    return found


def test_a_connection_that_says_nothing_ends_without_a_word(connection: socket.socket) -> None:
    """A browser opens some in advance; an answer there would be taken for that to its next question."""
    began = monotonic()
    assert said(connection) == b""
    assert monotonic() - began < 5


def test_a_head_that_trickles_ends(connection: socket.socket) -> None:
    connection.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\nx-slow: ")
    connection.settimeout(0.05)
    began, answer = monotonic(), b""
    while not answer and monotonic() - began < 5:
        connection.sendall(b"y")
        with suppress(TimeoutError):
            answer = connection.recv(100)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert monotonic() - began >= 0.4


def test_a_second_head_that_trickles_ends_too(connection: socket.socket) -> None:
    connection.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\nGET /livez HTTP/1.1\r\nHost:")
    answer = said(connection)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"HTTP/1.1 408 " in answer


@pytest.mark.parametrize(
    ("beginning", "line"),
    [
        (b"GET /", b"y" * 1_000),
        (b"GET / HTTP/1.1\r\nx: ", b"y" * 1_000),
        (b"GET / HTTP/1.1\r\n", b"x-more: y\r\n" * 100),
        (b"", b"\r\n" * 500),
    ],
)
def test_a_head_without_an_end_is_not_kept(shared_api: Api, beginning: bytes, line: bytes) -> None:
    began = monotonic()

    def say_on(connection: socket.socket) -> None:
        connection.sendall(beginning)
        while monotonic() - began < 5:
            connection.sendall(line)

    with connected(shared_api) as connection, pytest.raises((BrokenPipeError, ConnectionResetError)):
        say_on(connection)


def test_one_connection_serves_many_requests_and_bodies_of_any_size(connection: socket.socket) -> None:
    body = b"x" * 90_000
    request = b"POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    for _ in range(3):
        connection.sendall(request)
    connection.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    answer = said(connection)
    assert answer.count(b"HTTP/1.1 404 ") == 3
    assert answer.count(b"HTTP/1.1 200 ") == 1


def test_what_comes_after_a_body_is_no_header(connection: socket.socket) -> None:
    """A header behind a body would be seen by us alone, not by the proxy that decided who may come in."""
    head = b"POST /v1/projects HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    connection.sendall(head + b"2\r\n{}\r\n0\r\nAuthorization: Bearer " + TOKEN.encode() + b"\r\n\r\n")
    assert said(connection).startswith(b"HTTP/1.1 401 ")


def test_long_heads_are_refused_in_words(shared_api: Api) -> None:
    long = shared_api.ask("GET", "/v1/projects", headers={"x-long": "y" * 40_000})
    assert (long.status_code, long.json()["code"]) == (431, "headers-too-large")
    assert shared_api.ask("GET", "/v1/projects", headers={"x-long": "y" * 20_000}).status_code == 200
    url = shared_api.ask("GET", f"/v1/projects?{'x' * 9_000}")
    assert (url.status_code, url.json()["code"]) == (414, "url-too-long")


def test_an_answer_under_way_is_not_cut_by_the_wait_for_a_head(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImpatientProtocol, "head_seconds", 0.3)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.stream("GET", f"{api.url}/v1/events/stream", headers=headers, timeout=10) as stream:
        lines = stream.iter_lines()
        assert next(lines) == "retry: 2000"
        began = monotonic()
        while monotonic() - began < 0.8:
            api.done("POST", "/v1/projects", json={"title": "told of"})
        told = [line for line in (next(lines) for _ in range(40)) if line == "event: ProjectCreated"]
    assert len(told) > 2
