"""An answer in words: what each control says, every region with where it is, and how regions relate."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from annolog.domain.labeling import LabelingConfig, Region, Shape, Value, comparable_values, is_suggestion
from annolog.domain.labeling.canonical import canonical_region
from annolog.domain.labeling.regions import is_region, label_field, shape_of
from annolog.domain.labeling.results import RELATION
from annolog.domain.labeling.values import PATH_SEPARATOR

Item = Mapping[str, Any]
DIRECTIONS = {"left": "←", "right": "→", "bi": "↔"}
LONGEST_QUOTE = 200


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said by one control, in parts; `value` is that in the form in which agreement compares it."""

    control: str
    parts: tuple[str, ...]
    value: Value
    long_text: bool = False

    @property
    def words(self) -> str:
        """All of it in one line."""
        return (" / " if self.long_text else ", ").join(self.parts) or "nothing"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A region: by which control, with which labels, where it is, and what was said about it alone."""

    id: str
    control: str
    labels: tuple[str, ...]
    quote: str
    place: str
    region: Region
    said: tuple[Said, ...] = ()

    @property
    def words(self) -> str:
        """All of it in one line."""
        labels = ", ".join(self.labels) or "no label"
        quote = f" “{self.quote}”" if self.quote else ""
        return f"{labels}{quote} at {self.place}"


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole result in words, in the order of the labeling config."""

    said: tuple[Said, ...]
    drawn: tuple[Drawn, ...]
    relations: tuple[str, ...]

    def by(self, control: str) -> Said | None:
        """What was said by a control outside of regions."""
        return next((one for one in self.said if one.control == control), None)

    @property
    def brief(self) -> str:
        """The answer within a sentence."""
        parts = [one.words if len(self.said) == 1 else f"{one.control}: {one.words}" for one in self.said]
        if self.drawn:
            labels = sorted({label for one in self.drawn for label in one.labels})
            count = f"{len(self.drawn)} region{'s' if len(self.drawn) > 1 else ''}"
            parts.append(f"{count} ({', '.join(labels[:5])}{'…' if len(labels) > 5 else ''})" if labels else count)
        return "; ".join(parts) or "nothing"


def brief_suggestion(config: LabelingConfig, result: Sequence[Item]) -> str | None:
    """What a model's result says within a sentence; None where it does not fit the config, as old ones may."""
    return read_answer(config, result).brief if is_suggestion(config, result) else None


def read_answer(config: LabelingConfig, result: Sequence[Item]) -> Answer:
    """What a result says. What the config does not ask for any more is told as well, after the rest."""
    values = comparable_values(config, result)
    order = {dimension.name: place for place, dimension in enumerate(config.dimensions)}
    drawn: dict[str, Drawn] = {}
    said: list[tuple[str | None, Said]] = []
    for item in result:
        kind, name = str(item.get("type", "")), str(item.get("from_name", ""))
        value = item.get("value")
        if kind == RELATION or not isinstance(value, Mapping):
            continue
        if is_region(kind):
            region = _drawn(item, name, value)
            before = drawn.get(region.id)
            # Drawn by one control and labelled by another it is one region.
            drawn[region.id] = region if before is None or region.labels else before
            continue
        parts = words_of_value(kind, value)
        dimension = config.by_name.get(name)
        known = values.get(name) if dimension is not None and not dimension.per_region else None
        found = Said(name, parts, parts if known is None else known, kind == "textarea")
        said.append((item.get("id") if dimension is None or dimension.per_region else None, found))
    outside = [one for region, one in said if region not in drawn]
    inside = {
        id: replace(one, said=tuple(found for region, found in said if region == id)) for id, one in drawn.items()
    }
    return Answer(
        tuple(sorted(outside, key=lambda one: order.get(one.control, len(order)))),
        tuple(sorted(inside.values(), key=lambda one: (order.get(one.control, len(order)), _reading_order(one)))),
        tuple(_relation(item, inside) for item in result if item.get("type") == RELATION),
    )


def words_of_value(kind: str, value: Item) -> tuple[str, ...]:
    """The parts of an answer outside of regions."""
    match kind:
        case "choices":
            return tuple(_path(choice) for choice in value.get("choices") or ())
        case "taxonomy":
            return tuple(_path(path) for path in value.get("taxonomy") or ())
        case "textarea":
            text = value.get("text")
            return (text,) if isinstance(text, str) else tuple(str(line) for line in text or ())
        case "rating":
            return (f"{_number(value.get('rating'))} star{'' if value.get('rating') == 1 else 's'}",)
        case "pairwise":
            return (str(value.get("selected", "")),)
        case "ranker":
            ranked = value.get("ranker")
            return _ranked(ranked) if isinstance(ranked, Mapping) else (str(ranked),)
        case _:
            return tuple(_number(part) for part in value.values())


def words_of_winner(value: Any) -> str:
    """A value as agreement compares it, in words."""
    if isinstance(value, list | tuple):
        return ", ".join(words_of_winner(part) for part in value) or "nothing"
    return _number(value)


