"""Coefficients held against independent implementations, and what holds of all of them."""

from __future__ import annotations

import math
import subprocess
import sys
import warnings
from collections import Counter
from collections.abc import Callable
from itertools import product
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk.metrics.agreement import AnnotationTask
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters
from statsmodels.stats.inter_rater import fleiss_kappa as statsmodels_fleiss

from annolog.domain.agreement.coefficients import (
    Alpha,
    BrennanPrediger,
    Coefficient,
    CohenKappa,
    Estimator,
    FleissKappa,
    GwetAC,
    Level,
    Pattern,
    PercentAgreement,
    WeightedAlpha,
    Weights,
    brennan_prediger,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac2,
    krippendorff_alpha,
    merge,
    pattern_of,
    percent_agreement,
    weighted_alpha,
    with_interval,
    with_label,
)
from annolog.domain.agreement.coefficients.coefficient import NO_PAIR, ONE_CATEGORY
from annolog.domain.agreement.coefficients.estimator import estimate
from annolog.domain.labeling import decode_value, encode_value
from annolog.domain.refusals import InvalidInput

NINE_DIGITS = 1e-9
ESTIMATORS: list[Estimator[Pattern]] = [
    PercentAgreement(),
    *(Alpha(level) for level in Level),
    *(kind(weights) for kind in (WeightedAlpha, FleissKappa, GwetAC, BrennanPrediger) for weights in Weights),
]
numbers = st.lists(st.lists(st.sampled_from([0.0, 1.0, 2.0, 2.5, 7.0]), max_size=6), max_size=9)


def patterns_of(units: list[list[float]] | list[list[str]]) -> Counter[Pattern]:
    return Counter(pattern for unit in units if (pattern := pattern_of(map(encode_value, unit))))


def pairable(units: list[list[float]]) -> list[list[float]]:
    return [unit for unit in units if len(unit) > 1]


def distance(level: Level, units: list[list[float]], one: float, other: float) -> float:
    """The difference of two answers, by its definition in words."""
    match level:
        case Level.NOMINAL:
            return float(one != other)
        case Level.INTERVAL:
            return (one - other) ** 2
        case Level.RATIO:
            return ((one - other) / (one + other)) ** 2 if one + other else 0.0
        case Level.ORDINAL:
            low, high = min(one, other), max(one, other)
            between = [answer for unit in pairable(units) for answer in unit if low <= answer <= high]
            return (len(between) - (between.count(low) + between.count(high)) / 2) ** 2 if low < high else 0.0


@pytest.mark.parametrize("level", list(Level))
@given(numbers)
def test_alpha_is_what_another_implementation_finds(level: Level, units: list[list[float]]) -> None:
    found = krippendorff_alpha(patterns_of(units), level)
    if found.value is None:
        assert found.reason == (ONE_CATEGORY if pairable(units) else NO_PAIR)
        assert len({answer for unit in pairable(units) for answer in unit}) < 2
        return
    triples = [(who, unit, value) for unit, values in enumerate(pairable(units)) for who, value in enumerate(values)]
    task = AnnotationTask(triples, distance=lambda one, other: distance(level, units, one, other))
    assert found.value == pytest.approx(task.alpha(), abs=NINE_DIGITS)
    assert found.answers == len(triples)
    assert found.units == len(pairable(units))


@given(st.integers(2, 6).flatmap(lambda size: st.lists(st.lists(st.integers(0, 3), min_size=size, max_size=size))))
def test_fleiss_kappa_of_complete_data_is_the_classic_one(units: list[list[int]]) -> None:
    found = fleiss_kappa(patterns_of([[float(answer) for answer in unit] for unit in units]))
    if len({answer for unit in units for answer in unit}) < 2:
        assert found.value is None
        return
    expected = statsmodels_fleiss(aggregate_raters(np.array(units))[0], method="fleiss")
    assert found.value == pytest.approx(expected, abs=NINE_DIGITS)


