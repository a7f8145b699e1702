"""What a metric is: a named way to compare two answers in one dimension, a number in [0, 1]."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

from annolog.domain.labeling import Value

Parameters: TypeAlias = "Mapping[str, float | str]"
Comparison = Callable[[Value, Value, Parameters], float]

NONE: Parameters = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Metric:
    """A way to compare two answers.

    `binary` metrics say 0 or 1, so that answers fall into groups and the consensus methodology applies; `equality` is
    the special case where only the same answers match, which needs no comparison of pairs. `parameters` hold every
    parameter there is, with its value; `choices` the texts that a parameter may be, where it is a text.
    """

    name: str
    compare: Comparison
    parameters: Parameters = field(default_factory=lambda: NONE)
    binary: bool = False
    equality: bool = False
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def score(self, one: Value | None, other: Value | None) -> float:
        """How alike two answers are. Two empty answers are alike, an empty one is like no other."""
        if one is None or other is None:
            return float(one is other)
        return self.compare(one, other, self.parameters)


def at_least(metric: Metric, threshold: float = 0.5) -> Metric:
    """The variant that says 1 where a metric reaches a threshold: `<name>_threshold`, with one parameter more."""

    def compare(one: Value, other: Value, parameters: Parameters) -> float:
        return float(metric.compare(one, other, parameters) >= number_of(parameters, "threshold"))

    parameters = MappingProxyType({**metric.parameters, "threshold": threshold})
    return Metric(f"{metric.name}_threshold", compare, parameters, binary=True, choices=metric.choices)


def number_of(parameters: Parameters, name: str) -> float:
    """A parameter that is a number."""
    found = parameters[name]
    assert isinstance(found, float | int)
    return float(found)


def text_of(parameters: Parameters, name: str) -> str:
    """A parameter that is a text."""
    found = parameters[name]
    assert isinstance(found, str)
    return found
