"""Who says what along a continuum, and at which lengths what one says meets what another does.

Counted for many continua at once: each annotator's pieces are cut wherever anybody's end, and what stands side by side
in a stretch makes coincidences of its length.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import isfinite
from typing import TYPE_CHECKING, TypeAlias

from annolog.domain.refusals import Fault, InvalidInput

if TYPE_CHECKING:
    from annolog.domain.agreement.coefficients.tally import Floats, Integers

Span: TypeAlias = "tuple[float, float, str]"
"""Start, end and label; the end is not part of it."""

Category: TypeAlias = "tuple[str, ...]"
"""The labels of a position, sorted; empty where it is a gap."""

GAP: Category = ()

# Pieces that are cut together: enough for numpy to be quick, few enough to fit in some tens of megabytes.
_TOGETHER = 20_000

_Piece: TypeAlias = "tuple[float, float, Category]"
"""A part of a continuum in which one annotator says the same all along: start, end, and what."""


class Aspect(StrEnum):
    """What the annotators may agree on.

    Everything (uα): where spans are and what they are called, a gap being one more name. Cutting (|uα): where spans
    are, whatever they are called. Coding (cuα): what they are called, where two annotators both put a span.
    """

    EVERYTHING = "everything"
    CUTTING = "cutting"
    CODING = "coding"


@dataclass(frozen=True, slots=True)
class Continuum:
    """A task of some length (characters, seconds), and the spans by annotator, of those who found none as well."""

    length: float
    spans: Mapping[int, Sequence[Span]]

    def __post_init__(self) -> None:
        faults = [] if isfinite(self.length) and self.length >= 0 else [Fault("/length", "must not be negative")]
        faults += [
            Fault(f"/spans/{annotator}/{place}", f"must lie between 0 and {self.length:g}, the start before the end")
            for annotator, spans in self.spans.items()
            for place, (start, end, _) in enumerate(spans)
            if not 0 <= start <= end <= self.length
        ]
        if faults:
            raise InvalidInput("A span lies outside of what was annotated.", faults=faults)

    def only(self, label: str) -> Continuum:
        """The same with the spans of one label alone: for the agreement on that label."""
        return Continuum(
            self.length, {who: [span for span in spans if span[2] == label] for who, spans in self.spans.items()}
        )


@dataclass(frozen=True, slots=True, eq=False)
class Coincidences:
    """At which lengths what one annotator says meets what another says, by continuum, and what meets itself.

    Entry i belongs to the continuum `continuum[i]` and to the categories at `one[i]` and `other[i]` of `categories`,
    which are sorted. `itself` is by continuum what chance must not pair with itself. The order of annotators makes no
    difference to any number.
    """

    categories: tuple[Category, ...]
    continuum: Integers
    one: Integers
    other: Integers
    lengths: Floats
    itself: Floats


def coincidences(continua: Sequence[Continuum], aspect: Aspect, grain: float) -> Coincidences:
    """The coincidences of continua of two annotators or more."""
    import numpy as np

    places: dict[Category, int] = {GAP: 0}
    parts = [_counted(portion, aspect is Aspect.CODING, grain) for portion in _portions(continua, aspect, places)]
    categories = sorted(places)
    rank = np.empty(len(places), dtype=np.int64)
    rank[[places[category] for category in categories]] = np.arange(len(places))
    itself = np.zeros(len(continua))
    for part in parts:
        itself[part.mine] = part.itself
    together = [np.concatenate(found) for found in zip(*(part.entries for part in parts), strict=True)]
    if not together:
        nothing = np.empty(0, dtype=np.int64)
        return Coincidences(tuple(categories), nothing, nothing, nothing, np.empty(0), itself)
    continuum, one, other, lengths = together
    return Coincidences(tuple(categories), continuum, rank[one], rank[other], lengths, itself)


@dataclass(frozen=True, slots=True, eq=False)
class _Portion:
    """Pieces of some continua, one annotator's after another's: whose, from where to where, and what is said."""

    continuum: Integers
    others: Floats
    starts: Floats
    ends: Floats
    category: Integers


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """What a portion comes to: entries of continuum, two categories and length; and by continuum what meets itself."""

    entries: tuple[Integers, Integers, Integers, Floats]
    mine: Integers
    itself: Floats


def _portions(continua: Sequence[Continuum], aspect: Aspect, places: dict[Category, int]) -> Iterator[_Portion]:
    """All pieces, by portions; categories that come up are given a place each."""
    found: list[tuple[int, int, float, float, int]] = []
    for number, continuum in enumerate(continua):
        others = len(continuum.spans) - 1
        for spans in continuum.spans.values():
            found += [
                (number, others, start, end, places.setdefault(category, len(places)))
                for start, end, category in _pieces(continuum.length, spans, aspect)
            ]
        if len(found) >= _TOGETHER:
            yield _portion(found)
            found = []
    if found:
        yield _portion(found)


def _portion(pieces: Sequence[tuple[int, int, float, float, int]]) -> _Portion:
    import numpy as np

    continuum, others, starts, ends, category = zip(*pieces, strict=True)
    return _Portion(
        np.array(continuum, dtype=np.int64),
        np.array(others, dtype=np.float64),
        np.array(starts, dtype=np.float64),
        np.array(ends, dtype=np.float64),
        np.array(category, dtype=np.int64),
    )


def _pieces(length: float, spans: Sequence[Span], aspect: Aspect) -> Iterable[_Piece]:
    """The continuum cut wherever a span of this annotator begins or ends, gaps included."""
    there = [(start, end, label) for start, end, label in spans if start < end]
    if aspect is Aspect.CUTTING:
        there = [(start, end, "") for start, end, _ in there]
    there.sort()
    if any(start < end for (_, end, _), (start, _, _) in pairwise(there)):
        return _overlapping(length, there)
    return _apart(length, there)


def _apart(length: float, spans: Sequence[Span]) -> Iterator[_Piece]:
    """Of spans in order that do not overlap: each a piece, and so is each gap."""
    reached = 0.0
    for start, end, label in spans:
        if reached < start:
            yield reached, start, GAP
        yield start, end, (label,)
        reached = end
    if reached < length:
        yield reached, length, GAP


def _overlapping(length: float, spans: Sequence[Span]) -> Iterator[_Piece]:
    labelled: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for start, end, label in spans:
        labelled[label].append((start, end))
    joined = [(start, end, label) for label, found in labelled.items() for start, end in _joined(found)]
    cuts = sorted({0.0, length, *(cut for start, end, _ in joined for cut in (start, end))})
    opening: dict[float, list[str]] = defaultdict(list)
    closing: dict[float, list[str]] = defaultdict(list)
    for start, end, label in joined:
        opening[start].append(label)
        closing[end].append(label)
    here = Counter[str]()
    for start, end in pairwise(cuts):
        here.subtract(closing[start])
        here.update(opening[start])
        yield start, end, tuple(sorted(label for label, count in here.items() if count))


def _joined(spans: Iterable[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Spans of one label, those that overlap as one; those that only touch are two."""
    start = end = -1.0
    for begins, ends in sorted(spans):
        if begins < end:
            end = max(end, ends)
            continue
        if start < end:
            yield start, end
        start, end = begins, ends
    if start < end:
        yield start, end


