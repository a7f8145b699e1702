"""Which regions are well drawn, shape by shape."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annolog.domain.labeling import (
    comparable_values,
    decode_value,
    encode_value,
    parse_labeling_config,
    validate_result,
)
from annolog.domain.refusals import InvalidResult, Refused, UnknownLabel

LABELLED = [
    *("RectangleLabels", "EllipseLabels", "PolygonLabels", "KeyPointLabels", "BrushLabels", "BitmaskLabels"),
    *("VectorLabels", "HyperTextLabels", "ParagraphLabels", "TimeSeriesLabels", "TimelineLabels", "Labels"),
]
CONFIG = parse_labeling_config(
    '<View><Image name="o" value="$o"/><VideoRectangle name="videorectangle" toName="o"/>'
    '<Rectangle name="rectangle" toName="o"/>'
    + "".join(f'<{tag} name="{tag.lower()}" toName="o"><Label value="Dog"/></{tag}>' for tag in LABELLED)
    + "</View>"
)

BOX = {"x": 10, "y": 20.5, "width": 30, "height": 8, "rotation": 0}
FRAME = {**BOX, "frame": 1, "time": 0.04, "enabled": True}
VERTEX = {"id": "a", "x": 25.0, "y": 30.0, "prevPointId": None, "isBezier": False}
VALUES: dict[str, dict[str, Any]] = {
    "rectanglelabels": BOX,
    "ellipselabels": {"x": 99, "y": 50, "radiusX": 30, "radiusY": 4, "rotation": 12.5},
    "polygonlabels": {"points": [[0, 0], [100, 0], [50.5, 100]], "closed": True},
    "keypointlabels": {"x": 1, "y": 2, "width": 0.5},
    "brushlabels": {"format": "rle", "rle": [0, 1, 255]},
    "bitmasklabels": {"imageDataURL": "data:image/png;base64,AAAA"},
    "vectorlabels": {"vertices": [VERTEX], "closed": False},
    "hypertextlabels": {"start": "/p[1]", "end": "/p[2]", "startOffset": 9, "endOffset": 2, "text": "x"},
    "paragraphlabels": {"start": "0", "end": "0", "startOffset": 2, "endOffset": 9},
    "timeserieslabels": {"start": 1592250751951, "end": 1592250775226.5, "instant": False},
    "timelinelabels": {"ranges": [{"start": 3, "end": 5}]},
    "labels": {"start": 0, "end": 14, "text": "…"},
    "videorectangle": {"framesCount": 10, "duration": 2.5, "sequence": [FRAME], "labels": ["Dog"]},
    "rectangle": BOX,
}


def region(item_type: str, /, **changes: Any) -> dict[str, Any]:
    labels = {item_type: ["Dog"]} if item_type.endswith("labels") else {}
    value = {**VALUES[item_type], **labels, **changes}
    return {"id": "r1", "from_name": item_type, "to_name": "o", "type": item_type, "value": value}


def pointers(item: dict[str, Any]) -> list[str]:
    with pytest.raises((InvalidResult, UnknownLabel)) as caught:
        validate_result(CONFIG, [item])
    return [fault.pointer.removeprefix("/result/0/value/") for fault in caught.value.faults]


@pytest.mark.parametrize("item_type", VALUES)
def test_every_shape_that_label_studio_draws_is_taken(item_type: str) -> None:
    validate_result(CONFIG, [region(item_type)])


@pytest.mark.parametrize(
    "item",
    [
        region("rectanglelabels", x=100.0000005, y=-0.0000005, width=150),
        region("labels", start=1.25, end=1.25, channel=0),
        region("labels", start="/a", end="/b"),
        region("timeserieslabels", start="2020-03-05 12:15", end="2020-03-05 12:16"),
        region("hypertextlabels", globalOffsets={"start": 1, "end": 3}),
        region("vectorlabels", vertices=[{"x": 1, "y": 2, "controlPoint1": {"x": -5, "y": 120}}]),
        {**region("rectanglelabels"), "type": "rectangle", "value": BOX},
        {**region("labels"), "value": {**BOX, "labels": ["Dog"]}},
        {**region("labels"), "value": {"sequence": [FRAME], "labels": ["Dog"]}},
        {**region("labels"), "value": {"points": [[1, 1]], "labels": ["Dog"]}},
    ],
)
def test_shapes_have_some_freedom(item: dict[str, Any]) -> None:
    validate_result(CONFIG, [item])


@pytest.mark.parametrize(
    ("item", "pointer"),
    [
        (region("rectanglelabels", x=100.1), "x"),
        (region("rectanglelabels", y=-1), "y"),
        (region("rectanglelabels", width=-0.1), "width"),
        (region("rectanglelabels", height=math.inf), "height"),
        (region("rectanglelabels", x=math.nan), "x"),
        (region("rectanglelabels", x=True), "x"),
        (region("rectanglelabels", x="10"), "x"),
        (region("rectanglelabels", x=None), "x"),
        (region("rectanglelabels", rotation="left"), "rotation"),
        (region("rectanglelabels", rectanglelabels=None), "rectanglelabels"),
        (region("rectanglelabels", rectanglelabels=[]), "rectanglelabels"),
        (region("rectanglelabels", rectanglelabels=["Dog", 1]), "rectanglelabels/1"),
        (region("rectanglelabels", rectanglelabels=["Cat"]), "rectanglelabels/0"),
        (region("rectangle", labels=["Cat"]), "labels/0"),
        (region("ellipselabels", radiusX=-1), "radiusX"),
        (region("ellipselabels", radiusY=None), "radiusY"),
        (region("keypointlabels", width=-1), "width"),
        (region("polygonlabels", points=[]), "points"),
        (region("polygonlabels", points="0,0"), "points"),
        (region("polygonlabels", points=[[1, 2], [1, 2, 3]]), "points/1"),
        (region("polygonlabels", points=[[1, "2"]]), "points/0/1"),
        (region("polygonlabels", points=[[101, 2]]), "points/0/0"),
        (region("polygonlabels", closed=1), "closed"),
        (region("brushlabels", format="png"), "format"),
        (region("brushlabels", rle="AAAA"), "rle"),
        (region("brushlabels", rle=[0, "1"]), "rle/1"),
        (region("brushlabels", rle=[256]), "rle/0"),
        (region("brushlabels", rle=[True]), "rle/0"),
        (region("bitmasklabels", imageDataURL=""), "imageDataURL"),
        (region("vectorlabels", vertices=[]), "vertices"),
        (region("vectorlabels", vertices=[[1, 2]]), "vertices/0"),
        (region("vectorlabels", vertices=[{**VERTEX, "x": None}]), "vertices/0/x"),
        (region("vectorlabels", vertices=[{**VERTEX, "prevPointId": []}]), "vertices/0/prevPointId"),
        (region("vectorlabels", vertices=[{**VERTEX, "controlPoint1": [1, 2]}]), "vertices/0/controlPoint1"),
        (region("vectorlabels", vertices=[{**VERTEX, "controlPoint2": {"x": 1}}]), "vertices/0/controlPoint2/y"),
        (region("labels", start=5, end=4), "end"),
        (region("labels", start=-1), "start"),
        (region("labels", end=None), "end"),
        (region("labels", channel=-1), "channel"),
        (region("hypertextlabels", start=""), "start"),
        (region("hypertextlabels", startOffset=-1), "startOffset"),
        (region("hypertextlabels", endOffset="9"), "endOffset"),
        (region("hypertextlabels", globalOffsets=[1, 3]), "globalOffsets"),
        (region("hypertextlabels", globalOffsets={"start": 3, "end": 1}), "globalOffsets/end"),
        (region("paragraphlabels", startOffset=10), "endOffset"),
        (region("timelinelabels", ranges=[]), "ranges"),
        (region("timelinelabels", ranges=[{"start": 3, "end": 2}]), "ranges/0/end"),
        (region("videorectangle", sequence=[]), "sequence"),
        (region("videorectangle", sequence=[{**FRAME, "frame": None}]), "sequence/0/frame"),
        (region("videorectangle", sequence=[FRAME, {**FRAME, "enabled": "yes"}]), "sequence/1/enabled"),
        (region("videorectangle", duration=math.inf), "duration"),
        (region("videorectangle", labels=["Cat"]), "labels/0"),
    ],
)
def test_a_region_that_cannot_be_drawn_is_refused_where_it_is_wrong(item: dict[str, Any], pointer: str) -> None:
    assert pointers(item)[0] == pointer


JUNK = (
    st.none()
    | st.booleans()
    | st.floats()
    | st.just(10**400)
    | st.text(max_size=3)
    | st.lists(st.integers(), max_size=2)
)
SPOILED = st.sampled_from(list(VALUES)).flatmap(
    lambda item_type: st.dictionaries(
        st.sampled_from([*VALUES[item_type], item_type, "labels", "globalOffsets", "item_index"]),
        JUNK | st.dictionaries(st.sampled_from(["x", "y", "start", "end"]), JUNK, max_size=3),
    ).map(lambda changes: region(item_type, **changes))
)


@given(SPOILED)
def test_a_spoiled_region_is_refused_or_still_has_a_comparable_value(item: dict[str, Any]) -> None:
    try:
        validate_result(CONFIG, [item])
    except Refused:
        return
    (value,) = comparable_values(CONFIG, [item]).values()
    assert decode_value(encode_value(value)) == value
    assert hash(value) == hash(decode_value(encode_value(value)))
