"""Answers that are numbers."""

from __future__ import annotations

from types import MappingProxyType

from annolog.domain.agreement.metrics.metric import Metric, Parameters, number_of
from annolog.domain.labeling import Value


def numeric_difference(one: Value, other: Value, _: Parameters) -> float:
    """1 / (1 + |a - b|), as Label Studio defines it."""
    return 1.0 / (1.0 + abs(as_number(one) - as_number(other)))


def numeric_threshold(one: Value, other: Value, parameters: Parameters) -> float:
    """1 if the numbers are at most `maximum_difference` apart."""
    return float(abs(as_number(one) - as_number(other)) <= number_of(parameters, "maximum_difference"))


def as_number(value: Value) -> float:
    """The number; infinitely far from everything if it is none, so that a changed config raises nothing."""
    return value if isinstance(value, float) else float("inf")


METRICS = (
    Metric("numeric_difference", numeric_difference),
    Metric("numeric_threshold", numeric_threshold, MappingProxyType({"maximum_difference": 1.0}), binary=True),
)
