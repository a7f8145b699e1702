"""The answers to one unit without the people who gave them, and how many units were answered so.

Whatever does not ask who answered can be computed from patterns: percent agreement, alpha, Fleiss' kappa, AC1 and AC2.
They are counted in integers, so that what was added can be taken out again without a trace.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from typing import TypeAlias, TypeVar

Pattern: TypeAlias = "tuple[tuple[str, int], ...]"
"""One unit's answers: each answer as canonical JSON (`encode_value`) and how many people gave it, sorted by answer."""

Patterns: TypeAlias = "Mapping[Pattern, int]"
"""How many units were answered so."""

Thing = TypeVar("Thing", bound=Hashable)

CARRIES, LACKS = '"1"', '"0"'


def pattern_of(answers: Iterable[str]) -> Pattern:
    """The pattern of one unit's answers, in any order."""
    # A plain loop: for the few answers of one unit a Counter costs twice as much to make.
    counts: dict[str, int] = {}
    for answer in answers:
        counts[answer] = counts.get(answer, 0) + 1
    return tuple(sorted(counts.items()))


def size_of(pattern: Pattern) -> int:
    """How many answers a pattern holds."""
    return sum(count for _, count in pattern)


def merge(counts: Mapping[Thing, int], more: Mapping[Thing, int], step: int = 1) -> dict[Thing, int]:
    """Counts with others added, or with `step=-1` taken out; what comes to nothing is left out."""
    merged = dict(counts)
    for key, count in more.items():
        merged[key] = merged.get(key, 0) + step * count
        if merged[key] == 0:
            del merged[key]
    return merged


def carrying(label: bool) -> str:
    """What stands for an answer of which it is asked only whether it carries a label."""
    return CARRIES if label else LACKS


def with_label(patterns: Patterns, label: str, labels_of: Callable[[str], Collection[str]]) -> dict[Pattern, int]:
    """The same units, asked of each answer only whether it carries the label: for the agreement on one label.

    `labels_of` gives the labels of an answer. The new answers are the texts "1" and "0", as canonical JSON.
    """
    found: Counter[Pattern] = Counter()
    for pattern, units in patterns.items():
        carrying = sum(count for answer, count in pattern if label in labels_of(answer))
        counts = ((LACKS, size_of(pattern) - carrying), (CARRIES, carrying))
        found[tuple((answer, count) for answer, count in counts if count)] += units
    return dict(found)
