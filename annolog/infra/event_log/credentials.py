"""What people come in with, beside the log: hashes of passwords, digests of sessions. Events never hold either."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from annolog.commands.ports import Credentials
from annolog.domain.activity.events import SignInMethod
from annolog.domain.people.sessions import Session
from annolog.infra.event_log import schema
from annolog.projections.engine.moments import microseconds, moment
from annolog.projections.engine.statements import delete_keys, execute, select_keys, upsert_rows

ENDS_ALL = "DELETE FROM session WHERE person = ?"
ENDS_BEGUN = "DELETE FROM session WHERE person = ? AND begun_at <= ?"
ENDS_THERE = "DELETE FROM session WHERE provider = ? AND provider_session = ?"
SEEN = "UPDATE session SET seen_at = ? WHERE digest = ? AND seen_at < ?"
LAPSED = "DELETE FROM session WHERE seen_at < ? OR begun_at < ?"


def keep(connection: Connection, credentials: Iterable[Credentials], now: datetime) -> None:
    """Keep what commands said of passwords and sessions, in their order."""
    for said in credentials:
        rows = [(who, hash, microseconds(now)) for who, hash in said.passwords.items() if hash is not None]
        upsert_rows(connection, schema.password, rows)
        delete_keys(connection, schema.password, [(who,) for who, hash in said.passwords.items() if hash is None])
        for person in said.ended_of:
            execute(connection, ENDS_ALL, (person,))
        for person, by in said.ended_by.items():
            execute(connection, ENDS_BEGUN, (person, microseconds(by)))
        for there in said.ended_there:
            execute(connection, ENDS_THERE, there)
        delete_keys(connection, schema.session, [(digest,) for digest in said.ended])
        for digest, at in said.seen.items():
            execute(connection, SEEN, (microseconds(at), digest, microseconds(at)))
        if said.lapsed is not None:
            execute(connection, LAPSED, tuple(map(microseconds, said.lapsed)))
        upsert_rows(connection, schema.session, [_row(session) for session in said.begun])


def session(connection: Connection, digest: str) -> Session | None:
    """The session of this digest, whether or not it still holds."""
    for row in select_keys(connection, schema.session, [(digest,)]):
        return _session(row)
    return None


def sessions_of(connection: Connection, person: int) -> list[Session]:
    """The sessions of a person, whether or not they still hold, by when they began."""
    sql = "SELECT digest, person, method, provider, provider_session, begun_at, seen_at FROM session WHERE person = ?"
    return sorted((_session(row) for row in execute(connection, sql, (person,))), key=lambda one: one.begun_at)


def password(connection: Connection, person: int) -> str | None:
    """The hash of somebody's password, if they have one."""
    for row in select_keys(connection, schema.password, [(person,)]):
        return str(row[1])
    return None


def _session(row: Sequence[Any]) -> Session:
    return Session(row[0], row[1], SignInMethod(row[2]), moment(row[5]), moment(row[6]), row[3], row[4])


def _row(session: Session) -> tuple[object, ...]:
    begun, seen = microseconds(session.begun_at), microseconds(session.seen_at)
    there = (session.provider, session.provider_session)
    return (session.digest, session.person, session.method.value, *there, begun, seen)
