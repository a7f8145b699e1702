"""What an annotation's result says in labels, and how many regions it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from annolog.domain.labeling.regions import is_region, label_field

CHOSEN = ("choices", "taxonomy")
# Between the labels of a path, as in a taxonomy.
BELOW = " / "

Labels = list[list[Any]]


def labels_used(result: Sequence[Mapping[str, Any]]) -> Labels:
    """Control, label and how many items carry it, in order. Free text and numbers are no labels."""
    found: Counter[tuple[str, str]] = Counter()
    for item in result:
        control = item.get("from_name")
        if control is not None:
            found.update({(control, label) for label in _labels_of(item)})
    return [[control, label, uses] for (control, label), uses in sorted(found.items())]


def regions_in(result: Sequence[Mapping[str, Any]]) -> int:
    """How many regions the result has, each counted once however many items speak of it, and relations."""
    regions = {item.get("id", place) for place, item in enumerate(result) if is_region(item.get("type", ""))}
    return len(regions) + sum(1 for item in result if item.get("type") == "relation")


def _labels_of(item: Mapping[str, Any]) -> Iterator[str]:
    type, value = item.get("type", ""), item.get("value", {})
    field = type if type in CHOSEN else label_field(type, value) if is_region(type) else None
    for label in value.get(field, ()) if field else ():
        yield BELOW.join(label) if isinstance(label, list) else str(label)
