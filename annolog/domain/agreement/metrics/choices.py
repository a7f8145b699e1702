"""Answers that are labels or sets of labels."""

from __future__ import annotations

from annolog.domain.agreement.metrics.metric import Metric, Parameters, at_least
from annolog.domain.labeling import Value


def exact_match(one: Value, other: Value, _: Parameters) -> float:
    """1 if both are the same. The order of a set does not count, since comparable values are sorted."""
    return float(one == other)


def jaccard(one: Value, other: Value, _: Parameters) -> float:
    """Shared labels over all labels (Jaccard 1912): |A and B| / |A or B|; 1 for two empty sets."""
    first, second = as_set(one), as_set(other)
    union = first | second
    return len(first & second) / len(union) if union else 1.0


def as_set(value: Value) -> frozenset[Value]:
    """The labels of an answer; one label by itself is a set of one."""
    return frozenset(value) if isinstance(value, tuple) else frozenset((value,))


_JACCARD = Metric("jaccard", jaccard)
METRICS = (Metric("exact_match", exact_match, binary=True, equality=True), _JACCARD, at_least(_JACCARD))
