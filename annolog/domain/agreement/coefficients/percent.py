"""Percent agreement, which chance can reach: the mean over the units of the share of pairs that agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from annolog.domain.agreement.coefficients.coefficient import NO_PAIR, Coefficient
from annolog.domain.agreement.coefficients.differences import Unlike
from annolog.domain.agreement.coefficients.estimator import Prepared, Undefined, estimate
from annolog.domain.agreement.coefficients.patterns import Pattern, Patterns
from annolog.domain.agreement.coefficients.tally import answers_of, as_categories, given, pairable

if TYPE_CHECKING:
    from annolog.domain.agreement.coefficients.tally import Floats


def percent_agreement(patterns: Patterns) -> Coefficient:
    """The mean share of pairs that agree, in [0, 1], over the units with two answers."""
    return estimate(patterns, PercentAgreement())


@dataclass(frozen=True, slots=True)
class PercentAgreement:
    """Percent agreement, to be estimated from patterns."""

    def prepare(self, counts: Mapping[Pattern, int]) -> Prepared | Undefined:
        """Make the patterns ready, or say that nobody could have agreed."""
        several = pairable(counts)
        if not several:
            return Undefined(NO_PAIR)
        answers = answers_of(several, *as_categories(sorted(given(several))))
        agreement = 1 - Unlike().within(answers.tally) / (answers.sizes * (answers.sizes - 1))

        def values(samples: Floats) -> Floats:
            found: Floats = (samples @ agreement) / samples.sum(axis=1)
            return found

        return Prepared(answers.units, values, answers.pairable, answers.pairable_units, len(agreement))
