"""A change is found soon and dated well; without one there are no more alarms than were allowed."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annolog.domain.drift.detector import WARM_UP, Direction, Figure, Measure, find, limit, standardised

EVERY = 200


def shares(rng: Random, *days: float, answers: int = 20) -> list[Figure]:
    found = []
    for day, share in enumerate(days):
        right = sum(rng.random() < share for _ in range(answers))
        found.append(Figure(f"{day:04}", right / answers, answers))
    return found


def times(rng: Random, *days: float, answers: int = 12) -> list[Figure]:
    return [
        Figure(f"{day:04}", mean * rng.lognormvariate(0, 0.6 / answers**0.5), answers) for day, mean in enumerate(days)
    ]


@pytest.mark.parametrize(
    ("shift", "every", "expected"),
    # Page's chart with half a standard deviation of slack: Siegmund (1985) has 4 for 167 and 5 for 463 of both signs.
    [(1.0, 168, 4.0), (1.0, 465, 5.0)],
)
def test_the_limit_is_the_one_of_the_tables(shift: float, every: int, expected: float) -> None:
    assert limit(shift, every) == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("share", [0.5, 0.8, 0.97])
@pytest.mark.parametrize("answers", [3, 25])
def test_false_alarms_of_shares_stay_within_the_budget(share: float, answers: int) -> None:
    rng, streams, days = Random(7), 120, 50
    alarms = sum(
        find(Measure.ACCURACY, shares(rng, *[share] * days, answers=answers), 1.0, EVERY) is not None
        for _ in range(streams)
    )
    # 120 streams of 50 days may raise 30 alarms; three deviations of a Poisson number more would be by chance.
    assert alarms <= streams * days / EVERY + 3 * (streams * days / EVERY) ** 0.5


def test_false_alarms_of_speed_stay_within_the_budget_and_are_not_out_of_the_question() -> None:
    rng, streams, days = Random(7), 150, 60
    alarms = sum(find(Measure.SPEED, times(rng, *[20.0] * days), 1.0, EVERY) is not None for _ in range(streams))
    assert 5 <= alarms <= streams * days / EVERY + 3 * (streams * days / EVERY) ** 0.5


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), before=st.integers(15, 40), good=st.floats(0.85, 0.97), drop=st.floats(0.35, 0.5))
def test_a_real_drop_is_found_soon_and_its_beginning_is_near(seed: int, before: int, good: float, drop: float) -> None:
    figures = shares(Random(seed), *[good] * before, *[good - drop] * 12, answers=30)
    change = find(Measure.ACCURACY, figures, 1.0, 10_000)
    assert change is not None
    assert change.direction is Direction.FALL
    assert before <= change.last <= before + 8
    assert change.first <= before + 1


def test_haste_is_a_fall_of_seconds_and_slowness_a_rise() -> None:
    rng = Random(3)
    for mean, direction in ((8.0, Direction.FALL), (70.0, Direction.RISE)):
        change = find(Measure.SPEED, times(rng, *[25.0] * 20, *[mean] * 8), 1.0, 2_000)
        assert change is not None
        assert (change.direction, change.first) == (direction, 20)


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 500)), max_size=40))
def test_any_figures_are_taken_and_one_day_alone_is_never_a_change(days: list[tuple[float, int]]) -> None:
    figures = [Figure(f"{day:04}", value, answers) for day, (value, answers) in enumerate(days)]
    deviations = list(standardised(Measure.AGREEMENT, figures))
    assert len(deviations) == len(figures)
    assert all(-3 <= one <= 3 for one in deviations)
    assert deviations[:WARM_UP] == [0.0] * min(WARM_UP, len(figures))
    change = find(Measure.AGREEMENT, figures, 1.0, EVERY)
    assert change is None or change.last > change.first


def test_perfect_work_stays_perfect() -> None:
    assert find(Measure.ACCURACY, [Figure(f"{day:04}", 1.0, 20) for day in range(300)], 1.0, EVERY) is None
