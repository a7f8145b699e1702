"""The policies there are: a new one is a module beside this one and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from annolog.domain.policies.agreement import Agreement
from annolog.domain.policies.confidence import Confidence
from annolog.domain.policies.fixed import Fixed
from annolog.domain.policies.policy import Policy
from annolog.domain.refusals import Fault, InvalidInput

# How sure to be, up to every answer there is. Posteriors are surer than they are right, so the last steps are small.
POSTERIORS = (
    *(0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.725, 0.75, 0.775, 0.8, 0.825, 0.85, 0.875, 0.9, 0.925),
    *(0.95, 0.965, 0.975, 0.985, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9998, 0.9999, 0.99999, 0.999999, 1.0),
)
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.75, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class Entry:
    """A policy by its parameter, what that parameter is, and the range to try where nobody names one.

    The range depends on the most answers that any task has.
    """

    make: Callable[[float], Policy]
    parameter: str
    least: float
    greatest: float
    range: Callable[[int], Sequence[float]]


POLICIES: Mapping[str, Entry] = {
    "rule": Entry(Agreement, "agreement that is enough", 0.0, 1.0, lambda _: THRESHOLDS),
    "confidence": Entry(Confidence, "probability that is enough", 0.0, 1.0, lambda _: POSTERIORS),
    "fixed": Entry(
        lambda answers: Fixed(int(answers)),
        "answers a task",
        1.0,
        1000.0,
        lambda most: [*map(float, range(1, most + 1))],
    ),
}


def policies(name: str, most_answers: int, parameters: Sequence[float] = ()) -> list[Policy]:
    """The policy of this name with each parameter, ascending; over its range where none is named."""
    entry = _entry(name)
    for place, parameter in enumerate(parameters):
        _must_fit(name, entry, parameter, f"/parameters/{place}")
    return [entry.make(parameter) for parameter in sorted(set(parameters or entry.range(most_answers)))]


def policy(name: str, parameter: float) -> Policy:
    """The policy of this name with this parameter."""
    entry = _entry(name)
    _must_fit(name, entry, parameter, "/parameter")
    return entry.make(parameter)


def _entry(name: str) -> Entry:
    if (entry := POLICIES.get(name)) is None:
        message = f"there is no policy {name!r}; there are {', '.join(POLICIES)}"
        raise InvalidInput(message, faults=[Fault("/policy", message)])
    return entry


def _must_fit(name: str, entry: Entry, parameter: float, pointer: str) -> None:
    if entry.least <= parameter <= entry.greatest and entry.make(parameter).parameter == parameter:
        return
    between = entry.least + 0.5
    span = f"{entry.least:g} to {entry.greatest:g}"
    if entry.make(between).parameter != between:
        span += ", a whole number"
    message = f"the parameter of {name}, {entry.parameter}, is {span}: not {parameter:g}"
    raise InvalidInput(message, faults=[Fault(pointer, message)])
