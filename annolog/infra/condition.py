"""How everything is at a glance: how far each reader is, since when, and what stands in its way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from annolog.domain.recorded import Recorded
from annolog.infra.composition import Installation, utc_now
from annolog.infra.event_log.log import HOT
from annolog.infra.event_log.schema import relay_note
from annolog.infra.read_models import PROJECTORS
from annolog.infra.read_side import PREFIX
from annolog.projections.engine import bookmarks
from annolog.projections.engine.bookmarks import Bookmark
from annolog.projections.engine.moments import MICROSECONDS, microseconds, moment
from annolog.projections.engine.parking import Parked, all_parked

# Behind for longer than this without having moved is no delay but a standstill.
STALLED_SECONDS = 10.0


class Standing(StrEnum):
    """What can be said of a reader."""

    CURRENT = "current"
    BEHIND = "behind"
    STALLED = "stalled"
    RENEWING = "renewing"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class ReaderCondition:
    """One read model, group of reactions, or the relay. `since` is when it last moved."""

    name: str
    version: int
    position: int
    lag_events: int
    lag_seconds: float
    parked: int
    standing: Standing
    since: str | None


@dataclass(frozen=True, slots=True)
class Condition:
    """The whole installation as its databases show it."""

    position: int
    readers: Sequence[ReaderCondition]
    parked: Sequence[Parked]

    @property
    def lag(self) -> int:
        """Events that the reader furthest behind has before it."""
        return max((reader.lag_events for reader in self.readers), default=0)

    def reasons(self) -> list[str]:
        """What is not as it should be, in words."""
        found = [
            f"{reader.name} has parked {reader.parked} events; see `annolog events parked`"
            for reader in self.readers
            if reader.parked
        ]
        return found + [
            f"{reader.name} is {reader.standing}: {reader.lag_events} events, {reader.lag_seconds:.0f} s behind,"
            f" and has not moved since {reader.since}"
            for reader in self.readers
            if reader.standing is Standing.STALLED
        ]

    def shown(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "position": self.position,
            "lag": self.lag,
            "parked": len(self.parked),
            "reasons": self.reasons(),
            "readers": [asdict(reader) for reader in self.readers],
        }


def condition_of(installation: Installation) -> Condition:
    """How the installation is now. Raises the database's error where it cannot be reached."""
    with installation.log_reader.connect() as connection:
        head = installation.log.recorder.head(connection)
        relay = connection.execute(
            select(relay_note.c.position, relay_note.c.moved_at).where(
                relay_note.c.topic == installation.settings.kafka_topic
            )
        ).first()
    with installation.read_engine.connect() as connection:
        marks = bookmarks.read(connection)
        parked = all_parked(connection)
    wanted = {projector.name: projector.version for projector in PROJECTORS}
    wanted |= dict.fromkeys((name for name in marks if name.startswith(PREFIX)), 0)
    if relay is not None and installation.settings.kafka_bootstrap is not None:
        wanted["relay"] = 0
        marks["relay"] = {0: Bookmark(0, relay.position, 0, relay.moved_at)}
    readers = [ReaderCondition(hot.name, hot.version, head, 0, 0.0, 0, Standing.CURRENT, None) for hot in HOT]
    for name, version in wanted.items():
        aside = sum(1 for one in parked if one.reader == name)
        readers.append(_reader(installation, name, version, marks.get(name, {}), head, aside))
    return Condition(head, readers, parked)


def _reader(
    installation: Installation, name: str, version: int, marks: Mapping[int, Bookmark], head: int, parked: int
) -> ReaderCondition:
    position = bookmarks.least(marks)
    lag = max(0, head - position)
    late = _seconds_late(installation.log.after(position, 1)) if lag else 0.0
    moved_at = max((mark.moved_at for mark in marks.values()), default=0)
    still = (microseconds(utc_now()) - moved_at) / MICROSECONDS
    if any(mark.version < version for mark in marks.values()):
        standing = Standing.RENEWING
    elif parked:
        standing = Standing.PARKED
    elif lag and min(late, still) > STALLED_SECONDS:
        standing = Standing.STALLED
    else:
        standing = Standing.BEHIND if lag else Standing.CURRENT
    since = moment(moved_at).isoformat() if moved_at else None
    return ReaderCondition(name, version, position, lag, late, parked, standing, since)


def _seconds_late(following: Sequence[Recorded]) -> float:
    return max(0.0, (utc_now() - following[0].recorded_at).total_seconds()) if following else 0.0
