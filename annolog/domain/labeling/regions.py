"""What a valid region is: its shape in percent of the image or as a span, and the labels it carries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType

from annolog.domain.labeling.dimensions import Dimension
from annolog.domain.labeling.flaws import Flaw, entries, is_number, is_text, labels, number, optional_number

# Editors compute percentages in floating point, and a box at the very edge ends a little beyond it.
OVERSHOOT = 1e-6
CONTROL_POINTS = ("controlPoint1", "controlPoint2")

Json = Mapping[str, object]


class Shape(StrEnum):
    """The forms a region can have."""

    RECTANGLE = "rectangle"
    ELLIPSE = "ellipse"
    KEYPOINT = "keypoint"
    POLYGON = "polygon"
    VECTOR = "vector"
    BRUSH = "brush"
    BITMASK = "bitmask"
    SPAN = "span"
    TIMELINE = "timeline"
    VIDEO = "video"


_SPANS = ("hypertext", "paragraph", "timeseries")
_SHAPE_OF_STEM = (
    {shape.value: shape for shape in Shape} | dict.fromkeys(_SPANS, Shape.SPAN) | {"videorectangle": Shape.VIDEO}
)
# Labels can be put on regions that another control drew; the item repeats that region's shape.
_SHAPE_OF_FIELD = {
    "radiusX": Shape.ELLIPSE,
    "points": Shape.POLYGON,
    "vertices": Shape.VECTOR,
    "rle": Shape.BRUSH,
    "imageDataURL": Shape.BITMASK,
    "sequence": Shape.VIDEO,
    "ranges": Shape.TIMELINE,
    "height": Shape.RECTANGLE,
    "x": Shape.KEYPOINT,
}


def shape_of(item_type: str, value: Json) -> Shape:
    """The form of a region, from the type of its item and, for plain labels, from the fields it has."""
    if item_type != "labels":
        return _SHAPE_OF_STEM[item_type.removesuffix("labels")]
    return next((shape for field, shape in _SHAPE_OF_FIELD.items() if field in value), Shape.SPAN)


def is_region(item_type: str) -> bool:
    """Whether items of this type are regions."""
    return item_type == "labels" or item_type.removesuffix("labels") in _SHAPE_OF_STEM


def label_field(item_type: str, value: Json) -> str | None:
    """The field that holds the labels of a region; None for a region that was drawn without any."""
    if item_type.endswith("labels"):
        return item_type
    return next((field for field in (f"{item_type}labels", "labels") if value.get(field) is not None), None)


def region(dimension: Dimension, item_type: str, value: Json) -> Iterator[Flaw]:
    """A region must have the form that its type promises, and labels that the config has."""
    if field := label_field(item_type, value):
        known = None if dimension.open_labels else dimension.known_labels
        yield from labels(value.get(field), field, known, least=int(field == item_type))
    yield from _FORMS[shape_of(item_type, value)](value)


def _corner(value: Json) -> Iterator[Flaw]:
    yield from number(value, "x", 0, 100, OVERSHOOT)
    yield from number(value, "y", 0, 100, OVERSHOOT)


def _rectangle(value: Json) -> Iterator[Flaw]:
    yield from _corner(value)
    yield from number(value, "width", 0)
    yield from number(value, "height", 0)
    yield from optional_number(value, "rotation")


def _ellipse(value: Json) -> Iterator[Flaw]:
    yield from _corner(value)
    yield from number(value, "radiusX", 0)
    yield from number(value, "radiusY", 0)
    yield from optional_number(value, "rotation")


def _keypoint(value: Json) -> Iterator[Flaw]:
    yield from _corner(value)
    yield from optional_number(value, "width", 0)


def _polygon(value: Json) -> Iterator[Flaw]:
    points, flaws = entries(value, "points", least=1)
    yield from flaws
    for index, point in enumerate(points):
        if not isinstance(point, list) or len(point) != 2:
            yield Flaw(f"/points/{index}", "points must hold pairs of x and y")
            continue
        for flaw in _corner({"x": point[0], "y": point[1]}):
            yield Flaw(f"/points/{index}/{int(flaw.pointer == '/y')}", flaw.message)
    yield from _truth(value, "closed")


def _vector(value: Json) -> Iterator[Flaw]:
    yield from _each(value, "vertices", _vertex)
    yield from _truth(value, "closed")


def _vertex(value: Json) -> Iterator[Flaw]:
    yield from _corner(value)
    yield from _truth(value, "isBezier")
    for field in ("id", "prevPointId"):
        if not isinstance(value.get(field), str | None):
            yield Flaw(f"/{field}", f"{field} must be a text")
    for field in CONTROL_POINTS:
        point = value.get(field)
        if isinstance(point, dict):
            yield from (flaw.under(f"/{field}") for name in ("x", "y") for flaw in number(point, name))
        elif point is not None:
            yield Flaw(f"/{field}", f"{field} must have an x and a y")


def _brush(value: Json) -> Iterator[Flaw]:
    if value.get("format") != "rle":
        yield Flaw("/format", "format must be rle")
    counts, flaws = entries(value, "rle")
    yield from flaws
    for index, count in enumerate(counts):
        if type(count) is not int or not 0 <= count <= 255:
            yield Flaw(f"/rle/{index}", "rle must hold bytes, whole numbers from 0 to 255")


def _bitmask(value: Json) -> Iterator[Flaw]:
    if not is_text(value.get("imageDataURL")):
        yield Flaw("/imageDataURL", "imageDataURL must be a text")


def _span(value: Json) -> Iterator[Flaw]:
    """From `start` to `end`: numbers in texts and sound, names of places in paragraphs, pages and dated series."""
    if is_text(value.get("start")) and is_text(value.get("end")):
        same_place = value["start"] == value["end"]
    else:
        yield from _ordered(value, "start", "end")
        same_place = is_number(value.get("start")) and value.get("start") == value.get("end")
    if value.get("startOffset") is not None or value.get("endOffset") is not None:
        yield from _ordered(value, "startOffset", "endOffset", ordered=same_place)
    if (whole := value.get("globalOffsets")) is not None:
        if isinstance(whole, dict):
            yield from (flaw.under("/globalOffsets") for flaw in _ordered(whole, "start", "end"))
        else:
            yield Flaw("/globalOffsets", "globalOffsets must have a start and an end")
    yield from optional_number(value, "channel", 0)


def _timeline(value: Json) -> Iterator[Flaw]:
    yield from _each(value, "ranges", lambda found: _ordered(found, "start", "end"))


def _video(value: Json) -> Iterator[Flaw]:
    yield from _each(value, "sequence", _keyframe)
    yield from optional_number(value, "framesCount", 0)
    yield from optional_number(value, "duration", 0)


def _keyframe(value: Json) -> Iterator[Flaw]:
    yield from number(value, "frame", 0)
    yield from _rectangle(value)
    yield from optional_number(value, "time", 0)
    yield from _truth(value, "enabled")


def _ordered(value: Json, first: str, last: str, *, ordered: bool = True) -> Iterator[Flaw]:
    yield from number(value, first, 0)
    yield from number(value, last, 0)
    start, end = value.get(first), value.get(last)
    if ordered and is_number(start) and is_number(end) and end < start:
        yield Flaw(f"/{last}", f"{last} must not be less than {first}")


def _each(value: Json, field: str, check: Callable[[Json], Iterator[Flaw]]) -> Iterator[Flaw]:
    found, flaws = entries(value, field, least=1)
    yield from flaws
    for index, part in enumerate(found):
        if isinstance(part, dict):
            for flaw in check(part):
                yield flaw.under(f"/{field}/{index}")
        else:
            yield Flaw(f"/{field}/{index}", f"{field} must hold objects")


def _truth(value: Json, field: str) -> Iterator[Flaw]:
    if not isinstance(value.get(field, True), bool):
        yield Flaw(f"/{field}", f"{field} must be true or false")


_FORMS: Mapping[Shape, Callable[[Json], Iterator[Flaw]]] = MappingProxyType(
    {
        Shape.RECTANGLE: _rectangle,
        Shape.ELLIPSE: _ellipse,
        Shape.KEYPOINT: _keypoint,
        Shape.POLYGON: _polygon,
        Shape.VECTOR: _vector,
        Shape.BRUSH: _brush,
        Shape.BITMASK: _bitmask,
        Shape.SPAN: _span,
        Shape.TIMELINE: _timeline,
        Shape.VIDEO: _video,
    }
)
