"""How alike two rankings are."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau
from sklearn.metrics import average_precision_score

from annolog.domain.agreement.metrics import METRICS, metric
from annolog.domain.labeling import Value, comparable_values, parse_labeling_config

CORRELATION = METRICS["rank_correlation"]
BUCKETS = METRICS["same_bucket"]
orders = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8).map(tuple)
buckets = st.dictionaries(st.sampled_from("abcde"), st.sampled_from(["best", "good", "_"]))


def sorted_into(places: dict[str, str]) -> Value:
    names = sorted(set(places.values()))
    return tuple((name, tuple(item for item in sorted(places) if places[item] == name)) for name in names)


@given(orders, orders)
def test_the_correlation_of_ranks_is_kendalls_tau_of_what_both_ranked(
    one: tuple[str, ...], other: tuple[str, ...]
) -> None:
    common = sorted(set(one) & set(other))
    if len(common) < 2:
        assert CORRELATION.score(one, other) == float(one == other)
        return
    tau = kendalltau([one.index(item) for item in common], [other.index(item) for item in common]).statistic
    assert CORRELATION.score(one, other) == pytest.approx((tau + 1) / 2)


def test_the_same_order_scores_1_the_reverse_0_and_chance_one_half() -> None:
    order = ("a", "b", "c", "d")
    assert CORRELATION.score(order, order) == 1
    assert CORRELATION.score(order, order[::-1]) == 0
    every = [CORRELATION.score(order, other) for other in permutations(order)]
    assert sum(every) / len(every) == pytest.approx(0.5)


def test_one_bucket_is_an_order_and_what_was_left_unsorted_is_none() -> None:
    one, other = (("_", ("d", "c")), ("best", ("a", "b"))), (("best", ("b", "a", "c")),)
    assert CORRELATION.score(one, other) == 0
    assert CORRELATION.score(one, (("best", ("a", "b")),)) == 1
    assert CORRELATION.score(one, (("worst", ("a", "b")),)) == 0
    assert CORRELATION.score((("a", ("x",)), ("b", ("y",))), (("a", ("y",)), ("b", ("x",)))) == 0


def test_an_order_is_compared_in_either_form_in_which_editors_save_it() -> None:
    config = parse_labeling_config(
        '<View><List name="list" value="$items"/><Ranker name="rank" toName="list"/></View>',
    )

    def saved(ranked: object) -> Value:
        item = {"from_name": "rank", "to_name": "list", "type": "ranker", "value": {"ranker": ranked}}
        return comparable_values(config, [item])["rank"]

    assert CORRELATION.score(saved(["a", "b", "c"]), saved(["a", "c", "b"])) == pytest.approx(2 / 3)
    assert CORRELATION.score(saved({"rank": ["a", "b", "c"]}), saved({"rank": ["a", "c", "b"]})) == pytest.approx(2 / 3)


def test_average_precision_asks_whether_the_first_are_among_the_first() -> None:
    at_two = metric("average_precision", {"cutoff": 2.0})
    assert at_two.score(("a", "b", "c"), ("b", "a", "c")) == 1
    # One of two relevant items, in the first place one way and in the second the other: (1/2 + 1/4) / 2.
    assert at_two.score(("a", "b", "c"), ("c", "a", "b")) == pytest.approx(3 / 8)
    assert at_two.score(("a", "b"), ("c", "d")) == 0
    assert at_two.score(("a",), ()) == 0


@given(orders, orders, st.integers(1, 9))
def test_average_precision_is_that_of_another_implementation(
    one: tuple[str, ...], other: tuple[str, ...], cutoff: int
) -> None:
    def judged(order: tuple[str, ...], relevant: tuple[str, ...]) -> float:
        hits = [item in relevant for item in order]
        if not any(hits):
            return 0.0
        # The other one divides by the relevant items that were found, ours by those that there are.
        return float(average_precision_score(hits, range(len(hits), 0, -1))) * sum(hits) / len(relevant)

    first, second = one[:cutoff], other[:cutoff]
    expected = 1.0 if one == other else (judged(first, second) + judged(second, first)) / 2
    assert metric("average_precision", {"cutoff": float(cutoff)}).score(one, other) == pytest.approx(expected)


@given(buckets, buckets)
def test_items_agree_that_are_in_the_same_bucket(one: dict[str, str], other: dict[str, str]) -> None:
    places, against = ({item: name for item, name in found.items() if name != "_"} for found in (one, other))
    items = set(places) | set(against)
    shared = len(set(places.items()) & set(against.items()))
    expected = shared / len(items) if items else 1.0
    if bool(one) == bool(other):  # an answer without any bucket looks like an order without any item
        assert BUCKETS.score(sorted_into(one), sorted_into(other)) == pytest.approx(expected)


def test_a_plain_order_is_in_no_bucket() -> None:
    assert BUCKETS.score(("a", "b"), (("best", ("a", "b")),)) == 0
    assert BUCKETS.score(("a", "b"), ("b", "a")) == 0
