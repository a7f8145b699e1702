"""Hours, days and weeks as the people of a time zone count them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Size(StrEnum):
    """How long a bucket is. Weeks begin on Monday."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"


def begin_of(moment: datetime, zone: ZoneInfo, size: Size) -> datetime:
    """The first moment, in the zone, of the bucket that a moment is in."""
    local = moment.astimezone(zone)
    if size is Size.HOUR:
        past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        # Through UTC, since the hour that comes twice in autumn is two.
        return (local.astimezone(UTC) - past).astimezone(zone)
    days = local.weekday() if size is Size.WEEK else 0
    midnight = datetime.combine(local.date() - timedelta(days=days), time(), zone)
    # Where clocks are set forward at midnight there is none: the day begins at what is then shown.
    return midnight.astimezone(UTC).astimezone(zone)


def next_after(begin: datetime, zone: ZoneInfo, size: Size) -> datetime:
    """The first moment of the bucket after the one that begins here."""
    if size is Size.HOUR:
        later = begin.astimezone(UTC) + timedelta(hours=1)
        # Where clocks are set back by half an hour the hour after is longer, or this one.
        return max(begin_of(later, zone, size), begin_of(later + timedelta(minutes=30), zone, size), key=_utc)
    days = 7 if size is Size.WEEK else 1
    midnight = datetime.combine(begin.date() + timedelta(days=days), time(), zone)
    return midnight.astimezone(UTC).astimezone(zone)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def buckets(first: datetime, last: datetime, zone: ZoneInfo, size: Size, most: int) -> list[datetime]:
    """Where each bucket begins from the one of `first` to the one of `last`, and where the last ends.

    At most `most` buckets and one more, by which too many are noticed.
    """
    edges = [begin_of(first, zone, size)]
    end = last.astimezone(UTC)
    while edges[-1].astimezone(UTC) <= end and len(edges) <= most + 1:
        edges.append(next_after(edges[-1], zone, size))
    return edges