def _counted(portion: _Portion, coding: bool, grain: float) -> _Part:
    """The coincidences of a portion; where only coding counts, gaps meet nobody."""
    import numpy as np

    piece, stretch, lengths = _stretches(portion)
    if coding:
        standing = portion.category[piece] != 0
        piece, stretch, lengths = piece[standing], stretch[standing], lengths[standing]
    beside = np.bincount(stretch)[stretch] - 1 if len(stretch) else stretch
    met = np.bincount(piece, lengths * beside / portion.others[piece], len(portion.starts))
    own = met * np.where(portion.category == 0, np.minimum(met, grain), met)
    # By size, so that sums do not depend on whose pieces come first.
    order = np.lexsort((own, portion.continuum))
    mine, first = np.unique(portion.continuum[order], return_index=True)
    return _Part(_entries(portion, piece, stretch, lengths), mine, np.add.reduceat(own[order], first))


def _stretches(portion: _Portion) -> tuple[Integers, Integers, Floats]:
    """For each piece every stretch of its continuum that it covers, in which nobody cuts: piece, stretch, length."""
    import numpy as np

    pieces = len(portion.starts)
    cuts, where = np.concatenate([portion.starts, portion.ends]), np.tile(portion.continuum, 2)
    order = np.lexsort((cuts, where))
    cuts, where = cuts[order], where[order]
    fresh = np.append(True, (np.diff(cuts) != 0) | (np.diff(where) != 0))
    number = np.empty(len(cuts), dtype=np.int64)
    number[order] = np.cumsum(fresh) - 1
    cuts = cuts[fresh]
    first, last = number[:pieces], number[pieces:]
    covered = last - first
    piece = np.repeat(np.arange(pieces), covered)
    within = np.arange(len(piece)) - np.repeat(np.cumsum(covered) - covered, covered)
    stretch = first[piece] + within
    return piece, stretch, cuts[stretch + 1] - cuts[stretch]


def _entries(
    portion: _Portion, piece: Integers, stretch: Integers, lengths: Floats
) -> tuple[Integers, Integers, Integers, Floats]:
    """What meets what, summed by continuum: of c who say one thing and k another, c * k / others of the length."""
    import numpy as np

    if not len(piece):
        nothing = np.empty(0, dtype=np.int64)
        return nothing, nothing, nothing, np.empty(0)
    kinds = int(portion.category.max()) + 1
    said, example, count = np.unique(stretch * kinds + portion.category[piece], return_index=True, return_counts=True)
    where, category = said // kinds, said % kinds
    worth = lengths[example] / portion.others[piece[example]]
    continuum = portion.continuum[piece[example]]
    one, other = _side_by_side(where)
    pairs = worth[one] * count[one] * (count[other] - (one == other))
    kept = pairs > 0
    one, other, pairs = one[kept], other[kept], pairs[kept]
    keys, place = np.unique((continuum[one] * kinds + category[one]) * kinds + category[other], return_inverse=True)
    sums = np.bincount(place, pairs, len(keys)).astype(np.float64)
    return keys // kinds**2, keys // kinds % kinds, keys % kinds, sums


def _side_by_side(where: Integers) -> tuple[Integers, Integers]:
    """Every entry beside every entry of the same place, itself too; places are sorted."""
    import numpy as np

    first = np.flatnonzero(np.diff(where, prepend=-1))
    many = np.diff(first, append=len(where))
    others = np.repeat(many, many)
    one = np.repeat(np.arange(len(where)), others)
    within = np.arange(len(one)) - np.repeat(np.cumsum(others) - others, others)
    return one, np.repeat(np.repeat(first, many), others) + within
