"""Kappa: Fleiss' for any number of annotators, Cohen's for two who are told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from annolog.domain.agreement.coefficients.chance import by_chance
from annolog.domain.agreement.coefficients.coefficient import NO_PAIR, ONE_CATEGORY, Coefficient
from annolog.domain.agreement.coefficients.differences import Difference
from annolog.domain.agreement.coefficients.estimator import Prepared, Undefined, estimate, one_minus
from annolog.domain.agreement.coefficients.patterns import Pattern, Patterns
from annolog.domain.agreement.coefficients.tally import Tally
from annolog.domain.agreement.coefficients.weights import Weights, difference_of, placed

if TYPE_CHECKING:
    from annolog.domain.agreement.coefficients.tally import Floats

Cell: TypeAlias = "tuple[str, str]"
"""What the one and what the other answered, as canonical JSON."""


def fleiss_kappa(
    patterns: Patterns, weights: Weights = Weights.IDENTITY, categories: Sequence[str] | None = None
) -> Coefficient:
    """Fleiss' kappa (1971), for a number of annotators that may vary: pe = sum(w_kl * p_k * p_l).

    Where everybody answered everything it is the classic one; otherwise it is the generalisation of Gwet (2014,
    chapters 2.5 and 3.5). Categories as for `gwet_ac2`.
    """
    return estimate(patterns, FleissKappa(weights, tuple(categories) if categories is not None else None))


def cohen_kappa(
    table: Mapping[Cell, int],
    weights: Weights | Literal["linear", "quadratic"] | None = None,
    categories: Sequence[str] | None = None,
) -> Coefficient:
    """Cohen's kappa (1960; weighted 1968) of two annotators: 1 - observed / expected disagreement.

    The table says how many tasks got which two answers. With weights, answers are as far apart as their numbers or,
    where `categories` that are not all numbers are given in order, as their places.
    """
    chosen = Weights.IDENTITY if weights is None else Weights(weights)
    return estimate(table, CohenKappa(chosen, tuple(categories) if categories is not None else None))


@dataclass(frozen=True, slots=True)
class FleissKappa:
    """Fleiss' kappa, to be estimated from patterns."""

    weights: Weights = Weights.IDENTITY
    categories: tuple[str, ...] | None = None

    def prepare(self, counts: Mapping[Pattern, int]) -> Prepared | Undefined:
        """Make the patterns ready, or say why there is no kappa."""
        return by_chance(counts, self.weights, self.categories, _disagreement)


def _disagreement(difference: Difference, shares: Floats) -> Floats:
    import numpy as np

    # A share of one is not one to the last bit, so that one category alone is told by counting.
    return np.where((shares > 0).sum(axis=1) > 1, difference.between(shares, shares), 0)


@dataclass(frozen=True, slots=True)
class CohenKappa:
    """Cohen's kappa, to be estimated from a table of two annotators' answers."""

    weights: Weights = Weights.IDENTITY
    categories: tuple[str, ...] | None = None

    def prepare(self, counts: Mapping[Cell, int]) -> Prepared | Undefined:
        """Make the table ready, or say why there is no kappa."""
        import numpy as np

        if not counts:
            return Undefined(NO_PAIR)
        tasks = sum(counts.values())
        seen = {answer for cell in counts for answer in cell}
        found = placed(self.weights, seen, self.categories)
        if isinstance(found, str):
            return Undefined(found, 2 * tasks, tasks)
        places, numbers = found
        cells = sorted(counts)
        ones, others = np.array([[places[one], places[other]] for one, other in cells], dtype=np.int64).T
        if len({*ones.tolist(), *others.tolist()}) < 2:
            return Undefined(ONE_CATEGORY, 2 * tasks, tasks)
        difference = difference_of(self.weights, np.array(numbers))
        apart = difference.apart(ones, others)
        rows, each, shape = np.arange(len(cells)), np.ones(len(cells)), (len(cells), len(numbers))
        first, second = Tally(rows, ones, each, shape), Tally(rows, others, each, shape)

        def values(samples: Floats) -> Floats:
            one, other = first.pooled(samples), second.pooled(samples)
            several = ((one + other) > 0).sum(axis=1) > 1
            return one_minus(samples.sum(axis=1) * (samples @ apart), difference.between(one, other), several)

        units = np.array([counts[cell] for cell in cells], dtype=np.int64)
        assert (units > 0).all()
        return Prepared(units, values, 2 * tasks, tasks, max(shape))
