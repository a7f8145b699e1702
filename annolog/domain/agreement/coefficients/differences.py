"""How much two answers differ, summed over all pairs within a unit and over all pairs by chance.

Every coefficient here is 1 minus observed by expected disagreement, so this is where they differ in what they count.
Weights of agreement w (Gwet) are differences 1 - w.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from annolog.domain.agreement.coefficients.tally import Floats, Integers, Tally

# How many differences are held in memory at once.
_BLOCK = 4_000_000


class Difference(Protocol):
    """A difference between categories: zero between a category and itself."""

    def apart(self, one: Integers, other: Integers) -> Floats:
        """The differences of categories, by their places."""

    def within(self, tally: Tally) -> Floats:
        """By row, the sum of r_c * r_k * d_ck over all ordered pairs of categories."""

    def between(self, one: Floats, other: Floats) -> Floats:
        """By sample, the sum of one_c * other_k * d_ck over all ordered pairs of categories."""


@dataclass(frozen=True, slots=True)
class Unlike:
    """Any two different categories differ by 1."""

    def apart(self, one: Integers, other: Integers) -> Floats:
        """1 where the categories differ."""
        found: Floats = (one != other).astype(float)
        return found

    def within(self, tally: Tally) -> Floats:
        """n ** 2 - sum(r_c ** 2), by row."""
        totals = tally.by_row(tally.amounts[None])[0]
        same = tally.by_row(tally.amounts[None] ** 2)[0]
        found: Floats = totals**2 - same
        return found

    def between(self, one: Floats, other: Floats) -> Floats:
        """The product of the sums less the products of the same categories."""
        found: Floats = one.sum(axis=1) * other.sum(axis=1) - (one * other).sum(axis=1)
        return found


@dataclass(frozen=True, slots=True)
class Squared:
    """Categories differ by the square of the distance of their numbers, which sums up in one pass."""

    numbers: Floats

    def apart(self, one: Integers, other: Integers) -> Floats:
        """(x_c - x_k) ** 2."""
        found: Floats = (self.numbers[one] - self.numbers[other]) ** 2
        return found

    def within(self, tally: Tally) -> Floats:
        """Twice n times the squared deviations from the mean, by row."""
        found: Floats = squared_within(tally, self.numbers[None, tally.columns])[0]
        return found

    def between(self, one: Floats, other: Floats) -> Floats:
        """The squared deviations of both from their means, and the squared distance of the means."""
        import numpy as np

        many, more = one.sum(axis=1), other.sum(axis=1)
        # Of nothing there is no mean; its sum of differences is zero.
        mean = (one @ self.numbers) / np.maximum(many, 1e-300)
        middle = (other @ self.numbers) / np.maximum(more, 1e-300)
        spread = (one * (self.numbers - mean[:, None]) ** 2).sum(axis=1)
        other_spread = (other * (self.numbers - middle[:, None]) ** 2).sum(axis=1)
        found: Floats = more * spread + many * other_spread + many * more * (mean - middle) ** 2
        return found


@dataclass(frozen=True, slots=True)
class Pairwise:
    """Categories differ by any function of their places. The sum by chance takes time with their number squared."""

    function: Callable[[Integers, Integers], Floats]

    def apart(self, one: Integers, other: Integers) -> Floats:
        """What the function says."""
        return self.function(one, other)

    def within(self, tally: Tally) -> Floats:
        """Over all pairs of the distinct answers of each row."""
        import numpy as np

        starts = np.flatnonzero(np.diff(tally.rows, prepend=-1))
        lengths = np.diff(starts, append=len(tally.rows))
        # Each entry stands beside every entry of its row.
        lengths_of = np.repeat(lengths, lengths)
        one = np.repeat(np.arange(len(tally.rows)), lengths_of)
        begins = np.repeat(np.cumsum(lengths_of) - lengths_of, lengths_of)
        other = np.repeat(np.repeat(starts, lengths), lengths_of) + np.arange(len(one)) - begins
        apart = self.function(tally.columns[one], tally.columns[other])
        weighted = tally.amounts[one] * tally.amounts[other] * apart
        return np.bincount(tally.rows[one], weighted, tally.shape[0]).astype(np.float64)

    def between(self, one: Floats, other: Floats) -> Floats:
        """Over all pairs of categories, some rows of differences at a time."""
        import numpy as np

        places = np.arange(one.shape[1])
        found = np.zeros(len(one))
        step = max(1, _BLOCK // max(1, len(places)))
        for start in range(0, len(places), step):
            block = places[start : start + step]
            apart = self.function(block[:, None], places[None, :])
            found += (one[:, block] * (other @ apart.T)).sum(axis=1)
        return found


def squared_within(tally: Tally, numbers: Floats) -> Floats:
    """Twice n times the squared deviations from the row's mean; a number for each amount, samples by amounts."""
    totals = tally.by_row(tally.amounts[None])
    means = tally.by_row(tally.amounts * numbers) / totals
    found: Floats = 2 * totals * tally.by_row(tally.amounts * (numbers - means[:, tally.rows]) ** 2)
    return found


def spread_out(numbers: Floats) -> Floats:
    """Numbers moved and stretched to lie between 0 and 1, so that no square of them is too large or too small."""
    # Half of each, since the distance of the largest from the smallest number may be too large for a float.
    moved = numbers / 2 - numbers.min() / 2
    largest = moved.max()
    found: Floats = moved / largest if largest > 0 else moved
    return found
