"""Gwet's AC1 and AC2, which stay near the plain agreement where one answer is far more frequent than the others.

pe = T / (q * (q - 1)) * sum(p_k * (1 - p_k)), with T the sum of all weights and q the number of categories (Gwet 2008,
"Computing inter-rater reliability and its variance in the presence of high agreement"; 2014, chapter 3.5).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from annolog.domain.agreement.coefficients.chance import by_chance
from annolog.domain.agreement.coefficients.coefficient import Coefficient
from annolog.domain.agreement.coefficients.differences import Difference
from annolog.domain.agreement.coefficients.estimator import Prepared, Undefined, estimate
from annolog.domain.agreement.coefficients.patterns import Pattern, Patterns
from annolog.domain.agreement.coefficients.weights import Weights

if TYPE_CHECKING:
    from annolog.domain.agreement.coefficients.tally import Floats


def gwet_ac1(patterns: Patterns, categories: Sequence[str] | None = None) -> Coefficient:
    """AC1. Without `categories`, those that somebody answered are all there are."""
    return gwet_ac2(patterns, Weights.IDENTITY, categories)


def gwet_ac2(patterns: Patterns, weights: Weights, categories: Sequence[str] | None = None) -> Coefficient:
    """AC2: AC1 where near answers agree in part.

    `categories` are all that could be answered, as canonical JSON and in order; without them those that somebody
    answered are all there are, and must be numbers for any weights but identity.
    """
    return estimate(patterns, GwetAC(weights, tuple(categories) if categories is not None else None))


@dataclass(frozen=True, slots=True)
class GwetAC:
    """AC1 (identity weights) or AC2, to be estimated from patterns."""

    weights: Weights = Weights.IDENTITY
    categories: tuple[str, ...] | None = None

    def prepare(self, counts: Mapping[Pattern, int]) -> Prepared | Undefined:
        """Make the patterns ready, or say why there is no coefficient."""
        return by_chance(counts, self.weights, self.categories, _disagreement)


def _disagreement(difference: Difference, shares: Floats) -> Floats:
    import numpy as np

    q = shares.shape[1]
    if q < 2:
        return np.zeros(len(shares))
    everything = np.ones((1, q))
    total = q**2 - difference.between(everything, everything)[0]
    found: Floats = 1 - total / (q * (q - 1)) * (shares * (1 - shares)).sum(axis=1)
    return found
