"""Whether a stream of daily figures has changed, and since when, with few false alarms.

A cumulative sum of both signs (Page 1954, "Continuous inspection schemes", Biometrika 41) over figures made standard
normal by what came before them: the recursive residuals of Brown, Durbin and Evans (1975, "Techniques for testing the
constancy of regression relationships over time", JRSS B 37), each day weighted by its answers, taken through Student's
distribution to the normal one as in Hawkins (1987, "Self-starting Cusum charts for location and scale", The
Statistician 36). So nobody has to be known beforehand: everybody is held against their own past.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import asin, copysign, exp, log, sqrt

# Figures that only say what somebody's work is like. The fewest after which a deviation tells anything.
WARM_UP = 5
# One day alone raises no alarm, however odd it was.
LARGEST = 3.0
# What an average overshoots the limit by, in Siegmund's approximation.
OVERSHOOT = 1.166
# The least spread of a single answer that is believed: that of yes and no after the transformation below, and a tenth
# of a lead time. Days that are all alike by chance would otherwise make the next one look strange.
LEAST_OF_SHARES, LEAST_OF_TIMES = 0.5, 0.1
MOST_FIGURES = 400


class Measure(StrEnum):
    """What is watched: accuracy against the truth, agreement with the others, seconds an answer takes."""

    ACCURACY = "accuracy"
    AGREEMENT = "agreement"
    SPEED = "speed"


class Direction(StrEnum):
    """Which way a figure went. Of seconds, a fall is haste."""

    RISE = "rise"
    FALL = "fall"


@dataclass(frozen=True, slots=True)
class Figure:
    """One day: a share in [0, 1], or for speed the geometric mean of seconds, of so many answers."""

    day: str
    value: float
    answers: int


@dataclass(frozen=True, slots=True)
class Change:
    """The figures from place `first` to place `last` are not like those before them."""

    first: int
    last: int
    direction: Direction


@lru_cache(maxsize=64)
def limit(shift: float, false_alarms_every: int) -> float:
    """The height at which the sum means a change, so that a stream without one reaches it once in so many figures.

    By Siegmund's approximation (1985, "Sequential Analysis", 2.6) for one sign, exp(2kb) - 2kb - 1 over 2k^2 figures
    with b = limit + 1.166 and k half the shift; two signs raise twice as many.
    """
    slack, wanted = shift / 2, 2.0 * false_alarms_every
    low, high = 0.0, 1_000.0
    for _ in range(100):
        middle = (low + high) / 2
        reach = 2 * slack * (middle + OVERSHOOT)
        enough = reach > 600 or (exp(reach) - reach - 1) / (2 * slack * slack) >= wanted
        low, high = (low, middle) if enough else (middle, high)
    return high


def find(measure: Measure, figures: Sequence[Figure], shift: float, false_alarms_every: int) -> Change | None:
    """The first change in a stream of figures, oldest first; None where there is none.

    `shift` is in standard deviations of a day. The change began after the sum was last at 0 (Page's estimate).
    """
    height, slack = limit(shift, false_alarms_every), shift / 2
    sums = {Direction.RISE: 0.0, Direction.FALL: 0.0}
    begun = dict.fromkeys(sums, 0)
    for place, deviation in enumerate(standardised(measure, figures)):
        for direction, sign in ((Direction.RISE, 1.0), (Direction.FALL, -1.0)):
            if sums[direction] <= 0.0:
                begun[direction] = place
            sums[direction] = max(0.0, sums[direction] + sign * deviation - slack)
            if sums[direction] > height:
                return Change(begun[direction], place, direction)
    return None


def standardised(measure: Measure, figures: Sequence[Figure]) -> Iterator[float]:
    """By how much each figure deviates from those before it, as standard normal deviates; 0 while warming up."""
    least = LEAST_OF_TIMES if measure is Measure.SPEED else LEAST_OF_SHARES
    total = mean = squares = 0.0
    for place, figure in enumerate(figures):
        value, weight = _steadied(measure, figure)
        if place == 0:
            total, mean = weight, value
            yield 0.0
            continue
        residual = sqrt(weight) * (value - mean) / sqrt(1 + weight / total)
        known = place - 1
        yield _deviate(residual, squares, known, least) if place >= WARM_UP else 0.0
        squares += residual * residual
        mean += (value - mean) * weight / (total + weight)
        total += weight


def _steadied(measure: Measure, figure: Figure) -> tuple[float, float]:
    """The figure on a scale where its spread does not depend on it, and its weight.

    Shares by Anscombe's arcsine (1948, "The transformation of Poisson, binomial and negative-binomial data",
    Biometrika 35), whose variance is 1/4 over answers + 1/2; times by their logarithm.
    """
    if measure is Measure.SPEED:
        return log(max(figure.value, 1e-3)), float(figure.answers)
    right = figure.value * figure.answers
    return asin(sqrt(min(1.0, max(0.0, (right + 0.375) / (figure.answers + 0.75))))), figure.answers + 0.5


def _deviate(residual: float, squares: float, known: int, least: float) -> float:
    # Commands of the command line that measure nothing need not wait for it.
    from scipy.special import ndtri, stdtr

    spread = max(sqrt(squares / known), least)
    found = -float(ndtri(stdtr(known, -abs(residual) / spread)))
    return copysign(min(found, LARGEST), residual)
