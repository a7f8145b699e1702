"""A receiver of webhooks as somebody else would write it: a plain HTTP server that keeps what it gets."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from time import monotonic, sleep
from typing import Any

SECRET = "whsec_" + base64.b64encode(b"the key of the tests, 32 bytes..").decode()


@dataclass(frozen=True)
class Request:
    """One that came in."""

    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def type(self) -> str:
        return str(self.event["type"])

    @property
    def sequence(self) -> int:
        return int(self.event["sequence"])


class Receiver:
    """Answers 200, or what `answer` says; hangs as long as `hanging` is set."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.taken: list[Request] = []
        self.answer: Callable[[Request], int] = lambda _: 200
        self.hanging = False
        self.released = Event()
        self.url = ""
        self.lock = Lock()

    def take(self, request: Request) -> int:
        with self.lock:
            self.requests.append(request)
            hanging = self.hanging
        if hanging:
            self.released.wait(60)
        with self.lock:
            status = self.answer(request)
            if 200 <= status < 300:
                self.taken.append(request)
        return status

    def wait_for(self, condition: Callable[[], bool], seconds: float = 20) -> None:
        """Wait until it is so, and fail if that never comes."""
        until = monotonic() + seconds
        while not condition():
            assert monotonic() < until, [request.event for request in self.requests[-3:]]
            sleep(0.01)

    def wait_for_type(self, type: str) -> Request:
        self.wait_for(lambda: any(request.type.startswith(type) for request in self.taken))
        return next(request for request in self.taken if request.type.startswith(type))

    @property
    def sequences(self) -> list[int]:
        """The positions of what was taken, in the order of arrival."""
        return [request.sequence for request in self.taken]


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status = receiver.take(Request({name.lower(): value for name, value in self.headers.items()}, body))
            try:
                self.send_response(status)
                self.send_header("content-length", "0")
                self.end_headers()
            except OSError:
                # Whoever sent this has waited long enough.
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            pass

    with Server(("127.0.0.1", 0), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hook?of=annolog"
        thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            receiver.released.set()
            server.shutdown()
            thread.join()


def is_genuine(request: Request, secret: str = SECRET) -> bool:
    """Whether the signature is right, computed here from the description of the scheme alone."""
    key = base64.b64decode(secret.split("_", 1)[1])
    signed = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode() + request.body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return f"v1,{expected}" in request.headers["webhook-signature"].split()
