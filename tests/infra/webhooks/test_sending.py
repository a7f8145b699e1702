"""Sending over a real socket: to no address that is not allowed, in bounded time, and whatever comes back is said."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import monotonic
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

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


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["::ffff:127.0.0.1"],
        ["::ffff:169.254.169.254"],
        ["169.254.169.254"],
        ["fe80::1%eth0"],
        ["fd00:ec2::254"],
        ["93.184.215.14", "10.0.0.1"],
        ["64:ff9b::7f00:1"],
    ],
)
def test_a_name_is_judged_by_every_address_it_has(addresses: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def found(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    reply = send("http://seems-open.example/", to_private=False)
    assert reply.status is None
    assert f"seems-open.example is at {addresses[-1]}, which is not on the open network" in reply.error


@pytest.mark.parametrize("host", ["a" * 64 + ".example", "a..example", ".example", "-"])
def test_a_name_that_nobody_can_have_is_a_failure_with_its_reason(host: str) -> None:
    reply = send(f"http://{host}/")
    assert reply.status is None
    assert reply.error


def test_a_name_proves_who_it_is_also_where_another_one_at_the_same_address_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A connection that is kept open belongs to the name that it was opened for."""
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *more, **named: real("127.0.0.1", *more, **named))

    async def both(port: int, trusted: ssl.SSLContext) -> list[Reply]:
        clock = lambda: datetime(2026, 11, 24, 12, tzinfo=UTC)  # noqa: E731
        async with HttpSender("/x", clock, ALL_LEAVES, to_private_addresses=True, trusted=trusted) as sender:
            names = ("a.example", "a.example", "b.example")
            hooks = [Webhook(1, f"https://{name}:{port}/", frozenset(), False, "") for name in names]
            return [await sender.send(hook, SECRET, recorded(SAMPLES[0])) for hook in hooks]

    with encrypted("a.example") as (port, trusted, hosts):
        first, second, other = asyncio.run(both(port, trusted))
    assert (first.status, second.status) == (503, 503)
    assert other.status is None
    assert "CERTIFICATE_VERIFY_FAILED" in other.error
    assert hosts == [f"a.example:{port}"] * 2


@contextmanager
def encrypted(name: str) -> Iterator[tuple[int, ssl.SSLContext, list[str]]]:
    """A receiver that proves to be one name: its port, who believes it, and which hosts it was asked for."""
    hosts: list[str] = []

    class Taking(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            hosts.append(self.headers["host"])
            self.rfile.read(int(self.headers["content-length"]))
            # Of a refusal all is read, and the connection can be used again.
            self.send_response(503)
            self.send_header("content-length", "5")
            self.end_headers()
            self.wfile.write(b"later")

        def log_message(self, *_: object) -> None:
            """Tests are quiet."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that does not believe who this is hangs up."""

    with TemporaryDirectory() as folder:
        file = certificate_of(name, Path(folder))
        here = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        here.load_cert_chain(file)
        there = ssl.create_default_context(cafile=file)
        with Server(("127.0.0.1", 0), Taking) as server:
            server.socket = here.wrap_socket(server.socket, server_side=True)
            thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
            thread.start()
            yield server.server_address[1], there, hosts
            server.shutdown()
            thread.join()


def certificate_of(name: str, folder: Path) -> Path:
    """A certificate for a name, signed by itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / "certificate.pem"
    file.write_bytes(key.private_bytes(*plain) + made.public_bytes(serialization.Encoding.PEM))
    return file


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
