"""How scores are spread."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annolog.domain.agreement.distribution import distribution


def test_a_bucket_holds_its_lower_bound_and_the_last_holds_one() -> None:
    found = distribution([0.0, 0.1, 0.7, 0.95, 1.0], 0.7)
    assert found.buckets == (1, 1, 0, 0, 0, 0, 0, 1, 0, 2)
    assert (found.count, found.low, found.mean) == (5, 2, pytest.approx(0.55))


@given(st.lists(st.integers(0, 30).flatmap(lambda most: st.tuples(st.integers(0, most), st.just(most))), max_size=20))
def test_binary_fractions_move_no_score_to_another_bucket(shares: list[tuple[int, int]]) -> None:
    exact = [Fraction(share, most) for share, most in shares if most]
    found = distribution([sum([1 / score.denominator] * score.numerator) for score in exact if score < 1], 0.3)
    expected = [0] * 10
    for score in exact:
        if score < 1:
            expected[int(score * 10)] += 1
    assert list(found.buckets) == expected
    assert found.low == sum(score < Fraction(3, 10) for score in exact)


def test_no_scores_have_no_mean() -> None:
    assert (distribution([], 0.5).count, distribution([], 0.5).mean) == (0, None)
