"""Several people's regions as one set."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annolog.domain.consensus.regions import MergedRegion, merge_regions
from annolog.domain.labeling import Region
from annolog.domain.refusals import InvalidInput


def region(shape: str, label: str = "car", **parts: Any) -> Region:
    return tuple(sorted({"shape": shape, "target": "image", "labels": (label,), **parts}.items()))


def box(x: float, y: float, width: float, height: float, label: str = "car", rotation: float = 0.0) -> Region:
    x, y, width, height = map(float, (x, y, width, height))
    return region("rectangle", label, x=x, y=y, width=width, height=height, rotation=rotation)


def span(start: float, end: float, label: str = "person") -> Region:
    return region("span", label, start=float(start), end=float(end))


def overlap(one: Region, other: Region) -> float:
    """Intersection over union of what is drawn along its axes; other shapes are the same or not."""
    first, second = dict(one), dict(other)
    if any(first[name] != second[name] for name in ("shape", "target", "labels")):
        return 0.0
    if first["shape"] == "rectangle":
        across = shared(first["x"], first["width"], second["x"], second["width"])
        down = shared(first["y"], first["height"], second["y"], second["height"])
        both = across * down
        return both / (first["width"] * first["height"] + second["width"] * second["height"] - both)
    if first["shape"] == "span" and isinstance(first["start"], float):
        both = shared(first["start"], first["end"] - first["start"], second["start"], second["end"] - second["start"])
        return both / (first["end"] - first["start"] + second["end"] - second["start"] - both)
    return 0.9 if first != second else 1.0


def shared(start: Any, length: Any, other_start: Any, other_length: Any) -> float:
    return max(0.0, min(start + length, other_start + other_length) - max(start, other_start))


def test_boxes_of_one_thing_become_the_median_box() -> None:
    answers = {1: [box(10, 10, 20, 20)], 2: [box(11, 10, 20, 22)], 3: [box(13, 9, 20, 20)]}
    assert merge_regions(answers, overlap) == (MergedRegion(box(11, 10, 20, 20), (1, 2, 3), 1.0),)


def test_what_too_few_people_marked_is_left_out() -> None:
    seen_by_all, seen_by_one = box(10, 10, 20, 20), box(60, 60, 20, 20)
    answers = {1: [seen_by_all, seen_by_one], 2: [seen_by_all], 3: [seen_by_all]}
    assert [found.region for found in merge_regions(answers, overlap)] == [seen_by_all]
    assert len(merge_regions(answers, overlap, quorum=0.3)) == 2


def test_somebody_who_marked_nothing_counts() -> None:
    answers = {1: [box(10, 10, 20, 20)], 2: [box(10, 10, 20, 20)], 3: [], 4: []}
    (found,) = merge_regions(answers, overlap)
    assert found.support == 0.5
    assert merge_regions(answers, overlap, quorum=0.51) == ()


def test_a_quorum_of_thirds_is_reached_by_thirds() -> None:
    answers = {person: [box(10, 10, 20, 20)] if person <= 2 else [] for person in (1, 2, 3)}
    assert len(merge_regions(answers, overlap, quorum=2 / 3)) == 1


def test_other_labels_are_other_things() -> None:
    answers = {1: [box(10, 10, 20, 20, "car")], 2: [box(10, 10, 20, 20, "bus")], 3: [box(10, 10, 20, 20, "car")]}
    assert [found.people for found in merge_regions(answers, overlap, quorum=0.3)] == [(2,), (1, 3)]


def test_nobody_marks_one_thing_twice() -> None:
    answers = {1: [box(10, 10, 20, 20), box(11, 10, 20, 20)], 2: [box(10, 10, 20, 20)]}
    assert [found.people for found in merge_regions(answers, overlap)] == [(1, 2), (1,)]


def test_a_chain_of_neighbours_is_not_one_thing() -> None:
    """Each overlaps the next by 0.6, the ends by 0.33: joined by twos, the third stays alone."""
    answers = {1: [span(0, 80)], 2: [span(20, 100)], 3: [span(40, 120)]}
    assert sorted(len(found.people) for found in merge_regions(answers, overlap, 0.3, 0.55)) == [1, 2]


def test_a_span_ends_where_somebody_ended_it() -> None:
    answers = {1: [span(10, 20)], 2: [span(10, 23)], 3: [span(12, 20)], 4: [span(12, 23)]}
    (found,) = merge_regions(answers, overlap)
    assert found.region == span(10, 20)


def test_sound_is_cut_in_the_middle() -> None:
    answers = {1: [span(1.25, 3.5)], 2: [span(1.75, 3.5)]}
    (found,) = merge_regions(answers, overlap)
    assert found.region == span(1.5, 3.5)


def test_turns_are_measured_round_the_circle() -> None:
    answers = {
        1: [box(1, 1, 9, 9, rotation=359.0)],
        2: [box(1, 1, 9, 9, rotation=3.0)],
        3: [box(1, 1, 9, 9, rotation=0.0)],
    }
    (found,) = merge_regions(answers, overlap)
    assert dict(found.region)["rotation"] == pytest.approx(0.0)


@pytest.mark.parametrize("turn", [90.0, 180.0])
def test_boxes_turned_otherwise_have_no_median(turn: float) -> None:
    one, other = box(1, 1, 9, 9), box(3, 1, 9, 9, rotation=turn)
    (found,) = merge_regions({1: [one], 2: [other]}, overlap)
    assert found.region in {one, other}


def test_ellipses_and_points_have_a_median_too() -> None:
    ellipses = [region("ellipse", x=x, y=5.0, radiusX=2.0, radiusY=1.0, rotation=0.0) for x in (1.0, 2.0, 4.0)]
    points = [region("keypoint", x=x, y=5.0, width=0.5) for x in (1.0, 2.0, 4.0)]
    for drawn in (ellipses, points):
        (found,) = merge_regions({person: [one] for person, one in enumerate(drawn)}, overlap)
        assert found.region == drawn[1]


def test_of_other_shapes_the_most_central_one_is_taken() -> None:
    triangles = [region("polygon", points=((0.0, 0.0), (9.0, 0.0), (0.0, y)), closed=1.0) for y in (8.0, 9.0, 4.0)]
    heights = dict(zip(triangles, (8.0, 9.0, 4.0), strict=True))

    def by_height(one: Region, other: Region) -> float:
        return min(heights[one], heights[other]) / max(heights[one], heights[other])

    (found,) = merge_regions({person: [one] for person, one in enumerate(triangles)}, by_height, threshold=0.4)
    assert found.region == triangles[0]


def test_paragraphs_are_told_by_their_places() -> None:
    """Offsets in other places of a page cannot be averaged."""
    one = region("span", start="/p[1]", end="/p[1]", startOffset=2.0, endOffset=9.0)
    same = region("span", start="/p[1]", end="/p[1]", startOffset=4.0, endOffset=9.0)
    other = region("span", start="/p[1]", end="/p[2]", startOffset=2.0, endOffset=1.0)
    assert merge_regions({1: [one], 2: [same]}, overlap)[0].region == one
    assert merge_regions({1: [one], 2: [other]}, overlap)[0].region in {one, other}


def test_nobody_and_nothing() -> None:
    assert merge_regions({}, overlap) == ()
    assert merge_regions({1: [], 2: []}, overlap) == ()


@pytest.mark.parametrize(("option", "value"), [("quorum", 1.5), ("quorum", float("nan")), ("threshold", 0.0)])
def test_shares_out_of_range_are_refused_by_name(option: str, value: float) -> None:
    with pytest.raises(InvalidInput) as refused:
        merge_regions({}, overlap, **{option: value})
    assert refused.value.faults[0].pointer == f"/{option}"


places = st.integers(0, 6).map(float)
sizes = st.integers(2, 6).map(float)
any_regions = st.lists(
    st.builds(box, places, places, sizes, sizes, st.sampled_from(["car", "bus"]))
    | st.builds(lambda start, length: span(start, start + length), places, sizes),
    max_size=4,
)
any_answers = st.dictionaries(st.integers(1, 5), any_regions, max_size=5)


@given(
    any_answers, st.sampled_from([0.3, 0.5, 1.0]), st.sampled_from([0.3, 0.5, 1.0]), st.randoms(use_true_random=False)
)
def test_whatever_is_marked(
    answers: dict[int, list[Region]], quorum: float, threshold: float, chance: random.Random
) -> None:
    merged = merge_regions(answers, overlap, quorum, threshold)
    for found in merged:
        assert len(set(found.people)) == len(found.people) >= quorum * len(answers)
        assert found.support == len(found.people) / len(answers)
    shuffled = {
        person: chance.sample(answers[person], len(answers[person]))
        for person in chance.sample([*answers], len(answers))
    }
    assert merge_regions(shuffled, overlap, quorum, threshold) == merged
    everything = merge_regions(answers, overlap, 0.0, threshold)
    assert sum(len(found.people) for found in everything) == sum(map(len, answers.values()))


@given(any_regions, st.integers(1, 4))
def test_people_who_agree_on_all_are_repeated(regions: list[Region], people: int) -> None:
    distinct = sorted(set(regions))
    merged = merge_regions(dict.fromkeys(range(people), distinct), overlap, 1.0, 1.0)
    assert sorted(found.region for found in merged) == distinct
    assert all(len(found.people) == people for found in merged)
