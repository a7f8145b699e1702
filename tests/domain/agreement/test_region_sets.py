"""What the overlaps of regions make of two answers."""

from __future__ import annotations

import math
from itertools import combinations, permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annolog.domain.agreement.methodology import consensus_score, pairwise_score
from annolog.domain.agreement.metrics import METRICS, default_metric, metric
from annolog.domain.agreement.metrics.every_pair import count_every_pair
from annolog.domain.agreement.metrics.matching import match_regions, one_to_one
from annolog.domain.agreement.metrics.overlap import overlap_of
from annolog.domain.agreement.metrics.regions import labels_in, restricted
from annolog.domain.labeling import Dimension, DimensionKind, Region, Value
from tests.domain.agreement.drawing import answer, box, boxed, item, regions, strip

OVERLAP = METRICS["overlap"]
OF_SETS = [
    *("overlap", "matched_overlap", "f1", "precision", "recall", "share_above_threshold", "keypoint_distance"),
    *("video_frames", "video_overlap", "timeline_events", "overlap_threshold", "matched_overlap_threshold"),
]

some = st.integers(0, 12).map(float)
drawn = st.one_of(
    st.builds(lambda x, y, label: boxed(x, y, 6, 6, label), some, some, st.sampled_from(["Dog", "Cat"])),
    st.builds(lambda x, y: boxed(x, y, 6, 6, rotation=30), some, some),
    st.builds(lambda x: regions(item("keypointlabels", x=x, y=1))[0], some),
    st.builds(lambda start: regions(item("labels", start=start, end=start + 4))[0], some),
    st.builds(lambda start: regions(item("timelinelabels", ranges=[{"start": start, "end": 9 + start}] * 2))[0], some),
    st.builds(
        lambda x: regions(item("videorectangle", sequence=[{"x": x, "y": 0, "width": 9, "height": 9, "frame": 1}]))[0],
        some,
    ),
)
answers = st.lists(drawn, max_size=7).map(tuple)


# ── what is published ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.conformance("A6")
def test_three_people_of_whom_two_overlap_score_the_mean_of_three_pairs() -> None:
    people = [answer(strip(1)), answer(strip(0.82)), answer(box(0, 50, 100, 10))]
    assert pairwise_score(people, OVERLAP) == pytest.approx(0.82 / 3)
    assert pairwise_score(people, OVERLAP) == pytest.approx(0.2733, abs=5e-5)


@pytest.mark.conformance("A5")
@pytest.mark.parametrize(("threshold", "expected"), [(0.5, 1.0), (0.75, 2 / 3), (0.9, 0.0)])
def test_regions_that_overlap_by_a_threshold_are_a_consensus(threshold: float, expected: float) -> None:
    """Spans of lengths 82, 100 and 82 / .65, the third so far to the left that it overlaps the second by .58."""
    left = 82 / 0.65 - 0.58 * (100 + 82 / 0.65) / 1.58
    ends = [(left, left + 82), (left, left + 100), (0, 82 / 0.65)]
    people = [answer(item("labels", start=start, end=end)) for start, end in ends]
    overlaps = [OVERLAP.score(one, other) for one, other in combinations(people, 2)]
    assert overlaps == pytest.approx([0.82, 0.65, 0.58])
    at_threshold = metric("overlap_threshold", {"threshold": threshold})
    assert consensus_score(people, at_threshold) == pytest.approx(expected)


@pytest.mark.conformance("A8")
def test_the_best_overlaps_are_averaged_in_both_directions() -> None:
    one = answer(box(0, 0, 100, 10), box(0, 50, 100, 10))
    other = answer(box(0, 0, 67, 10), box(0, 50, 85, 10))
    assert OVERLAP.score(one, other) == pytest.approx(0.76)


@pytest.mark.conformance("A9")
def test_the_same_box_with_two_labels_scores_nothing() -> None:
    for name in OF_SETS:
        assert METRICS[name].score(answer(strip(1, "Dog")), answer(strip(1, "Cat"))) == 0


@pytest.mark.conformance("A10")
@pytest.mark.parametrize("name", OF_SETS)
def test_nothing_drawn_agrees_with_nothing_drawn_and_with_nothing_else(name: str) -> None:
    assert METRICS[name].score(None, None) == 1
    for empty in (None, ()):
        assert METRICS[name].score(empty, answer(strip(1))) == 0
        assert METRICS[name].score(answer(strip(1)), empty) == 0


@pytest.mark.conformance("A20")
def test_the_share_above_a_threshold_counts_regions() -> None:
    one = answer(*(box(0, y, 100, 10) for y in (0, 20, 40)))
    other = answer(*(box(0, y, 100 * share, 10) for y, share in ((0, 0.99), (20, 0.34), (40, 0.82))))
    assert METRICS["share_above_threshold"].score(one, other) == pytest.approx(2 / 3)
    assert metric("share_above_threshold", {"iou_threshold": 0.9}).score(one, other) == pytest.approx(1 / 3)


