"""How lenient a reviewer is: against one other on what both judged, and against everybody, given whose work it was.

A review is lenient if it accepts work as it is; who fixes it does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from annolog.domain.consensus.skills import wilson


@dataclass(frozen=True, slots=True)
class Paired:
    """How often two reviewers accepted what both judged: both, the one alone, the other alone, neither."""

    both: int
    one_only: int
    other_only: int
    neither: int

    @property
    def reviews(self) -> int:
        """How many both judged."""
        return self.both + self.one_only + self.other_only + self.neither


@dataclass(frozen=True, slots=True)
class Difference:
    """The share that the one accepts minus the share that the other does, in [-1, 1], with its 95% interval."""

    value: float
    low: float
    high: float


def difference(paired: Paired) -> Difference | None:
    """How much more often the one accepts than the other; None where they judged nothing both.

    The interval is method 10 of Newcombe (1998, "Improved confidence intervals for the difference between binomial
    proportions based on paired data", Statistics in Medicine 17): Wilson's interval of each share, put together with
    the correlation of the two, corrected for continuity.
    """
    reviews = paired.reviews
    if reviews == 0:
        return None
    one = wilson(paired.both + paired.one_only, reviews)
    other = wilson(paired.both + paired.other_only, reviews)
    phi = _phi(paired)
    value = (paired.one_only - paired.other_only) / reviews
    down = _reach(one.share - one.low, other.high - other.share, phi)
    up = _reach(other.share - other.low, one.high - one.share, phi)
    return Difference(value, max(value - down, -1.0), min(value + up, 1.0))


def _reach(one: float, other: float, phi: float) -> float:
    return sqrt(max(one * one - 2 * phi * one * other + other * other, 0.0))


def _phi(paired: Paired) -> float:
    both, one, other, neither = paired.both, paired.one_only, paired.other_only, paired.neither
    margins = (both + one) * (other + neither) * (both + other) * (one + neither)
    if margins == 0:
        return 0.0
    product = both * neither - one * other
    corrected = max(product - paired.reviews / 2, 0.0) if product > 0 else product
    return corrected / sqrt(margins)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """How many reviews there were, and how many of them accepted the work as it is."""

    accepted: int
    reviews: int


@dataclass(frozen=True, slots=True)
class Leniency:
    """The share that a reviewer accepts, and what all reviewers together would accept of the same annotators' work."""

    acceptance: float
    expected: float

    @property
    def value(self) -> float:
        """How much more often than expected the reviewer accepts, in [-1, 1]; 0 is like everybody."""
        return self.acceptance - self.expected


def leniency(own: Mapping[int, Acceptance], everybody: Mapping[int, Acceptance]) -> Leniency | None:
    """A reviewer's acceptance against the project's, both by annotator; None without any review.

    It is indirect standardisation (Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, 3rd ed. 2003,
    chapter 19): each annotator's share accepted by everybody, the reviewer included, weighted by how many of their
    works this reviewer judged. So nobody looks strict who was given weak work. Whose work nobody else judged adds
    nothing to the difference.
    """
    reviews = sum(found.reviews for found in own.values())
    if reviews == 0:
        return None
    expected = sum(
        found.reviews * everybody[annotator].accepted / everybody[annotator].reviews
        for annotator, found in sorted(own.items())
        if found.reviews
    )
    return Leniency(sum(found.accepted for found in own.values()) / reviews, expected / reviews)