@pytest.mark.parametrize("weights", [None, "linear", "quadratic"])
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1))
def test_cohens_kappa_is_what_another_implementation_finds(
    weights: Literal["linear", "quadratic"] | None, pairs: list[tuple[int, int]]
) -> None:
    table = Counter((encode_value(float(one)), encode_value(float(other))) for one, other in pairs)
    found = cohen_kappa(table, weights)
    if len({answer for pair in pairs for answer in pair}) < 2:
        assert (found.value, found.reason) == (None, ONE_CATEGORY)
        return
    ones, others = zip(*pairs, strict=True)
    # Told all five numbers, scikit-learn counts the steps between them as they are.
    expected = cohen_kappa_score(ones, others, weights=weights, labels=range(5))
    assert found.value == pytest.approx(expected, abs=NINE_DIGITS)
    named = Counter({(f'"{one}"', f'"{other}"'): count for (one, other), count in table.items()})
    categories = [f'"{float(number)}"' for number in range(5)]
    assert cohen_kappa(named, weights, categories).value == pytest.approx(expected, abs=NINE_DIGITS)


@pytest.mark.parametrize("weights", list(Weights))
@given(numbers)
def test_the_family_of_kappa_is_what_its_definition_says(weights: Weights, units: list[list[float]]) -> None:
    patterns = patterns_of(units)
    seen = sorted({answer for unit in units for answer in unit})
    found = [function(patterns, weights).value for function in (fleiss_kappa, gwet_ac2, brennan_prediger)]
    if not pairable(units) or len(seen) < 2:
        assert found == [None] * 3
        return
    matrix = {(one, other): weight_of(weights, seen, one, other) for one, other in product(seen, repeat=2)}
    given_units = [unit for unit in units if unit]
    agreement = np.mean(
        [
            np.mean([matrix[a, b] for i, a in enumerate(unit) for j, b in enumerate(unit) if i != j])
            for unit in pairable(units)
        ]
    )
    share = {answer: np.mean([unit.count(answer) / len(unit) for unit in given_units]) for answer in seen}
    count, total = len(seen), sum(matrix.values())
    chances = [
        sum(matrix[a, b] * share[a] * share[b] for a, b in matrix),
        total / (count * (count - 1)) * sum(share[a] * (1 - share[a]) for a in seen),
        total / count**2,
    ]
    assert found == pytest.approx([(agreement - chance) / (1 - chance) for chance in chances], abs=NINE_DIGITS)


def weight_of(weights: Weights, seen: list[float], one: float, other: float) -> float:
    span = max(seen) - min(seen)
    steps = abs(seen.index(one) - seen.index(other))
    match weights:
        case Weights.IDENTITY:
            return float(one == other)
        case Weights.LINEAR:
            return 1 - abs(one - other) / span
        case Weights.QUADRATIC:
            return 1 - (one - other) ** 2 / span**2
        case Weights.ORDINAL:
            return 1 - math.comb(steps + 1, 2) / math.comb(len(seen), 2)


@given(numbers)
def test_alpha_with_weights_is_alpha_at_the_level_that_they_stand_for(units: list[list[float]]) -> None:
    patterns = patterns_of(pairable(units))
    for weights, level in ((Weights.IDENTITY, Level.NOMINAL), (Weights.QUADRATIC, Level.INTERVAL)):
        one, other = weighted_alpha(patterns, weights), krippendorff_alpha(patterns, level)
        assert one.value == (None if other.value is None else pytest.approx(other.value, abs=NINE_DIGITS))


@given(numbers)
def test_percent_agreement_is_the_mean_share_of_equal_pairs(units: list[list[float]]) -> None:
    shares = [
        np.mean([one == other for i, one in enumerate(unit) for other in unit[i + 1 :]]) for unit in pairable(units)
    ]
    found = percent_agreement(patterns_of(units)).value
    assert found == (pytest.approx(np.mean(shares), abs=NINE_DIGITS) if shares else None)


@given(numbers, numbers, st.sampled_from(ESTIMATORS))
def test_what_was_added_and_taken_out_again_leaves_nothing_behind(
    kept: list[list[float]], passing: list[list[float]], estimator: Estimator[Pattern]
) -> None:
    running: dict[Pattern, int] = {}
    for unit in [*passing, *kept]:
        running = merge(running, {pattern_of(map(encode_value, unit)): 1})
    for unit in reversed(passing):
        running = merge(running, {pattern_of(map(encode_value, unit)): 1}, -1)
    scratch = Counter(pattern_of(map(encode_value, unit)) for unit in kept)
    assert running == scratch
    # Equal to the last bit, since patterns are always taken in the same order.
    assert estimate(running, estimator) == estimate(scratch, estimator)


