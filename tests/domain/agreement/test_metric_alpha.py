"""Alpha for answers without categories."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annolog.domain.agreement.coefficients import krippendorff_alpha, metric_alpha, pattern_of
from annolog.domain.agreement.coefficients.coefficient import NO_PAIR
from annolog.domain.agreement.metrics import METRICS
from annolog.domain.labeling import encode_value
from annolog.domain.refusals import InvalidInput

sets = st.lists(st.sampled_from("abc"), unique=True, max_size=3).map(lambda labels: tuple(sorted(labels)))
units_of_sets = st.lists(st.lists(sets, max_size=4), max_size=7)


@given(st.lists(st.lists(st.sampled_from("abc"), max_size=5), max_size=8))
def test_where_only_equal_answers_match_it_is_the_nominal_alpha(units: list[list[str]]) -> None:
    expected = krippendorff_alpha(Counter(pattern_of(map(encode_value, unit)) for unit in units))
    found = metric_alpha(units, METRICS["exact_match"])
    assert found.value == (None if expected.value is None else pytest.approx(expected.value, abs=1e-9))
    assert (found.answers, found.units) == (expected.answers, expected.units)


@given(units_of_sets)
def test_it_is_observed_by_expected_difference(units: list[list[tuple[str, ...]]]) -> None:
    score = METRICS["jaccard"].score
    paired = [unit for unit in units if len(unit) > 1]
    answers = [answer for unit in paired for answer in unit]
    found = metric_alpha(units, METRICS["jaccard"])
    pairs = [(one, other) for i, one in enumerate(answers) for j, other in enumerate(answers) if i != j]
    expected = sum(1 - score(one, other) for one, other in pairs)
    if not expected:
        assert found.value is None
        assert found.reason
        return
    observed = sum(
        (1 - score(one, other)) / (len(unit) - 1)
        for unit in paired
        for i, one in enumerate(unit)
        for j, other in enumerate(unit)
        if i != j
    )
    assert found.value == pytest.approx(1 - (observed / len(answers)) / (expected / len(pairs)), abs=1e-9)


@pytest.mark.parametrize("most_pairs", [20_000, 40])
@given(units_of_sets, st.randoms(use_true_random=False))
def test_no_order_makes_a_difference(
    most_pairs: int, units: list[list[tuple[str, ...]]], chance: random.Random
) -> None:
    shuffled = [chance.sample(unit, len(unit)) for unit in chance.sample(units, len(units))]
    one, other = (metric_alpha(found, METRICS["jaccard"], most_pairs) for found in (units, shuffled))
    assert one == other


def test_many_pairs_are_sampled_by_a_seed_and_come_near_the_exact_figure() -> None:
    chance = random.Random(2)
    units = [[centre + chance.gauss(0, 0.3) for _ in range(3)] for centre in range(60)]
    metric = METRICS["numeric_difference"]
    exact = metric_alpha(units, metric, most_pairs=10**6).value
    assert exact is not None
    sampled = [metric_alpha(units, metric, most_pairs=2_000, seed=seed).value for seed in range(5)]
    assert sampled == [metric_alpha(units, metric, most_pairs=2_000, seed=seed).value for seed in range(5)]
    assert len(set(sampled)) == 5
    # The standard error of the expected difference is below 0.5 / sqrt(2,000), and alpha's is smaller still.
    assert sampled == pytest.approx([exact] * 5, abs=0.02)


def test_two_answers_in_all_are_drawn_as_a_pair_and_never_one_with_itself() -> None:
    """With two different answers every pair differs by as much: alpha is 0, drawn or not."""
    metric = METRICS["numeric_difference"]
    assert metric_alpha([[1.0, 4.0]], metric).value == pytest.approx(0)
    assert metric_alpha([[1.0, 4.0]], metric, most_pairs=1).value == pytest.approx(0)


def test_it_says_why_it_is_not_defined() -> None:
    metric = METRICS["jaccard"]
    assert metric_alpha([], metric).reason == NO_PAIR
    assert metric_alpha([[("a",)]], metric).reason == NO_PAIR
    assert "alike" in (metric_alpha([[("a",), ("a",)]], metric).reason or "")


def test_no_pairs_to_compare_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        metric_alpha([[("a",), ("b",)]], METRICS["jaccard"], most_pairs=0)
    assert refused.value.faults[0].pointer == "/most_pairs"


def test_it_says_how_many_pairs_stand_for_chance_and_whether_they_were_drawn() -> None:
    units = [[float(place), float(place + 1)] for place in range(10)]
    metric = METRICS["numeric_difference"]
    exact, drawn = metric_alpha(units, metric), metric_alpha(units, metric, most_pairs=65)
    # Eleven different answers, each beside each and beside itself.
    assert (exact.pairs, exact.sampled) == (66, False)
    assert (drawn.pairs, drawn.sampled) == (65, True)
    assert krippendorff_alpha({(("1", 2),): 1}).pairs is None


def test_it_is_about_all_of_many_tasks() -> None:
    """Four thousand tasks, of which the last half are answered at random: no first few of them tell that."""
    chance = random.Random(4)
    sure = [[chance.uniform(0, 50)] * 3 for _ in range(2_000)]
    units = sure + [[chance.uniform(0, 50) for _ in range(3)] for _ in range(2_000)]
    metric = METRICS["numeric_difference"]
    found = metric_alpha(iter(units), metric)
    assert (found.answers, found.units, found.sampled) == (12_000, 4_000, True)
    assert found.value == pytest.approx(exact_alpha(units), abs=0.01)
    assert found == metric_alpha(units, metric)
    assert metric_alpha(sure, metric).value == 1


def exact_alpha(units: list[list[float]]) -> float:
    """The same by all pairs, some rows at a time."""
    answers = np.array(units)
    people, flat = answers.shape[1], answers.ravel()
    observed = apart(answers[:, :, None], answers[:, None, :]) / (people * (people - 1) * len(units))
    expected = sum(apart(block[:, None], flat[None]) for block in np.split(flat, 300)) / (len(flat) * (len(flat) - 1))
    return 1 - observed / expected


def apart(one: np.ndarray, other: np.ndarray) -> float:
    """The sum of 1 - 1 / (1 + difference)."""
    return float((1 - 1 / (1 + np.abs(one - other))).sum())
