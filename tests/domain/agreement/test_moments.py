"""When two dates or times are the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annolog.domain.agreement.metrics import METRICS, default_metric, metric
from annolog.domain.labeling import Dimension, DimensionKind

OFFSETS = st.integers(-23, 23).map(lambda hours: timezone(timedelta(hours=hours)))


def within(seconds: float, one: str, other: str) -> float:
    return metric("time_difference_threshold", {"maximum_seconds": seconds}).score(one, other)


@pytest.mark.parametrize(
    ("one", "other", "seconds"),
    [
        ("2024-05-01", "2024-05-02", 86400),
        ("2024-05-01T10:00", "2024-05-01 10:00:30", 30),
        ("2024-05-01", "2024-05-01T00:01", 60),
        ("2024-05-01T10:00Z", "2024-05-01T12:00:05+02:00", 5),
        ("2024-05-01T10:00", "2024-05-01T10:00:01Z", 1),
        ("10:00", "10:00:10", 10),
        ("00:01", "23:59", 86280),
        ("10:00+02:00", "08:00:01", 1),
    ],
)
def test_moments_match_up_to_the_seconds_that_are_allowed(one: str, other: str, seconds: float) -> None:
    assert within(seconds, one, other) == 1
    assert within(seconds, other, one) == 1
    assert within(seconds - 0.5, one, other) == 0


def test_the_same_moment_told_in_two_ways_matches_without_any_leeway() -> None:
    assert METRICS["time_difference_threshold"].score("2024-05-01T10:00Z", "2024-05-01T12:00+02:00") == 1
    assert METRICS["time_difference_threshold"].score("2024-05-01", "2024-05-02") == 0


@pytest.mark.parametrize(("one", "other"), [("2024", "2025"), ("soon", "2024-05-01"), ("10:00", "2024-05-01T10:00")])
def test_what_cannot_be_compared_is_only_like_itself(one: str, other: str) -> None:
    assert within(1e12, one, other) == 0
    assert within(0, one, one) == within(0, other, other) == 1


def test_dates_match_exactly_unless_a_project_says_otherwise() -> None:
    assert default_metric(Dimension("day", "DateTime", DimensionKind.DATETIME, ("text",))).name == "exact_match"


@given(st.datetimes(timezones=OFFSETS), st.datetimes(timezones=OFFSETS) | st.datetimes(), st.floats(0, 1e11))
def test_any_two_moments_of_the_calendar_can_be_compared(one: datetime, other: datetime, seconds: float) -> None:
    apart = abs((one - (other if other.tzinfo else other.replace(tzinfo=UTC))).total_seconds())
    assert within(seconds, one.isoformat(), other.isoformat()) == float(apart <= seconds)
