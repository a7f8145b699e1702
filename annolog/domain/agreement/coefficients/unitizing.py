"""Agreement on spans: where the annotators cut a continuum (a text, a recording) and what they called the pieces.

Krippendorff, Mathet, Bouvry and Widlöcher 2016, "On the reliability of unitizing textual continua: Further
developments", also Krippendorff 2019, "Content Analysis", section 12.6: the lengths at which two annotators' segments
intersect are the coincidences, and alpha is 1 - observed / expected disagreement as ever.

Two things the paper leaves open. Where spans of one annotator overlap, a position has all their labels at once: a set
of labels is a category of its own, and spans of the same label are one. Several continua are one long one, each with
its own annotators; what is between two continua belongs to nobody.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from math import fsum, isfinite
from typing import TypeAlias, TypeVar

from annolog.domain.agreement.coefficients.bootstrap import interval_of
from annolog.domain.agreement.coefficients.coefficient import ONE_CATEGORY, Coefficient
from annolog.domain.refusals import Fault, InvalidInput

Span: TypeAlias = "tuple[float, float, str]"
"""Start, end and label; the end is not part of it."""

Category: TypeAlias = "tuple[str, ...]"
"""The labels of a position, sorted; empty where it is a gap."""

GAP: Category = ()

Key = TypeVar("Key", "tuple[Category, Category]", "Category")

_Place: TypeAlias = "tuple[int, int]"

_NOBODY = "no task has spans, or the lack of them, from two annotators"
_NO_INTERSECTION = "no span of one annotator meets a span of another"


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


def unitizing_alpha(
    continua: Iterable[Continuum],
    aspect: Aspect = Aspect.EVERYTHING,
    grain: float = 1.0,
    resamples: int = 0,
    seed: int = 0,
) -> Coefficient:
    """Krippendorff's unitizing alpha over the continua that two annotators or more were given.

    `grain` is the smallest length that could be marked: a character, or a fraction of a second. Chance never pairs a
    span with itself, nor a grain of a gap with itself; that is all the grain is for, and in the paper it is 1.
    Coincidences add up by continuum. `answers` counts annotators by continuum, `units` continua. With `resamples` it
    has the 95 % interval of as many samples of continua.
    """
    if not (isfinite(grain) and grain > 0):
        raise InvalidInput("The smallest length must be above zero.", faults=[Fault("/grain", "must be above zero")])
    parts: list[_Part] = []
    answers = 0
    for continuum in continua:
        if len(continuum.spans) < 2:
            continue
        answers += len(continuum.spans)
        observed: dict[tuple[Category, Category], list[float]] = defaultdict(list)
        itself: dict[Category, list[float]] = defaultdict(list)
        pieces = [_pieces(continuum.length, spans, aspect) for spans in continuum.spans.values()]
        _add(pieces, aspect, grain, observed, itself)
        # Summed exactly, so that the order of continua and annotators changes nothing.
        parts.append(({key: fsum(v) for key, v in observed.items()}, {key: fsum(v) for key, v in itself.items()}))
    if not parts:
        return Coefficient(None, _NOBODY)

    def of(drawn: Sequence[_Part]) -> Coefficient:
        return _alpha(_together(one for one, _ in drawn), _together(other for _, other in drawn), answers, len(parts))

    found = of(parts)
    if found.value is None:
        return found
    in_order = sorted(parts, key=lambda part: (sorted(part[0].items()), sorted(part[1].items())))
    return replace(found, interval=interval_of(in_order, of, resamples, seed))


_Part: TypeAlias = "tuple[Mapping[tuple[Category, Category], float], Mapping[Category, float]]"


def _together(parts: Iterable[Mapping[Key, float]]) -> dict[Key, float]:
    lengths: dict[Key, list[float]] = defaultdict(list)
    for part in parts:
        for key, length in part.items():
            lengths[key].append(length)
    return {key: fsum(found) for key, found in lengths.items()}


def _alpha(
    lengths: Mapping[tuple[Category, Category], float], itself: Mapping[Category, float], answers: int, units: int
) -> Coefficient:
    """1 - observed / expected; chance pairs nothing with itself (Krippendorff 2019, equations 32 to 37)."""
    by_category: dict[Category, list[float]] = defaultdict(list)
    for (one, _), length in lengths.items():
        by_category[one].append(length)
    margins = {category: fsum(found) for category, found in by_category.items()}
    total = fsum(margins.values())
    if total <= 0:
        return Coefficient(None, _NO_INTERSECTION, answers, units)
    unlike = fsum(margins[one] * margins[other] for one in margins for other in margins if one != other)
    if unlike <= 0:
        return Coefficient(None, ONE_CATEGORY, answers, units)
    disagreement = fsum(length for (one, other), length in lengths.items() if one != other)
    pairs = total**2 - fsum(itself.values())
    return Coefficient(1 - disagreement * pairs / (total * unlike), None, answers, units)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a continuum in which one annotator says the same all along."""

    start: float
    end: float
    category: Category


def _pieces(length: float, spans: Sequence[Span], aspect: Aspect) -> list[_Piece]:
    """The continuum cut wherever a span of this annotator begins or ends, gaps included."""
    labelled: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for start, end, label in spans:
        if start < end:
            labelled["" if aspect is Aspect.CUTTING else label].append((start, end))
    joined = [(start, end, label) for label, found in labelled.items() for start, end in _joined(found)]
    cuts = sorted({0.0, length, *(cut for start, end, _ in joined for cut in (start, end))})
    opening: dict[float, list[str]] = defaultdict(list)
    closing: dict[float, list[str]] = defaultdict(list)
    for start, end, label in joined:
        opening[start].append(label)
        closing[end].append(label)
    pieces, here = [], Counter[str]()
    for start, end in pairwise(cuts):
        here.subtract(closing[start])
        here.update(opening[start])
        pieces.append(_Piece(start, end, tuple(sorted(label for label, count in here.items() if count))))
    return pieces


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


def _add(
    pieces: Sequence[Sequence[_Piece]],
    aspect: Aspect,
    grain: float,
    observed: dict[tuple[Category, Category], list[float]],
    itself: dict[Category, list[float]],
) -> None:
    """Add the coincidences of one continuum, and what chance must not pair with itself."""
    others = len(pieces) - 1
    met: dict[_Place, list[float]] = defaultdict(list)
    for length, places in _steps(pieces):
        standing = {
            place: category
            for place in places
            if (category := pieces[place[0]][place[1]].category) != GAP or aspect is not Aspect.CODING
        }
        tally = Counter(standing.values())
        for one, count in tally.items():
            for other, more in tally.items():
                if pairs := count * (more - (one == other)):
                    observed[one, other].append(length * pairs / others)
        for place in standing:
            met[place].append(length * (len(standing) - 1) / others)
    for (who, number), lengths in met.items():
        category, length = pieces[who][number].category, fsum(lengths)
        itself[category].append(length * (min(length, grain) if category == GAP else length))


def _steps(pieces: Sequence[Sequence[_Piece]]) -> Iterator[tuple[float, list[_Place]]]:
    """Each stretch in which nobody cuts: its length, and by annotator the number of the piece that it is part of."""
    cuts = sorted({cut for found in pieces for piece in found for cut in (piece.start, piece.end)})
    numbers = [0] * len(pieces)
    for start, end in pairwise(cuts):
        for who, found in enumerate(pieces):
            numbers[who] += found[numbers[who]].end <= start
        yield end - start, list(enumerate(numbers))
