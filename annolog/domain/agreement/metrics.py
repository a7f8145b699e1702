"""How two answers in one dimension are compared: a number in [0, 1]. A new metric is one entry in `METRICS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from annolog.domain.labeling import DimensionKind, Value
from annolog.domain.refusals import Fault, InvalidInput

Comparison = Callable[[Value, Value, Mapping[str, float]], float]


@dataclass(frozen=True, slots=True)
class Metric:
    """A way to compare two answers.

    `binary` metrics say 0 or 1, so that answers fall into groups and the consensus methodology applies; `equality` is
    the special case where only the same answers match, which needs no comparison of pairs.
    """

    name: str
    compare: Comparison
    parameters: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    binary: bool = False
    equality: bool = False

    def score(self, one: Value | None, other: Value | None) -> float:
        """How alike two answers are. Two empty answers are alike, an empty one is like no other."""
        if one is None or other is None:
            return float(one is other)
        return self.compare(one, other, self.parameters)


def exact_match(one: Value, other: Value, _: Mapping[str, float]) -> float:
    """1 if both are the same. The order of a set does not count, since comparable values are sorted."""
    return float(one == other)


def jaccard(one: Value, other: Value, _: Mapping[str, float]) -> float:
    """Shared labels over all labels (Jaccard 1912): |A and B| / |A or B|; 1 for two empty sets."""
    first, second = _as_set(one), _as_set(other)
    union = first | second
    return len(first & second) / len(union) if union else 1.0


def jaccard_threshold(one: Value, other: Value, parameters: Mapping[str, float]) -> float:
    """1 if the Jaccard index reaches the threshold."""
    return float(jaccard(one, other, parameters) >= parameters["threshold"])


def numeric_difference(one: Value, other: Value, _: Mapping[str, float]) -> float:
    """1 / (1 + |a - b|), as Label Studio defines it."""
    return 1.0 / (1.0 + abs(_as_number(one) - _as_number(other)))


def numeric_threshold(one: Value, other: Value, parameters: Mapping[str, float]) -> float:
    """1 if the numbers are at most `maximum_difference` apart."""
    return float(abs(_as_number(one) - _as_number(other)) <= parameters["maximum_difference"])


def _as_set(value: Value) -> frozenset[Value]:
    return frozenset(value) if isinstance(value, tuple) else frozenset((value,))


def _as_number(value: Value) -> float:
    """The number; infinitely far from everything if it is none, so that a changed config raises nothing."""
    return value if isinstance(value, float) else float("inf")


METRICS: Mapping[str, Metric] = MappingProxyType(
    {
        found.name: found
        for found in (
            Metric("exact_match", exact_match, binary=True, equality=True),
            Metric("jaccard", jaccard),
            Metric("jaccard_threshold", jaccard_threshold, MappingProxyType({"threshold": 0.5}), binary=True),
            Metric("numeric_difference", numeric_difference),
            Metric("numeric_threshold", numeric_threshold, MappingProxyType({"maximum_difference": 1.0}), binary=True),
        )
    }
)

# Label Studio's defaults: numbers by their difference, everything else by exact match.
DEFAULTS: Mapping[DimensionKind, str] = MappingProxyType(
    {
        kind: "numeric_difference" if kind in (DimensionKind.RATING, DimensionKind.NUMBER) else "exact_match"
        for kind in DimensionKind
    }
)


def metric(name: str, parameters: Mapping[str, float] | None = None) -> Metric:
    """The metric of that name with its parameters; refused when the name or a parameter is not known."""
    return _metric(name, tuple(sorted((parameters or {}).items())))


@lru_cache(maxsize=256)
def _metric(name: str, parameters: tuple[tuple[str, float], ...]) -> Metric:
    known = METRICS.get(name)
    if known is None:
        raise _wrong("/metric", f"must be one of {', '.join(METRICS)}")
    given = dict(parameters)
    for parameter in given:
        if parameter not in known.parameters:
            raise _wrong(f"/parameters/{parameter}", f"{name} has no such parameter")
    chosen = MappingProxyType({**known.parameters, **given})
    return Metric(name, known.compare, chosen, known.binary, known.equality)


def default_metric(kind: DimensionKind) -> Metric:
    """What compares a dimension of this kind unless the project says otherwise."""
    return METRICS[DEFAULTS[kind]]


def _wrong(pointer: str, message: str) -> InvalidInput:
    return InvalidInput(f"{pointer}: {message}", faults=[Fault(pointer, message)])
