"""Which results fit a labeling config."""

from __future__ import annotations

import math
from typing import Any

import pytest

from annolog.domain.labeling import parse_labeling_config, validate_result
from annolog.domain.refusals import InvalidResult, Refused, UnknownLabel

ALL = parse_labeling_config("""
<View>
  <Text name="text" value="$text"/><Text name="other" value="$other"/><List name="list" value="$items"/>
  <Choices name="mood" toName="text"><Choice value="good"/><Choice value="bad"/></Choices>
  <Choices name="topics" toName="text" choice="multiple"><Choice value="a"/><Choice value="b"/></Choices>
  <Choices name="nested" toName="text"><Choice value="top"><Choice value="leaf"/></Choice></Choices>
  <Choices name="open" toName="text" value="$options"/>
  <Taxonomy name="tree" toName="text"><Choice value="Animal"><Choice value="Dog"/></Choice></Taxonomy>
  <Rating name="stars" toName="text"/>
  <Number name="count" toName="text" min="0" max="10"/>
  <Number name="free" toName="text"/>
  <TextArea name="note" toName="text"/>
  <DateTime name="day" toName="text"/>
  <Pairwise name="better" toName="text,other"/>
  <Ranker name="order" toName="list"/>
  <Ranker name="buckets" toName="list"><Bucket name="best"/><Bucket name="x/y"/></Ranker>
  <Labels name="ner" toName="text"><Label value="PER"/></Labels>
  <Choices name="sure" toName="text" perRegion="true"><Choice value="yes"/></Choices>
  <Relations><Relation value="works_for"/></Relations>
</View>
""")

TARGETS = {"order": "list", "buckets": "list"}
TYPES = {
    "tree": "taxonomy",
    "stars": "rating",
    "count": "number",
    "free": "number",
    "note": "textarea",
    "day": "datetime",
    "better": "pairwise",
    "order": "ranker",
    "buckets": "ranker",
    "ner": "labels",
}


def answer(name: str, **value: Any) -> dict[str, Any]:
    item_type = TYPES.get(name, "choices")
    return {"id": "r1", "from_name": name, "to_name": TARGETS.get(name, "text"), "type": item_type, "value": value}


def span(identity: str = "r1", label: str = "PER") -> dict[str, Any]:
    return answer("ner", start=0, end=3, labels=[label]) | {"id": identity}


def relation(**changes: Any) -> dict[str, Any]:
    return {"type": "relation", "from_id": "r1", "to_id": "r2", "direction": "right"} | changes


def refusal(*items: Any, xml: str | None = None) -> Refused:
    with pytest.raises((InvalidResult, UnknownLabel)) as caught:
        validate_result(parse_labeling_config(xml) if xml else ALL, list(items))
    return caught.value


def pointers(*items: Any) -> list[str]:
    return [fault.pointer for fault in refusal(*items).faults]


# ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "item",
    [
        answer("mood", choices=["good"]),
        answer("topics", choices=["b", "a"]),
        answer("topics", choices=[]),
        answer("nested", choices=["leaf"]),
        answer("nested", choices=[["top", "leaf"]]),
        answer("open", choices=["anything"]),
        answer("tree", taxonomy=[["Animal"], ["Animal", "Dog"]]),
        answer("stars", rating=5),
        answer("stars", rating=1.0),
        answer("count", number=0),
        answer("count", number=2.5),
        answer("free", number=-1e300),
        answer("note", text=["one", "two"]),
        answer("note", text="one"),
        answer("day", datetime="2026-02-03"),
        answer("better", selected="left"),
        answer("order", ranker=["b", "a"]),
        answer("buckets", ranker={"best": ["a"], "x/y": [], "_": ["b"]}),
        span(),
        answer("mood", choices=["good"], start=1, extra={"x": None}) | {"origin": "manual", "score": None},
    ],
)
def test_answers_that_fit_are_taken(item: dict[str, Any]) -> None:
    validate_result(ALL, [item])


def test_an_empty_result_fits_where_nothing_is_required() -> None:
    validate_result(ALL, [])


