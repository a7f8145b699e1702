"""Answers that are paths in a taxonomy, each from the top down."""

from __future__ import annotations

from typing import TypeAlias

from annolog.domain.agreement.metrics.metric import Metric, Parameters, at_least
from annolog.domain.labeling import Value

Path: TypeAlias = "tuple[str, ...]"


def common_labels(one: Value, other: Value, _: Parameters) -> float:
    """Shared labels over all labels (Jaccard 1912), a label being its full path: what stands above it counts."""
    first, second = paths_of(one), paths_of(other)
    if first is None or second is None:
        return float(one == other)
    return _shared(first, second)


def common_subtree(one: Value, other: Value, _: Parameters) -> float:
    """Shared nodes over all nodes (Jaccard 1912), where a label brings every node above it.

    So two breeds of dog have the dog and the animal in common.
    """
    first, second = paths_of(one), paths_of(other)
    if first is None or second is None:
        return float(one == other)
    return _shared(_subtree(first), _subtree(second))


def paths_of(value: Value) -> frozenset[Path] | None:
    """The paths of an answer; None for one that was no taxonomy's, so that a changed config raises nothing."""
    if not isinstance(value, tuple):
        return None
    paths = {tuple(label for label in path if isinstance(label, str)) for path in value if isinstance(path, tuple)}
    return frozenset(paths) if paths == set(value) else None


def _subtree(paths: frozenset[Path]) -> frozenset[Path]:
    return frozenset(path[:depth] for path in paths for depth in range(1, len(path) + 1))


def _shared(one: frozenset[Path], other: frozenset[Path]) -> float:
    union = one | other
    return len(one & other) / len(union) if union else 1.0


_LABELS = Metric("common_labels", common_labels)
_SUBTREE = Metric("common_subtree", common_subtree)
METRICS = (_LABELS, at_least(_LABELS), _SUBTREE, at_least(_SUBTREE))
