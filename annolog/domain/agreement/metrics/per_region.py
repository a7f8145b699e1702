"""Answers about each region: how well the regions lie on each other, times how alike what was said about them is."""

from __future__ import annotations

from math import fsum
from typing import TypeAlias, TypeGuard

from annolog.domain.agreement.metrics import texts
from annolog.domain.agreement.metrics.choices import jaccard
from annolog.domain.agreement.metrics.metric import Comparison, Metric, Parameters, at_least
from annolog.domain.agreement.metrics.numbers import numeric_difference
from annolog.domain.agreement.metrics.overlap import overlap_of
from annolog.domain.labeling import Region, Value

Pair: TypeAlias = "tuple[Region, Value]"


def best_matches(similarity: Comparison) -> Comparison:
    """Compares answers per region: every region takes its best match in the other answer, from both sides.

    A match is worth the overlap of the regions times the similarity of what was said about them, and the score is the
    mean over the regions of both, so that a region without a match counts 0. Two regions may take the same one.
    """

    def compare(one: Value, other: Value, parameters: Parameters) -> float:
        if one == other:
            return 1.0
        first, second = pairs_of(one), pairs_of(other)
        if not first or not second:
            return 0.0
        worth = [[_worth(pair, against, similarity, parameters) for against in second] for pair in first]
        best = [max(row) for row in worth] + [max(column) for column in zip(*worth, strict=True)]
        # An exact sum is the same in any order, so neither side comes first.
        return fsum(best) / len(best)

    return compare


def pairs_of(value: Value) -> tuple[Pair, ...] | None:
    """The regions with what was said about each; None for an answer of another form, as a changed config leaves."""
    if not isinstance(value, tuple):
        return None
    pairs = tuple(part for part in value if _is_pair(part))
    return pairs if len(pairs) == len(value) else None


def is_region(value: Value) -> TypeGuard[Region]:
    """Whether a value is a region: pairs of name and value, a shape and labels among them."""
    if not isinstance(value, tuple):
        return False
    names = {part[0] for part in value if isinstance(part, tuple) and len(part) == 2 and isinstance(part[0], str)}
    return len(names) == len(value) and {"shape", "target", "labels"} <= names


def _is_pair(value: Value) -> TypeGuard[Pair]:
    return isinstance(value, tuple) and len(value) == 2 and is_region(value[0])


def _worth(one: Pair, other: Pair, similarity: Comparison, parameters: Parameters) -> float:
    overlap = overlap_of(one[0], other[0])
    return overlap * similarity(one[1], other[1], parameters) if overlap > 0 else 0.0


_CHOICES = Metric("region_choice_similarity", best_matches(jaccard))
_TEXTS = Metric("region_text_similarity", best_matches(texts.text_similarity), texts.PARAMETERS, choices=texts.CHOICES)
_NUMBERS = Metric("region_number_similarity", best_matches(numeric_difference))
METRICS = tuple(found for plain in (_CHOICES, _TEXTS, _NUMBERS) for found in (plain, at_least(plain)))
