"""How answers are compared, and what that makes of a task."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annolog.domain.agreement.ballot import contribution
from annolog.domain.agreement.majority import majority, majority_credit
from annolog.domain.agreement.methodology import (
    MOST_EXACT,
    consensus_score,
    largest_group,
    overall_score,
    pairwise_score,
)
from annolog.domain.agreement.metrics import METRICS, default_metric, metric
from annolog.domain.agreement.trillionths import from_trillionths, to_trillionths
from annolog.domain.labeling import Dimension, DimensionKind
from annolog.domain.refusals import InvalidInput

EXACT = METRICS["exact_match"]
answers = st.lists(st.sampled_from("abcd"), min_size=0, max_size=9)


@pytest.mark.conformance("A1")
def test_three_different_answers_agree_in_no_pair() -> None:
    assert pairwise_score(["A", "B", "C"], EXACT) == 0


@pytest.mark.conformance("A2")
def test_two_of_three_agree_in_one_pair_of_three() -> None:
    assert pairwise_score(["A", "A", "C"], EXACT) == pytest.approx(1 / 3)


@pytest.mark.conformance("A3")
def test_two_of_three_are_a_consensus_of_two_thirds() -> None:
    assert consensus_score(["A", "A", "C"], EXACT) == pytest.approx(2 / 3)


@pytest.mark.conformance("A4")
def test_where_nobody_agrees_everybody_is_a_group_of_one() -> None:
    assert consensus_score(["A", "B", "C"], EXACT) == pytest.approx(1 / 3)


@pytest.mark.conformance("A5")
@pytest.mark.parametrize(("threshold", "expected"), [(0.5, 1.0), (0.75, 2 / 3), (0.9, 0.0)])
def test_a_threshold_groups_those_who_all_match_each_other(threshold: float, expected: float) -> None:
    overlaps = {(0, 1): 0.82, (0, 2): 0.65, (1, 2): 0.58}
    matches = [[overlaps.get((min(i, j), max(i, j)), 1.0) >= threshold for j in range(3)] for i in range(3)]
    assert largest_group(matches) / 3 == pytest.approx(expected)


@pytest.mark.conformance("A10")
@pytest.mark.parametrize("name", ["exact_match", "jaccard"])
def test_two_empty_answers_agree_and_an_empty_one_agrees_with_no_other(name: str) -> None:
    assert METRICS[name].score(None, None) == 1
    assert METRICS[name].score(None, ("a",)) == 0
    assert METRICS[name].score(("a",), None) == 0


@pytest.mark.conformance("A13")
def test_sets_of_labels_share_what_they_share() -> None:
    one, other = ("Politics", "Sports", "Tech"), ("Health", "Politics", "Tech")
    assert METRICS["jaccard"].score(one, other) == 0.5
    assert EXACT.score(one, other) == 0


@pytest.mark.conformance("A14")
@pytest.mark.parametrize(("one", "other", "expected"), [(4, 5, 1 / 2), (5, 3, 1 / 3), (5, 1, 1 / 5)])
def test_numbers_agree_less_the_further_they_are_apart(one: float, other: float, expected: float) -> None:
    assert METRICS["numeric_difference"].score(float(one), float(other)) == pytest.approx(expected)


@pytest.mark.conformance("A15")
def test_numbers_within_the_largest_difference_match() -> None:
    within = metric("numeric_threshold", {"maximum_difference": 1.0})
    assert within.score(4.0, 5.0) == 1
    assert within.score(4.0, 2.0) == 0


@pytest.mark.conformance("A22")
def test_the_overall_score_is_the_weighted_mean() -> None:
    scores = {"a": 0.83, "b": 0.33, "c": 0.33}
    assert overall_score(scores, {"a": 1.0, "b": 0.3, "c": 0.2}) == pytest.approx(0.6633, abs=5e-5)


def test_a_weight_of_zero_leaves_a_dimension_out() -> None:
    assert overall_score({"a": 0.4, "b": 0.9}, {"b": 0.0}) == 0.4
    assert overall_score({"a": 0.4}, {"a": 0.0}) is None


@pytest.mark.conformance("A24")
def test_a_single_answer_has_no_agreement() -> None:
    assert pairwise_score(["A"], EXACT) is None
    assert consensus_score(["A"], EXACT) is None
    assert overall_score({"a": None}, {}) is None


def test_numbers_are_compared_by_difference_unless_a_project_says_otherwise() -> None:
    asked = {kind: default_metric(Dimension("asked", "Tag", kind, ("text",))).name for kind in DimensionKind}
    by_difference = {kind for kind, name in asked.items() if name == "numeric_difference"}
    assert by_difference == {DimensionKind.RATING, DimensionKind.NUMBER}


@pytest.mark.parametrize(("name", "parameters"), [("no_such_metric", {}), ("exact_match", {"threshold": 0.5})])
def test_an_unknown_metric_or_parameter_is_refused(name: str, parameters: dict[str, float]) -> None:
    with pytest.raises(InvalidInput) as refused:
        metric(name, parameters)
    assert refused.value.faults


@given(answers)
def test_pairwise_agreement_is_the_share_of_equal_pairs(values: list[str]) -> None:
    pairs = list(combinations(values, 2))
    expected = sum(one == other for one, other in pairs) / len(pairs) if pairs else None
    assert pairwise_score(values, EXACT) == (pytest.approx(expected) if pairs else None)


@given(st.integers(1, MOST_EXACT + 4), st.data())
def test_a_group_is_never_larger_than_its_members_matches_allow(count: int, data: st.DataObject) -> None:
    edges = data.draw(st.sets(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))))
    matches = [[i == j or (i, j) in edges or (j, i) in edges for j in range(count)] for i in range(count)]
    size = largest_group(matches)
    if count <= 8:
        groups = (
            len(group)
            for length in range(2, count + 1)
            for group in combinations(range(count), length)
            if all(matches[i][j] for i, j in combinations(group, 2))
        )
        assert size == max(groups, default=0)
    assert 0 <= size <= count


def test_a_tie_has_several_winners_who_share_the_credit() -> None:
    assert majority(["b", "a", None]) == ("a", "b")
    assert majority_credit(["a", "b"], "a") == 0.5
    assert majority_credit(["a", "b"], "c") == 0
    assert majority([None, None]) == ()


@given(st.dictionaries(st.integers(1, 50), st.sampled_from([*"abc", None]), max_size=8))
def test_a_ballot_counts_everybody_alike(ballot: dict[int, str | None]) -> None:
    backwards = dict(reversed(ballot.items()))
    assert contribution(ballot, EXACT) == contribution(backwards, EXACT)


def test_a_ballot_credits_those_who_were_the_majority() -> None:
    found = contribution({1: "a", 2: "a", 3: "b"}, EXACT)
    assert found.credits == {1: to_trillionths(1), 2: to_trillionths(1), 3: 0}
    assert from_trillionths(found.pairwise or 0) == pytest.approx(1 / 3, abs=1e-9)
    assert contribution({1: "a"}, EXACT).credits == {}


def test_a_ballot_leaves_a_pattern_of_the_answers_that_were_given() -> None:
    assert contribution({1: "b", 2: "a", 3: None, 4: "a"}, EXACT).pattern == (('"a"', 2), ('"b"', 1))
    assert contribution({1: 3.0}, EXACT).pattern == (("3.0", 1),)
    assert contribution({1: None, 2: None}, EXACT).pattern is None
    assert contribution({}, EXACT).pattern is None
