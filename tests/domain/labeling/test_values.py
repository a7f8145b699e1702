"""When two annotations say the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annolog.domain.labeling import (
    Value,
    comparable_values,
    decode_value,
    encode_value,
    parse_labeling_config,
    validate_result,
)

CONFIG = parse_labeling_config("""
<View>
  <Text name="text" value="$text"/><Image name="image" value="$image"/><List name="list" value="$items"/>
  <Choices name="choice" toName="text">
    <Choice value="good"/><Choice value="bad"><Choice value="awful"/></Choice>
  </Choices>
  <Choices name="many" toName="text" choice="multiple"><Choice value="a"/><Choice value="b"/></Choices>
  <Taxonomy name="taxonomy" toName="text"><Choice value="A"><Choice value="B"/></Choice></Taxonomy>
  <Rating name="rating" toName="text"/><Number name="number" toName="text"/><TextArea name="textarea" toName="text"/>
  <DateTime name="datetime" toName="text"/><Pairwise name="pairwise" toName="text,image"/>
  <Ranker name="ranker" toName="list"/>
  <Labels name="labels" toName="text"><Label value="PER"/><Label value="ORG"/></Labels>
  <Rectangle name="rectangle" toName="image"/><Labels name="kinds" toName="image"><Label value="Dog"/></Labels>
  <BrushLabels name="brushlabels" toName="image"><Label value="Dog"/></BrushLabels>
  <VectorLabels name="vectorlabels" toName="image"><Label value="Dog"/></VectorLabels>
  <PolygonLabels name="polygonlabels" toName="image"><Label value="Dog"/></PolygonLabels>
  <Choices name="sure" toName="text" perRegion="true"><Choice value="yes"/><Choice value="no"/></Choices>
  <Rating name="quality" toName="image" perRegion="true"/>
