"""How scores are spread: a histogram, what is low, and the mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum

from annolog.domain.agreement.trillionths import TRILLION, to_trillionths

BUCKETS = 10


@dataclass(frozen=True, slots=True)
class Distribution:
    """Scores in ten buckets: the first holds [0, 0.1), the last [0.9, 1]. `low` counts those under the threshold."""

    buckets: tuple[int, ...]
    count: int
    low: int
    threshold: float
    mean: float | None


def distribution(scores: Iterable[float], threshold: float) -> Distribution:
    """Spread scores in [0, 1]; those that are not defined are left out by the caller.

    Bounds are held against trillionths, so that 7 of 10 is 0.7 whatever binary fractions make of it.
    """
    found = list(scores)
    buckets = [0] * BUCKETS
    low = 0
    for score in found:
        assert 0 <= score <= 1, "a score is in [0, 1]"
        trillionths = to_trillionths(score)
        buckets[min(trillionths * BUCKETS // TRILLION, BUCKETS - 1)] += 1
        low += trillionths < to_trillionths(threshold)
    return Distribution(tuple(buckets), len(found), low, threshold, fsum(found) / len(found) if found else None)