@pytest.mark.parametrize(
    ("item", "pointer"),
    [
        (answer("mood"), "choices"),
        (answer("mood", choices="good"), "choices"),
        (answer("mood", choices=[]), "choices"),
        (answer("mood", choices=["good", "bad"]), "choices"),
        (answer("mood", choices=[1]), "choices/0"),
        (answer("topics", choices=["a", None]), "choices/1"),
        (answer("nested", choices=[["top", {}]]), "choices/0"),
        (answer("nested", choices=[[]]), "choices/0"),
        (answer("open", choices=[7]), "choices/0"),
        (answer("tree", taxonomy=["Animal"]), "taxonomy/0"),
        (answer("tree", taxonomy={"Animal": 1}), "taxonomy"),
        (answer("stars", rating=0), "rating"),
        (answer("stars", rating=6), "rating"),
        (answer("stars", rating=2.5), "rating"),
        (answer("stars", rating=True), "rating"),
        (answer("stars", rating="3"), "rating"),
        (answer("count", number=-0.1), "number"),
        (answer("count", number=10.5), "number"),
        (answer("count", number=None), "number"),
        (answer("free", number=math.nan), "number"),
        (answer("free", number=math.inf), "number"),
        (answer("free", number=10**400), "number"),
        (answer("free", number=False), "number"),
        (answer("note", text=None), "text"),
        (answer("note", text=["a", 1]), "text/1"),
        (answer("day", datetime=""), "datetime"),
        (answer("day", datetime=2026), "datetime"),
        (answer("better", selected="both"), "selected"),
        (answer("better", selected=["left"]), "selected"),
        (answer("order", ranker="a"), "ranker"),
        (answer("order", ranker=["a", "a"]), "ranker/1"),
        (answer("order", ranker=["a", 1]), "ranker/1"),
        (answer("buckets", ranker={"best": ["a"], "x/y": ["a"]}), "ranker/x~1y/0"),
        (answer("buckets", ranker={"best": "a"}), "ranker/best"),
    ],
)
def test_a_value_of_the_wrong_shape_is_refused_where_it_stands(item: dict[str, Any], pointer: str) -> None:
    no = refusal(item)
    assert [fault.pointer for fault in no.faults] == [f"/result/0/value/{pointer}"]
    assert isinstance(no, InvalidResult)
    assert no.detail.startswith(f"/result/0/value/{pointer}: ")


@pytest.mark.parametrize(
    ("item", "pointer"),
    [
        (answer("mood", choices=["ugly"]), "choices/0"),
        (answer("topics", choices=["a", "c"]), "choices/1"),
        (answer("nested", choices=[["leaf"]]), "choices/0"),
        (answer("tree", taxonomy=[["Animal"], ["Dog"]]), "taxonomy/1"),
        (answer("buckets", ranker={"worst": ["a"]}), "ranker/worst"),
        (span(label="ORG"), "labels/0"),
    ],
)
def test_a_label_the_config_lacks_is_unknown(item: dict[str, Any], pointer: str) -> None:
    no = refusal(item)
    assert isinstance(no, UnknownLabel)
    assert [fault.pointer for fault in no.faults] == [f"/result/0/value/{pointer}"]


def test_an_unknown_label_beside_another_fault_is_an_invalid_result() -> None:
    no = refusal(answer("mood", choices=["ugly"]), answer("stars", rating=9))
    assert isinstance(no, InvalidResult)
    assert [fault.pointer for fault in no.faults] == ["/result/0/value/choices/0", "/result/1/value/rating"]


def test_a_long_unknown_label_is_told_by_its_beginning() -> None:
    assert len(refusal(answer("mood", choices=["x" * 1_000_000])).detail) < 200


# ── items ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("result", [None, {}, "[]", 1, True, ({},)])
def test_a_result_is_a_list(result: object) -> None:
    with pytest.raises(InvalidResult, match="list") as caught:
        validate_result(ALL, result)
    assert [fault.pointer for fault in caught.value.faults] == ["/result"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"from_name": "nobody"}, "/result/0/from_name"),
        ({"from_name": None}, "/result/0/from_name"),
        ({"from_name": ["mood"]}, "/result/0/from_name"),
        ({"to_name": "other"}, "/result/0/to_name"),
        ({"to_name": {}}, "/result/0/to_name"),
        ({"type": "rating"}, "/result/0/type"),
        ({"type": ["choices"]}, "/result/0/type"),
        ({"value": ["good"]}, "/result/0/value"),
        ({"value": None}, "/result/0/value"),
        ({"item_index": "first"}, "/result/0/item_index"),
    ],
)
def test_an_item_says_what_it_answers_about_what_and_how(changes: dict[str, Any], pointer: str) -> None:
    assert pointers(answer("mood", choices=["good"]) | changes) == [pointer]


