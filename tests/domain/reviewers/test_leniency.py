"""Leniency against what others compute, and against what must hold whatever the counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from annolog.domain.reviewers.leniency import Acceptance, Paired, difference, leniency

COUNTS = st.integers(0, 60)


def test_the_interval_is_the_one_that_newcombe_gives_for_his_example() -> None:
    found = difference(Paired(36, 12, 2, 0))
    assert found is not None
    assert (found.value, round(found.low, 4), round(found.high, 4)) == (0.2, 0.0569, 0.3404)


@for_all(st.builds(Paired, COUNTS, COUNTS, COUNTS, COUNTS))
def test_the_interval_holds_the_difference_and_turns_round_with_the_two(paired: Paired) -> None:
    found = difference(paired)
    turned = difference(Paired(paired.both, paired.other_only, paired.one_only, paired.neither))
    if paired.reviews == 0:
        assert found is turned is None
        return
    assert found is not None
    assert turned is not None
    assert -1 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1
    assert (turned.low, turned.high) == pytest.approx((-found.high, -found.low), abs=1e-9)


@for_all(COUNTS, COUNTS, COUNTS, COUNTS)
def test_of_two_who_have_nothing_to_do_with_each_other_it_is_made_of_their_wilson_intervals(
    one: int, other: int, more: int, rest: int
) -> None:
    reviews = one + other + more + rest
    paired = Paired(one, other, more, rest)
    found = difference(paired)
    if not reviews or one * rest != other * more:
        return
    assert found is not None
    shares = [(one + other) / reviews, (one + more) / reviews]
    bounds = [proportion_confint(round(share * reviews), reviews, method="wilson") for share in shares]
    down = np.hypot(shares[0] - bounds[0][0], bounds[1][1] - shares[1])
    up = np.hypot(shares[1] - bounds[1][0], bounds[0][1] - shares[0])
    assert (found.low, found.high) == pytest.approx((max(found.value - down, -1), min(found.value + up, 1)), abs=1e-9)


def test_the_interval_holds_the_true_difference_about_as_often_as_it_says() -> None:
    chance = np.random.default_rng(7)
    held = 0
    for both, one, other, neither in chance.multinomial(40, [0.55, 0.25, 0.1, 0.1], size=2000):
        found = difference(Paired(int(both), int(one), int(other), int(neither)))
        assert found is not None
        held += found.low <= 0.15 <= found.high
    assert 0.93 <= held / 2000 <= 0.98


ACCEPTANCES = st.dictionaries(
    st.integers(1, 5),
    st.integers(0, 9).flatmap(lambda n: st.builds(Acceptance, st.integers(0, n), st.just(n))),
    max_size=5,
)


def everybody(*reviewers: dict[int, Acceptance]) -> dict[int, Acceptance]:
    found: dict[int, Acceptance] = {}
    for own in reviewers:
        for who, more in own.items():
            before = found.get(who, Acceptance(0, 0))
            found[who] = Acceptance(before.accepted + more.accepted, before.reviews + more.reviews)
    return found


@for_all(st.lists(ACCEPTANCES, max_size=4))
def test_what_all_are_too_lenient_and_too_strict_by_comes_to_nothing(reviewers: list[dict[int, Acceptance]]) -> None:
    all_of_them = everybody(*reviewers)
    found = [(leniency(own, all_of_them), sum(one.reviews for one in own.values())) for own in reviewers]
    assert all((one is None) is (reviews == 0) for one, reviews in found)
    assert sum(one.value * reviews for one, reviews in found if one) == pytest.approx(0, abs=1e-9)


def test_who_is_given_weak_work_is_not_called_strict() -> None:
    strong, weak = {1: Acceptance(9, 10)}, {2: Acceptance(2, 10)}
    mixed = {1: Acceptance(9, 10), 2: Acceptance(2, 10)}
    all_of_them = everybody(strong, weak, mixed)
    for own in (strong, weak, mixed):
        found = leniency(own, all_of_them)
        assert found is not None
        assert found.value == pytest.approx(0)
    kind = {2: Acceptance(8, 10)}
    against = everybody(weak, kind)
    found = leniency(kind, against)
    assert found is not None
    assert (found.acceptance, found.expected, found.value) == pytest.approx((0.8, 0.5, 0.3))