def drawn_from(region: Mapping[str, Any], id: str) -> Drawn:
    """A region as the consensus tells it."""
    shape = str(region.get("shape", ""))
    labels = tuple(str(label) for label in region.get("labels") or ())
    return Drawn(id, str(region.get("target", "")), labels, "", _place(shape, region), _as_region(region))


def tupled(value: Any) -> Value:
    """JSON in the form in which values are compared."""
    return tuple(tupled(part) for part in value) if isinstance(value, list | tuple) else value


def _as_region(region: Mapping[str, Any]) -> Region:
    return tuple(sorted((name, tupled(part)) for name, part in region.items()))


def _ranked(buckets: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(f"{bucket}: {', '.join(str(id) for id in ids)}" for bucket, ids in buckets.items())


def _path(found: Any) -> str:
    return PATH_SEPARATOR.join(str(step) for step in found) if isinstance(found, list | tuple) else str(found)


def _number(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _drawn(item: Item, control: str, value: Item) -> Drawn:
    kind = str(item["type"])
    field = label_field(kind, value)
    labels = tuple(str(label) for label in (value.get(field) if field else None) or ())
    quote = str(value.get("text") or "")
    shown = quote if len(quote) <= LONGEST_QUOTE else f"{quote[:LONGEST_QUOTE]}…"
    region = canonical_region({"to_name": "", **item})
    return Drawn(str(item.get("id", "")), control, labels, shown, _place(shape_of(kind, value).value, value), region)


def _reading_order(one: Drawn) -> tuple[float, float]:
    parts = dict(one.region)
    keys = [(parts.get("startOffset"), parts.get("endOffset")), (parts.get("start"), parts.get("end"))]
    keys.append((parts.get("y"), parts.get("x")))
    for first, second in keys:
        if isinstance(first, float) and isinstance(second, float):
            return first, second
    return 0.0, 0.0


def _relation(item: Item, drawn: Mapping[str, Drawn]) -> str:
    ends = []
    for name in ("from_id", "to_id"):
        end = drawn.get(str(item.get(name, "")))
        ends.append("a region" if end is None else end.quote or ", ".join(end.labels) or end.place)
    labels = ", ".join(str(label) for label in item.get("labels") or ())
    arrow = DIRECTIONS.get(str(item.get("direction")), "→")
    return f"{ends[0]} {arrow} {ends[1]}" + (f" ({labels})" if labels else "")


def _rounded(value: Any) -> str:
    if not isinstance(value, int | float):
        return "?" if value is None else str(value)
    return f"{value:.1f}".removesuffix(".0")


def _span(value: Item) -> str:
    for start, end in (("startOffset", "endOffset"), ("start", "end")):
        if value.get(start) is not None and value.get(end) is not None:
            return f"{_rounded(value[start])}–{_rounded(value[end])}"
    return "a place in the text"


def _rectangle(value: Item) -> str:
    turn = f", turned {_rounded(value['rotation'])}°" if value.get("rotation") else ""
    size = f"{_rounded(value.get('width'))} × {_rounded(value.get('height'))} %"
    return f"x {_rounded(value.get('x'))} %, y {_rounded(value.get('y'))} %, {size}{turn}"


def _ellipse(value: Item) -> str:
    radii = f"{_rounded(value.get('radiusX'))} × {_rounded(value.get('radiusY'))} %"
    return f"centre x {_rounded(value.get('x'))} %, y {_rounded(value.get('y'))} %, radii {radii}"


def _track(value: Item) -> str:
    frames = [frame.get("frame") for frame in value.get("sequence") or () if isinstance(frame, Mapping)]
    return f"{len(frames)} keyframes, from {frames[0]} to {frames[-1]}" if frames else "no keyframes"


def _ranges(value: Item) -> str:
    ranges = [part for part in value.get("ranges") or () if isinstance(part, Mapping)]
    return ", ".join(f"{_rounded(part.get('start'))}–{_rounded(part.get('end'))}" for part in ranges)


def _points(field: str, what: str) -> Callable[[Item], str]:
    return lambda value: f"{what} of {len(value.get(field) or ())} points"


_PLACES: Mapping[str, Callable[[Item], str]] = MappingProxyType(
    {
        Shape.SPAN: _span,
        Shape.RECTANGLE: _rectangle,
        Shape.ELLIPSE: _ellipse,
        Shape.KEYPOINT: lambda value: f"x {_rounded(value.get('x'))} %, y {_rounded(value.get('y'))} %",
        Shape.POLYGON: _points("points", "a polygon"),
        Shape.VECTOR: _points("vertices", "a line"),
        Shape.BRUSH: lambda value: "a painted area",
        Shape.BITMASK: lambda value: "a painted area",
        Shape.VIDEO: _track,
        Shape.TIMELINE: _ranges,
    }
)


def _place(shape: str, value: Item) -> str:
    return _PLACES[shape](value) if shape in _PLACES else "a region"
