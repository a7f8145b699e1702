"""The share of controls that are answered alike, as agreement was reckoned before each had a score of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from annolog.domain.labeling import Value


def share_of_equal_controls(one: Mapping[str, Value], other: Mapping[str, Value], dimensions: Sequence[str]) -> float:
    """The share of dimensions in which two answers are the same, counting those that both left open as the same.

    Today a dimension that nobody answered says nothing, so the older figure is the higher one wherever controls are
    seldom used. Without any dimension two answers are the same.
    """
    same = sum(one.get(dimension) == other.get(dimension) for dimension in dimensions)
    return same / len(dimensions) if dimensions else 1.0
