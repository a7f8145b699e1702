"""Time in read models: integers, so that sums leave no residue when something is taken out again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from annolog.domain.recorded import Recorded

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MICROSECONDS = 1_000_000


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970, UTC."""
    return (moment - EPOCH) // MICROSECOND


def moment(count: int) -> datetime:
    """The moment that many microseconds after 1970, in UTC."""
    return EPOCH + timedelta(microseconds=count)


def microseconds_of(seconds: float | None) -> int:
    """A duration in microseconds; an unknown one counts nothing."""
    return round(seconds * MICROSECONDS) if seconds is not None else 0


def day_of(recorded: Recorded) -> str:
    """The UTC day on which it happened."""
    return recorded.recorded_at.date().isoformat()
