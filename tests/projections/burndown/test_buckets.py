"""Days with 23, 25 and 24 and a half hours, and weeks that begin on Monday."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from annolog.projections.burndown.buckets import Size, begin_of, buckets

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/New_York", "Australia/Lord_Howe", "America/Santiago"]


def hours(edges: list[datetime]) -> list[float]:
    moments = [edge.astimezone(UTC) for edge in edges]
    return [(end - begin).total_seconds() / 3600 for begin, end in pairwise(moments)]


def test_days_on_which_clocks_are_set_are_shorter_and_longer() -> None:
    spring = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert hours(buckets(spring, spring + timedelta(days=2), BERLIN, Size.DAY, 10)) == [24, 23, 24]
    autumn = datetime(2026, 10, 24, 12, tzinfo=UTC)
    assert hours(buckets(autumn, autumn + timedelta(days=2), BERLIN, Size.DAY, 10)) == [24, 25, 24]
    assert len(buckets(autumn, autumn + timedelta(days=2), BERLIN, Size.HOUR, 99)) == 50


def test_weeks_begin_on_monday_in_the_zone() -> None:
    late_sunday = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert begin_of(late_sunday, ZoneInfo("UTC"), Size.WEEK).isoformat() == "2026-11-16T00:00:00+00:00"
    assert begin_of(late_sunday, BERLIN, Size.WEEK).isoformat() == "2026-11-23T00:00:00+01:00"


@given(
    st.integers(10**9, 2 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    st.integers(0, 200),
    st.sampled_from(ZONES),
    st.sampled_from(Size),
)
def test_buckets_leave_nothing_out_and_never_run_backwards(first: datetime, more: int, zone: str, size: Size) -> None:
    last = first + timedelta(hours=more)
    edges = [edge.astimezone(UTC) for edge in buckets(first, last, ZoneInfo(zone), size, 500)]
    assert edges[0] <= first
    assert edges[-1] > last
    assert edges[-2] <= last
    assert edges == sorted(set(edges))
    assert all(edge.timestamp() % 900 == 0 for edge in edges)
