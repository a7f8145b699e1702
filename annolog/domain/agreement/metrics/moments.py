"""Answers that are a date, a time or both."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from types import MappingProxyType

from annolog.domain.agreement.metrics.metric import Metric, Parameters, number_of
from annolog.domain.labeling import Value

_START = datetime(1970, 1, 1, tzinfo=UTC)


def time_difference_threshold(one: Value, other: Value, parameters: Parameters) -> float:
    """1 if two moments are at most `maximum_seconds` apart, or are the same text.

    Moments are ISO 8601. A date is its first moment, and what names no time zone is in UTC. Times without a date are
    those of one day, so 23:59 and 00:01 are most of a day apart. A time is never near a date, and a text that is none
    of them is only like itself.
    """
    if one == other:
        return 1.0
    first, second = _moment(one), _moment(other)
    if first is None or second is None or first[0] != second[0]:
        return 0.0
    return float(abs(first[1] - second[1]).total_seconds() <= number_of(parameters, "maximum_seconds"))


def _moment(value: Value) -> tuple[bool, timedelta] | None:
    """Whether it has a date, and the time since the epoch or since midnight."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    try:
        return True, _in_utc(datetime.fromisoformat(text)) - _START
    except ValueError:
        pass
    # Python reads 2024 as the time 20:24; an editor that asks for a year means the year.
    if ":" not in text:
        return None
    try:
        found = time.fromisoformat(text)
    except ValueError:
        return None
    return False, _in_utc(datetime.combine(_START.date(), found)) - _START


def _in_utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


METRICS = (
    Metric(
        "time_difference_threshold",
        time_difference_threshold,
        MappingProxyType({"maximum_seconds": 0.0}),
        binary=True,
    ),
)
