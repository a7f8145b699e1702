"""The labels that an answer holds, whatever kind of answer it is, for what only looks at labels."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from annolog.domain.agreement.per_label import labels_in
from annolog.domain.labeling import Dimension, DimensionKind, Value

LabelsOf: TypeAlias = Callable[[Value], "frozenset[str]"]

# The kinds whose answers are labels; the answers of others are what they are, and no label tells them apart.
WITH_LABELS = frozenset(
    {
        DimensionKind.SINGLE_CHOICE,
        DimensionKind.MULTIPLE_CHOICE,
        DimensionKind.PAIRWISE,
        DimensionKind.TAXONOMY,
        DimensionKind.REGION,
    }
)

chosen_labels: LabelsOf = partial(labels_in, DimensionKind.MULTIPLE_CHOICE)
path_labels: LabelsOf = partial(labels_in, DimensionKind.TAXONOMY)
region_labels: LabelsOf = partial(labels_in, DimensionKind.REGION)


def labels_of(dimension: Dimension) -> LabelsOf:
    """What reads the labels out of an answer: none from numbers, texts and rankings, the labels of all its regions."""
    return partial(labels_in, dimension.kind) if dimension.kind in WITH_LABELS else no_labels


def no_labels(_: Value) -> frozenset[str]:
    """None: the answer is no choice among labels."""
    return frozenset()


def labels_of_region(region: Value) -> frozenset[str]:
    """The labels of one region."""
    return labels_in(DimensionKind.REGION, (region,))
