"""The config that results must have been made with, as far as they show it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annolog.domain.labeling import DimensionKind, comparable_values, parse_labeling_config, validate_result
from annolog.domain.labeling.inference import MOST_LABELS, infer_labeling_config
from annolog.domain.refusals import Refused


def item(name: str, item_type: str, value: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"from_name": name, "to_name": "text", "type": item_type, "value": value, **more}


def choice(*labels: Any, name: str = "label", **more: Any) -> dict[str, Any]:
    return item(name, "choices", {"choices": list(labels)}, **more)


def box(**value: Any) -> dict[str, Any]:
    return {"x": 1, "y": 1, "width": 5, "height": 5, **value}


def test_a_choice_is_single_until_somebody_chooses_more_than_one() -> None:
    single = infer_labeling_config([[choice("b")], [choice("a")], [choice("b")]]).dimensions
    assert [(found.name, found.kind, found.labels, found.targets) for found in single] == [
        ("label", DimensionKind.SINGLE_CHOICE, ("b", "a"), ("text",))
    ]
    (many,) = infer_labeling_config([[choice("b")], [choice("b", "a")]]).dimensions
    assert many.kind is DimensionKind.MULTIPLE_CHOICE


@pytest.mark.parametrize(
    ("item_type", "value", "tag"),
    [
        ("taxonomy", {"taxonomy": [["a", "b"], ["a"]]}, "Taxonomy"),
        ("rating", {"rating": 4}, "Rating"),
        ("number", {"number": -3.5}, "Number"),
        ("textarea", {"text": ["hello"]}, "TextArea"),
        ("datetime", {"datetime": "2024-01-01"}, "DateTime"),
        ("pairwise", {"selected": "left"}, "Pairwise"),
        ("ranker", {"ranker": ["a", "b"]}, "Ranker"),
        ("ranker", {"ranker": {"good": ["a"], "_": ["b"]}}, "Ranker"),
        ("labels", {"start": 0, "end": 4, "text": "this", "labels": ["PER"]}, "Labels"),
        ("hypertextlabels", {"start": "/p", "end": "/p", "hypertextlabels": ["PER"]}, "HyperTextLabels"),
        ("rectanglelabels", box(rectanglelabels=["Car"]), "RectangleLabels"),
        ("rectangle", box(), "Rectangle"),
        ("polygonlabels", {"points": [[1, 1], [2, 2], [3, 1]], "polygonlabels": ["Car"]}, "PolygonLabels"),
    ],
)
def test_each_type_of_item_tells_its_control(item_type: str, value: dict[str, Any], tag: str) -> None:
    result = [item("asked", item_type, value, id="r1")]
    config = infer_labeling_config([result])
    assert [found.tag for found in config.dimensions] == [tag]
    validate_result(config, result)
    assert list(comparable_values(config, result)) == ["asked"]


def test_a_shape_drawn_with_and_without_labels_is_one_control() -> None:
    results = [
        [item("box", "rectangle", box(), id="a")],
        [item("box", "rectanglelabels", box(rectanglelabels=["Car"]), id="a")],
    ]
    (found,) = infer_labeling_config(results).dimensions
    assert (found.tag, found.labels) == ("RectangleLabels", ("Car",))


def test_labels_beside_a_shape_of_the_same_region_are_two_controls() -> None:
    result = [item("box", "rectangle", box(), id="a"), item("kind", "labels", box(labels=["Car"]), id="a")]
    config = infer_labeling_config([result])
    assert [found.tag for found in config.dimensions] == ["Rectangle", "Labels"]
    validate_result(config, result)


def test_an_answer_with_the_id_of_a_region_is_asked_per_region() -> None:
    drawn = item("span", "labels", {"start": 0, "end": 4, "labels": ["PER"]}, id="r1")
    config = infer_labeling_config([[drawn, choice("sure", name="sure", id="r1"), choice("x", name="whole", id="r2")]])
    assert {found.name: found.per_region for found in config.dimensions} == {
        "span": False,
        "sure": True,
        "whole": False,
    }


def test_a_control_about_several_things_is_about_all_of_them() -> None:
    (found,) = infer_labeling_config([[choice("a")], [choice("a", to_name="image")]]).dimensions
    assert found.targets == ("text", "image")


def test_the_type_that_most_items_have_decides() -> None:
    results = [[choice("a")], [choice("a")], [item("label", "rating", {"rating": 1})]]
    (found,) = infer_labeling_config(results).dimensions
    assert found.tag == "Choices"


def test_ratings_above_five_raise_the_maximum() -> None:
    (found,) = infer_labeling_config([[item("stars", "rating", {"rating": 9})]]).dimensions
    assert found.maximum == 9


def test_relations_and_their_labels_are_kept() -> None:
    relation = {"type": "relation", "from_id": "a", "to_id": "b", "direction": "right", "labels": ["of"]}
    assert infer_labeling_config([[relation]]).relation_labels == {"of"}


def test_labels_are_written_whatever_they_hold() -> None:
    labels = ['"quoted" & <tagged>', "two\nlines", " space ", "$money", "a / b"]
    (found,) = infer_labeling_config([[choice(label)] for label in labels]).dimensions
    assert list(found.labels) == labels


def test_a_control_with_very_many_labels_takes_any() -> None:
    (found,) = infer_labeling_config([[choice(str(number))] for number in range(MOST_LABELS + 1)]).dimensions
    assert found.open_labels


def test_what_no_config_can_say_is_left_out_and_spoils_nothing_else() -> None:
    odd = [
        choice("\x00"),
        choice("x", name="\ud800"),
        choice("x", name="text"),
        choice("x", name="other", to_name="label"),
        choice(["deep"] * 100),
        choice("x", name="list", to_name="a,b"),
        choice(name="nothing"),
        choice("x", name="hash", id=["no", "hash"]),
    ]
    config = infer_labeling_config([[choice("a"), choice("b", name="second")], odd])
    assert [found.name for found in config.dimensions] == ["label", "second", "hash"]
    assert config.dimensions[0].labels == ("a",)


def test_nothing_gives_a_config_without_a_control() -> None:
    assert infer_labeling_config([]).dimensions == ()


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
JSON = st.recursive(
    SCALARS | st.sampled_from(["a", "label", "text"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)
NAMES = st.sampled_from(["label", "text", "stars", "a,b", " x"])
TYPES = ["choices", "taxonomy", "rating", "ranker", "labels", "rectanglelabels", "rectangle", "relation"]
ITEMS = st.fixed_dictionaries(
    {
        "from_name": NAMES | JSON,
        "to_name": NAMES | JSON,
        "type": st.sampled_from(TYPES) | JSON,
        "value": st.dictionaries(st.sampled_from(TYPES), JSON | st.lists(st.text(max_size=3)), max_size=3) | JSON,
    },
    optional={"id": st.just("r1") | JSON, "labels": JSON},
)


@given(st.lists(JSON | st.lists(ITEMS | JSON, max_size=4), max_size=4))
def test_any_json_gives_a_config(results: list[Any]) -> None:
    config = infer_labeling_config(results)
    assert parse_labeling_config(config.xml).dimensions == config.dimensions


MADE_WITH = parse_labeling_config("""
<View><Text name="text" value="$text"/>
<Choices name="label" toName="text"><Choice value="a"/><Choice value="b"/></Choices>
<Choices name="topics" toName="text" choice="multiple"><Choice value="a"/><Choice value="b"/></Choices>
<Taxonomy name="tree" toName="text"><Choice value="a"><Choice value="b"/></Choice></Taxonomy>
<Rating name="stars" toName="text"/><Labels name="span" toName="text"><Label value="PER"/></Labels></View>
""")
ANSWERS = st.lists(
    st.one_of(
        st.sampled_from("ab").map(choice),
        st.lists(st.sampled_from("ab"), min_size=1, unique=True).map(lambda found: choice(*found, name="topics")),
        st.sampled_from([["a"], ["a", "b"]]).map(lambda path: item("tree", "taxonomy", {"taxonomy": [path]})),
        st.integers(1, 5).map(lambda stars: item("stars", "rating", {"rating": stars})),
        st.just(item("span", "labels", {"start": 0, "end": 4, "labels": ["PER"]}, id="r1")),
    ),
    unique_by=lambda found: found["from_name"],
)


@given(st.lists(ANSWERS, max_size=5))
def test_results_fit_what_was_inferred_from_them(results: list[list[dict[str, Any]]]) -> None:
    config = infer_labeling_config(results)
    asked = [dimension.name for dimension in config.dimensions]
    for result in results:
        try:
            validate_result(config, result)
        except Refused as refused:
            raise AssertionError(config.xml) from refused
        assert {answer["from_name"] for answer in result} <= set(asked)
        found, made_with = comparable_values(config, result), comparable_values(MADE_WITH, result)
        # One label is one label; only with two of them in any result is it known to be a set.
        kinds = {dimension.name: dimension.kind for dimension in config.dimensions}
        if kinds.get("topics") is DimensionKind.SINGLE_CHOICE and "topics" in found:
            found["topics"] = (found["topics"],)
        assert found == made_with
