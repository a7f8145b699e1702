"""Days of 23 and of 25 hours, hours that come twice, places a quarter of an hour off: time as people there tell it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from annolog.domain.measures.calendar import (
    AN_HOUR,
    Span,
    Stretch,
    beginning,
    instant,
    pieces,
    quarter_at,
    stretches,
    told,
)
from annolog.domain.measures.question import question
from annolog.domain.refusals import InvalidInput

YEAR = (quarter_at(datetime(2025, 12, 30, tzinfo=UTC)), quarter_at(datetime(2027, 1, 3, tzinfo=UTC)))
ZONES = ("UTC", "Asia/Kathmandu", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Chatham")


def spans_of(zone: str, span: Span) -> Counter[str]:
    """How many quarters of the year every span has, by how people of the place write its beginning."""
    here = ZoneInfo(zone)
    found: Counter[str] = Counter()
    for stretch in stretches(here, *YEAR):
        for quarter in range(stretch.first, stretch.last):
            found[told(beginning(span, (quarter + stretch.offset) // span.quarters, stretch), here)] += 1
    return found


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", "2026-03-29", 23),
        ("Europe/Berlin", "2026-10-25", 25),
        ("Europe/Berlin", "2026-06-01", 24),
        ("America/St_Johns", "2026-03-08", 23),
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
        ("Australia/Lord_Howe", "2026-10-04", 23.5),
        ("Asia/Kathmandu", "2026-10-25", 24),
    ],
)
def test_a_day_has_the_hours_that_its_clocks_give_it(zone: str, day: str, hours: float) -> None:
    assert spans_of(zone, Span.DAY)[day] == hours * AN_HOUR


def test_an_hour_that_comes_twice_is_two_hours() -> None:
    found = spans_of("Europe/Berlin", Span.HOUR)
    night = [hour for hour in found if hour.startswith("2026-10-25T02")]
    assert night == ["2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00"]
    assert {found[hour] for hour in night} == {AN_HOUR}
    assert not [hour for hour in found if hour.startswith("2026-03-29T02")]
    assert spans_of("Australia/Lord_Howe", Span.HOUR)["2026-04-05T01:30:00+10:30"] == 2


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("span", [Span.DAY, Span.WEEK, Span.MONTH, Span.YEAR])
def test_pieces_are_the_spans_of_the_place_and_nothing_is_left_out(zone: str, span: Span) -> None:
    found: Counter[str] = Counter()
    place = YEAR[0]
    for stretch in stretches(ZoneInfo(zone), *YEAR):
        for begins, first, last in pieces(span, stretch):
            assert first == place
            assert {instant(quarter).astimezone(ZoneInfo(zone)).date() >= begins for quarter in (first, last - 1)} == {
                True
            }
            found[begins.isoformat()] += last - first
            place = last
    assert place == YEAR[1]
    assert found == spans_of(zone, span)


def test_a_week_begins_on_monday() -> None:
    thursday = date(2026, 11, 26).toordinal() - date(1970, 1, 1).toordinal()
    stretch = Stretch(0, 1, 0)
    begins = [beginning(span, thursday, stretch) for span in (Span.DAY, Span.WEEK, Span.MONTH, Span.YEAR)]
    assert begins == [date(2026, 11, 26), date(2026, 11, 23), date(2026, 11, 1), date(2026, 1, 1)]


def test_a_day_is_asked_for_to_its_end_and_a_time_until_then() -> None:
    day = question("Europe/Berlin", "2026-10-25", "2026-10-25")
    assert day.last - day.first == 25 * AN_HOUR
    assert instant(day.first) == datetime(2026, 10, 24, 22, tzinfo=UTC)
    some = question("Asia/Kathmandu", "2026-11-24T09:00", "2026-11-24T03:45:00Z")
    assert (instant(some.first).isoformat(), some.last - some.first) == ("2026-11-24T03:15:00+00:00", 2)


def test_everything_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(InvalidInput) as refused:
        question("Nowhere", "2026-11-25", "2026-11-24", ["day", "hour"], ["happiness"], place="--")
    assert [fault.pointer for fault in refused.value.faults] == ["--zone", "--to", "--by", "--measures"]
