"""Answers that are sets of regions.

A region is compared with those of the same shape, target, image and set of labels; how much two overlap is told in
`overlap`. Where nothing else is said, a score counts both directions, so that who is the first does not matter.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import TypeAlias, cast

from annolog.domain.agreement.metrics.boxes import MOST_ANSWERS
from annolog.domain.agreement.metrics.matching import best_overlaps, match_regions, mean_of
from annolog.domain.agreement.metrics.metric import Metric, Parameters, at_least, number_of
from annolog.domain.agreement.metrics.overlap import KEYPOINT_DISTANCE, Form, Point, labels_of
from annolog.domain.agreement.metrics.video import Track
from annolog.domain.labeling import Region, Shape, Value

Regions: TypeAlias = "tuple[Region, ...]"

_SHAPES = frozenset(shape.value for shape in Shape)
_ALWAYS = frozenset({"shape", "target", "labels"})


def overlap(one: Value, other: Value, _: Parameters) -> float:
    """The mean, over the regions of both, of the best overlap with a region of the other, as Label Studio has it.

    Two regions may have the same best, so this is no matching; a region that meets nothing adds 0.
    """
    return _compared(one, other, lambda ones, others: mean_of(best_overlaps(ones, others)))


def matched_overlap(one: Value, other: Value, _: Parameters) -> float:
    """The total overlap of the best matching of one to one, over the number of regions of whoever drew more."""

    def score(ones: Regions, others: Regions) -> float:
        pairs = match_regions(ones, others).pairs
        return math.fsum(overlap for _, _, overlap in pairs) / max(len(ones), len(others))

    return _compared(one, other, score)


def f1(one: Value, other: Value, parameters: Parameters) -> float:
    """The F1 score of the matching of one to one at `iou_threshold`, which is the same in both directions."""
    threshold = number_of(parameters, "iou_threshold")
    return _compared(one, other, lambda ones, others: match_regions(ones, others, threshold).f1)


def precision(one: Value, other: Value, parameters: Parameters) -> float:
    """The share of regions that are matched one to one at `iou_threshold`, as the mean of both directions.

    Two annotators have no truth between them: what is precision in one direction is recall in the other, so the mean
    of both is the same for either. Where the first is a reference, `match_regions` has the directed numbers.
    """
    threshold = number_of(parameters, "iou_threshold")

    def score(ones: Regions, others: Regions) -> float:
        matching = match_regions(ones, others, threshold)
        return (matching.precision + matching.recall) / 2

    return _compared(one, other, score)


def share_above_threshold(one: Value, other: Value, parameters: Parameters) -> float:
    """The share of the regions of both whose best overlap reaches `iou_threshold`, an older metric of Label Studio."""
    threshold = number_of(parameters, "iou_threshold")

    def score(ones: Regions, others: Regions) -> float:
        left, right = best_overlaps(ones, others)
        return mean_of(([float(best >= threshold) for best in left], [float(best >= threshold) for best in right]))

    return _compared(one, other, score)


def keypoint_distance(one: Value, other: Value, parameters: Parameters) -> float:
    """The share of the keypoints of both that have one of the other within `distance`, in percent of the image."""
    distance = number_of(parameters, "distance")

    def near(form: Form, other_form: Form) -> float:
        return form.near(other_form, distance) if isinstance(form, Point) else float(form == other_form)

    return _compared(one, other, lambda ones, others: mean_of(best_overlaps(ones, others, near)))


def video_frames(one: Value, other: Value, parameters: Parameters) -> float:
    """Exact frame matching: the share of keyframes that both drew, with boxes that overlap by `iou_threshold`.

    Of each track the best across counts, and the mean over the tracks of both.
    """
    threshold = number_of(parameters, "iou_threshold")

    def matching(form: Form, other_form: Form) -> float:
        return form.frame_match(other_form, threshold) if isinstance(form, Track) else float(form == other_form)

    return _compared(one, other, lambda ones, others: mean_of(best_overlaps(ones, others, matching)))


def timeline_events(one: Value, other: Value, parameters: Parameters) -> float:
    """The F1 score of events that match one to one, in any order, where the ranges overlap by `iou_threshold`.

    Every range of a timeline region is an event with the labels of the region; any other region is one event.
    """
    threshold = number_of(parameters, "iou_threshold")
    return _compared(one, other, lambda ones, others: match_regions(_events(ones), _events(others), threshold).f1)


def labels_in(value: Value | None) -> tuple[str, ...]:
    """Every label that a region of the answer carries, sorted."""
    return tuple(sorted({label for region in _regions(value) or () for label in labels_of(region)}))


def restricted(value: Value | None, label: str) -> Value | None:
    """The regions that carry a label, with whatever others they carry; None if there are none."""
    return tuple(region for region in _regions(value) or () if label in labels_of(region)) or None


def _compared(one: Value, other: Value, score: Callable[[Regions, Regions], float]) -> float:
    """The score of two sets. Answers that are no regions, to another question of an older config, match if equal."""
    ones, others = _regions(one), _regions(other)
    if not ones or not others:
        return float(one == other)
    return score(ones, others)


@lru_cache(maxsize=MOST_ANSWERS)
def _regions(value: Value | None) -> Regions | None:
    if not isinstance(value, tuple) or not all(map(_is_region, value)):
        return None
    return cast("Regions", value)


def _is_region(value: Value) -> bool:
    """Whether a value is pairs of name and value, among them what every region has."""
    if not isinstance(value, tuple):
        return False
    try:
        fields: dict[Value, Value] = dict(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False
    return fields.keys() >= _ALWAYS and fields["shape"] in _SHAPES


def _events(regions: Sequence[Region]) -> Regions:
    return tuple(event for region in regions for event in _events_of(region))


def _events_of(region: Region) -> Regions:
    ranges = dict(region).get("ranges")
    if not isinstance(ranges, tuple):
        return (region,)
    return tuple(tuple((name, (part,) if name == "ranges" else value) for name, value in region) for part in ranges)


_AT: Parameters = MappingProxyType({"iou_threshold": 0.5})
_OVERLAP = Metric("overlap", overlap)
_MATCHED_OVERLAP = Metric("matched_overlap", matched_overlap)
_F1 = Metric("f1", f1, _AT)
_KEYPOINT_DISTANCE = Metric("keypoint_distance", keypoint_distance, MappingProxyType({"distance": KEYPOINT_DISTANCE}))
_VIDEO_FRAMES = Metric("video_frames", video_frames, _AT)
# Between two tracks, overlap is frame by frame.
_VIDEO_OVERLAP = Metric("video_overlap", overlap)
_TIMELINE_EVENTS = Metric("timeline_events", timeline_events, _AT)
_WITH_THRESHOLD = (
    *(_OVERLAP, _MATCHED_OVERLAP, _F1, _KEYPOINT_DISTANCE),
    *(_VIDEO_FRAMES, _VIDEO_OVERLAP, _TIMELINE_EVENTS),
)
METRICS = (
    *(variant for found in _WITH_THRESHOLD for variant in (found, at_least(found))),
    Metric("precision", precision, _AT),
    Metric("recall", precision, _AT),
    Metric("share_above_threshold", share_above_threshold, _AT),
)