@pytest.mark.conformance("A21")
def test_the_older_precision_and_recall_count_every_pair() -> None:
    shares = (strip(0.99), strip(0.34), strip(0.82, "Cat"), strip(0.44, "Cat"), strip(0.67, "Cat"))
    counts = count_every_pair(regions(strip(1)), [found for share in shares for found in regions(share)])
    assert (counts.true_positives, counts.false_positives, counts.false_negatives) == (1, 2, 1)
    assert (counts.precision, counts.recall) == (pytest.approx(1 / 3), pytest.approx(1 / 2))
    assert counts.f1 == pytest.approx(0.4)


def test_older_counts_of_nothing_are_nothing() -> None:
    counts = count_every_pair([], regions(strip(1)))
    assert (counts.precision, counts.recall, counts.f1) == (0, 0, 0)
    two = regions(box(0, 0, 9, 9), box(50, 50, 9, 9))
    assert (count_every_pair(two, two).precision, count_every_pair(two, two).recall) == (1, 0.5)


# ── matching one to one ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_region_is_matched_once() -> None:
    twice = regions(strip(0.9), strip(0.8))
    found = match_regions(regions(strip(1)), twice, 0.5)
    assert (found.matched, found.missed, found.spurious) == (1, 0, 1)
    assert (found.precision, found.recall, found.f1) == (0.5, 1.0, pytest.approx(2 / 3))
    assert [overlap for _, _, overlap in found.pairs] == [pytest.approx(0.9)]


def test_the_matching_is_the_best_of_all_and_not_the_best_pair_first() -> None:
    """The best pair overlaps by .944, and leaves one of .75; together .9 and .882 are more."""
    reference = regions(box(0, 0, 100, 10), box(15, 0, 85, 10))
    other = regions(box(10, 0, 90, 10), box(25, 0, 75, 10))
    found = sorted(overlap for _, _, overlap in match_regions(reference, other).pairs)
    assert found == pytest.approx([75 / 85, 0.9])


def test_a_pair_below_the_threshold_never_takes_the_place_of_one_above_it() -> None:
    """One pair of .9 counts, though two of .49 would be more in total."""
    pairs = [(0, 0, 0.9), (0, 1, 0.49), (1, 0, 0.49)]
    assert one_to_one([pair for pair in pairs if pair[2] >= 0.5]) == [(0, 0, 0.9)]
    assert len(one_to_one(pairs)) == 2


def test_of_two_matchings_with_the_same_total_the_one_with_more_pairs_counts() -> None:
    pairs = [(0, 0, 1.0), (0, 1, 0.5), (1, 0, 0.5)]
    assert sorted(one_to_one(pairs)) == [(0, 1, 0.5), (1, 0, 0.5)]


def test_two_empty_answers_match_entirely_and_an_empty_one_matches_nothing() -> None:
    nothing, something = match_regions([], [], 0.5), match_regions([], regions(strip(1)), 0.5)
    assert (nothing.precision, nothing.recall, nothing.f1) == (1, 1, 1)
    assert (something.precision, something.recall, something.f1) == (0, 0, 0)


def test_a_threshold_of_nothing_still_matches_only_what_overlaps() -> None:
    assert match_regions(regions(strip(1)), regions(box(0, 50, 9, 9)), 0.0).matched == 0


@given(st.integers(1, 5), st.integers(1, 5), st.data())
def test_no_other_matching_has_a_greater_total(count: int, other_count: int, data: st.DataObject) -> None:
    shares = st.sampled_from([0.0, 0.25, 0.5, 0.9, 1.0]) | st.floats(0, 1)
    table = data.draw(
        st.lists(st.lists(shares, min_size=other_count, max_size=other_count), min_size=count, max_size=count)
    )
    pairs = [(row, column, share) for row, line in enumerate(table) for column, share in enumerate(line) if share > 0]
    chosen = one_to_one(pairs)
    assert set(chosen) <= set(pairs)
    assert len({row for row, _, _ in chosen}) == len({column for _, column, _ in chosen}) == len(chosen)
    wide = table if count <= other_count else [list(line) for line in zip(*table, strict=True)]
    every = permutations(range(max(count, other_count)), len(wide))
    best = max(sum(line[column] for line, column in zip(wide, order, strict=True)) for order in every)
    assert sum(share for _, _, share in chosen) == pytest.approx(best, abs=1e-7)


# ── every metric of two sets ─────────────────────────────────────────────────────────────────────────────────────────


@given(answers, answers, st.randoms())
def test_scores_are_shares_that_depend_on_no_order(one: Value, other: Value, chance: Any) -> None:
    shuffled = tuple(chance.sample(one, len(one)))  # type: ignore[arg-type]
    for name in OF_SETS:
        score = METRICS[name].score(one or None, other or None)
        assert 0.0 <= score <= 1.0
        assert METRICS[name].score(other or None, one or None) == pytest.approx(score, abs=1e-9)
        assert METRICS[name].score(shuffled or None, other or None) == pytest.approx(score, abs=1e-9)
        assert METRICS[name].score(one or None, one or None) == METRICS[name].score(shuffled or None, one or None) == 1


