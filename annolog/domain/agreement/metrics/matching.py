"""From overlaps of regions to a score for two sets of them: by each region's best, or by a matching of one to one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from annolog.domain.agreement.metrics.boxes import Overlap
from annolog.domain.agreement.metrics.overlap import Compare, form_overlap, overlaps
from annolog.domain.labeling import Region

# Of matchings with the same total the one with more pairs counts; so little decides nothing else.
_A_PAIR_MORE = 1e-9


@dataclass(frozen=True, slots=True)
class Matching:
    """Which region of a reference is which region of another answer, one to one.

    `pairs` hold the place of each in its answer and their overlap; `matched`, `missed` and `spurious` count pairs,
    regions only of the reference and regions only of the other.
    """

    pairs: tuple[Overlap, ...]
    matched: int
    missed: int
    spurious: int

    @property
    def precision(self) -> float:
        """The share of the other's regions that are matched; 1 if both are empty, 0 if only one is."""
        return self._share(self.matched + self.spurious)

    @property
    def recall(self) -> float:
        """The share of the reference's regions that are matched; 1 if both are empty, 0 if only one is."""
        return self._share(self.matched + self.missed)

    @property
    def f1(self) -> float:
        """The harmonic mean of both: 2 matched / (2 matched + missed + spurious) (van Rijsbergen 1979)."""
        return self._share((2 * self.matched + self.missed + self.spurious) / 2)

    def _share(self, count: float) -> float:
        if self.matched + self.missed + self.spurious == 0:
            return 1.0
        return self.matched / count if count else 0.0


def match_regions(reference: Sequence[Region], other: Sequence[Region], threshold: float = 0.0) -> Matching:
    """The matching with the greatest total overlap among pairs that overlap, and by at least the threshold."""
    near = [found for found in overlaps(reference, other) if found[2] >= threshold]
    pairs = tuple(sorted(one_to_one(near)))
    return Matching(pairs, len(pairs), len(reference) - len(pairs), len(other) - len(pairs))


def best_overlaps(
    ones: Sequence[Region], others: Sequence[Region], compare: Compare = form_overlap
) -> tuple[list[float], list[float]]:
    """How much each region of one side and of the other overlaps at best with any region across."""
    left, right = [0.0] * len(ones), [0.0] * len(others)
    for here, there, overlap in overlaps(ones, others, compare):
        left[here] = max(left[here], overlap)
        right[there] = max(right[there], overlap)
    return left, right


def mean_of(best: tuple[Sequence[float], Sequence[float]]) -> float:
    """The mean over the regions of both sides; 1 if both are empty. No order changes a bit of it."""
    scores = [*best[0], *best[1]]
    return math.fsum(scores) / len(scores) if scores else 1.0


def one_to_one(found: Iterable[Overlap]) -> list[Overlap]:
    """The pairs of the matching with the greatest total overlap.

    Regions that overlap with nothing else in common are matched apart, so that the cost is that of the largest crowd.
    """
    return [pair for crowd in _crowds(list(found)) for pair in _best(crowd)]


def _crowds(found: Sequence[Overlap]) -> list[list[Overlap]]:
    """The pairs, parted so that no region is in two parts."""
    by_left: dict[int, list[Overlap]] = {}
    by_right: dict[int, list[Overlap]] = {}
    for pair in found:
        by_left.setdefault(pair[0], []).append(pair)
        by_right.setdefault(pair[1], []).append(pair)
    crowds: list[list[Overlap]] = []
    while by_left:
        crowd: list[Overlap] = []
        waiting = [next(iter(by_left))]
        while waiting:
            for pair in by_left.pop(waiting.pop(), ()):
                crowd.append(pair)
                waiting.extend(left for left, _, _ in by_right.pop(pair[1], ()))
        crowds.append(crowd)
    return crowds


def _best(crowd: Sequence[Overlap]) -> list[Overlap]:
    lefts, rights = (sorted({pair[side] for pair in crowd}) for side in (0, 1))
    if len(lefts) == 1 or len(rights) == 1:
        return [min(crowd, key=lambda pair: (-pair[2], pair))]
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    weights = np.zeros((len(lefts), len(rights)))
    known = {pair[:2]: pair for pair in crowd}
    for left, right, overlap in crowd:
        weights[lefts.index(left), rights.index(right)] = overlap + _A_PAIR_MORE
    rows, columns = linear_sum_assignment(weights, maximize=True)
    chosen = ((lefts[row], rights[column]) for row, column in zip(rows.tolist(), columns.tolist(), strict=True))
    return [known[pair] for pair in chosen if pair in known]
