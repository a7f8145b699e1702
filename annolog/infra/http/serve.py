"""Running the API: in the foreground, or beside the caller on a port of its own."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from time import sleep

import uvicorn
from fastapi import FastAPI

from annolog.infra.composition import Installation
from annolog.infra.http.app import create_app, create_watch_app
from annolog.infra.http.connections import ImpatientProtocol

GRACE_SECONDS = 10
KEEP_ALIVE_SECONDS = 5
START_SECONDS = 30.0


def _server(app: FastAPI, host: str, port: int) -> uvicorn.Server:
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="uvloop",
        http=ImpatientProtocol,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        # Who runs behind which proxy is said by the settings, and read by `client`.
        proxy_headers=False,
        server_header=False,
    )
    return uvicorn.Server(config)


class _Announcing(uvicorn.Server):
    """Calls back once it accepts connections."""

    ready: Callable[[], None] = staticmethod(lambda: None)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self.ready()


def serve(
    installation: Installation,
    host: str,
    port: int,
    ready: Callable[[], None] = lambda: None,
    pages: Callable[[FastAPI], None] = lambda _: None,
) -> None:
    """Serve until a signal ends it; `ready` is called once it accepts connections. A taken port raises `OSError`.

    `pages` puts pages beside the API.
    """
    app = create_app(installation)
    pages(app)
    serve_app(app, host, port, ready)


def serve_app(app: FastAPI, host: str, port: int, ready: Callable[[], None] = lambda: None) -> None:
    """Serve an application until a signal ends it. A taken port raises `OSError`."""
    _probe(host, port)
    server = _Announcing(_server(app, host, port).config)
    server.ready = ready
    server.run()


def _probe(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))


@contextmanager
def running_server(
    installation: Installation,
    host: str = "127.0.0.1",
    port: int = 0,
    pages: Callable[[FastAPI], None] = lambda _: None,
) -> Iterator[str]:
    """Serve the API on a thread, with what `pages` puts beside it; gives the address."""
    app = create_app(installation)
    pages(app)
    with _running(app, host, port) as url:
        yield url


@contextmanager
def running_watch(installation: Installation, host: str, port: int) -> Iterator[str]:
    """Serve what operators and probes ask, on a thread; gives the address. A taken port raises `OSError`."""
    _probe(host, port)
    with _running(create_watch_app(installation), host, port) as url:
        yield url


@contextmanager
def _running(app: FastAPI, host: str, port: int) -> Iterator[str]:
    server = _server(app, host, port)
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
