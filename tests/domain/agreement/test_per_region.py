"""How answers about each region are compared."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annolog.domain.agreement.metrics import METRICS, default_metric, metric
from annolog.domain.agreement.metrics.overlap import overlap_of
from annolog.domain.agreement.metrics.per_region import pairs_of
from annolog.domain.labeling import Dimension, DimensionKind, Value, comparable_values, parse_labeling_config

CONFIG = parse_labeling_config("""
<View>
  <Image name="image" value="$image"/>
  <RectangleLabels name="box" toName="image"><Label value="Car"/><Label value="Sign"/></RectangleLabels>
  <Choices name="colours" toName="image" perRegion="true" choice="multiple">
    <Choice value="red"/><Choice value="blue"/><Choice value="white"/>
  </Choices>
  <TextArea name="writing" toName="image" perRegion="true"/>
  <Number name="age" toName="image" perRegion="true"/>
</View>
""")
CHOICES, TEXTS, NUMBERS = (METRICS[f"region_{kind}_similarity"] for kind in ("choice", "text", "number"))
ASKED = {"colours": ("choices", "choices"), "writing": ("textarea", "text"), "age": ("number", "number")}

Drawn = tuple[float, float, object]


def said(name: str, *drawn: Drawn, label: str = "Car") -> Value:
    """An answer per box, each told by where it starts, how wide it is, and what was said about it."""
    item_type, field = ASKED[name]
    items: list[dict[str, Any]] = []
    for number, (start, width, answer) in enumerate(drawn):
        shared = {"id": f"r{number}", "to_name": "image"}
        box = {"x": start, "y": 0, "width": width, "height": 10, "rotation": 0}
        items.append(
            {**shared, "from_name": "box", "type": "rectanglelabels", "value": box | {"rectanglelabels": [label]}}
        )
        items.append({**shared, "from_name": name, "type": item_type, "value": box | {field: answer}})
    return comparable_values(CONFIG, items).get(name, ())


@pytest.mark.conformance("A19")
def test_a_region_that_overlaps_and_is_called_something_else_scores_nothing() -> None:
    one = said("colours", (0, 10, ["red"]))
    assert CHOICES.score(one, said("colours", (0, 9, ["red"]))) == pytest.approx(0.9)
    assert CHOICES.score(one, said("colours", (0, 9, ["blue"]))) == 0


def test_overlap_and_similarity_multiply() -> None:
    one, other = said("colours", (0, 10, ["red", "white"])), said("colours", (0, 5, ["red", "blue"]))
    assert CHOICES.score(one, other) == pytest.approx(0.5 / 3)
    one, other = said("writing", (0, 10, ["hello"])), said("writing", (0, 5, ["world"]))
    assert TEXTS.score(one, other) == pytest.approx(0.5 * 0.2)
    one, other = said("age", (0, 10, 4)), said("age", (0, 5, 6))
    assert NUMBERS.score(one, other) == pytest.approx(0.5 / 3)


def test_every_region_takes_its_best_match_and_one_without_counts_nothing() -> None:
    one = said("colours", (0, 10, ["red"]), (50, 10, ["blue"]))
    # The red box matches by 0.5, from both sides; nobody else saw the blue one.
    assert CHOICES.score(one, said("colours", (0, 5, ["red"]))) == pytest.approx((0.5 + 0 + 0.5) / 3)
    # A worse overlap is the better match where the answer is the same.
    two = said("colours", (0, 10, ["blue"]), (0, 5, ["red"]))
    assert CHOICES.score(said("colours", (0, 10, ["red"])), two) == pytest.approx((0.5 + 0 + 0.5) / 3)


def test_regions_with_different_labels_have_nothing_in_common() -> None:
    assert CHOICES.score(said("colours", (0, 10, ["red"])), said("colours", (0, 10, ["red"]), label="Sign")) == 0


def test_no_region_is_like_no_region_and_like_nothing_else() -> None:
    one = said("age", (0, 10, 4))
    assert NUMBERS.score((), ()) == NUMBERS.score(None, None) == 1
    assert NUMBERS.score(one, ()) == NUMBERS.score((), one) == NUMBERS.score(one, None) == 0


def test_the_variants_with_a_threshold_decide_on_the_whole_score() -> None:
    one, other = said("writing", (0, 10, ["hello"])), said("writing", (0, 9, ["hello"]))
    assert METRICS["region_text_similarity_threshold"].score(one, other) == 1
    assert metric("region_text_similarity_threshold", {"threshold": 0.95}).score(one, other) == 0


def test_texts_of_regions_are_compared_by_the_algorithm_that_was_chosen() -> None:
    one, other = said("writing", (0, 10, ["big red car"])), said("writing", (0, 10, ["red car"]))
    by_word = metric("region_text_similarity", {"granularity": "word"})
    assert by_word.score(one, other) == pytest.approx(2 / 3)
    assert TEXTS.score(one, other) == pytest.approx(1 - 4 / 11)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (DimensionKind.SINGLE_CHOICE, "region_choice_similarity"),
        (DimensionKind.MULTIPLE_CHOICE, "region_choice_similarity"),
        (DimensionKind.TEXT, "region_text_similarity"),
        (DimensionKind.RATING, "region_number_similarity"),
        (DimensionKind.NUMBER, "region_number_similarity"),
        (DimensionKind.TAXONOMY, "exact_match"),
        (DimensionKind.DATETIME, "exact_match"),
    ],
)
def test_answers_per_region_have_metrics_of_their_own(kind: DimensionKind, name: str) -> None:
    assert default_metric(Dimension("asked", "Tag", kind, ("image",), per_region=True)).name == name


drawn = st.lists(
    st.tuples(st.integers(0, 6), st.integers(1, 6), st.lists(st.sampled_from(["red", "blue"]), min_size=1)), max_size=4
)


@given(drawn, drawn)
def test_the_score_is_what_its_definition_says_and_the_order_of_regions_does_not_count(
    one: list[Drawn], other: list[Drawn]
) -> None:
    first, second = said("colours", *one), said("colours", *other)
    assert CHOICES.score(first, second) == CHOICES.score(second, first)
    assert isinstance(first, tuple)
    assert CHOICES.score(first[::-1], second) == CHOICES.score(first, second)
    if first == second:
        assert CHOICES.score(first, second) == 1
        return
    jaccard = METRICS["jaccard"]
    pairs, against = pairs_of(first) or (), pairs_of(second) or ()
    best = [
        max((overlap_of(a, b) * jaccard.score(x, y) for b, y in others), default=0.0)
        for mine, others in ((pairs, against), (against, pairs))
        for a, x in mine
    ]
    assert CHOICES.score(first, second) == pytest.approx(sum(best) / len(best))
