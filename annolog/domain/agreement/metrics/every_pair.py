"""Precision and recall over every pair of regions, as Label Studio counted until 2.34, for comparing with that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from annolog.domain.agreement.metrics.overlap import labels_of, overlap_of_forms
from annolog.domain.labeling import Region


@dataclass(frozen=True, slots=True)
class PairCounts:
    """Pairs of regions of two answers, every region with every other; what there is none of counts as a score of 0."""

    true_positives: int
    false_positives: int
    false_negatives: int

    @property
    def precision(self) -> float:
        """The share of overlapping pairs that carry the same labels."""
        return _share(self.true_positives, self.true_positives + self.false_positives)

    @property
    def recall(self) -> float:
        """The share of pairs with the same labels that overlap. (Its recall per label divided as its precision.)"""
        return _share(self.true_positives, self.true_positives + self.false_negatives)

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return _share(2 * self.precision * self.recall, self.precision + self.recall)


def count_every_pair(reference: Sequence[Region], other: Sequence[Region], threshold: float = 0.5) -> PairCounts:
    """Count pairs: true positives overlap and carry the same labels, false positives overlap and carry others, false
    negatives carry the same labels and do not overlap. To overlap is to do so by at least the threshold.

    Since every region meets every other, two perfect answers of two regions have a recall of 1/2: that is how it was.
    `match_regions` counts each region once.
    """
    pairs = [
        (overlap_of_forms(one, another) >= threshold, labels_of(one) == labels_of(another))
        for one in reference
        for another in other
    ]
    return PairCounts(pairs.count((True, True)), pairs.count((True, False)), pairs.count((False, True)))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
