"""The family 1 - (1 - pa) / (1 - pe): its members differ only in the agreement pe that they expect by chance.

pa is the mean, over the units with two answers, of the share of pairs that agree; the shares of the categories are
means over all units, those with a single answer included (Gwet 2014, "Handbook of Inter-Rater Reliability", chapters
2.5 and 3.5). A pair that differs by d agrees by 1 - d.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from annolog.domain.agreement.coefficients.coefficient import NO_PAIR, ONE_CATEGORY
from annolog.domain.agreement.coefficients.differences import Difference
from annolog.domain.agreement.coefficients.estimator import Prepared, Undefined, one_minus
from annolog.domain.agreement.coefficients.patterns import Pattern
from annolog.domain.agreement.coefficients.tally import answers_of, as_categories, given, pairable
from annolog.domain.agreement.coefficients.weights import Weights, difference_of, placed

if TYPE_CHECKING:
    from annolog.domain.agreement.coefficients.tally import Floats

# From the difference and the shares of the categories, samples by categories, to 1 - pe.
Chance: TypeAlias = "Callable[[Difference, Floats], Floats]"


def by_chance(
    counts: Mapping[Pattern, int], weights: Weights, categories: tuple[str, ...] | None, chance: Chance
) -> Prepared | Undefined:
    """Make patterns ready for the member of the family that expects this by chance."""
    import numpy as np

    several = pairable(counts)
    if not several:
        return Undefined(NO_PAIR)
    seen = given(counts)
    found = placed(weights, seen, categories)
    answers = answers_of(counts, *(as_categories(sorted(seen)) if isinstance(found, str) else found))
    if isinstance(found, str):
        return Undefined(found, answers.pairable, answers.pairable_units)
    difference = difference_of(weights, answers.numbers)
    paired = (answers.sizes > 1).astype(float)
    disagreement = difference.within(answers.tally) / np.maximum(answers.sizes * (answers.sizes - 1), 1)
    shares = answers.tally.scaled(1 / answers.sizes)

    def values(samples: Floats) -> Floats:
        pairs = samples @ paired
        observed = (samples @ disagreement) / np.maximum(pairs, 1)
        mean_shares = shares.pooled(samples) / samples.sum(axis=1, keepdims=True)
        return one_minus(observed, chance(difference, mean_shares), pairs > 0)

    width = max(len(answers.tally.amounts), answers.categories)
    prepared = Prepared(answers.units, values, answers.pairable, answers.pairable_units, width)
    if np.isnan(values(answers.units[None].astype(float))[0]):
        return Undefined(ONE_CATEGORY, answers.pairable, answers.pairable_units)
    return prepared