@given(st.sampled_from(ESTIMATORS), numbers)
def test_every_coefficient_is_a_number_or_a_reason(estimator: Estimator[Pattern], units: list[list[float]]) -> None:
    found = with_interval(patterns_of(units), estimator, resamples=50)
    if found.value is None:
        assert found.reason
        assert found.interval is None
        return
    assert found.reason is None
    assert math.isfinite(found.value)
    assert found.value <= 1
    if found.interval is not None:
        low, high = found.interval
        assert low <= high <= 1


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=repr)
def test_full_agreement_is_one(estimator: Estimator[Pattern]) -> None:
    patterns = patterns_of([[1.0, 1.0], [2.0, 2.0, 2.0], [7.0, 7.0]])
    found = with_interval(patterns, estimator)
    assert found.value == 1
    assert found.interval == (1, 1)


def test_a_coefficient_says_why_it_is_not_defined() -> None:
    alike, texts, single = patterns_of([["a", "a"]]), patterns_of([["a", "b"]]), patterns_of([["a"], ["b"]])
    for function in (krippendorff_alpha, fleiss_kappa, gwet_ac1, brennan_prediger):
        assert function({}).reason == NO_PAIR
        assert function(single).reason == NO_PAIR
        assert function(alike).reason == ONE_CATEGORY
        assert function(alike).answers == 2
    assert "not numbers" in (krippendorff_alpha(texts, Level.ORDINAL).reason or "")
    assert "not numbers" in (gwet_ac2(texts, Weights.LINEAR).reason or "")
    assert "not numbers" in (cohen_kappa({('"a"', '"b"'): 1}, "linear").reason or "")
    assert "none of the categories" in (gwet_ac2(texts, Weights.LINEAR, ['"a"']).reason or "")
    assert "below zero" in (krippendorff_alpha(patterns_of([[-1.0, 1.0]]), Level.RATIO).reason or "")
    assert percent_agreement({}).reason == NO_PAIR
    assert cohen_kappa({}).reason == NO_PAIR


@pytest.mark.parametrize("text", ["nan", "Infinity", "-inf", "1e999", "", "one"])
def test_a_text_that_is_no_finite_number_is_none(text: str) -> None:
    found = krippendorff_alpha(patterns_of([[text, "1"], ["1", "2"]]), Level.INTERVAL)
    assert "not numbers" in (found.reason or "")


def test_a_set_of_labels_is_no_number() -> None:
    patterns = {pattern_of([encode_value(("1",)), encode_value(("2",))]): 1}
    assert "not numbers" in (krippendorff_alpha(patterns, Level.INTERVAL).reason or "")


@pytest.mark.parametrize("level", list(Level))
def test_two_texts_for_one_number_are_one_answer_where_numbers_count(level: Level) -> None:
    patterns = patterns_of([["1", "1.0"], ["2", "3"], ["1", "2.0"], ["3", "3.00"]])
    as_numbers = patterns_of([[1.0, 1.0], [2.0, 3.0], [1.0, 2.0], [3.0, 3.0]])
    same = krippendorff_alpha(patterns, level) == krippendorff_alpha(as_numbers, level)
    assert same == (level is not Level.NOMINAL)


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("scale", [1e-300, 1.0, 1e307])
def test_neither_large_nor_small_numbers_overflow(level: Level, scale: float) -> None:
    units = [[1.0, 2.0], [2.0, 2.0, 5.0], [5.0, 4.0]]
    expected = krippendorff_alpha(patterns_of(units), level).value
    scaled = patterns_of([[answer * scale for answer in unit] for unit in units])
    assert krippendorff_alpha(scaled, level).value == pytest.approx(expected, abs=NINE_DIGITS)


@pytest.mark.parametrize("level", [Level.NOMINAL, Level.ORDINAL, Level.INTERVAL])
def test_numbers_as_far_apart_as_numbers_can_be_are_compared(level: Level) -> None:
    units = [[-1.0, 1.0], [1.0, 1.0, 0.0], [-1.0, -1.0]]
    expected = krippendorff_alpha(patterns_of(units), level).value
    furthest = patterns_of([[answer * 1.7e308 for answer in unit] for unit in units])
    assert krippendorff_alpha(furthest, level).value == pytest.approx(expected, abs=NINE_DIGITS)


