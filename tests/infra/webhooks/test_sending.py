"""Sending over a real socket: to no address that is not allowed, in bounded time, and whatever comes back is said."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, Thread
from time import monotonic
from typing import Any

import pytest

from annolog.domain.project.webhook import Webhook
from annolog.infra.webhooks.sending import HttpSender
from annolog.services.delivering import Reply
from tests.infra.event_log.samples import SAMPLES
from tests.infra.webhooks.test_message import ALL_LEAVES, recorded
from tests.receiver import SECRET, is_genuine, receiving


def send(url: str, *, to_private: bool = True, limit: float = 5.0) -> Reply:
    async def once() -> Reply:
        webhook = Webhook(1, url, frozenset(), False, "")
        clock = lambda: datetime(2026, 11, 24, 12, tzinfo=UTC)  # noqa: E731
        async with HttpSender("/x", clock, ALL_LEAVES, to_private_addresses=to_private, limit_seconds=limit) as sender:
            return await sender.send(webhook, SECRET, recorded(SAMPLES[0]))

    return asyncio.run(once())


@contextmanager
def answering(answer: bytes, *, drip_seconds: float = 0.0) -> Iterator[str]:
    """A server that says these very bytes, all at once or one after the other."""
    over = Event()

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65_536)
            for byte in [answer] if not drip_seconds else [bytes([one]) for one in answer]:
                try:
                    connection.sendall(byte)
                except OSError:
                    return
                if drip_seconds and over.wait(drip_seconds):
                    return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        over.set()
        thread.join()


def test_what_arrives_names_the_host_as_it_was_written_and_is_signed() -> None:
    with receiving() as receiver:
        reply = send(receiver.url.replace("127.0.0.1", "localhost"))
    assert reply == Reply(200)
    [request] = receiver.requests
    assert request.headers["host"].startswith("localhost:")
    assert is_genuine(request)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "0x7f.1", "2130706433"])
def test_a_name_that_leads_to_a_private_address_gets_nothing(host: str) -> None:
    with receiving() as receiver:
        reply = send(receiver.url.replace("127.0.0.1", host), to_private=False)
        assert receiver.requests == []
    assert reply.status is None
    assert "not on the open network" in reply.error


def test_what_was_looked_up_is_what_is_spoken_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that leads elsewhere at the second look does not get past the check."""
    asked: list[Any] = []
    real = socket.getaddrinfo

    def changing(host: Any, *more: Any, **named: Any) -> Any:
        asked.append(host)
        return real("127.0.0.1" if len(asked) == 1 else "192.0.2.1", *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    with receiving() as receiver:
        assert send(receiver.url.replace("127.0.0.1", "changing.example")).status == 200
    assert asked[0] == "changing.example"


def test_a_redirection_is_not_followed() -> None:
    with receiving() as other:
        moved = f"HTTP/1.1 307 Moved\r\nlocation: {other.url}\r\ncontent-length: 0\r\n\r\n".encode()
        with answering(moved) as url:
            assert send(url).status == 307
        assert other.requests == []


def test_a_receiver_that_trickles_is_left_after_the_time_limit() -> None:
    begun = monotonic()
    with answering(b"HTTP/1.1 200 OK\r\nx-slow: " + b"y" * 1_000, drip_seconds=0.1) as url:
        reply = send(url, limit=0.7)
    assert reply == Reply(None, "no answer within 0.7 s")
    assert monotonic() - begun < 5


def test_the_beginning_of_what_a_receiver_says_is_kept() -> None:
    body = b"no such\x00hook " + b"z" * 10_000
    answer = b"HTTP/1.1 404 Not Found\r\nretry-after: 30\r\ncontent-length: %d\r\n\r\n" % len(body) + body
    with answering(answer) as url:
        reply = send(url)
    assert (reply.status, reply.retry_after_seconds) == (404, 30)
    assert reply.error.startswith("HTTP 404: no such hook zzz")
    assert len(reply.error) < 400


@pytest.mark.parametrize("answer", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\n"])
def test_what_is_no_answer_is_a_failure_with_its_reason(answer: bytes) -> None:
    with answering(answer) as url:
        reply = send(url, limit=2)
    assert reply.status is None
    assert reply.error


def test_nobody_there_is_a_failure_with_its_reason() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert "ConnectError" in send(f"http://127.0.0.1:{port}/").error
    assert send("http://no-such-host.invalid/").status is None
