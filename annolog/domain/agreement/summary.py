"""The chance-corrected coefficients of a dimension: the only place in the analysis that knows which there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TypeAlias

from annolog.domain.agreement.coefficients import Coefficient, Level, krippendorff_alpha
from annolog.domain.agreement.coincidences import unit_coincidences
from annolog.domain.labeling import Dimension, DimensionKind, decode_value

# The answers to one task: each as canonical JSON with how many people gave it, sorted by answer.
Pattern: TypeAlias = "tuple[tuple[str, int], ...]"
Patterns: TypeAlias = "Mapping[Pattern, int]"

# What every two different answers have in common costs the square of their number.
MOST_DIFFERENT = 1_000

_LEVELS: Mapping[DimensionKind, tuple[Level, ...]] = {
    DimensionKind.SINGLE_CHOICE: (Level.NOMINAL,),
    DimensionKind.MULTIPLE_CHOICE: (Level.NOMINAL,),
    DimensionKind.TAXONOMY: (Level.NOMINAL,),
    DimensionKind.PAIRWISE: (Level.NOMINAL,),
    DimensionKind.DATETIME: (Level.NOMINAL,),
    DimensionKind.RATING: (Level.NOMINAL, Level.ORDINAL, Level.INTERVAL),
    DimensionKind.NUMBER: (Level.NOMINAL, Level.INTERVAL, Level.RATIO),
}


def has_coefficients(dimension: Dimension) -> bool:
    """Whether chance could repeat an answer of this kind: no two people draw or write the same by chance."""
    return dimension.kind in _LEVELS and not dimension.per_region


def coefficients(dimension: Dimension, patterns: Patterns) -> Mapping[str, Coefficient]:
    """Every coefficient that has a meaning for the dimension, by name, or the reason why it has no value."""
    if not has_coefficients(dimension):
        return {}
    names = {f"krippendorff_alpha_{level.value}": level for level in _LEVELS[dimension.kind]}
    different = {answer for pattern in patterns for answer, _ in pattern}
    if len(different) > MOST_DIFFERENT:
        reason = f"there are more than {MOST_DIFFERENT:,} different answers"
        return {name: Coefficient(None, reason) for name in names}
    counts = _coincidences(patterns)
    return {name: krippendorff_alpha(counts, level) for name, level in names.items()}


def _coincidences(patterns: Patterns) -> Mapping[tuple[int, object, object], int]:
    counts: Counter[tuple[int, object, object]] = Counter()
    for pattern, times in patterns.items():
        values = [decode_value(text) for text, count in pattern for _ in range(count)]
        for key, pairs in unit_coincidences(values).items():
            counts[key] += pairs * times
    return counts
