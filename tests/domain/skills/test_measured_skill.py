"""A share of right answers has the interval that Jeffreys' prior gives it, and holds at its ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from annolog.domain.skills.skill import Skill, measure


def known(right: float, total: int) -> Skill:
    found = measure(right, total)
    assert found is not None
    return found


# To the last digit that is printed: by statsmodels 0.14 (`proportion_confint`, jeffreys), the first also by mpmath.
@pytest.mark.parametrize(
    ("right", "total", "low", "high"),
    [
        (3, 10, 0.09269459393815319, 0.6058183181486712),
        (20, 40, 0.3496035, 0.6503965),
        (0, 40, 0.0, 0.06049798),
        (40, 40, 0.93950202, 1.0),
    ],
)
def test_intervals_are_the_published_ones(right: int, total: int, low: float, high: float) -> None:
    found = known(right, total)
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-8), pytest.approx(high, abs=1e-8))
    assert (found.value, found.answers) == (right / total, total)


@given(st.integers(2, 500).flatmap(lambda total: st.tuples(st.integers(1, total - 1), st.just(total))))
def test_between_the_ends_it_is_the_middle_of_the_beta_distribution(counts: tuple[int, int]) -> None:
    right, total = counts
    found, posterior = known(right, total), beta(right + 0.5, total - right + 0.5)
    assert found.low == pytest.approx(posterior.ppf(0.025), rel=1e-9)
    assert found.high == pytest.approx(posterior.ppf(0.975), rel=1e-9)
    assert found.low < found.value < found.high


@given(st.integers(1, 500), st.floats(0, 1))
def test_fractions_too_lie_within_their_interval_and_more_right_is_never_less(total: int, share: float) -> None:
    found, more = known(share * total, total), known(min(share * total + 0.25, total), total)
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.low <= more.low
    assert found.high <= more.high


@given(st.integers(1, 500))
def test_at_the_ends_the_interval_reaches_them(total: int) -> None:
    nothing, everything = known(0, total), known(total, total)
    assert (nothing.value, nothing.low, everything.value, everything.high) == (0.0, 0.0, 1.0, 1.0)
    assert nothing.high == pytest.approx(1 - everything.low) == pytest.approx(beta(0.5, total + 0.5).ppf(0.975))


def test_no_answers_are_no_skill() -> None:
    assert measure(0.0, 0) is None
