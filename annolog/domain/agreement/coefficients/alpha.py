"""Krippendorff's alpha, with any number of annotators and missing answers.

alpha = 1 - (n - 1) * sum(o_ck * d_ck) / sum(n_c * n_k * d_ck), over the coincidences o_ck and their margins n_c
(Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", sections B to F, with d per level of measurement).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from annolog.domain.agreement.coefficients.coefficient import (
    NEGATIVE,
    NO_PAIR,
    ONE_CATEGORY,
    Coefficient,
    not_numbers,
)
from annolog.domain.agreement.coefficients.differences import (
    Difference,
    Pairwise,
    Squared,
    Unlike,
    spread_out,
    squared_within,
)
from annolog.domain.agreement.coefficients.estimator import Prepared, Undefined, estimate, one_minus
from annolog.domain.agreement.coefficients.patterns import Pattern, Patterns
from annolog.domain.agreement.coefficients.tally import (
    Answers,
    answers_of,
    as_categories,
    as_numbers,
    given,
    pairable,
)
from annolog.domain.agreement.coefficients.weights import Weights, difference_of, placed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from annolog.domain.agreement.coefficients.tally import Floats, Integers


class Level(StrEnum):
    """What the differences between answers mean."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


def krippendorff_alpha(patterns: Patterns, level: Level = Level.NOMINAL) -> Coefficient:
    """Alpha at a level of measurement. At every level but nominal, answers must be numbers or text that reads so."""
    return estimate(patterns, Alpha(level))


def weighted_alpha(patterns: Patterns, weights: Weights, categories: Sequence[str] | None = None) -> Coefficient:
    """Alpha where answers differ by 1 - weight (Gwet 2014, chapter 3). Categories as for `gwet_ac2`."""
    return estimate(patterns, WeightedAlpha(weights, tuple(categories) if categories is not None else None))


@dataclass(frozen=True, slots=True)
class Alpha:
    """Krippendorff's alpha at a level, to be estimated from patterns. Only units with two answers have a part."""

    level: Level = Level.NOMINAL

    def prepare(self, counts: Mapping[Pattern, int]) -> Prepared | Undefined:
        """Make the patterns ready, or say why there is no alpha."""
        patterns = pairable(counts)
        seen = sorted(given(patterns))
        if not seen:
            return Undefined(NO_PAIR)
        found = as_categories(seen) if self.level is Level.NOMINAL else as_numbers(seen)
        answers = answers_of(patterns, *(found or as_categories(seen)))
        if found is None:
            return _undefined(not_numbers(f"{self.level.value} level"), answers)
        match self.level:
            case Level.NOMINAL:
                return _by_difference(answers, Unlike())
            case Level.ORDINAL:
                return _by_rank(answers)
            case Level.INTERVAL:
                return _by_difference(answers, Squared(spread_out(answers.numbers)))
            case Level.RATIO if answers.numbers[0] < 0:
                return _undefined(NEGATIVE, answers)
            case Level.RATIO:
                return _by_difference(answers, _ratio(answers.numbers))


@dataclass(frozen=True, slots=True)
class WeightedAlpha:
    """Alpha with weights, to be estimated from patterns."""

    weights: Weights
    categories: tuple[str, ...] | None = None

    def prepare(self, counts: Mapping[Pattern, int]) -> Prepared | Undefined:
        """Make the patterns ready, or say why there is no alpha.

        Categories that were answered only where nobody else answered have a part in the range of the weights.
        """
        patterns = pairable(counts)
        if not patterns:
            return Undefined(NO_PAIR)
        found = placed(self.weights, given(counts), self.categories)
        if isinstance(found, str):
            return _undefined(found, answers_of(patterns, *as_categories(sorted(given(patterns)))))
        answers = answers_of(patterns, *found)
        return _by_difference(answers, difference_of(self.weights, answers.numbers))


def _undefined(reason: str, answers: Answers) -> Undefined:
    return Undefined(reason, answers.pairable, answers.pairable_units)


def _by_difference(answers: Answers, difference: Difference) -> Prepared | Undefined:
    """With differences that do not depend on the answers of others."""
    disagreement = difference.within(answers.tally) / (answers.sizes - 1)

    def disagreements(weights: Floats, margins: Floats) -> tuple[Floats, Floats]:
        return weights @ disagreement, difference.between(margins, margins)

    return _prepared(answers, disagreements)


def _by_rank(answers: Answers) -> Prepared | Undefined:
    """At the ordinal level: the squared difference of mid-ranks, which is what section E sums up in steps.

    Ranks depend on how often each answer was given, so every sample has its own.
    """
    tally = answers.tally

    def disagreements(weights: Floats, margins: Floats) -> tuple[Floats, Floats]:
        total = margins.sum(axis=1, keepdims=True)
        ranks = (margins.cumsum(axis=1) - margins / 2) / total - 0.5
        within = squared_within(tally, ranks[:, tally.columns]) / (answers.sizes - 1)
        # The mean of the ranks is zero.
        expected = 2 * total[:, 0] * (margins * ranks**2).sum(axis=1)
        return (weights * within).sum(axis=1), expected

    return _prepared(answers, disagreements)


def _prepared(
    answers: Answers, disagreements: Callable[[Floats, Floats], tuple[Floats, Floats]]
) -> Prepared | Undefined:
    if (answers.tally.pooled(answers.units[None].astype(float)) > 0).sum() < 2:
        return _undefined(ONE_CATEGORY, answers)

    def values(weights: Floats) -> Floats:
        margins = answers.tally.pooled(weights)
        observed, expected = disagreements(weights, margins)
        return one_minus((margins.sum(axis=1) - 1) * observed, expected, (margins > 0).sum(axis=1) > 1)

    width = max(len(answers.tally.amounts), answers.categories)
    return Prepared(answers.units, values, answers.pairable, answers.pairable_units, width)


def _ratio(numbers: Floats) -> Pairwise:
    """((x - y) / (x + y)) ** 2, of halves, since a sum may be too large for a float."""
    halves = numbers / 2

    def apart(one: Integers, other: Integers) -> Floats:
        together = halves[one] + halves[other]
        found: Floats = ((halves[one] - halves[other]) / (together + (together == 0))) ** 2
        return found

    return Pairwise(apart)