@pytest.mark.parametrize("field", ["from_name", "to_name", "type", "value"])
def test_an_item_leaves_out_none_of_it(field: str) -> None:
    item = answer("mood", choices=["good"])
    del item[field]
    assert pointers(item) == [f"/result/0/{field}"]


def test_an_item_is_an_object() -> None:
    assert pointers(None, answer("mood", choices=["good"]), []) == ["/result/0", "/result/2"]


def test_a_control_is_answered_once() -> None:
    good = answer("mood", choices=["good"])
    assert pointers(good, answer("stars", rating=1), good | {"id": "r2"}) == ["/result/2"]


def test_at_most_twenty_faults_are_told() -> None:
    assert len(refusal(*[answer("mood", choices=["ugly"])] * 100).faults) == 20


# ── items together ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_answer_per_region_stands_with_its_region_wherever_that_is() -> None:
    sure = answer("sure", choices=["yes"])
    validate_result(ALL, [sure, span("r1"), span("r2"), sure | {"id": "r2"}])
    assert pointers(sure | {"id": "r3"}, span("r1")) == ["/result/0/id"]
    assert pointers(sure, span("r1"), sure) == ["/result/2"]


@pytest.mark.parametrize("identity", [None, "", 7])
def test_regions_and_answers_about_them_have_an_id(identity: object) -> None:
    assert pointers(span() | {"id": identity}) == ["/result/0/id"]
    assert pointers(answer("sure", choices=["yes"]) | {"id": identity}) == ["/result/0/id"]


@pytest.mark.parametrize("direction", ["left", "right", "bi"])
def test_regions_can_be_related(direction: str) -> None:
    validate_result(ALL, [span("r1"), relation(direction=direction, labels=["works_for"]), span("r2")])


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"from_id": None}, "/result/2/from_id"),
        ({"to_id": 2}, "/result/2/to_id"),
        ({"to_id": "r9"}, "/result/2/to_id"),
        ({"direction": "up"}, "/result/2/direction"),
        ({"direction": []}, "/result/2/direction"),
        ({"labels": "works_for"}, "/result/2/labels"),
        ({"labels": ["hates"]}, "/result/2/labels/0"),
    ],
)
def test_a_relation_joins_two_regions_of_the_result(changes: dict[str, Any], pointer: str) -> None:
    assert pointers(span("r1"), span("r2"), relation(**changes)) == [pointer]


REQUIRED = """<View><Text name="text" value="$text"/><Choices name="mood" toName="text" required="true" {more}>
<Choice value="good"/></Choices><Labels name="ner" toName="text"><Label value="PER"/></Labels></View>"""


def test_what_is_required_must_be_answered() -> None:
    no = refusal(xml=REQUIRED.format(more=""))
    assert [(fault.pointer, "mood" in fault.message) for fault in no.faults] == [("/result", True)]
    validate_result(parse_labeling_config(REQUIRED.format(more="")), [answer("mood", choices=["good"])])


def test_an_empty_answer_is_no_answer() -> None:
    many = REQUIRED.format(more='choice="multiple"')
    assert refusal(answer("mood", choices=[]), xml=many).faults[0].pointer == "/result/0/value/choices"
    note = '<View><Text name="text" value="$t"/><TextArea name="note" toName="text" required="true"/></View>'
    assert refusal(answer("note", text=[" ", ""]), xml=note).faults[0].pointer == "/result/0/value/text"


def test_what_is_required_per_region_is_required_of_every_region() -> None:
    xml = REQUIRED.format(more='perRegion="true"')
    validate_result(parse_labeling_config(xml), [])
    validate_result(parse_labeling_config(xml), [span("r1"), answer("mood", choices=["good"])])
    assert "'r2'" in refusal(span("r1"), answer("mood", choices=["good"]), span("r2"), xml=xml).detail
