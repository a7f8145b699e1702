"""How much two regions overlap, whatever their shape, and which regions of two answers overlap at all."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple, Protocol, TypeAlias, cast

from annolog.domain.agreement.metrics.boxes import MOST_ANSWERS, Box, Overlap, box, box_overlaps, is_turned
from annolog.domain.agreement.metrics.masks import Brush
from annolog.domain.agreement.metrics.spans import span, timeline
from annolog.domain.agreement.metrics.video import track
from annolog.domain.labeling import Region, Shape, Value

# How far apart two keypoints may be, in percent of the image, unless a metric says otherwise.
KEYPOINT_DISTANCE = 2.0

MOST_REGIONS = 2048

Kind: TypeAlias = "tuple[str, Value, Value | None, Value]"
"""What must be the same for two regions to overlap: shape, target, which of several images, and labels."""


class Form(Protocol):
    """What was drawn, ready to be compared."""

    def overlap(self, other: object) -> float:
        """How much two forms overlap, in [0, 1], and 1 for the same form."""


Compare: TypeAlias = "Callable[[Form, Form], float]"


class Point(NamedTuple):
    """A keypoint, in percent of the image."""

    x: float
    y: float

    def overlap(self, other: object) -> float:
        """1 if the points are near each other."""
        return self.near(other, KEYPOINT_DISTANCE)

    def near(self, other: object, distance: float) -> float:
        """1 if the points are at most so far apart, in percent: across of the width, down of the height."""
        return float(isinstance(other, Point) and math.hypot(self.x - other.x, self.y - other.y) <= distance)


class Exact(NamedTuple):
    """What can only be the same or not: the data of a bitmask, the vertices of a vector."""

    value: Value

    def overlap(self, other: object) -> float:
        """1 if both are the same."""
        return float(self == other)


class Drawing(NamedTuple):
    """A region, taken apart once."""

    kind: Kind
    form: Form


def overlap_of(one: Region, other: Region) -> float:
    """How much two regions overlap: intersection over union, in [0, 1], and 1 for the same region.

    0 unless both have the same shape, target, image and set of labels; two without labels match. What has no extent,
    such as a box of width 0, overlaps only with the same.
    """
    return _drawing(one).form.overlap(_drawing(other).form) if same_kind(one, other) else 0.0


def overlap_of_forms(one: Region, other: Region) -> float:
    """The same for whatever labels the regions carry."""
    first, second = _drawing(one), _drawing(other)
    return first.form.overlap(second.form) if first.kind[:3] == second.kind[:3] else 0.0


def same_kind(one: Region, other: Region) -> bool:
    """Whether two regions could overlap: same shape, target and image, and the same set of labels."""
    return _drawing(one).kind == _drawing(other).kind


def labels_of(region: Region) -> frozenset[str]:
    """The labels that a region carries."""
    labels = _drawing(region).kind[3]
    assert isinstance(labels, tuple)
    return frozenset(label for label in labels if isinstance(label, str))


def form_overlap(one: Form, other: Form) -> float:
    """How much two forms overlap."""
    return one.overlap(other)


def overlaps(ones: Sequence[Region], others: Sequence[Region], compare: Compare = form_overlap) -> list[Overlap]:
    """Every pair of regions that overlap at all: the place of each in its list, and the overlap."""
    left, right = _by_kind(tuple(ones)), _by_kind(tuple(others))
    return [found for kind in left if kind in right for found in _between(left[kind], right[kind], compare)]


class _Group(NamedTuple):
    """The regions of one kind in an answer: their places, what was drawn, and that as boxes if all are upright ones."""

    places: tuple[int, ...]
    forms: tuple[Form, ...]
    boxes: tuple[Box, ...]


@lru_cache(maxsize=MOST_ANSWERS)
def _by_kind(regions: tuple[Region, ...]) -> Mapping[Kind, _Group]:
    gathered: dict[Kind, list[tuple[int, Form]]] = {}
    for place, region in enumerate(regions):
        kind, form = _drawing(region)
        gathered.setdefault(kind, []).append((place, form))
    return MappingProxyType({kind: _group(found) for kind, found in gathered.items()})


def _group(found: Sequence[tuple[int, Form]]) -> _Group:
    places, forms = zip(*found, strict=True)
    boxes = tuple(form for form in forms if isinstance(form, Box))
    return _Group(places, forms, boxes if len(boxes) == len(forms) else ())


def _between(ones: _Group, others: _Group, compare: Compare) -> list[Overlap]:
    if ones.boxes and others.boxes and compare is form_overlap:
        found = box_overlaps(ones.boxes, others.boxes)
        return [(ones.places[row], others.places[column], overlap) for row, column, overlap in found]
    return [
        (here, there, overlap)
        for here, one in zip(ones.places, ones.forms, strict=True)
        for there, other in zip(others.places, others.forms, strict=True)
        if (overlap := compare(one, other)) > 0.0
    ]


@lru_cache(maxsize=MOST_REGIONS)
def _drawing(region: Region) -> Drawing:
    fields = dict(region)
    shape = fields["shape"]
    assert isinstance(shape, str)
    kind = (shape, fields["target"], fields.get("item_index"), fields["labels"])
    return Drawing(kind, _FORMS[shape](fields))


_Fields: TypeAlias = "Mapping[str, Value]"


def _numbers(fields: _Fields) -> Mapping[str, float]:
    """The fields of a shape of which only those are asked for that are numbers."""
    return cast("Mapping[str, float]", fields)


def _rectangle(fields: _Fields) -> Form:
    numbers = _numbers(fields)
    if not is_turned(numbers["rotation"]):
        return box(numbers["x"], numbers["y"], numbers["width"], numbers["height"])
    from annolog.domain.agreement.metrics.shapes import turned_box

    return turned_box(numbers)


def _ellipse(fields: _Fields) -> Form:
    from annolog.domain.agreement.metrics.shapes import ellipse

    return ellipse(_numbers(fields))


def _polygon(fields: _Fields) -> Form:
    from annolog.domain.agreement.metrics.shapes import polygon

    return polygon(fields["points"])


def _keypoint(fields: _Fields) -> Form:
    numbers = _numbers(fields)
    return Point(numbers["x"], numbers["y"])


_FORMS: Mapping[str, Callable[[_Fields], Form]] = MappingProxyType(
    {
        Shape.RECTANGLE: _rectangle,
        Shape.ELLIPSE: _ellipse,
        Shape.POLYGON: _polygon,
        Shape.KEYPOINT: _keypoint,
        Shape.BRUSH: lambda fields: Brush(str(fields["rle"])),
        Shape.BITMASK: lambda fields: Exact(fields["imageDataURL"]),
        Shape.VECTOR: lambda fields: Exact((fields["vertices"], fields["closed"])),
        Shape.SPAN: span,
        Shape.TIMELINE: lambda fields: timeline(fields["ranges"]),
        Shape.VIDEO: lambda fields: track(fields["sequence"]),
    }
)
