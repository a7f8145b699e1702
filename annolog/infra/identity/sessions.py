"""Who a browser speaks for, by what it was given when somebody signed in."""

from __future__ import annotations

import logging
import secrets
from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta
from threading import Lock
from time import monotonic
from typing import Protocol
from uuid import uuid4

from sqlalchemy import Engine

from annolog.commands.command import Answer, Request
from annolog.commands.ports import Clock
from annolog.commands.scope import SYSTEM
from annolog.commands.signing_in import BeginSession, NoteSessions
from annolog.domain.activity.events import SignInMethod
from annolog.domain.people.sessions import Session, SessionRules
from annolog.infra.digests import digest_of
from annolog.infra.event_log import credentials

logger = logging.getLogger(__name__)

# How long another process may go on with a session that was ended.
REMEMBERED_SECONDS = 1.0
MOST_REMEMBERED = 10_000
NOTED_EVERY = timedelta(minutes=1)


class Bus(Protocol):
    """Where commands go."""

    def send(self, request: Request) -> Future[Answer]:
        """Have a command run."""
        ...


class Sessions:
    """Finds sessions, and notes now and then that they are in use."""

    def __init__(self, reader: Engine, bus: Bus, clock: Clock, rules: SessionRules) -> None:
        self.rules = rules
        self._reader = reader
        self._bus = bus
        self._clock = clock
        self._lock = Lock()
        self._remembered: dict[str, tuple[float, Session | None]] = {}

    def find(self, token: str, *, using: bool = True) -> Session | None:
        """The session that a browser has, if it still holds; `using` it is noted. Reads the database, unless it did a
        moment ago.
        """
        digest, now = digest_of(token), self._clock()
        session = self._known(digest)
        if session is None or not session.holds(now, self.rules):
            return None
        if using and now - session.seen_at > NOTED_EVERY:
            self._note(replace(session, seen_at=now))
        return session

    def beginning(
        self, person: int, method: SignInMethod, provider: str = "", provider_session: str = ""
    ) -> tuple[str, BeginSession]:
        """What a browser is to be given, once the command that goes with it has run."""
        token, now = secrets.token_urlsafe(32), self._clock()
        command = BeginSession(
            person=person,
            digest=digest_of(token),
            method=method,
            provider=provider,
            provider_session=provider_session,
            idle_since=now - self.rules.idle,
            begun_before=now - self.rules.absolute,
        )
        return token, command

    def of(self, person: int) -> list[Session]:
        """The sessions that speak for a person, by when they began. Reads the database."""
        now = self._clock()
        with self._reader.connect() as connection:
            found = credentials.sessions_of(connection, person)
        return [session for session in found if session.holds(now, self.rules)]

    def forget(self, token: str) -> None:
        """Look at the database again for this one."""
        with self._lock:
            self._remembered.pop(digest_of(token), None)

    def forget_all_of(self, person: int) -> None:
        """Look at the database again for all that somebody has."""
        with self._lock:
            gone = [digest for digest, (_, found) in self._remembered.items() if found and found.person == person]
            for digest in gone:
                del self._remembered[digest]

    def _known(self, digest: str) -> Session | None:
        with self._lock:
            found = self._remembered.get(digest)
        if found is not None and found[0] > monotonic():
            return found[1]
        with self._reader.connect() as connection:
            session = credentials.session(connection, digest)
        self._remember(digest, session)
        return session

    def _remember(self, digest: str, session: Session | None) -> None:
        with self._lock:
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[digest] = (monotonic() + REMEMBERED_SECONDS, session)

    def _note(self, session: Session) -> None:
        self._remember(session.digest, session)
        command = NoteSessions(seen={session.digest: session.seen_at})
        self._bus.send(Request(command, uuid4(), SYSTEM.id)).add_done_callback(_noted)


def _noted(answer: Future[Answer]) -> None:
    trouble = answer.exception()
    if trouble is not None:
        logger.warning("use of a session was not noted", extra={"cause": repr(trouble)})


def session_rules(idle_minutes: float, absolute_hours: float) -> SessionRules:
    """The rules as settings say them."""
    return SessionRules(timedelta(minutes=idle_minutes), timedelta(hours=absolute_hours))
