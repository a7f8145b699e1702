"""The labels that an answer holds, whatever kind of answer it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from annolog.domain.labeling import Dimension, DimensionKind, Value
from annolog.domain.labeling.values import PATH_SEPARATOR

LabelsOf: TypeAlias = Callable[[Value], "frozenset[str]"]


def labels_of(dimension: Dimension) -> LabelsOf:
    """What reads the labels out of an answer: none from numbers, texts and rankings, the labels of all its regions."""
    if dimension.kind is DimensionKind.REGION:
        return region_labels
    read = _BY_KIND.get(dimension.kind, no_labels)
    return _of_each_region(read) if dimension.per_region else read


def no_labels(_: Value) -> frozenset[str]:
    """None: the answer is no choice among labels."""
    return frozenset()


def chosen_labels(value: Value) -> frozenset[str]:
    """The one label, or all labels of a set."""
    if isinstance(value, str):
        return frozenset((value,))
    return frozenset(part for part in value if isinstance(part, str)) if isinstance(value, tuple) else frozenset()


def path_labels(value: Value) -> frozenset[str]:
    """Every path of a taxonomy in one text."""
    paths = value if isinstance(value, tuple) else ()
    return frozenset(PATH_SEPARATOR.join(map(str, path)) for path in paths if isinstance(path, tuple))


def region_labels(value: Value) -> frozenset[str]:
    """The labels of all regions that were drawn."""
    regions = value if isinstance(value, tuple) else ()
    return frozenset(label for region in regions for label in labels_of_region(region))


def labels_of_region(region: Value) -> frozenset[str]:
    """The labels of one region."""
    parts = region if isinstance(region, tuple) else ()
    found = [part[1] for part in parts if isinstance(part, tuple) and len(part) == 2 and part[0] == "labels"]
    return chosen_labels(found[0]) if found else frozenset()


def _of_each_region(read: LabelsOf) -> LabelsOf:
    def labels(value: Value) -> frozenset[str]:
        answers = value if isinstance(value, tuple) else ()
        pairs = [answer for answer in answers if isinstance(answer, tuple) and len(answer) == 2]
        return frozenset(label for _, answer in pairs for label in read(answer))

    return labels


_BY_KIND: Mapping[DimensionKind, LabelsOf] = {
    DimensionKind.SINGLE_CHOICE: chosen_labels,
    DimensionKind.MULTIPLE_CHOICE: chosen_labels,
    DimensionKind.PAIRWISE: chosen_labels,
    DimensionKind.TAXONOMY: path_labels,
}
