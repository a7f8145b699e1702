"""Answers that are numbers."""

from __future__ import annotations

from types import MappingProxyType

from annolog.domain.agreement.metrics.metric import Metric, Parameters, number_of
from annolog.domain.labeling import Value


def numeric_difference(one: Value, other: Value, _: Parameters) -> float:
    """1 / (1 + |a - b|), as Label Studio defines it."""
    return 1.0 / (1.0 + distance(one, other))


def numeric_threshold(one: Value, other: Value, parameters: Parameters) -> float:
    """1 if the numbers are at most `maximum_difference` apart."""
    return float(distance(one, other) <= number_of(parameters, "maximum_difference"))


def distance(one: Value, other: Value) -> float:
    """|a - b|; what is no number is infinitely far from all but itself, so that a changed config raises nothing."""
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other)
    return 0.0 if one == other else float("inf")


METRICS = (
    Metric("numeric_difference", numeric_difference),
    Metric("numeric_threshold", numeric_threshold, MappingProxyType({"maximum_difference": 1.0}), binary=True),
)
