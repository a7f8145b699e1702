"""The interval holds as often as it says, on work that is simulated; and where little is known, nothing is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest

from annolog.domain.forecast.completion import Forecast, NoForecast, forecast

MONDAY = date(2026, 11, 23)
PROJECTS = 300

Days = Callable[[np.random.Generator, int], int]


def steady(chance: np.random.Generator, weekday: int) -> int:
    return int(chance.poisson(12))


def uneven(chance: np.random.Generator, weekday: int) -> int:
    """Days that differ three times as much as chance alone would have them."""
    return int(chance.negative_binomial(6, 6 / (6 + 12)))


def with_weekends(chance: np.random.Generator, weekday: int) -> int:
    return int(chance.negative_binomial(6, 6 / (6 + 16))) if weekday < 5 else int(chance.poisson(0.5))


@pytest.mark.parametrize("days", [28, 14])
@pytest.mark.parametrize("process", [steady, uneven, with_weekends])
def test_an_interval_of_80_percent_holds_about_as_often(process: Days, days: int) -> None:
    chance = np.random.default_rng(7)
    held = 0
    for project in range(PROJECTS):
        today = MONDAY + timedelta(days=project % 7)
        seen = [process(chance, (today.weekday() - days + day) % 7) for day in range(days)]
        found = forecast(seen, 400, today, seed=project)
        assert isinstance(found, Forecast)
        assert found.latest is not None
        left, day = 400, today - timedelta(days=1)
        while left > 0:
            day += timedelta(days=1)
            left -= process(chance, day.weekday())
        held += found.earliest <= day <= found.latest
    assert 0.72 <= held / PROJECTS <= 0.88


def test_days_that_are_all_alike_leave_no_doubt() -> None:
    found = forecast([10] * 20, 95, MONDAY, seed=1)
    tenth_day = MONDAY + timedelta(days=9)
    assert found == Forecast(tenth_day, tenth_day, tenth_day, 10.0, 20)


def test_a_weekend_in_which_nobody_works_is_waited_for() -> None:
    weeks = [10, 10, 10, 10, 10, 0, 0] * 3
    friday, monday = MONDAY + timedelta(days=4), MONDAY + timedelta(days=7)
    by_friday, after = forecast(weeks, 50, MONDAY, seed=1), forecast(weeks, 51, MONDAY, seed=1)
    assert isinstance(by_friday, Forecast)
    assert isinstance(after, Forecast)
    assert (by_friday.earliest, by_friday.latest) == (friday, friday)
    assert (after.earliest, after.latest) == (monday, monday)


@pytest.mark.parametrize(
    ("seen", "remaining", "word"),
    [
        ([5] * 6, 10, "6 whole days"),
        ([], 10, "0 whole days"),
        ([0] * 20, 10, "nothing was finished"),
        ([9] * 10 + [0] * 28, 10, "nothing was finished"),
        ([3, -3] * 5, 10, "on balance"),
        ([0] * 9 + [50], 10, "only one"),
        ([5] * 10, 0, "nothing is left"),
        ([1, 1, *[0] * 26], 10**6, "ten years"),
    ],
)
def test_without_a_ground_to_go_by_there_is_no_date(seen: list[int], remaining: int, word: str) -> None:
    found = forecast(seen, remaining, MONDAY, seed=1)
    assert isinstance(found, NoForecast)
    assert word in found.reason


def test_the_same_seed_gives_the_same_forecast() -> None:
    seen = [3, 0, 9, 4, 7, 1, 2, 8, 5, 0]
    assert forecast(seen, 100, MONDAY, seed=3) == forecast(seen, 100, MONDAY, seed=3)
