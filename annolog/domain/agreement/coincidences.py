"""Who said what beside whom, counted in integers, so that what was added can be taken out again without a trace."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

Answer = TypeVar("Answer", bound=Hashable)
# (answers of the unit, one answer, the other) -> ordered pairs of answers within units of that size
Counts = Mapping[tuple[int, Answer, Answer], int]


def unit_coincidences(values: Sequence[Answer]) -> dict[tuple[int, Answer, Answer], int]:
    """The ordered pairs of answers within one unit (Krippendorff 2011, section B: the values-by-units table).

    Kept apart by the size of the unit, since a pair weighs 1 / (size - 1). A unit with one answer pairs nothing.
    """
    size = len(values)
    if size < 2:
        return {}
    tally = Counter(values)
    pairs = {
        (size, one, other): count * (tally[other] - (one == other)) for one, count in tally.items() for other in tally
    }
    return {key: count for key, count in pairs.items() if count}