def test_moments_a_second_apart_are_told_from_each_other() -> None:
    units = [[1.0, 2.0], [2.0, 2.0, 5.0], [5.0, 4.0]]
    moments = patterns_of([[1.7e9 + answer for answer in unit] for unit in units])
    expected = krippendorff_alpha(patterns_of(units), Level.INTERVAL).value
    assert krippendorff_alpha(moments, Level.INTERVAL).value == pytest.approx(expected, abs=NINE_DIGITS)


def test_categories_that_nobody_chose_count_where_chance_could_have_chosen_them() -> None:
    patterns = patterns_of([["a", "a"], ["a", "b"]])
    third = ['"a"', '"b"', '"c"']
    assert fleiss_kappa(patterns, categories=third) == fleiss_kappa(patterns)
    # AC1 by hand: pa = 1/2, shares 3/4 and 1/4; pe = 2 * 3/16 for two categories and half of that for three.
    assert gwet_ac1(patterns).value == pytest.approx((1 / 2 - 3 / 8) / (1 - 3 / 8))
    assert gwet_ac1(patterns, third).value == pytest.approx((1 / 2 - 3 / 16) / (1 - 3 / 16))
    assert gwet_ac1(patterns_of([["a", "a"]]), third).value == 1
    assert gwet_ac1(patterns, ['"a"']) == gwet_ac1(patterns)


@pytest.mark.parametrize("function", [fleiss_kappa, gwet_ac2, brennan_prediger, weighted_alpha])
@pytest.mark.parametrize("weights", list(Weights))
def test_categories_that_are_numbers_are_as_far_apart_as_these(
    function: Callable[..., Coefficient], weights: Weights
) -> None:
    patterns = patterns_of([[1.0, 2.0], [2.0, 2.0], [5.0, 1.0, 1.0], [5.0, 5.0]])
    expected = function(patterns, weights)
    for categories in (["1.0", "2.0", "5.0"], ["5.0", "1.0", "2.0"]):
        assert function(patterns, weights, categories).value == pytest.approx(expected.value, abs=NINE_DIGITS)


@pytest.mark.parametrize("weights", list(Weights))
def test_one_category_of_several_is_all_that_chance_can_pick_where_it_picks_as_people_did(weights: Weights) -> None:
    """Whatever rounding makes of shares that add up to one."""
    for most in range(2, 9):
        patterns = patterns_of([[0.3] * size for size in range(1, most)] + [[0.3] * 7, [0.3] * 3])
        assert fleiss_kappa(patterns, weights, ["0.1", "0.3", "0.7"]).reason == ONE_CATEGORY


def test_importing_the_package_does_not_import_numpy() -> None:
    """Every process imports it, and few compute with it."""
    code = "import sys, annolog.domain.agreement.ballot; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_answers_are_asked_for_one_label() -> None:
    units = [[("a", "b"), ("a",)], [("b",), ()], [("b",), ("c", "a"), ("a",)], [("a", "c"), ("a",)]]
    patterns = Counter(pattern_of(map(encode_value, unit)) for unit in units)

    def labels_of(answer: str) -> set[str]:
        value = decode_value(answer)
        assert isinstance(value, tuple)
        return {str(label) for label in value}

    about_a = with_label(patterns, "a", labels_of)
    assert about_a == patterns_of([["1", "1"], ["0", "0"], ["0", "1", "1"], ["1", "1"]])
    # Of 9 answers 6 carry the label; the one unit that is not of one mind has 4 ordered pairs of unlike answers.
    assert krippendorff_alpha(about_a).value == pytest.approx(1 - 8 * (4 / 2) / (2 * 6 * 3))


def test_a_pattern_forgets_the_order_of_the_answers() -> None:
    assert pattern_of(["b", "a", "b"]) == pattern_of(["b", "b", "a"]) == (("a", 1), ("b", 2))
    assert pattern_of([]) == ()


