"""The labeling config that results must have been made with, as far as results show it.

What cannot be known from results, and is therefore not inferred: labels that nobody chose, what was required, limits of
numbers, aliases, conditions, and whether a choice that nobody answered with two labels might have taken many. Beyond
`MOST_LABELS` labels a control takes any. What cannot be written in XML, such as control characters, is in no config.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, TypeGuard
from xml.sax.saxutils import quoteattr

from annolog.domain.labeling.answers import UNSORTED
from annolog.domain.labeling.config import LabelingConfig, parse_labeling_config
from annolog.domain.labeling.controls import CONTROLS, DEFAULT_MAXIMUM_RATING, Control
from annolog.domain.labeling.dimensions import DimensionKind
from annolog.domain.labeling.flaws import is_number, is_text
from annolog.domain.labeling.markup import MOST_LEVELS

MOST_LABELS = 1_000

RELATION = "relation"

_Item: TypeAlias = "Mapping[str, object]"
_Path: TypeAlias = "tuple[str, ...]"

# The characters that XML 1.0 has no way to write (section 2.2).
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# The tags around the topmost label.
_LEVELS_ABOVE = 2

# What a control is about, where its tag tells; anything else is shown as text.
_OBJECTS: Mapping[str, str] = {
    **dict.fromkeys(
        (
            f"{shape}{suffix}"
            for shape in ("Rectangle", "Polygon", "Ellipse", "Brush", "KeyPoint", "Bitmask", "Vector")
            for suffix in ("", "Labels")
        ),
        "Image",
    ),
    "HyperTextLabels": "HyperText",
    "ParagraphLabels": "Paragraphs",
    "TimeSeriesLabels": "TimeSeries",
    "TimelineLabels": "Video",
    "VideoRectangle": "Video",
}


@dataclass(slots=True)
class _Seen:
    """What was seen of one control; insertion order is kept where a set would lose it."""

    types: Counter[str] = field(default_factory=Counter)
    targets: dict[str, None] = field(default_factory=dict)
    paths: dict[_Path, None] = field(default_factory=dict)
    most_chosen: int = 0
    highest: float = 0.0
    per_region: bool = False


def infer_labeling_config(results: Iterable[object]) -> LabelingConfig:
    """The smallest config that results fit; what is malformed in them says nothing.

    Each `from_name` becomes the control whose answers have the `type` that its items have most often. A choice takes
    many if anybody chose more than one; a control asks per region if anybody answered it with the id of a region.
    No name is both a control and what one is about: the control with more items keeps it.
    """
    controls: dict[str, _Seen] = {}
    relations: dict[str, None] = {}
    for result in results:
        items = [item for item in result if isinstance(item, dict)] if isinstance(result, list) else []
        regions = {item.get("id") for item in items if _draws(item) and is_text(item.get("id"))}
        for item in items:
            if item.get("type") == RELATION:
                relations.update(dict.fromkeys(_texts(item.get("labels"))))
            elif _is_answer(item):
                _note(controls, item, regions)
    return parse_labeling_config("\n".join(_lines(controls, relations)))


def _is_answer(item: _Item) -> bool:
    return (
        _is_name(item.get("from_name"))
        and _is_name(item.get("to_name"))
        and "," not in str(item["to_name"])
        and _control_of(item.get("type")) is not None
        and isinstance(item.get("value"), dict)
    )


def _is_name(found: object) -> bool:
    return is_text(found) and found == found.strip() and not _UNWRITABLE.search(found)


def _is_label(found: object) -> TypeGuard[str]:
    return is_text(found) and not _UNWRITABLE.search(found)


def _control_of(item_type: object) -> Control | None:
    return CONTROLS.get(item_type) if isinstance(item_type, str) else None


def _draws(item: _Item) -> bool:
    control = _control_of(item.get("type"))
    return control is not None and control.kind is DimensionKind.REGION


def _note(controls: dict[str, _Seen], item: _Item, regions: set[object]) -> None:
    name, item_type, target, value = (item[part] for part in ("from_name", "type", "to_name", "value"))
    assert isinstance(name, str)
    assert isinstance(item_type, str)
    assert isinstance(target, str)
    assert isinstance(value, dict)
    seen = controls.setdefault(name, _Seen())
    seen.types[item_type] += 1
    seen.targets[target] = None
    paths = list(_paths(item_type, value))
    seen.paths.update(dict.fromkeys(paths))
    seen.most_chosen = max(seen.most_chosen, len(paths))
    if is_number(rating := value.get("rating")):
        seen.highest = max(seen.highest, rating)
    if not _draws(item) and is_text(item.get("id")) and item["id"] in regions:
        seen.per_region = True


def _paths(item_type: str, value: Mapping[str, object]) -> Iterator[_Path]:
    """The labels of a value, each with those above it."""
    for name in dict.fromkeys((item_type, f"{item_type}labels", "labels")):
        held = value.get(name)
        if item_type == "ranker" and isinstance(held, dict):
            yield from ((bucket,) for bucket in held if _is_label(bucket) and bucket != UNSORTED)
        for label in held if isinstance(held, list) and item_type != "ranker" else ():
            path = label if isinstance(label, list) else [label]
            if 0 < len(path) <= MOST_LEVELS - _LEVELS_ABOVE and all(_is_label(part) for part in path):
                yield tuple(path)


def _texts(found: object) -> Iterator[str]:
    yield from (text for text in found if _is_label(text)) if isinstance(found, list) else ()


def _lines(controls: Mapping[str, _Seen], relations: Iterable[str]) -> Iterator[str]:
    yield "<View>"
    usable = _usable(controls)
    objects: dict[str, str] = {}
    for control, seen in usable.values():
        for target in seen.targets:
            shown = _OBJECTS.get(control.tag, "Text")
            objects[target] = shown if objects.get(target, "Text") == "Text" else objects[target]
    for name, tag in objects.items():
        yield f"  <{tag} name={quoteattr(name)} value={quoteattr('$' + name)}/>"
    for name, (control, seen) in usable.items():
        yield from _control_lines(name, control, seen)
    if relations:
        yield "  <Relations>"
        yield from (f"    <Relation value={quoteattr(label)}/>" for label in relations)
        yield "  </Relations>"
    yield "</View>"


def _usable(controls: Mapping[str, _Seen]) -> dict[str, tuple[Control, _Seen]]:
    """The controls that a config can have together, in the order in which they were seen."""
    taken: dict[str, tuple[Control, _Seen]] = {}
    targets: set[str] = set()
    for name, seen in sorted(controls.items(), key=lambda found: -found[1].types.total()):
        control = _tag_of(seen)
        names_clash = name in targets or name in seen.targets or not taken.keys().isdisjoint(seen.targets)
        if not names_clash and (seen.paths or not control.needs_labels):
            taken[name] = control, seen
            targets.update(seen.targets)
    return {name: taken[name] for name in controls if name in taken}


def _tag_of(seen: _Seen) -> Control:
    """The control that gives answers of these types; a shape that was ever drawn with labels of its own has them."""
    labelled = {item_type: f"{item_type}labels" for item_type in seen.types}
    votes = Counter[str]()
    for item_type, count in seen.types.items():
        votes[labelled[item_type] if labelled[item_type] in seen.types else item_type] += count
    return CONTROLS[min(votes, key=lambda found: (-votes[found], found))]


def _control_lines(name: str, control: Control, seen: _Seen) -> Iterator[str]:
    attributes = {"name": name, "toName": ",".join(seen.targets)}
    if control.tag == "Choices" and seen.most_chosen > 1:
        attributes["choice"] = "multiple"
    if control.tag == "Rating":
        attributes["maxRating"] = f"{max(DEFAULT_MAXIMUM_RATING, seen.highest):.0f}"
    if seen.per_region:
        attributes["perRegion"] = "true"
    if open_labels := control.label is not None and len(seen.paths) > MOST_LABELS:
        attributes["value"] = "$labels"
    opening = " ".join([control.tag, *(f"{key}={quoteattr(value)}" for key, value in attributes.items())])
    if control.label is None or open_labels or not seen.paths:
        yield f"  <{opening}/>"
        return
    yield f"  <{opening}>"
    yield from _label_lines(control.label.title(), seen.paths, 0)
    yield f"  </{control.tag}>"


def _label_lines(tag: str, paths: Iterable[_Path], depth: int) -> Iterator[str]:
    """The tags of labels, those below one inside it."""
    below: dict[str, list[_Path]] = {}
    for first, *rest in paths:
        below.setdefault(first, []).extend([tuple(rest)] if rest else [])
    margin = "  " * (depth + 2)
    attribute = "name" if tag == "Bucket" else "value"
    for label, inner in below.items():
        if inner:
            yield f"{margin}<{tag} {attribute}={quoteattr(label)}>"
            yield from _label_lines(tag, inner, depth + 1)
            yield f"{margin}</{tag}>"
        else:
            yield f"{margin}<{tag} {attribute}={quoteattr(label)}/>"
