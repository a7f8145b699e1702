"""The control tags of Label Studio: which there are, and the dimension that each stands for."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from annolog.domain.labeling.dimensions import Dimension, DimensionKind
from annolog.domain.labeling.markup import Tag

DEFAULT_MAXIMUM_RATING = 5.0


@dataclass(frozen=True, slots=True)
class Control:
    """What is known of one control tag: its proper name, its answers, and the tag that holds its labels."""

    tag: str
    kind: DimensionKind
    label: str | None = None
    needs_labels: bool = False


_LABELLED = (
    "Labels",
    "RectangleLabels",
    "PolygonLabels",
    "EllipseLabels",
    "BrushLabels",
    "KeyPointLabels",
    "BitmaskLabels",
    "VectorLabels",
    "HyperTextLabels",
    "ParagraphLabels",
    "TimeSeriesLabels",
    "TimelineLabels",
)
_DRAWN = ("Rectangle", "Polygon", "Ellipse", "Brush", "KeyPoint", "Bitmask", "Vector", "VideoRectangle")

CONTROLS: Mapping[str, Control] = MappingProxyType(
    {
        control.tag.lower(): control
        for control in [
            Control("Choices", DimensionKind.SINGLE_CHOICE, "choice", needs_labels=True),
            Control("Taxonomy", DimensionKind.TAXONOMY, "choice", needs_labels=True),
            Control("Rating", DimensionKind.RATING),
            Control("Number", DimensionKind.NUMBER),
            Control("TextArea", DimensionKind.TEXT),
            Control("DateTime", DimensionKind.DATETIME),
            Control("Pairwise", DimensionKind.PAIRWISE),
            Control("Ranker", DimensionKind.RANKER, "bucket"),
            *(Control(tag, DimensionKind.REGION, "label", needs_labels=True) for tag in _LABELLED),
            *(Control(tag, DimensionKind.REGION, "label") for tag in _DRAWN),
        ]
    }
)


def flaws_of_control(tag: Tag, objects: Collection[str]) -> Iterator[str]:
    """What keeps a control from being used, in words."""
    control = CONTROLS[tag.key]
    called = f"{control.tag} {tag.get('name')!r}"
    if not tag.get("name"):
        yield f"{control.tag} has no name."
    if not tag.get("toname"):
        yield f"{called} has no toName, so it is about nothing."
    for target in _targets(tag):
        if target not in objects:
            yield f"{called} is about {target!r}, and there is no object with that name and a value."
    if control.needs_labels and not _has_open_labels(tag) and not _label_paths(tag, control):
        yield f"{called} has no labels to choose from."
    try:
        _limits(tag)
    except ValueError as error:
        yield f"{called}: {error}."


def dimension_of(tag: Tag) -> Dimension:
    """The dimension of a control that has no flaws."""
    control = CONTROLS[tag.key]
    paths = _label_paths(tag, control)
    minimum, maximum = _limits(tag)
    return Dimension(
        name=tag.get("name"),
        tag=control.tag,
        kind=DimensionKind.MULTIPLE_CHOICE if _takes_many(tag) else control.kind,
        targets=_targets(tag),
        labels=tuple(dict.fromkeys(path[-1] for path in paths)),
        required=tag.says("required") and not tag.conditional,
        per_region=tag.says("perregion") and control.kind is not DimensionKind.REGION,
        open_labels=control.label is not None and _has_open_labels(tag),
        paths=paths if control.label == "choice" else (),
        minimum=minimum,
        maximum=maximum,
    )


def with_shared_labels(dimensions: tuple[Dimension, ...]) -> tuple[Dimension, ...]:
    """The same dimensions, where a shape without labels of its own takes those of the Labels on the same object."""
    shared = [dimension for dimension in dimensions if dimension.tag == "Labels"]
    return tuple(_sharing(dimension, shared) if dimension.tag in _DRAWN else dimension for dimension in dimensions)


def _sharing(dimension: Dimension, shared: list[Dimension]) -> Dimension:
    near = [other for other in shared if set(other.targets) & set(dimension.targets)]
    labels = dict.fromkeys([*dimension.labels, *(label for other in near for label in other.labels)])
    open_labels = dimension.open_labels or any(other.open_labels for other in near)
    return replace(dimension, labels=tuple(labels), open_labels=open_labels)


def _targets(tag: Tag) -> tuple[str, ...]:
    names = (name.strip() for name in tag.get("toname").split(","))
    return tuple(dict.fromkeys(name for name in names if name))


def _takes_many(tag: Tag) -> bool:
    return tag.key == "choices" and tag.get("choice").lower() == "multiple"


def _has_open_labels(tag: Tag) -> bool:
    return tag.get("value").startswith("$") or bool(tag.get("apiurl"))


def _label_paths(tag: Tag, control: Control) -> tuple[tuple[str, ...], ...]:
    """Every label of a control with the labels above it, in the order of the document."""
    return tuple(dict.fromkeys(_paths_below(tag, control, ())))


def _paths_below(tag: Tag, control: Control, above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for child in tag.children:
        label = _label_of(child, control)
        path = (*above, label) if label else above
        if label:
            yield path
        yield from _paths_below(child, control, path)


def _label_of(tag: Tag, control: Control) -> str:
    """The label a tag stands for, exactly as results say it."""
    if tag.key != control.label:
        return ""
    if control.label == "bucket":
        return tag.attributes.get("name", "")
    return tag.attributes.get("alias") or tag.attributes.get("value", "")


def _limits(tag: Tag) -> tuple[float | None, float | None]:
    """The least and the most that a Rating or a Number takes."""
    if tag.key == "rating":
        most = _number(tag, "maxRating")
        if most is not None and (most < 1 or most != int(most)):
            raise ValueError("maxRating must be a whole number from 1 on")
        return 1.0, most or DEFAULT_MAXIMUM_RATING
    if tag.key != "number":
        return None, None
    least, most = _number(tag, "min"), _number(tag, "max")
    if least is not None and most is not None and least > most:
        raise ValueError("min must not be greater than max")
    return least, most


def _number(tag: Tag, attribute: str) -> float | None:
    text = tag.get(attribute.lower())
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{attribute} must be a number")
    return number
