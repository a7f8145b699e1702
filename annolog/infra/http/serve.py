"""Running the API: in the foreground, or beside the caller on a port of its own."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from time import sleep

import uvicorn

from annolog.infra.composition import Installation
from annolog.infra.http.app import create_app

GRACE_SECONDS = 10
START_SECONDS = 30.0


def _server(installation: Installation, host: str, port: int) -> uvicorn.Server:
    config = uvicorn.Config(
        create_app(installation),
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    return uvicorn.Server(config)


class _Announcing(uvicorn.Server):
    """Calls back once it accepts connections."""

    ready: Callable[[], None] = staticmethod(lambda: None)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self.ready()


def serve(installation: Installation, host: str, port: int, ready: Callable[[], None] = lambda: None) -> None:
    """Serve until a signal ends it; `ready` is called once it accepts connections. A taken port raises `OSError`."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
    server = _Announcing(_server(installation, host, port).config)
    server.ready = ready
    server.run()


@contextmanager
def running_server(installation: Installation, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve on a thread; gives the address."""
    server = _server(installation, host, port)
    thread = Thread(target=server.run, name="http", daemon=True)
    thread.start()
    for _ in range(int(START_SECONDS / 0.01)):
        if server.started:
            break
        sleep(0.01)
    address = server.servers[0].sockets[0].getsockname()
    try:
        yield f"http://{address[0]}:{address[1]}"
    finally:
        server.should_exit = True
        thread.join(GRACE_SECONDS)
