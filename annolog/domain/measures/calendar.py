"""Time as it is told in some place of the world, cut into quarters of an hour.

Every offset from UTC in use today is a multiple of a quarter of an hour, so whatever is kept by the quarter can be told
by the hour or the day of any place. Quarters are numbered from 1970, UTC.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

LONGEST_NAME = 100
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_DAY = EPOCH.date().toordinal()
QUARTER = timedelta(minutes=15)
QUARTER_MICROSECONDS = QUARTER // timedelta(microseconds=1)
AN_HOUR, A_DAY = 4, 96
SEVEN_DAYS = 7 * A_DAY


class Span(StrEnum):
    """A stretch of time with a name."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"

    @property
    def quarters(self) -> int:
        """What quarters are counted by first: hours, or days, which longer spans are made of."""
        return AN_HOUR if self is Span.HOUR else A_DAY


def zone_named(name: str) -> ZoneInfo | None:
    """The time zone of this name, as IANA has it; None where there is none."""
    if not name or len(name) > LONGEST_NAME:
        return None
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        # A folder of zones, a name that no file can have, and a zone that there is not.
        return None


@dataclass(frozen=True, slots=True)
class Stretch:
    """The quarters from `first` up to `last`, in which the clocks of a place are `offset` quarters ahead of UTC.

    `changed` where the clocks were just put forward or back.
    """

    first: int
    last: int
    offset: int
    changed: bool = False


def instant(quarter: int) -> datetime:
    """When the quarter begins, in UTC."""
    return EPOCH + quarter * QUARTER


def quarter_at(moment: datetime) -> int:
    """The quarter that a moment is in."""
    return (moment - EPOCH) // QUARTER


def stretches(zone: tzinfo, first: int, last: int) -> Iterator[Stretch]:
    """The quarters from `first` up to `last`, cut wherever the clocks change."""
    began, changed = first, False
    here = _offset(zone, first)
    while began < last:
        end = began
        # Clocks change at most once a day; within the day the quarter is searched for.
        while end < last and _offset(zone, min(end + A_DAY, last)) == here:
            end = min(end + A_DAY, last)
        if end < last:
            end = _change(zone, end, min(end + A_DAY, last), here)
        yield Stretch(began, end, here, changed)
        began, changed, here = end, True, _offset(zone, end)


def _change(zone: tzinfo, before: int, after: int, offset: int) -> int:
    """The first quarter with another offset, when `before` has this one and `after` another."""
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(zone, middle) == offset:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: tzinfo, quarter: int) -> int:
    found = instant(quarter).astimezone(zone).utcoffset()
    assert found is not None, "a zone knows its offset"
    return found // QUARTER


def beginning(span: Span, number: int, stretch: Stretch) -> int | date:
    """When the span begins that local hour or day `number` is in: a quarter for hours, a day for all else."""
    if span is Span.HOUR:
        quarter = number * AN_HOUR - stretch.offset
        # Clocks put back have an hour twice: two hours, each beginning at its own time.
        return max(quarter, stretch.first) if stretch.changed else quarter
    day = date.fromordinal(FIRST_DAY + number)
    match span:
        case Span.WEEK:
            return day - timedelta(days=day.weekday())
        case Span.MONTH:
            return day.replace(day=1)
        case Span.YEAR:
            return day.replace(month=1, day=1)
        case _:
            return day


def pieces(span: Span, stretch: Stretch) -> Iterator[tuple[date, int, int]]:
    """What of each week, month or year lies in a stretch: when that begins, and the quarters from and up to."""
    number, quarter = (stretch.first + stretch.offset) // A_DAY, stretch.first
    while quarter < stretch.last:
        begins = beginning(span, number, stretch)
        assert isinstance(begins, date), "no hours here"
        number = _after(span, begins).toordinal() - FIRST_DAY
        end = min(number * A_DAY - stretch.offset, stretch.last)
        yield begins, quarter, end
        quarter = end


def _after(span: Span, begins: date) -> date:
    """When the next span of the kind begins."""
    match span:
        case Span.WEEK:
            return begins + timedelta(days=7)
        case Span.MONTH:
            return (begins + timedelta(days=31)).replace(day=1)
        case Span.YEAR:
            return begins.replace(year=begins.year + 1)
        case _:
            return begins + timedelta(days=1)


def told(begins: int | date, zone: tzinfo) -> str:
    """The beginning of a span as people of the place write it: the day, or the hour with its offset from UTC."""
    return begins.isoformat() if isinstance(begins, date) else instant(begins).astimezone(zone).isoformat()
