"""Answers that are texts, of one line or of several.

How alike two texts are in meaning is a question for a language model, and none is built in: a project that wants it
brings a custom metric.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import lru_cache
from itertools import zip_longest
from types import MappingProxyType
from typing import TypeAlias

from annolog.domain.agreement.metrics.metric import Metric, Parameters, at_least, text_of
from annolog.domain.labeling import Value

# What an algorithm compares: the characters of a text, or numbers that stand for its words or n-grams.
Parts: TypeAlias = "Sequence[Hashable]"
Algorithm: TypeAlias = "Callable[[Parts, Parts], float]"

DISTANCES = ("levenshtein", "damerau_levenshtein", "hamming")
SIMILARITIES = ("jaro", "jaro_winkler", "ratcliff_obershelp")
GRANULARITIES = ("character", "2-gram", "3-gram", "word")

# Two algorithms take time with the square of the length, or worse: 25 and 100 ms for texts of so many parts at most.
# Longer texts are compared by their nearest quick relative, which is named here.
LONGEST: Mapping[str, tuple[int, str]] = MappingProxyType(
    {"damerau_levenshtein": (2_000, "levenshtein"), "ratcliff_obershelp": (500, "common_subsequence")}
)


def text_similarity(one: Value, other: Value, parameters: Parameters) -> float:
    """How alike two texts are, from 0 to 1; 1 for two empty ones, 0 for an empty one and another.

    A distance d is 1 - d / length of the longer text. `levenshtein` counts insertions, deletions and substitutions
    (Levenshtein 1966), `damerau_levenshtein` swaps of neighbours besides (Damerau 1964, without restriction),
    `hamming` the places that differ (Hamming 1950; places beyond the shorter text do). `jaro` (Jaro 1989) and
    `jaro_winkler` (Winkler 1990: a bonus of 0.1 for each of up to four common first parts, for a Jaro above 0.7) are
    similarities, as is `ratcliff_obershelp` (Ratcliff and Metzener 1988): twice the matching parts over all parts.
    The last is slow for long texts, as is `damerau_levenshtein`. Where one of two texts has more than 500 parts the
    former gives way to twice the longest common subsequence over all parts, which is the same without its demand that
    matches be runs; beyond 2,000 parts the latter gives way to `levenshtein`. Compared by words few texts are so long.

    The first line of one is compared with the first of the other and so on; a line that the other lacks counts 0, and
    the score is the mean over the lines. Empty lines at the end are none. Nothing is folded: case, accents and spaces
    count.
    """
    if one == other:
        return 1.0
    first, second = lines_of(one), lines_of(other)
    if first is None or second is None:
        return 0.0
    pairs = list(zip_longest(first, second))
    if not pairs:
        return 1.0
    granularity = text_of(parameters, "granularity")
    both = [(line, against) for line, against in pairs if line is not None and against is not None]
    parts = [_parts(line, against, granularity) for line, against in both]
    algorithm = _affordable(text_of(parameters, "algorithm"), parts)
    return sum(_line_similarity(*found, algorithm) for found in parts) / len(pairs)


def _affordable(algorithm: str, lines: Sequence[tuple[Parts, Parts]]) -> str:
    """The algorithm, or what stands in for it where texts are long."""
    most, instead = LONGEST.get(algorithm, (0, algorithm))
    longest = max((sum(map(len, text)) for text in zip(*lines, strict=True)), default=0)
    return instead if longest > most else algorithm


def lines_of(value: Value) -> tuple[str, ...] | None:
    """The lines of an answer without empty ones at the end; None for an answer that is no text."""
    lines = value if isinstance(value, tuple) else (value,)
    texts = tuple(line for line in lines if isinstance(line, str))
    if len(texts) < len(lines):
        return None
    return texts[: max((number for number, text in enumerate(texts, start=1) if text), default=0)]


def _line_similarity(first: Parts, second: Parts, algorithm: str) -> float:
    if not first or not second:
        return float(len(first) == len(second))
    if algorithm not in DISTANCES:
        # Which of several equal matches is taken first depends on the order of the texts, and the score with it.
        return (_algorithm(algorithm)(first, second) + _algorithm(algorithm)(second, first)) / 2
    longest = max(len(first), len(second))
    # Not 1 - d / length, which falls short of a threshold that it meets by as much as it rounds.
    return (longest - _algorithm(algorithm)(first, second)) / longest


def _parts(one: str, other: str, granularity: str) -> tuple[Parts, Parts]:
    """Both texts in parts. Words and n-grams are numbered: the library would compare their hashes instead."""
    if granularity == "character":
        return one, other
    numbers: dict[str, int] = {}
    cut = str.split if granularity == "word" else _grams(int(granularity[0]))
    first, second = ([numbers.setdefault(part, len(numbers)) for part in cut(text)] for text in (one, other))
    return first, second


def _grams(length: int) -> Callable[[str], list[str]]:
    """Cuts a text into overlapping pieces of a length; a shorter text is one piece."""

    def cut(text: str) -> list[str]:
        count = max(1, len(text) - length + 1) if text else 0
        return [text[start : start + length] for start in range(count)]

    return cut


@lru_cache(maxsize=8)
def _algorithm(name: str) -> Algorithm:
    """Imported when first asked for, since every process imports this module and few compare texts."""
    if name == "ratcliff_obershelp":
        from difflib import SequenceMatcher

        return lambda one, other: SequenceMatcher(None, one, other, autojunk=False).ratio()
    from rapidfuzz import distance

    algorithms: dict[str, Algorithm] = {
        "levenshtein": distance.Levenshtein.distance,
        "damerau_levenshtein": distance.DamerauLevenshtein.distance,
        "hamming": distance.Hamming.distance,
        "jaro": distance.Jaro.similarity,
        "jaro_winkler": distance.JaroWinkler.similarity,
        "common_subsequence": distance.Indel.normalized_similarity,
    }
    return algorithms[name]


PARAMETERS: Parameters = MappingProxyType({"algorithm": "levenshtein", "granularity": "character"})
CHOICES = MappingProxyType({"algorithm": DISTANCES + SIMILARITIES, "granularity": GRANULARITIES})
_SIMILARITY = Metric("text_similarity", text_similarity, PARAMETERS, choices=CHOICES)
METRICS = (_SIMILARITY, at_least(_SIMILARITY, 0.85))
