"""Where every webhook stands, in the read models' database: losing it costs repetitions, never an event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Engine, Integer, MetaData, Table

from annolog.projections.engine import bookmarks
from annolog.projections.engine.bookmarks import Bookmark
from annolog.projections.engine.columns import Text
from annolog.projections.engine.moments import microseconds, moment
from annolog.projections.engine.partitions import WHOLE
from annolog.projections.engine.statements import delete_keys, execute, upsert_rows
from annolog.services.delivering import Standing

READER = "webhooks"
VERSION = 1

metadata = MetaData()

webhook_delivery = Table(
    "webhook_delivery",
    metadata,
    Column("webhook", BigInteger, primary_key=True, autoincrement=False),
    Column("project", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False, comment="what concerns it up to here is delivered"),
    Column("delivered", BigInteger, nullable=False, comment="how many events, repetitions included"),
    Column("delivered_at", BigInteger, comment="the latest; microseconds since 1970, UTC"),
    Column("attempts", Integer, nullable=False, comment="failed ones since the latest delivery"),
    Column("failing_since", BigInteger, comment="microseconds since 1970, UTC"),
    Column("next_attempt_at", BigInteger, comment="microseconds since 1970, UTC"),
    Column("last_status", Integer, comment="of HTTP; empty if none came back"),
    Column("last_error", Text, nullable=False),
)
COLUMNS = ", ".join(f'"{column.name}"' for column in webhook_delivery.columns)


class SqlDeliveries:
    """Keeps where webhooks stand, and how far the log has been looked at for all of them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self) -> tuple[int | None, Sequence[Standing]]:
        """How far the log has been looked at, None if never, and where every webhook stands."""
        with self._engine.begin() as connection:
            marks = bookmarks.read(connection, [READER]).get(READER, {})
            return (bookmarks.least(marks) if marks else None), standings(connection)

    def note(self, scanned: int | None, standings: Sequence[Standing], gone: Sequence[int] = ()) -> None:
        """Keep all of it at once, or nothing."""
        with self._engine.begin() as connection:
            upsert_rows(connection, webhook_delivery, [_row(standing) for standing in standings])
            delete_keys(connection, webhook_delivery, [(webhook,) for webhook in gone])
            if scanned is not None:
                bookmarks.move(connection, {(READER, WHOLE): Bookmark(VERSION, scanned)})


def begin(engine: Engine) -> None:
    """See to it that there is a bookmark, as for reactions: who was only just set up does not stand still."""
    with engine.begin() as connection:
        bookmarks.begin(connection, {READER: VERSION}, (WHOLE,))


def standings(connection: Connection, project: int | None = None) -> list[Standing]:
    """Where every webhook stands, or those of a project, by id."""
    condition, parameters = ("", ()) if project is None else (" WHERE project = ?", (project,))
    sql = f"SELECT {COLUMNS} FROM webhook_delivery{condition} ORDER BY webhook"  # noqa: S608 - names of our own
    return [_standing(*row) for row in execute(connection, sql, parameters)]


def failing(connection: Connection) -> list[Standing]:
    """Webhooks whose receivers do not take what is sent to them."""
    return [standing for standing in standings(connection) if standing.attempts]


def _row(standing: Standing) -> tuple[Any, ...]:
    return (
        standing.webhook,
        standing.project,
        standing.position,
        standing.delivered,
        _counted(standing.delivered_at),
        standing.attempts,
        _counted(standing.failing_since),
        _counted(standing.next_attempt_at),
        standing.last_status,
        standing.last_error,
    )


def _standing(
    webhook: int,
    project: int,
    position: int,
    delivered: int,
    delivered_at: int | None,
    attempts: int,
    failing_since: int | None,
    next_attempt_at: int | None,
    last_status: int | None,
    last_error: str,
) -> Standing:
    return Standing(
        webhook,
        project,
        position,
        delivered,
        _moment(delivered_at),
        attempts,
        _moment(failing_since),
        _moment(next_attempt_at),
        last_status,
        last_error,
    )


def _counted(at: datetime | None) -> int | None:
    return None if at is None else microseconds(at)


def _moment(count: int | None) -> datetime | None:
    return None if count is None else moment(count)