@given(answers, answers)
def test_the_scores_are_what_their_definitions_say(ones: tuple[Region, ...], others: tuple[Region, ...]) -> None:
    table = [[overlap_of(one, other) for other in others] for one in ones]
    if not ones or not others:
        return
    best = [max(line) for line in table] + [max(column) for column in zip(*table, strict=True)]
    assert OVERLAP.score(ones, others) == pytest.approx(sum(best) / len(best))
    above = sum(share >= 0.5 for share in best) / len(best)
    assert METRICS["share_above_threshold"].score(ones, others) == pytest.approx(above)
    found = match_regions(ones, others, 0.5)
    assert METRICS["f1"].score(ones, others) == pytest.approx(2 * found.matched / (len(ones) + len(others)))
    assert METRICS["precision"].score(ones, others) == METRICS["recall"].score(ones, others)
    assert METRICS["recall"].score(ones, others) == pytest.approx((found.precision + found.recall) / 2)
    assert all(table[one][other] == share >= 0.5 for one, other, share in found.pairs)
    loose = match_regions(ones, others)
    total = math.fsum(share for _, _, share in loose.pairs) / max(len(ones), len(others))
    assert METRICS["matched_overlap"].score(ones, others) == pytest.approx(total)
    assert total <= OVERLAP.score(ones, others) + 1e-9


@pytest.mark.parametrize("name", OF_SETS)
def test_an_answer_that_is_no_region_matches_only_the_same(name: str) -> None:
    strange: list[Value] = ["good", 3.0, ("a", "b"), (("ab", "cd"),), ((1.0, 2.0),), ((("shape", "sun"),),)]
    for one in strange:
        for other in [*strange, answer(strip(1))]:
            assert METRICS[name].score(one, other) == float(one == other)


def test_keypoints_are_compared_by_distance() -> None:
    one = answer(item("keypointlabels", x=10, y=10), item("keypointlabels", x=50, y=50))
    other = answer(item("keypointlabels", x=13, y=14), item("keypointlabels", "Cat", x=50, y=50))
    assert METRICS["keypoint_distance"].score(one, other) == 0
    assert metric("keypoint_distance", {"distance": 5.0}).score(one, other) == 0.5
    assert metric("keypoint_distance", {"distance": 4.9}).score(one, other) == 0


def test_events_of_a_timeline_match_in_any_order_and_once() -> None:
    def timeline(*ranges: tuple[int, int], label: str = "Dog") -> Any:
        return item("timelinelabels", label, ranges=[{"start": start, "end": end} for start, end in ranges])

    events = METRICS["timeline_events"]
    assert events.score(answer(timeline((1, 5), (8, 9))), answer(timeline((8, 9)), timeline((1, 5)))) == 1
    assert events.score(answer(timeline((0, 10))), answer(timeline((0, 6), (4, 10)))) == pytest.approx(2 / 3)
    assert events.score(answer(timeline((0, 10))), answer(timeline((0, 10), label="Cat"))) == 0
    assert (
        metric("timeline_events", {"iou_threshold": 0.7}).score(answer(timeline((0, 10))), answer(timeline((0, 6))))
        == 0
    )


def test_every_tag_has_the_default_of_label_studio() -> None:
    def default(tag: str) -> str:
        return default_metric(Dimension("asked", tag, DimensionKind.REGION, ("o",))).name

    overlapping = ["Rectangle", "Polygon", "Brush", "RectangleLabels", "PolygonLabels", "BrushLabels", "Labels"]
    spans = ["ParagraphLabels", "HyperTextLabels", "TimeSeriesLabels", "TimelineLabels"]
    exact = ["KeyPoint", "KeyPointLabels", "Ellipse", "EllipseLabels", "Bitmask", "BitmaskLabels", "Vector"]
    assert {default(tag) for tag in [*overlapping, *spans]} == {"overlap"}
    assert {default(tag) for tag in [*exact, "VectorLabels"]} == {"exact_match"}
    assert default("VideoRectangle") == "video_frames"


# ── one label at a time ──────────────────────────────────────────────────────────────────────────────────────────────


def test_an_answer_can_be_restricted_to_a_label() -> None:
    both = answer(box(0, 0, 1, 1, "Dog"), box(0, 0, 2, 2, "Cat", "Dog"), box(0, 0, 3, 3, "Cat"))
    assert labels_in(both) == ("Cat", "Dog")
    assert restricted(both, "Dog") == answer(box(0, 0, 1, 1, "Dog"), box(0, 0, 2, 2, "Cat", "Dog"))
    assert restricted(both, "Bird") is None
    assert restricted(None, "Dog") is None
    assert labels_in(None) == labels_in("good") == ()
