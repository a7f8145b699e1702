"""Agreement about single labels."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annolog.domain.agreement.metrics import METRICS
from annolog.domain.agreement.per_label import label_scores, labels_in, restricted, weighted_score
from annolog.domain.labeling import DimensionKind, Region, Value

SINGLE, MULTIPLE, REGION = DimensionKind.SINGLE_CHOICE, DimensionKind.MULTIPLE_CHOICE, DimensionKind.REGION
EXACT, JACCARD, BY_REGION = METRICS["exact_match"], METRICS["jaccard"], METRICS["region_choice_similarity"]

sets = st.sets(st.sampled_from("abcd"), min_size=1).map(lambda labels: tuple(sorted(labels)))


def span(start: float, end: float, *labels: str) -> Region:
    return (
        ("end", float(end)),
        ("labels", labels),
        ("shape", "span"),
        ("start", float(start)),
        ("target", "text"),
    )


spans = st.builds(
    lambda start, length, labels: span(start, start + length, *sorted(labels)),
    st.integers(0, 3),
    st.integers(1, 3),
    st.sets(st.sampled_from("ab")),
)
answers: dict[DimensionKind, st.SearchStrategy[Value]] = {
    SINGLE: st.sampled_from("abc"),
    MULTIPLE: sets,
    DimensionKind.TAXONOMY: st.lists(sets, min_size=1, max_size=3, unique=True).map(lambda found: tuple(sorted(found))),
    DimensionKind.RATING: st.integers(1, 3).map(float),
    REGION: st.lists(spans, min_size=1, max_size=3).map(tuple),
}


@pytest.mark.parametrize(
    ("kind", "value", "labels"),
    [
        (SINGLE, "cat", {"cat"}),
        (MULTIPLE, ("cat", "dog"), {"cat", "dog"}),
        (DimensionKind.PAIRWISE, "left", {"left"}),
        (DimensionKind.TAXONOMY, (("Animal", "Dog"), ("Plant",)), {"Animal / Dog", "Plant"}),
        (DimensionKind.RATING, 4.0, {"4"}),
        (DimensionKind.NUMBER, -0.0, {"0"}),
        (DimensionKind.NUMBER, 0.1, {"0.1"}),
        (REGION, (span(0, 4, "PER"), span(5, 9, "ORG", "PER"), span(5, 9)), {"ORG", "PER"}),
        (SINGLE, ((span(0, 4), "sure"), (span(5, 9), "unsure")), {"sure", "unsure"}),
        (DimensionKind.TEXT, ("some words",), set()),
        (DimensionKind.RANKER, ("a", "b"), set()),
        (DimensionKind.DATETIME, "2024-05-01", set()),
        (SINGLE, None, set()),
    ],
)
def test_an_answer_uses_labels(kind: DimensionKind, value: Value | None, labels: set[str]) -> None:
    assert labels_in(kind, value) == labels


def test_a_restricted_answer_is_what_it_were_if_there_was_no_other_label() -> None:
    assert restricted(SINGLE, "cat", "cat") == "cat"
    assert restricted(SINGLE, "cat", "dog") is None
    assert restricted(MULTIPLE, ("cat", "dog"), "dog") == ("dog",)
    assert restricted(DimensionKind.TAXONOMY, (("A", "B"), ("C",)), "A / B") == (("A", "B"),)
    assert restricted(DimensionKind.RATING, 4.0, "4") == 4.0
    regions = (span(0, 4, "PER"), span(5, 9, "ORG", "PER"), span(10, 12, "ORG"))
    assert restricted(REGION, regions, "PER") == (span(0, 4, "PER"), span(5, 9, "PER"))
    assert restricted(REGION, regions, "LOC") is None
    told = ((span(0, 4), ("red", "white")), (span(5, 9), ("blue",)))
    assert restricted(MULTIPLE, told, "red") == ((span(0, 4), ("red",)),)


def test_regions_that_carry_more_labels_besides_are_the_same_for_one_label() -> None:
    one = (span(0, 4, "A", "B"), span(0, 8, "A"))
    other = (span(0, 4, "A"), span(0, 8, "A", "B"))
    assert restricted(REGION, one, "A") == restricted(REGION, other[::-1], "A")


def test_a_label_is_scored_over_the_pairs_of_whom_one_used_it() -> None:
    found = label_scores(["cat", "cat", "dog", "dog", "dog"], SINGLE, EXACT)
    # Seven pairs have somebody who said cat, in one both did; nine have somebody who said dog, in three both did.
    assert found == {"cat": pytest.approx(1 / 7), "dog": pytest.approx(3 / 9)}
    assert list(found) == ["cat", "dog"]


def test_who_left_a_dimension_out_did_not_use_its_labels() -> None:
    assert label_scores(["cat", None, "cat"], SINGLE, EXACT) == {"cat": pytest.approx(1 / 3)}
    assert label_scores(["cat"], SINGLE, EXACT) == {}
    assert label_scores([None, None], SINGLE, EXACT) == {}


@pytest.mark.parametrize("kind", answers)
@given(data=st.data())
def test_label_scores_are_what_comparing_every_pair_gives(kind: DimensionKind, data: st.DataObject) -> None:
    values: list[Value | None] = data.draw(st.lists(st.none() | answers[kind], max_size=5))
    expected: dict[str, float] = {}
    for label in {label for value in values for label in labels_in(kind, value)}:
        parts = [restricted(kind, value, label) for value in values]
        pairs = [(one, other) for one, other in combinations(parts, 2) if one is not None or other is not None]
        if pairs:
            expected[label] = sum(JACCARD.score(one, other) for one, other in pairs) / len(pairs)
    assert label_scores(values, kind, JACCARD) == pytest.approx(expected)
    assert label_scores(values[::-1], kind, JACCARD) == label_scores(values, kind, JACCARD)


def test_answers_per_region_are_scored_by_label_too() -> None:
    one = ((span(0, 10), "red"), (span(20, 30), "blue"))
    other = ((span(0, 5), "red"), (span(20, 30), "blue"))
    assert label_scores([one, other], SINGLE, BY_REGION) == {"blue": 1, "red": pytest.approx(0.5)}


@given(sets, sets)
def test_labels_of_equal_weight_make_jaccard(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    equal = weighted_score(one, other, MULTIPLE, EXACT, {})
    assert equal == pytest.approx(JACCARD.score(one, other))
    assert weighted_score(one, other, MULTIPLE, EXACT, dict.fromkeys("abcd", 0.3)) == pytest.approx(equal)


def test_weights_say_how_much_each_label_counts() -> None:
    one, other = ("a", "b", "c"), ("a", "c")
    assert weighted_score(one, other, MULTIPLE, EXACT, {"b": 2.0, "c": 0.5}) == pytest.approx(1.5 / 3.5)
    assert weighted_score(one, other, MULTIPLE, EXACT, {"b": 0.0}) == 1
    assert weighted_score("a", "b", SINGLE, EXACT, {"a": 0.5}) == 0


def test_where_no_label_is_left_there_is_no_score() -> None:
    assert weighted_score(("a",), ("a",), MULTIPLE, EXACT, {"a": 0.0}) is None
    assert weighted_score(None, None, MULTIPLE, EXACT, {}) is None
    assert weighted_score((), None, REGION, EXACT, {}) is None
