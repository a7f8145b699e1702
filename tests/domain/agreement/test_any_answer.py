"""What every metric of answers promises, also for answers of another form than it expects."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annolog.domain.agreement.metrics import (
    METRICS,
    choices,
    moments,
    numbers,
    per_region,
    rankings,
    taxonomies,
    texts,
)
from annolog.domain.agreement.per_label import labels_in, restricted, weighted_score
from annolog.domain.labeling import DimensionKind, Value, decode_value, encode_value

FAMILIES = (choices, moments, numbers, per_region, rankings, taxonomies, texts)
NAMES = [found.name for family in FAMILIES for found in family.METRICS]

words = st.sampled_from(["", "_", "a", "b", "a / b", "2024", "2024-05-01", "10:00"])
quantities = st.floats(-1e300, 1e300)
spans = st.builds(
    lambda start, labels: (
        ("end", start + 2.0),
        ("labels", tuple(sorted(labels))),
        ("shape", "span"),
        ("start", start),
        ("target", "text"),
    ),
    st.integers(0, 3).map(float),
    st.sets(st.sampled_from("ab")),
)
said = st.one_of(words, quantities, st.lists(words, max_size=3).map(tuple))
paths = st.lists(st.lists(words, min_size=1, max_size=3).map(tuple), max_size=3).map(tuple)
buckets = st.dictionaries(words, st.lists(words, max_size=3).map(tuple)).map(lambda found: tuple(sorted(found.items())))
per_regions = st.lists(st.tuples(spans, said), max_size=3).map(tuple)
anything = st.recursive(words | quantities, lambda parts: st.lists(parts, max_size=3).map(tuple), max_leaves=6)
answers: st.SearchStrategy[Value] = st.one_of(
    said, paths, buckets, st.lists(spans, max_size=3).map(tuple), per_regions, anything
)


@pytest.mark.parametrize("name", NAMES)
@given(one=answers, other=answers)
def test_any_two_answers_compare_and_either_may_come_first(name: str, one: Value, other: Value) -> None:
    score = METRICS[name].score(one, other)
    assert 0 <= score <= 1
    assert score == METRICS[name].score(other, one)
    assert METRICS[name].score(one, one) == 1
    assert METRICS[name].score(one, None) == METRICS[name].score(None, one) == 0


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("common_labels", "a", (("a",),)),
        ("common_subtree", 4.0, (("a",),)),
        ("text_similarity", 4.0, ("4.0",)),
        ("text_similarity", (("a",),), ("a",)),
        ("rank_correlation", "ab", ("a", "b")),
        ("average_precision", 1.0, ("a", "b")),
        ("same_bucket", ("a", "b"), (("best", ("a", "b")),)),
        ("numeric_difference", "4", 4.0),
        ("numeric_threshold", ("4",), 4.0),
        ("time_difference_threshold", 20240501.0, "20240501"),
        ("region_choice_similarity", ("a",), "a"),
        ("region_text_similarity", ("a",), "a"),
        ("region_number_similarity", 4.0, 5.0),
    ],
)
def test_an_answer_of_another_form_is_like_no_other_but_itself(name: str, one: Value, other: Value) -> None:
    assert METRICS[name].score(one, other) == 0
    assert METRICS[name].score(one, one) == 1


@given(answers, answers, st.sampled_from(DimensionKind), st.sampled_from(NAMES))
def test_the_labels_of_any_answer_can_be_told_and_weighed(
    one: Value, other: Value, kind: DimensionKind, name: str
) -> None:
    for label in labels_in(kind, one):
        part = restricted(kind, one, label)
        assert labels_in(kind, part) == {label}
        assert part is not None
        assert decode_value(encode_value(part)) == part
    score = weighted_score(one, other, kind, METRICS[name], {"a": 0.0, "b": 2.0})
    assert score is None or 0 <= score <= 1
    assert score == weighted_score(other, one, kind, METRICS[name], {"a": 0.0, "b": 2.0})
