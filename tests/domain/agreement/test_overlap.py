"""How much two regions overlap, shape by shape."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import pytest
import shapely
import shapely.affinity
from hypothesis import given
from hypothesis import strategies as st

from annolog.domain.agreement.metrics import boxes
from annolog.domain.agreement.metrics.overlap import KEYPOINT_DISTANCE, overlap_of, overlap_of_forms, same_kind
from annolog.domain.labeling import Region
from tests.domain.agreement.drawing import boxed, item, region, regions

percents = st.integers(0, 100).map(float) | st.floats(0, 100)
sizes = st.integers(0, 60).map(float) | st.floats(0, 60)
points = st.tuples(percents, percents).map(list)
rotations = st.sampled_from([0, 90, -90, 360, 30, 45.5]) | st.floats(-400, 400)
upright = st.builds(boxed, percents, percents, sizes, sizes)
turned = st.builds(
    lambda x, y, width, height, rotation, aspect: region(
        "rectanglelabels",
        x=x,
        y=y,
        width=width,
        height=height,
        rotation=rotation,
        around={"original_width": 100 * aspect, "original_height": 100},
    ),
    *(percents, percents, sizes, sizes, rotations),
    st.sampled_from([1, 0.5, 1.6]),
)
ellipses = st.builds(
    lambda x, y, across, down, turn: region("ellipselabels", x=x, y=y, radiusX=across, radiusY=down, rotation=turn),
    *(percents, percents, sizes, sizes, rotations),
)
polygons = st.lists(points, min_size=1, max_size=8).map(lambda found: region("polygonlabels", points=found))
spans = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(
    lambda ends: region("labels", start=min(ends), end=max(ends))
)
timelines = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)).map(sorted), min_size=1, max_size=4).map(
    lambda found: region("timelinelabels", ranges=[{"start": start, "end": end} for start, end in found])
)
keyframes = st.fixed_dictionaries(
    {
        "frame": st.integers(1, 12),
        **dict.fromkeys(("x", "y"), percents),
        **dict.fromkeys(("width", "height"), sizes),
        "rotation": st.sampled_from([0, 0, 20]),
        "enabled": st.booleans(),
    }
)
tracks = st.lists(keyframes, min_size=1, max_size=4).map(lambda found: region("videorectangle", sequence=found))
keypoints = st.builds(lambda x, y: region("keypointlabels", x=x, y=y, width=0.5), percents, percents)
shapes = (upright | turned, ellipses, polygons, spans, timelines, tracks, keypoints)
pairs = st.sampled_from(shapes).flatmap(lambda shape: st.tuples(shape, shape))


# ── every shape ──────────────────────────────────────────────────────────────────────────────────────────────────────


@given(pairs)
def test_overlap_is_symmetric_and_a_share_and_whole_for_the_same_region(pair: tuple[Region, Region]) -> None:
    one, other = pair
    assert 0.0 <= overlap_of(one, other) <= 1.0
    assert overlap_of(one, other) == pytest.approx(overlap_of(other, one), abs=1e-9)
    assert overlap_of(one, one) == 1.0


EXAMPLES: dict[str, dict[str, Any]] = {
    "rectanglelabels": {"x": 1, "y": 2, "width": 3, "height": 4},
    "ellipselabels": {"x": 50, "y": 50, "radiusX": 3, "radiusY": 4},
    "polygonlabels": {"points": [[0, 0], [10, 0], [0, 10]]},
    "keypointlabels": {"x": 1, "y": 2},
    "brushlabels": {"format": "rle", "rle": [1, 2, 3]},
    "bitmasklabels": {"imageDataURL": "data:image/png;base64,AAAA"},
    "vectorlabels": {"vertices": [{"x": 1, "y": 1}, {"x": 2, "y": 2}]},
    "labels": {"start": 0, "end": 4},
    "timelinelabels": {"ranges": [{"start": 1, "end": 3}]},
}


@pytest.mark.parametrize("item_type", EXAMPLES)
def test_label_target_and_image_must_be_the_same(item_type: str) -> None:
    def drawn(*labels: str, **more: Any) -> Region:
        return region(item_type, *labels, **EXAMPLES[item_type], **more)

    assert overlap_of(drawn("Dog"), drawn("Dog")) == 1
    assert overlap_of(drawn("Cat", "Dog"), drawn("Dog", "Cat")) == 1
    for different in (drawn("Cat"), drawn("Dog", "Cat"), drawn(target="p"), drawn(around={"item_index": 1})):
        assert overlap_of(drawn("Dog"), different) == 0
        assert not same_kind(drawn("Dog"), different)
    assert overlap_of_forms(drawn("Dog"), drawn("Cat")) == 1
    assert overlap_of_forms(drawn("Dog"), drawn(target="p")) == 0


def test_two_regions_without_labels_match_and_one_without_matches_none_with() -> None:
    bare = region("rectangle", x=1, y=2, width=3, height=4)
    assert overlap_of(bare, region("rectangle", x=1, y=2, width=3, height=4, rotation=0)) == 1
    assert overlap_of(bare, region("rectangle", "Dog", x=1, y=2, width=3, height=4)) == 0


def test_different_shapes_do_not_overlap() -> None:
    found = [region(item_type, **value) for item_type, value in EXAMPLES.items()]
    for one, other in product(found, found):
        assert overlap_of(one, other) == overlap_of_forms(one, other) == float(one is other)


@pytest.mark.conformance("A9")
def test_boxes_that_coincide_with_different_labels_do_not_overlap() -> None:
    assert overlap_of(boxed(10, 20, 30, 40, "Dog"), boxed(10, 20, 30, 40, "Cat")) == 0


# ── boxes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.conformance("A7")
def test_a_box_shifted_by_a_fifth_of_its_width_overlaps_by_two_thirds() -> None:
    assert overlap_of(boxed(10, 20, 100, 80), boxed(30, 20, 100, 80)) == pytest.approx(6400 / 9600)


@given(upright, upright)
def test_boxes_overlap_as_shapely_says(one: Region, other: Region) -> None:
    first, second = (shapely.box(*edges_of(region)) for region in (one, other))
    if min(first.area, second.area) > 1e-6:
        assert overlap_of(one, other) == pytest.approx(iou(first, second), abs=1e-9)


@given(st.lists(upright, max_size=20), st.lists(upright, max_size=20))
def test_boxes_overlap_bit_by_bit_alike_one_by_one_and_in_arrays(ones: list[Region], others: list[Region]) -> None:
    left, right = (tuple(boxes.Box(*edges_of(region)) for region in side) for side in (ones, others))
    if left and right:
        plain = list(boxes._plain(left, right))
        assert boxes._in_arrays(left, right, 0) == plain
        assert boxes.box_overlaps(left, right) == plain
        assert {(row, column): share for row, column, share in plain} == {
            (row, column): share
            for (row, one), (column, other) in product(enumerate(left), enumerate(right))
            if (share := one.overlap(other))
        }


def test_very_many_boxes_are_compared_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    many = tuple(boxes.box(x % 40, x // 3, 5, 7) for x in range(120))
    at_once = boxes.box_overlaps(many, many)
    monkeypatch.setattr(boxes, "MOST_AT_ONCE", 700)
    assert boxes.box_overlaps(many, many) == at_once


@given(turned, turned)
def test_turned_boxes_overlap_as_they_do_in_the_pixels_of_their_image(one: Region, other: Region) -> None:
    first, second = in_pixels(one), in_pixels(other)
    if dict(one).get("aspect") == dict(other).get("aspect") and min(first.area, second.area) > 1e-3:
        assert overlap_of(one, other) == pytest.approx(iou(first, second), abs=1e-6)


def test_turning_needs_the_width_of_the_image() -> None:
    """A box of 10 by 40 pixels turned by a quarter about its corner is one of 40 by 10 that lies to the left."""
    wide = {"original_width": 200, "original_height": 100}
    standing = region("rectanglelabels", x=50, y=10, width=5, height=40, rotation=90, around=wide)
    lying = boxed(30, 10, 20, 10)
    assert overlap_of(standing, lying) == pytest.approx(1)
    assert overlap_of(region("rectanglelabels", x=50, y=10, width=5, height=40, rotation=90), lying) < 0.5


@pytest.mark.parametrize("sizes", [{}, {"original_width": 0, "original_height": 9}, {"original_width": "9"}])
def test_an_image_without_a_size_counts_as_square(sizes: dict[str, Any]) -> None:
    square = region("rectanglelabels", x=50, y=10, width=5, height=40, rotation=90, around=sizes)
    assert overlap_of(square, boxed(10, 10, 40, 5)) == pytest.approx(1)


def test_a_full_turn_is_none() -> None:
    assert overlap_of(boxed(1, 2, 3, 4, rotation=360), boxed(1, 2, 3, 4)) == 1


@pytest.mark.parametrize("rotation", [0, 30])
def test_a_box_without_area_overlaps_only_with_itself(rotation: float) -> None:
    line = boxed(10, 10, 0, 40, rotation=rotation)
    assert overlap_of(line, boxed(10, 10, 0, 40, rotation=rotation)) == 1
    assert overlap_of(line, boxed(10, 10, 0, 41, rotation=rotation)) == 0
    assert overlap_of(line, boxed(0, 0, 100, 100)) == 0


# ── ellipses and polygons ────────────────────────────────────────────────────────────────────────────────────────────


def test_ellipses_overlap_by_their_areas() -> None:
    """One within the other: the ratio of their areas. Two circles of radius r whose centres are r apart share
    r^2 (2 pi / 3 - sqrt(3) / 2)."""
    outer, inner = (region("ellipselabels", x=50, y=50, radiusX=3 * r, radiusY=2 * r, rotation=20) for r in (8, 5))
    assert overlap_of(outer, inner) == pytest.approx(25 / 64, abs=1e-6)
    one, other = (region("ellipselabels", x=x, y=50, radiusX=10, radiusY=10) for x in (40, 50))
    lens = 2 * math.pi / 3 - math.sqrt(3) / 2
    assert overlap_of(one, other) == pytest.approx(lens / (2 * math.pi - lens), abs=1e-4)


def test_an_ellipse_turns_about_its_middle() -> None:
    lying = region("ellipselabels", x=50, y=50, radiusX=20, radiusY=10, rotation=90)
    assert overlap_of(lying, region("ellipselabels", x=50, y=50, radiusX=10, radiusY=20)) == pytest.approx(1, abs=1e-6)


def test_an_ellipse_without_area_overlaps_only_with_itself() -> None:
    line = region("ellipselabels", x=50, y=50, radiusX=0, radiusY=10, rotation=33)
    assert overlap_of(line, region("ellipselabels", x=50, y=50, radiusX=0, radiusY=10, rotation=33)) == 1
    assert overlap_of(line, region("ellipselabels", x=50, y=50, radiusX=0, radiusY=11, rotation=33)) == 0


@given(polygons, polygons)
def test_polygons_overlap_as_shapely_says(one: Region, other: Region) -> None:
    first, second = (dict(region)["points"] for region in (one, other))
    if len(first) >= 3 and len(second) >= 3:  # type: ignore[arg-type]
        drawn = [shapely.make_valid(shapely.Polygon(found)) for found in (first, second)]
        if min(found.area for found in drawn) > 1e-3:
            assert overlap_of(one, other) == pytest.approx(iou(*drawn), abs=1e-9)


def test_where_an_outline_begins_and_which_way_it_goes_does_not_matter() -> None:
    outline = [[10, 10], [90, 10], [90, 80], [50, 95], [10, 80]]
    shifted = region("polygonlabels", points=[*outline[2:], *outline[:2]])
    backwards = region("polygonlabels", points=outline[::-1], closed=False)
    assert overlap_of(region("polygonlabels", points=outline), shifted) == pytest.approx(1)
    assert overlap_of(shifted, backwards) == pytest.approx(1)


def test_an_outline_that_crosses_itself_encloses_both_loops() -> None:
    bow = region("polygonlabels", points=[[0, 0], [10, 10], [10, 0], [0, 10]])
    left = region("polygonlabels", points=[[0, 0], [5, 5], [0, 10]])
    assert overlap_of(bow, left) == pytest.approx(0.5)


@pytest.mark.parametrize("flat", [[[5, 5]], [[5, 5], [9, 9]], [[0, 0], [10, 10], [30, 30]], [[5, 5], [5, 5], [5, 5]]])
def test_a_polygon_without_area_overlaps_only_with_itself(flat: list[list[float]]) -> None:
    line, same = (region("polygonlabels", points=flat) for _ in range(2))
    assert overlap_of(line, same) == 1
    assert overlap_of(line, region("polygonlabels", points=[[0, 0], [100, 0], [100, 100], [0, 100]])) == 0
    assert overlap_of(line, region("polygonlabels", points=[*flat, [40, 40]])) == 0


# ── points and what is only equal or not ─────────────────────────────────────────────────────────────────────────────


def test_keypoints_overlap_if_they_are_near() -> None:
    point = region("keypointlabels", x=50, y=50, width=1)
    assert overlap_of(point, region("keypointlabels", x=50 + KEYPOINT_DISTANCE, y=50, width=2)) == 1
    assert overlap_of(point, region("keypointlabels", x=50 + KEYPOINT_DISTANCE, y=50.1, width=1)) == 0


def test_bitmasks_and_vectors_are_the_same_or_not() -> None:
    one, other = (region("bitmasklabels", imageDataURL=f"data:image/png;base64,{data}") for data in ("AAAA", "AAAB"))
    assert overlap_of(one, other) == 0
    line, longer = (
        region("vectorlabels", vertices=[{"x": x, "y": x} for x in range(count)], closed=False) for count in (3, 4)
    )
    assert overlap_of(line, longer) == 0


# ── numbers that are no coordinates ──────────────────────────────────────────────────────────────────────────────────

HUGE = [0, 5e-324, 1e-200, 1e-9, 7.5, 1e9, 1e200, 1.7e308]


@given(st.data())
def test_no_size_that_is_let_in_gives_anything_but_a_share(data: st.DataObject) -> None:
    def number() -> Any:
        return data.draw(st.sampled_from(HUGE))

    def drawn(kind: str) -> Region:
        if kind == "rectanglelabels":
            turn = number()
            return region(kind, x=50, y=7.5, width=number(), height=number(), rotation=turn)
        if kind == "ellipselabels":
            return region(kind, x=50, y=7.5, radiusX=number(), radiusY=number(), rotation=number())
        if kind == "timelinelabels":
            ends = [sorted([number(), number()]) for _ in range(3)]
            return region(kind, ranges=[{"start": start, "end": end} for start, end in ends])
        if kind == "videorectangle":
            frame = {"x": 50, "y": 7.5, "width": number(), "height": number(), "rotation": number()}
            return region(kind, sequence=[{**frame, "frame": number()}, {**frame, "frame": number()}])
        start, end = sorted([number(), number()])
        return region(kind, start=start, end=end)

    kind = data.draw(
        st.sampled_from(["rectanglelabels", "ellipselabels", "timelinelabels", "videorectangle", "labels"])
    )
    assert 0.0 <= overlap_of(drawn(kind), drawn(kind)) <= 1.0


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize(("item_type", "field"), [(name, field) for name, value in EXAMPLES.items() for field in value])
def test_what_is_no_number_never_becomes_a_region(item_type: str, field: str, number: float) -> None:
    spoiled: Any = number
    if isinstance(EXAMPLES[item_type][field], list):
        spoiled = {"points": [[number, 0]], "rle": [number], "vertices": [{"x": number, "y": 0}]}.get(
            field, [{"start": number, "end": number}]
        )
    with pytest.raises(Exception, match="/result/0/value"):
        regions(item(item_type, **{**EXAMPLES[item_type], field: spoiled}))


def edges_of(found: Region) -> tuple[float, float, float, float]:
    fields: Any = dict(found)
    return fields["x"], fields["y"], fields["x"] + fields["width"], fields["y"] + fields["height"]


def in_pixels(found: Region) -> Any:
    """The box as shapely turns it, in an image that is 100 pixels high. Its y grows downwards, so clockwise is plus."""
    fields: Any = dict(found)
    aspect = fields.get("aspect", 1.0)
    upright_box = shapely.affinity.scale(shapely.box(*edges_of(found)), aspect, 1, origin=(0, 0))
    corner = (fields["x"] * aspect, fields["y"])
    return shapely.affinity.rotate(upright_box, fields["rotation"], origin=corner)


def iou(one: Any, other: Any) -> float:
    return one.intersection(other).area / one.union(other).area
