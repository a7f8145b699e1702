"""Exactly one at a time: a lock that a session of PostgreSQL holds as long as it lives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event

import psycopg

from annolog.infra.databases import SERVER_KEEPALIVE_OF_A_LEADER
from annolog.infra.event_log.notices import listening

STANDBY_SECONDS = 0.5


@contextmanager
def leadership(
    url: str, lock: int, stopping: Event, stands_by: Callable[[], None] = lambda: None
) -> Iterator[psycopg.Connection | None]:
    """The session that holds the lock, once nobody else does; None if it is time to stop first.

    Whoever leads works in this very session: if it is cut, the lock is gone and so is the means to go on. `stands_by`
    is called whenever the session was asked and somebody else leads.
    """
    with listening(url, SERVER_KEEPALIVE_OF_A_LEADER) as session:
        while not stopping.is_set():
            held = session.execute("SELECT pg_try_advisory_lock(%s)", (lock,)).fetchone()
            if held is not None and held[0]:
                yield session
                return
            stands_by()
            stopping.wait(STANDBY_SECONDS)
        yield None
