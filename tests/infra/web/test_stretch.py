"""Which time a dashboard is of, by its address, and into what it is cut."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from annolog.infra.web.pages.dashboard.stretch import MOST_PIECES, USUAL, pieces, stretch_of

BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("said", "preset", "by"),
    [
        (("", "", "", ""), USUAL, "day"),
        (("today", "", "", ""), "today", "hour"),
        (("7d", "", "", "hour"), "7d", "hour"),
        (("all", "", "", "hour"), "all", "day"),
        (("for ever", "", "", "fortnight"), USUAL, "day"),
        (("custom", "2020-01-01T00:00", "2026-01-01T00:00", "day"), "custom", "week"),
        (("", "2026-11-01", "", ""), "custom", "day"),
        (("custom", "yesterday", "", ""), "custom", "day"),
    ],
)
def test_an_address_says_a_time_and_what_it_does_not_say_is_usual(
    said: tuple[str, str, str, str], preset: str, by: str
) -> None:
    found = stretch_of(*said, BERLIN)
    assert (found.preset, found.by) == (preset, by)


def test_an_address_leads_to_the_same_time_again() -> None:
    found = stretch_of("custom", "2026-11-01T08:15", "2026-11-03T10:00", "hour", BERLIN)
    assert found.address() == "?range=custom&from=2026-11-01T08%3A15&to=2026-11-03T10%3A00&by=hour"
    assert found.address(range="7d", by="") == "?range=7d"


def test_bounds_are_moments_of_the_place() -> None:
    found = stretch_of("custom", "2026-10-20", "2026-10-25", "day", BERLIN)
    assert found.asked == {"zone": BERLIN, "from": "2026-10-20", "to": "2026-10-25"}
    # The clocks of Berlin are put back on the 25th, which is part of it.
    assert found.bounds["from"] == "2026-10-20T00:00:00+02:00"
    assert found.end == datetime(2026, 10, 25, 23, tzinfo=UTC)


def test_a_zone_that_nobody_knows_is_utc() -> None:
    assert stretch_of("7d", "", "", "", "Mars/Olympus").asked["zone"] == "UTC"


def test_days_are_whole_also_where_clocks_change() -> None:
    found = stretch_of("custom", "2026-10-24", "2026-10-26", "day", BERLIN)
    shown = pieces(found, [{"day": "2026-10-25"}])
    assert [piece.key for piece in shown] == ["2026-10-24", "2026-10-25", "2026-10-26"]
    lengths = [piece.end.astimezone(UTC) - piece.begin.astimezone(UTC) for piece in shown]
    assert lengths == [timedelta(hours=24), timedelta(hours=25), timedelta(hours=24)]


def test_an_hour_that_comes_twice_is_two() -> None:
    found = stretch_of("custom", "2026-10-25T01:00", "2026-10-25T04:00", "hour", BERLIN)
    shown = pieces(found, [])
    assert [piece.key[11:] for piece in shown] == [
        "01:00:00+02:00",
        "02:00:00+02:00",
        "02:00:00+01:00",
        "03:00:00+01:00",
    ]


def test_a_time_that_ends_where_a_piece_begins_has_nothing_of_that_piece() -> None:
    found = stretch_of("custom", "2026-11-02", "2026-11-03T00:00", "day", BERLIN)
    assert [piece.key for piece in pieces(found, [])] == ["2026-11-02"]


def test_weeks_begin_on_monday_and_months_on_their_first() -> None:
    weekly = stretch_of("custom", "2026-11-04", "2026-11-12", "week", BERLIN)
    assert [piece.key for piece in pieces(weekly, [])] == ["2026-11-02", "2026-11-09"]
    monthly = stretch_of("custom", "2026-09-20", "2026-11-02", "month", BERLIN)
    assert [piece.key for piece in pieces(monthly, [])] == ["2026-09-01", "2026-10-01", "2026-11-01"]


def test_all_time_begins_with_the_first_row_and_has_no_more_than_can_be_told_apart() -> None:
    found = stretch_of("all", "", "", "day", BERLIN)
    assert pieces(found, []) == []
    shown = pieces(found, [{"day": "2026-11-01"}, {"day": "2026-11-03"}])
    assert shown[0].key == "2026-11-01"
    assert len(pieces(found, [{"day": "2001-01-01"}])) == MOST_PIECES