@pytest.mark.parametrize("estimator", [Alpha(), Alpha(Level.ORDINAL), GwetAC(Weights.LINEAR), FleissKappa()], ids=repr)
@pytest.mark.parametrize("repeated", [1, 12])
def test_an_interval_is_that_of_units_drawn_one_by_one(estimator: Estimator[Pattern], repeated: int) -> None:
    """Whether units are drawn or how often each pattern comes: as far apart as a plain bootstrap says."""
    chance = np.random.default_rng(3)
    units = [[float(min(4, max(0, round(chance.normal(unit % 5))))) for _ in range(4)] for unit in range(40)]
    patterns = Counter({pattern: count * repeated for pattern, count in patterns_of(units).items()})
    found = with_interval(patterns, estimator, resamples=800)
    ordered = sorted(patterns.elements())
    values = []
    for _ in range(300):
        sample = Counter(ordered[place] for place in chance.integers(len(ordered), size=len(ordered)))
        value = estimate(sample, estimator).value
        assert value is not None
        values.append(value)
    low, high = np.quantile(values, [0.025, 0.975])
    assert found.value is not None
    assert found.interval is not None
    assert found.interval[0] < found.value < found.interval[1]
    # Quantiles of 300 values wander by about a tenth of the width.
    assert found.interval == pytest.approx((low, high), abs=0.25 * (high - low))


def test_an_interval_is_the_same_for_the_same_seed_and_any_order() -> None:
    patterns = patterns_of([[1.0, 2.0], [2.0, 2.0], [3.0, 1.0, 1.0], [3.0, 3.0], [1.0, 1.0]])
    backwards = dict(reversed(patterns.items()))
    assert with_interval(patterns, Alpha(), seed=4) == with_interval(backwards, Alpha(), seed=4)
    assert with_interval(patterns, Alpha(), seed=4) != with_interval(patterns, Alpha(), seed=5)


def test_a_higher_level_of_confidence_is_a_wider_interval() -> None:
    patterns = patterns_of([[1.0, 2.0], [2.0, 2.0], [3.0, 1.0, 1.0], [3.0, 3.0], [1.0, 1.0]])
    narrow, wide = (with_interval(patterns, GwetAC(), level=level).interval for level in (0.5, 0.95))
    assert narrow is not None
    assert wide is not None
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


def test_one_unit_has_no_interval() -> None:
    assert with_interval(patterns_of([[1.0, 2.0]]), Alpha()).interval is None


def test_samples_in_which_chance_explains_it_all_give_no_interval() -> None:
    patterns = patterns_of([[1.0, 1.0], [2.0, 2.0]])
    found = {with_interval(patterns, Alpha(), resamples=1, seed=seed).interval for seed in range(20)}
    assert found == {None, (1.0, 1.0)}


def test_a_table_of_two_annotators_has_an_interval_as_well() -> None:
    table = {('"a"', '"a"'): 20, ('"a"', '"b"'): 5, ('"b"', '"a"'): 10, ('"b"', '"b"'): 15}
    found = with_interval(table, CohenKappa())
    assert found.value == pytest.approx(0.4)
    assert found.interval is not None
    # Fleiss, Cohen and Everitt (1969): the standard error of this textbook table is 0.128.
    assert found.interval == pytest.approx((0.4 - 1.96 * 0.128, 0.4 + 1.96 * 0.128), abs=0.04)
    assert (found.answers, found.units) == (100, 50)


@pytest.mark.parametrize(("resamples", "level"), [(0, 0.95), (10, 0.0), (10, 1.0), (10, float("nan"))])
def test_an_interval_that_cannot_be_is_refused(resamples: int, level: float) -> None:
    with pytest.raises(InvalidInput) as refused:
        with_interval(patterns_of([[1.0, 2.0]]), Alpha(), resamples=resamples, level=level)
    assert refused.value.faults


def test_many_different_answers_are_added_up_like_few() -> None:
    """A sparse and a dense sum: with many categories the table is mostly zeros."""
    chance = np.random.default_rng(5)
    units = [list(chance.integers(0, 4000, size=3).astype(float)) for _ in range(300)]
    units += [[unit[0], unit[0]] for unit in units[:100]]
    patterns = patterns_of([[float(answer) for answer in unit] for unit in units])
    triples = [(who, unit, value) for unit, values in enumerate(units) for who, value in enumerate(values)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = AnnotationTask(triples, distance=lambda a, b: float(a != b)).alpha()
    assert krippendorff_alpha(patterns).value == pytest.approx(expected, abs=NINE_DIGITS)
    found = with_interval(patterns, Alpha(), resamples=200)
    assert found.interval is not None
    assert found.interval[0] < expected < found.interval[1]
