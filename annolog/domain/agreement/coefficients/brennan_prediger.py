"""The coefficient of Brennan and Prediger (1981): by chance, every category is as likely as any other."""

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


def brennan_prediger(
    patterns: Patterns, weights: Weights = Weights.IDENTITY, categories: Sequence[str] | None = None
) -> Coefficient:
    """pe = T / q ** 2, with T the sum of all weights (Gwet 2014, chapter 3.5). Categories as for `gwet_ac2`."""
    return estimate(patterns, BrennanPrediger(weights, tuple(categories) if categories is not None else None))


@dataclass(frozen=True, slots=True)
class BrennanPrediger:
    """The coefficient of Brennan and Prediger, to be estimated from patterns."""

    weights: Weights = Weights.IDENTITY
    categories: tuple[str, ...] | None = None

    def prepare(self, counts: Mapping[Pattern, int]) -> Prepared | Undefined:
        """Make the patterns ready, or say why there is no coefficient."""
        return by_chance(counts, self.weights, self.categories, _disagreement)


def _disagreement(difference: Difference, shares: Floats) -> Floats:
    import numpy as np

    everything = np.full((1, shares.shape[1]), 1 / shares.shape[1])
    return np.repeat(difference.between(everything, everything), len(shares))
