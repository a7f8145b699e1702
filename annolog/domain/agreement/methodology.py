"""From pairs of answers to one score for a task: pairwise or by consensus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annolog.domain.agreement.metrics import Metric
    from annolog.domain.labeling import Value

# Beyond so many answers the largest group is looked for greedily; finding it exactly is exponential.
MOST_EXACT = 16


class Methodology(StrEnum):
    """How the scores of pairs become the score of a task."""

    PAIRWISE = "pairwise"
    CONSENSUS = "consensus"


def pairwise_score(values: Sequence[Value | None], metric: Metric) -> float | None:
    """The mean over all unordered pairs of answers; None for fewer than two."""
    if len(values) < 2:
        return None
    pairs = len(values) * (len(values) - 1) // 2
    if metric.equality:
        return sum(count * (count - 1) // 2 for count in Counter(values).values()) / pairs
    return sum(metric.score(one, other) for one, other in combinations(values, 2)) / pairs


def consensus_score(values: Sequence[Value | None], metric: Metric) -> float | None:
    """The share of people in the largest group whose answers all match each other; None for fewer than two.

    Where answers match by being the same, an answer that nobody shares is a group of one. Where a threshold decides,
    a group begins with a match: if nobody matches anybody the score is 0. Matching need not be transitive: a group is
    one in which everybody matches everybody, so its size does not depend on the order of the answers.
    """
    if len(values) < 2:
        return None
    if metric.equality:
        return max(Counter(values).values()) / len(values)
    matches = [[metric.score(one, other) >= 1.0 for other in values] for one in values]
    return largest_group(matches) / len(values)


def largest_group(matches: Sequence[Sequence[bool]]) -> int:
    """The size of the largest group whose members all match each other, 0 if nobody matches anybody else."""
    count = len(matches)
    neighbours = [{j for j in range(count) if j != i and matches[i][j]} for i in range(count)]
    if not any(neighbours):
        return 0
    return _exact(neighbours, set(range(count)), 0) if count <= MOST_EXACT else _greedy(neighbours)


def _exact(neighbours: Sequence[set[int]], candidates: set[int], size: int) -> int:
    best, left = size, set(candidates)
    for one in sorted(candidates):
        if size + len(left) <= best:
            break
        best = max(best, _exact(neighbours, left & neighbours[one], size + 1))
        left.discard(one)
    return best


def _greedy(neighbours: Sequence[set[int]]) -> int:
    best = 0
    for start in range(len(neighbours)):
        group, candidates = 1, set(neighbours[start])
        while candidates:
            chosen = max(sorted(candidates), key=lambda one: len(neighbours[one] & candidates))
            group, candidates = group + 1, candidates & neighbours[chosen]
        best = max(best, group)
    return best


def overall_score(scores: Mapping[str, float | None], weights: Mapping[str, float]) -> float | None:
    """The weighted mean over the dimensions that have a score; a dimension without a weight has 1, 0 leaves it out."""
    weighted = [(weights.get(name, 1.0), score) for name, score in scores.items() if score is not None]
    total = sum(weight for weight, _ in weighted)
    return sum(weight * score for weight, score in weighted) / total if total > 0 else None
