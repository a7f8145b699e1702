"""The doorbell across processes: PostgreSQL's NOTIFY says that there is something new, never what."""

from __future__ import annotations

import logging
from selectors import EVENT_READ, DefaultSelector
from socket import socketpair
from threading import Event, Thread
from typing import Any

import psycopg
from sqlalchemy import URL, Connection

from annolog.infra.databases import KEEPALIVE, SERVER_KEEPALIVE
from annolog.infra.event_log.doorbell import Doorbell
from annolog.projections.engine.statements import execute

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
RETRY_SECONDS = 0.5


def notify(connection: Connection, channel: str) -> None:
    """Ring, once the transaction is committed."""
    execute(connection, "SELECT pg_notify(?, '')", (channel,))


def listening(url: str, keepalive: str = SERVER_KEEPALIVE) -> psycopg.Connection:
    """A connection outside any pool, for a session that lasts; how the server finds out that we are gone."""
    settings: dict[str, Any] = {**KEEPALIVE, "options": keepalive}
    return psycopg.connect(url, autocommit=True, **settings)


class NoticeBoard:
    """Rings a doorbell of this process whenever another one announces something.

    It holds a connection of its own, which a pooler must not share between sessions. While that is broken nobody
    hears anything, so whoever follows looks by itself from time to time; once it is back the bell rings in any case.
    """

    def __init__(self, url: URL, channel: str, doorbell: Doorbell) -> None:
        self._url = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._channel = channel
        self._doorbell = doorbell
        self._stopping = Event()
        self._told, self._tell = socketpair()
        self._thread = Thread(target=self._run, name=f"notices of {channel}", daemon=True)

    def start(self) -> None:
        """Listen on a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Listen no more."""
        self._stopping.set()
        self._tell.close()
        if self._thread.ident is not None:
            self._thread.join()
        self._told.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with listening(self._url) as connection:
                    connection.execute(f'LISTEN "{self._channel}"')
                    self._doorbell.ring()
                    self._listen(connection)
            except psycopg.Error as trouble:
                logger.warning("notices are not heard", extra={"channel": self._channel, "cause": str(trouble)})
                self._stopping.wait(RETRY_SECONDS)

    def _listen(self, connection: psycopg.Connection) -> None:
        with DefaultSelector() as selector:
            # Whoever is told to stop does so at once: the other end of the pair is closed then.
            for source in (connection, self._told):
                selector.register(source, EVENT_READ)
            while not self._stopping.is_set():
                selector.select(LOOK_SECONDS)
                for _ in connection.notifies(timeout=0):
                    self._doorbell.ring()
