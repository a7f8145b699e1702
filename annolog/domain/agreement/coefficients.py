"""Agreement corrected for chance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from annolog.domain.agreement.coincidences import Counts


class Level(StrEnum):
    """What the differences between answers mean."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient, or the reason in words why there is none. `pairable` counts the answers that had a companion."""

    value: float | None
    reason: str | None = None
    pairable: int = 0


Difference = Callable[[int, int], float]


def krippendorff_alpha(counts: Counts[Any], level: Level = Level.NOMINAL) -> Coefficient:
    """Krippendorff's alpha, with any number of annotators and missing answers.

    alpha = 1 - (n - 1) * sum(o_ck * d_ck) / sum(n_c * n_k * d_ck), over the coincidences o_ck and their margins n_c
    (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", sections B to F, with d per level of
    measurement). Answers at a level other than nominal must be numbers, or text that reads as one.
    """
    observed: dict[tuple[Hashable, Hashable], float] = defaultdict(float)
    for (size, one, other), count in counts.items():
        observed[one, other] += count / (size - 1)
    values = sorted({one for one, _ in observed}, key=repr)
    if not values:
        return Coefficient(None, "no task has two answers")
    if level is not Level.NOMINAL:
        numbers = {value: _number(value) for value in values}
        if any(number is None for number in numbers.values()):
            return Coefficient(None, f"the answers are not numbers, so the {level.value} level has no meaning")
        values.sort(key=lambda value: numbers[value] or 0.0)
    margins = [sum(observed[value, other] for other in values) for value in values]
    total = sum(margins)
    if len(values) < 2:
        return Coefficient(None, "everybody gave one and the same answer, so chance explains it all", round(total))
    difference = _difference(level, values, margins)
    places = range(len(values))
    disagreement = sum(observed[values[c], values[k]] * difference(c, k) for c in places for k in places)
    expected = sum(margins[c] * margins[k] * difference(c, k) for c in places for k in places)
    return Coefficient(1 - (total - 1) * disagreement / expected, None, round(total))


def _difference(level: Level, values: Sequence[Hashable], margins: Sequence[float]) -> Difference:
    """The squared difference of two answers, by their places in the order (Krippendorff 2011, section E)."""
    numbers = [_number(value) or 0.0 for value in values]

    def ordinal(c: int, k: int) -> float:
        low, high = min(c, k), max(c, k)
        return float((sum(margins[low : high + 1]) - (margins[low] + margins[high]) / 2) ** 2)

    def ratio(c: int, k: int) -> float:
        both = numbers[c] + numbers[k]
        return ((numbers[c] - numbers[k]) / both) ** 2 if both else 0.0

    match level:
        case Level.NOMINAL:
            return lambda c, k: float(c != k)
        case Level.ORDINAL:
            return ordinal
        case Level.INTERVAL:
            return lambda c, k: (numbers[c] - numbers[k]) ** 2
        case Level.RATIO:
            return ratio


def _number(value: Hashable) -> float | None:
    if not isinstance(value, str | float | int):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def merge(counts: Mapping[Any, int], more: Mapping[Any, int], step: int = 1) -> dict[Any, int]:
    """Counts with others added, or with `step=-1` taken out; what comes to nothing is left out."""
    merged = dict(counts)
    for key, count in more.items():
        merged[key] = merged.get(key, 0) + step * count
        if merged[key] == 0:
            del merged[key]
    return merged
