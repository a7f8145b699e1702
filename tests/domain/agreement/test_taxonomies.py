"""How much two answers from a taxonomy have in common."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk.metrics.distance import jaccard_distance

from annolog.domain.agreement.metrics import METRICS, metric

LABRADOR = ("Animal", "Dog", "Labrador")
POODLE = ("Animal", "Dog", "Poodle")
SIAMESE = ("Animal", "Cat", "Siamese")
EAGLE = ("Animal", "Bird", "Eagle")
SPARROW = ("Animal", "Bird", "Sparrow")

paths = st.lists(st.sampled_from("AB"), min_size=1, max_size=3).map(tuple)
answers = st.lists(paths, max_size=4, unique=True)


@pytest.mark.conformance("A16")
def test_two_breeds_of_two_kinds_share_one_of_five_nodes() -> None:
    assert METRICS["common_subtree"].score((LABRADOR,), (SIAMESE,)) == 0.2


@pytest.mark.parametrize(
    ("one", "other", "exact", "labels", "subtree"),
    [((LABRADOR,), (POODLE,), 0, 0, 1 / 2), ((EAGLE, LABRADOR), (LABRADOR, SPARROW), 0, 1 / 3, 2 / 3)],
)
def test_the_published_examples_hold(
    one: Sequence[tuple[str, ...]], other: Sequence[tuple[str, ...]], exact: float, labels: float, subtree: float
) -> None:
    first, second = tuple(one), tuple(other)
    assert METRICS["exact_match"].score(first, second) == exact
    assert METRICS["common_labels"].score(first, second) == pytest.approx(labels)
    assert METRICS["common_subtree"].score(first, second) == pytest.approx(subtree)


def test_the_same_word_in_two_places_is_two_labels() -> None:
    assert METRICS["common_labels"].score((("Fruit", "Orange"),), (("Colour", "Orange"),)) == 0


def test_a_threshold_is_met_by_what_equals_it() -> None:
    one, other = (EAGLE, LABRADOR), (LABRADOR, SPARROW)
    assert METRICS["common_subtree_threshold"].score((LABRADOR,), (POODLE,)) == 1
    assert METRICS["common_labels_threshold"].score(one, other) == 0
    assert metric("common_labels_threshold", {"threshold": 1 / 3}).score(one, other) == 1


def test_no_label_is_like_no_label_and_like_nothing_else() -> None:
    for name in ("common_labels", "common_subtree"):
        assert METRICS[name].score((), ()) == 1
        assert METRICS[name].score((), (LABRADOR,)) == 0


@given(answers, answers)
def test_both_are_jaccard_of_what_another_implementation_sees(
    one: list[tuple[str, ...]], other: list[tuple[str, ...]]
) -> None:
    def nodes(chosen: list[tuple[str, ...]]) -> set[str]:
        return {path[: end + 1] for path in map("".join, chosen) for end in range(len(path))}

    if not one and not other:
        return
    labels = 1 - jaccard_distance(set(map("".join, one)), set(map("".join, other)))
    subtree = 1 - jaccard_distance(nodes(one), nodes(other))
    assert METRICS["common_labels"].score(tuple(one), tuple(other)) == pytest.approx(labels)
    assert METRICS["common_subtree"].score(tuple(one), tuple(other)) == pytest.approx(subtree)


@given(answers, answers)
def test_the_order_of_labels_does_not_count(one: list[tuple[str, ...]], other: list[tuple[str, ...]]) -> None:
    shuffled = sorted(one, key=lambda path: path[::-1])
    for name in ("common_labels", "common_subtree"):
        assert METRICS[name].score(tuple(one), tuple(other)) == METRICS[name].score(tuple(shuffled), tuple(other))
