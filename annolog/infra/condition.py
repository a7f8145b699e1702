"""How everything is at a glance: how far each reader is, since when, and what stands in its way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from time import time
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, select

from annolog.infra.event_log.log import HOT
from annolog.infra.event_log.recorder import SqlRecorder
from annolog.infra.event_log.schema import event, relay_note
from annolog.infra.read_models import PROJECTORS
from annolog.infra.read_side import PREFIX, REACTIONS
from annolog.infra.settings import InstallationSettings
from annolog.infra.webhooks import deliveries
from annolog.projections.engine import bookmarks
from annolog.projections.engine.bookmarks import Bookmark
from annolog.projections.engine.moments import MICROSECONDS, moment
from annolog.projections.engine.parking import Parked, all_parked
from annolog.services.delivering import Standing as Delivering

# Behind for longer than this without having moved is no delay but a standstill.
STALLED_SECONDS = 10.0
# A million events are folded anew in two minutes; what has answered with old figures for longer wants to be looked at.
RENEWAL_SECONDS = 300.0


class Standing(StrEnum):
    """What can be said of a reader."""

    CURRENT = "current"
    BEHIND = "behind"
    STALLED = "stalled"
    RENEWING = "renewing"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class ReaderCondition:
    """One read model, group of reactions, or the relay. `since` is when it last moved, `still_seconds` ago."""

    name: str
    version: int
    position: int
    lag_events: int
    lag_seconds: float
    still_seconds: float
    parked: int
    standing: Standing
    since: str | None

    def reasons(self) -> list[str]:
        """What is not as it should be, in words."""
        found = []
        since = f"has not moved since {self.since}" if self.since else "has never moved"
        if self.parked:
            found.append(f"{self.name} has parked {self.parked} events; see `annolog events parked`")
        if self.standing is Standing.STALLED:
            behind = f"{self.lag_events} events, {self.lag_seconds:.0f} s behind"
            found.append(f"{self.name} is {self.standing}: {behind}, and {since}")
        if self.standing is Standing.RENEWING and self.still_seconds > RENEWAL_SECONDS:
            found.append(f"{self.name} is to be built anew and {since}; the projectors' /readyz and logs tell why")
        return found


@dataclass(frozen=True, slots=True)
class Condition:
    """The whole installation as its databases show it."""

    position: int
    readers: Sequence[ReaderCondition]
    parked: Sequence[Parked]
    failing: Sequence[Delivering] = ()

    @property
    def lag(self) -> int:
        """Events that the reader furthest behind has before it."""
        return max((reader.lag_events for reader in self.readers), default=0)

    def reasons(self) -> list[str]:
        """What is not as it should be, in words."""
        of_readers = [reason for reader in self.readers for reason in reader.reasons()]
        return of_readers + [_failure(one) for one in self.failing]

    def shown(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "position": self.position,
            "lag": self.lag,
            "parked": len(self.parked),
            "failing_webhooks": [asdict(one) for one in self.failing],
            "reasons": self.reasons(),
            "readers": [asdict(reader) for reader in self.readers],
        }


class Installed(Protocol):
    """An installation, as far as its databases are concerned."""

    @property
    def settings(self) -> InstallationSettings:
        """What it was told."""
        ...

    @property
    def log_reader(self) -> Engine:
        """The log."""
        ...

    @property
    def read_engine(self) -> Engine:
        """The read models."""
        ...


def condition_of(installed: Installed) -> Condition:
    """How the installation is now. Writes nothing; raises the database's error where it cannot be reached."""
    settings = installed.settings
    wanted = {projector.name: projector.version for projector in PROJECTORS}
    # Who never ran has no bookmark, and is no less behind for that.
    wanted |= dict.fromkeys((*(PREFIX + name for name in REACTIONS), deliveries.READER), 0)
    with installed.log_reader.connect() as connection:
        head = SqlRecorder.head(connection)
        noted = select(relay_note.c.position, relay_note.c.moved_at).where(relay_note.c.topic == settings.kafka_topic)
        relay = connection.execute(noted).first()
    with installed.read_engine.connect() as connection:
        marks = bookmarks.read(connection)
        parked = all_parked(connection)
        failing = deliveries.failing(connection)
    wanted |= dict.fromkeys((name for name in marks if name.startswith(PREFIX)), 0)
    if settings.kafka_bootstrap is not None:
        wanted["relay"] = 0
        marks["relay"] = {} if relay is None else {0: Bookmark(0, relay.position, 0, relay.moved_at)}
    readers = [ReaderCondition(hot.name, hot.version, head, 0, 0.0, 0.0, 0, Standing.CURRENT, None) for hot in HOT]
    with installed.log_reader.connect() as connection:
        for name, version in wanted.items():
            aside = sum(1 for one in parked if one.reader == name)
            readers.append(_reader(connection, name, version, marks.get(name, {}), head, aside))
    return Condition(head, readers, parked, failing)


def _failure(one: Delivering) -> str:
    since = f" since {one.failing_since.isoformat()}" if one.failing_since else ""
    return f"webhook {one.webhook} of project {one.project} fails{since}, {one.attempts} times so far: {one.last_error}"


def _reader(
    connection: Connection, name: str, version: int, marks: Mapping[int, Bookmark], head: int, parked: int
) -> ReaderCondition:
    position = bookmarks.least(marks)
    lag = max(0, head - position)
    late = _seconds_late(connection, position) if lag else 0.0
    moved_at = max((mark.moved_at for mark in marks.values()), default=0)
    still = _seconds_since(moved_at)
    if any(mark.version < version for mark in marks.values()):
        standing = Standing.RENEWING
    elif parked:
        standing = Standing.PARKED
    elif lag and min(late, still) > STALLED_SECONDS:
        standing = Standing.STALLED
    else:
        standing = Standing.BEHIND if lag else Standing.CURRENT
    since = moment(moved_at).isoformat() if moved_at else None
    return ReaderCondition(name, version, position, lag, late, still, parked, standing, since)


def _seconds_late(connection: Connection, position: int) -> float:
    following = select(event.c.recorded_at).where(event.c.position > position).order_by(event.c.position).limit(1)
    recorded_at = connection.execute(following).scalar()
    return 0.0 if recorded_at is None else _seconds_since(recorded_at)


def _seconds_since(microseconds: int) -> float:
    return max(0.0, time() - microseconds / MICROSECONDS)
