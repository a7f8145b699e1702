"""Regions without what is random or merely derived: drawn the same, they are the same value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

from annolog.domain.labeling.encoding import Value, encode_value
from annolog.domain.labeling.flaws import is_number
from annolog.domain.labeling.regions import CONTROL_POINTS, Shape, label_field, shape_of

Region: TypeAlias = "tuple[tuple[str, Value], ...]"

_Fields: TypeAlias = "Mapping[str, float | None]"

# No image is so much wider than high, or higher than wide; beyond it the sizes are a mistake and say nothing.
WIDEST_ASPECT = 10_000.0

# The fields that count, each with what it means when it is left out.
_POINT: _Fields = {"x": None, "y": None}
_BOX: _Fields = {**_POINT, "width": None, "height": None, "rotation": 0.0}
_KEYFRAME: _Fields = {**_BOX, "frame": None, "enabled": 1.0}
_RANGE: _Fields = {"start": None, "end": None}
_VERTEX: _Fields = {**_POINT, "isBezier": 0.0}
_FIELDS: Mapping[Shape, _Fields] = MappingProxyType(
    {
        Shape.RECTANGLE: _BOX,
        Shape.ELLIPSE: {**_POINT, "radiusX": None, "radiusY": None, "rotation": 0.0},
        Shape.KEYPOINT: {**_POINT, "width": None},
        Shape.POLYGON: {"points": None, "closed": 1.0},
        Shape.VECTOR: {"vertices": None, "closed": 0.0},
        Shape.BRUSH: {"rle": None},
        Shape.BITMASK: {"imageDataURL": None},
        Shape.SPAN: {**_RANGE, "startOffset": None, "endOffset": None, "channel": None},
        Shape.TIMELINE: {"ranges": None},
        Shape.VIDEO: {"sequence": None},
    }
)


def canonical_region(item: Mapping[str, Any]) -> Region:
    """A region as pairs of name and value, sorted by name, so `dict(region)` gives its parts.

    `shape`, `target` and `labels` are always there, and `item_index` for one of several images; the rest are the
    fields of the shape as Label Studio names them. Numbers are floats, truths are 1.0 and 0.0, and the bytes of a
    brush are one hexadecimal text. What is derived is left out, but for what a comparison cannot do without: a turned
    box or ellipse has the `aspect` of its image (width / height) where the item says it, and a span over several
    places of a page its `globalOffsets`.
    """
    value = item["value"]
    shape = shape_of(item["type"], value)
    field = label_field(item["type"], value)
    described: dict[str, Value | None] = {
        "shape": shape.value,
        "target": item["to_name"],
        "labels": tuple(sorted(set(value[field]))) if field else (),
    }
    fields = {**_fields({"item_index": None}, item), **_fields(_FIELDS[shape], value)}
    if fields.get("rotation"):
        fields["aspect"] = _aspect(item)
    if shape is Shape.SPAN and value.get("startOffset") is not None and value["start"] != value["end"]:
        fields["globalOffsets"] = _global_offsets(value)
    return _named({**described, **fields})


def fuller(one: Region, other: Region) -> Region:
    """Of two tellings of the same region the labelled one; which of two alike it is never depends on their order."""
    return max(one, other, key=lambda region: (("labels", ()) not in region, encode_value(region)))


def _named(parts: Mapping[str, Value | None]) -> Region:
    return tuple(sorted((name, part) for name, part in parts.items() if part is not None))


def _fields(defaults: _Fields, value: Mapping[str, Any]) -> dict[str, Value | None]:
    """The fields that count, with what they mean when they are left out."""
    found = {name: default if value.get(name) is None else value[name] for name, default in defaults.items()}
    return {name: None if part is None else _PARTS.get(name, _plain)(part) for name, part in found.items()}


def _aspect(item: Mapping[str, Any]) -> float | None:
    """Width over height of the image, which turning needs, since a percent across is not as long as a percent down."""
    width, height = item.get("original_width"), item.get("original_height")
    if not (is_number(width) and is_number(height) and width > 0 and height > 0):
        return None
    aspect = float(width) / float(height)
    return aspect if 1 / WIDEST_ASPECT <= aspect <= WIDEST_ASPECT else None


def _global_offsets(value: Mapping[str, Any]) -> Value | None:
    """Where a span lies in the whole text: within two places, offsets alone do not tell how long it is."""
    offsets = value.get("globalOffsets")
    return None if offsets is None else _named(_fields(_RANGE, offsets))


def _plain(value: Any) -> Value:
    """A text, a number or a list of such, made hashable."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return tuple(_plain(part) for part in value)
    return float(value) + 0.0


def _bytes(counts: list[int]) -> Value:
    return bytes(counts).hex()


def _keyframes(sequence: list[Mapping[str, Any]]) -> Value:
    return tuple(_named(_fields(_KEYFRAME, frame)) for frame in sequence)


def _ranges(ranges: list[Mapping[str, Any]]) -> Value:
    return tuple(_named(_fields(_RANGE, found)) for found in ranges)


def _vertices(vertices: list[Mapping[str, Any]]) -> Value:
    """Vertices in order. Their ids are random, so the vertex before is named by its place."""
    places = {vertex["id"]: float(place) for place, vertex in enumerate(vertices) if vertex.get("id") is not None}
    return tuple(_vertex(vertex, places) for vertex in vertices)


def _vertex(vertex: Mapping[str, Any], places: Mapping[str, float]) -> Value:
    controls = {name: _named(_fields(_POINT, vertex[name])) for name in CONTROL_POINTS if vertex.get(name)}
    return _named({**_fields(_VERTEX, vertex), **controls, "previous": places.get(vertex.get("prevPointId") or "")})


_PARTS: Mapping[str, Callable[[Any], Value]] = MappingProxyType(
    {"rle": _bytes, "sequence": _keyframes, "ranges": _ranges, "vertices": _vertices}
)