</View>
""")
TYPES = {"choice": "choices", "many": "choices", "sure": "choices", "kinds": "labels", "quality": "rating"}


def item(name: str, /, identity: str = "r1", **value: Any) -> dict[str, Any]:
    dimension = CONFIG.by_name[name]
    item_type = TYPES.get(name, name)
    return {"id": identity, "from_name": name, "to_name": dimension.targets[0], "type": item_type, "value": value}


def values(*items: dict[str, Any]) -> dict[str, Value]:
    validate_result(CONFIG, list(items))
    return comparable_values(CONFIG, items)


def box(identity: str = "r1", **changes: Any) -> dict[str, Any]:
    return {**item("rectangle", identity, x=1, y=2, width=3, height=4, rotation=0), **changes}


def span(start: int, end: int, *labels: str, identity: str = "r1", **more: Any) -> dict[str, Any]:
    return item("labels", identity, start=start, end=end, labels=list(labels), **more)


@pytest.mark.parametrize(
    ("given_item", "value"),
    [
        (item("choice", choices=["good"]), "good"),
        (item("choice", choices=[["bad", "awful"]]), "bad / awful"),
        (item("many", choices=["b", "a", "b"]), ("a", "b")),
        (item("many", choices=[]), ()),
        (item("taxonomy", taxonomy=[["A", "B"], ["A"]]), (("A",), ("A", "B"))),
        (item("rating", rating=4), 4.0),
        (item("number", number=2.5), 2.5),
        (item("textarea", text=["b", "a"]), ("b", "a")),
        (item("textarea", text="b"), ("b",)),
        (item("datetime", datetime="2026-01-01"), "2026-01-01"),
        (item("pairwise", selected="right"), "right"),
        (item("ranker", ranker=["b", "a"]), ("b", "a")),
        (item("ranker", ranker={"z": ["c"], "a": ["b", "a"], "m": []}), (("a", ("b", "a")), ("z", ("c",)))),
    ],
)
def test_every_kind_of_answer_has_its_value(given_item: dict[str, Any], value: Value) -> None:
    found = values(given_item)
    assert found == {given_item["from_name"]: value}
    assert decode_value(encode_value(value)) == value


def test_what_is_not_answered_is_absent() -> None:
    assert values() == {}


def test_the_order_of_labels_and_of_items_says_nothing() -> None:
    one = values(item("many", choices=["a", "b"]), span(0, 3, "PER", "ORG"), span(5, 9, "ORG", identity="r2"))
    other = values(
        span(5, 9, "ORG", identity="x"), span(0, 3, "ORG", "PER", identity="y"), item("many", choices=["b", "a"])
    )
    assert one == other


def test_a_region_keeps_what_was_drawn_and_loses_its_id_and_its_text() -> None:
    assert values(span(0, 3, "PER", text="Ada", meta={"x": [1]})) == {
        "labels": ((("end", 3.0), ("labels", ("PER",)), ("shape", "span"), ("start", 0.0), ("target", "text")),)
    }


def test_a_region_reads_as_a_dict() -> None:
    (region,) = values(box())["rectangle"]  # type: ignore[misc]
    assert dict(region) == {  # type: ignore[arg-type]
        "shape": "rectangle",
        "target": "image",
        "labels": (),
        "x": 1.0,
        "y": 2.0,
        "width": 3.0,
        "height": 4.0,
        "rotation": 0.0,
    }


def test_no_rotation_is_a_rotation_of_zero_even_below_zero() -> None:
    plain = item("rectangle", x=1, y=2, width=3, height=4)
    turned = item("rectangle", x=1, y=2, width=3, height=4, rotation=-0.0)
    assert {encode_value(found["rectangle"]) for found in (values(box()), values(plain), values(turned))} == {
        encode_value(values(box())["rectangle"])
    }


@pytest.mark.parametrize(
    ("rotation", "sizes", "aspect"),
    [
        (30, (200, 100), 2.0),
        (30, (100, 400), 0.25),
        (0, (200, 100), None),
        (30, (None, 100), None),
        (30, (0, 100), None),
        (30, (200, -100), None),
        (30, ("200", 100), None),
        (30, (1e308, 1e-308), None),
        (30, (10**400, 100), None),
    ],
)
def test_only_a_turned_box_says_how_wide_its_image_is(
    rotation: float, sizes: tuple[Any, Any], aspect: float | None
) -> None:
    around = {"original_width": sizes[0], "original_height": sizes[1]}
    (region,) = values({**item("rectangle", x=1, y=2, width=3, height=4, rotation=rotation), **around})["rectangle"]  # type: ignore[misc]
    assert dict(region).get("aspect") == aspect  # type: ignore[arg-type]


def test_a_span_over_several_places_keeps_where_it_lies_in_the_whole_text() -> None:
    offsets = {"startOffset": 9, "endOffset": 2, "globalOffsets": {"start": 9, "end": 40}}
    (across,) = values(item("labels", start="/a", end="/b", labels=["PER"], **offsets))["labels"]  # type: ignore[misc]
    assert dict(across)["globalOffsets"] == (("end", 40.0), ("start", 9.0))  # type: ignore[arg-type]
    within = {**offsets, "startOffset": 1}
    (inside,) = values(item("labels", start="/a", end="/a", labels=["PER"], **within))["labels"]  # type: ignore[misc]
    assert "globalOffsets" not in dict(inside)  # type: ignore[arg-type]


def test_boxes_on_different_pages_differ() -> None:
    assert values(box(item_index=0)) != values(box(item_index=1))


def test_two_alike_regions_are_two() -> None:
    assert values(span(0, 3, "PER"), span(0, 3, "PER", identity="r2")) != values(span(0, 3, "PER"))


def test_brush_strokes_are_one_text() -> None:
    (region,) = values(item("brushlabels", format="rle", rle=[0, 1, 255], brushlabels=["Dog"]))["brushlabels"]  # type: ignore[misc]
    assert dict(region)["rle"] == "0001ff"  # type: ignore[arg-type]


def test_vertices_are_told_by_their_place_not_by_their_random_ids() -> None:
    def drawn(first: str, second: str, before: str | None) -> dict[str, Value]:
        vertices = [{"id": first, "x": 1, "y": 1}, {"id": second, "x": 2, "y": 2, "prevPointId": before}]
        return values(item("vectorlabels", vertices=vertices, vectorlabels=["Dog"]))

    assert drawn("a", "b", "a") == drawn("c", "d", "c")
    assert drawn("a", "b", "a") != drawn("a", "b", None)


def test_polygons_compare_point_by_point() -> None:
    one = values(item("polygonlabels", points=[[1, 2], [3, 4]], polygonlabels=["Dog"]))
    assert one == values(item("polygonlabels", points=[[1.0, 2], [3, 4.0]], polygonlabels=["Dog"], closed=True))
    assert one != values(item("polygonlabels", points=[[3, 4], [1, 2]], polygonlabels=["Dog"]))


# ── answers per region ───────────────────────────────────────────────────────────────────────────────────────────────


def test_an_answer_per_region_stands_beside_its_region() -> None:
    found = values(item("sure", "r1", choices=["yes"]), span(0, 3, "PER"), span(5, 9, "ORG", identity="r2"))
    (first, *_) = values(span(0, 3, "PER"))["labels"]  # type: ignore[misc]
    assert found["sure"] == ((first, "yes"),)


def test_answers_that_swap_their_regions_differ() -> None:
    regions = [span(0, 3, "PER"), span(5, 9, "PER", identity="r2")]
    one = values(*regions, item("sure", "r1", choices=["yes"]), item("sure", "r2", choices=["no"]))
    other = values(*regions, item("sure", "r2", choices=["yes"]), item("sure", "r1", choices=["no"]))
    assert one["sure"] != other["sure"]
    assert one["labels"] == other["labels"]


def test_a_region_drawn_by_one_control_and_labelled_by_another_is_told_with_its_label() -> None:
    labelled = item("kinds", x=1, y=2, width=3, height=4, rotation=0, labels=["Dog"])
    quality = item("quality", rating=3)
    one = values(box(), labelled, quality)
    ((region, rating),) = one["quality"]  # type: ignore[misc]
    assert (dict(region)["labels"], rating) == (("Dog",), 3.0)  # type: ignore[arg-type]
    assert values(quality, labelled, box()) == one


# ── results outlive configs ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "control",
    [
        "",
        '<Rating name="many" toName="text"/>',
        '<Choices name="many" toName="text"><Choice value="c"/></Choices>',
    ],
)
def test_an_answer_to_another_question_says_nothing(control: str) -> None:
    newer = parse_labeling_config(f'<View><Text name="text" value="$text"/>{control}</View>')
    relation = {"type": "relation", "from_id": "a", "to_id": "b", "direction": "bi"}
    assert comparable_values(newer, [item("many", choices=["a", "b"]), relation]) == {}


# ── encoding ─────────────────────────────────────────────────────────────────────────────────────────────────────────

VALUES: st.SearchStrategy[Value] = st.recursive(
    st.text(max_size=4) | st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([0.0, -0.0, 1.0, "1.0"]),
    lambda inner: st.lists(inner, max_size=3).map(tuple),
    max_leaves=6,
)


@given(VALUES)
def test_a_value_survives_being_written(value: Value) -> None:
    text = encode_value(value)
    assert decode_value(text) == value
    assert encode_value(decode_value(text)) == text
    json.loads(text)


@given(VALUES, VALUES)
def test_values_are_equal_exactly_when_their_encodings_are(one: Value, other: Value) -> None:
    assert (one == other) is (encode_value(one) == encode_value(other))


def test_a_number_is_never_its_text_and_zero_has_one_form() -> None:
    assert encode_value(1.0) != encode_value("1.0")
    assert encode_value((0.0,)) == encode_value((-0.0,))
    assert encode_value(3) == encode_value(3.0) == "3.0"
