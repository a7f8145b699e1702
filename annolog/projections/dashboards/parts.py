"""Which rows of sums make up what is asked for: the fewest that do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from annolog.domain.measures.calendar import A_DAY, Span, Stretch, boundaries, stretches
from annolog.domain.measures.question import PERSON, Question
from annolog.projections.dashboards.tables import Grain

# Long enough that days within them are worth more than the queries at their ends cost, if people are told apart.
FEW = (Span.MONTH, Span.YEAR)


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one grain that begin in the quarters from `first` up to `last`, in one `stretch` of the zone's time."""

    grain: Grain
    first: int
    last: int
    stretch: Stretch


def parts(asked: Question, first: int, last: int) -> Iterator[Part]:
    """What to add up, if all there is lies between `first` and `last`, both of them midnight in UTC."""
    span, begin, end = asked.span, max(first, asked.first), min(last, asked.last)
    if span is None:
        stretch = Stretch(begin, end, 0)
        if (begin, end) == (first, last):
            yield Part(Grain.EVER, 0, 1, stretch)
        else:
            yield from _daily(begin, end, stretch)
        return
    for stretch in stretches(asked.zone, begin, end):
        if span.quarters == A_DAY and stretch.offset == 0:
            # Days of the place are those of UTC.
            yield from _daily(stretch.first, stretch.last, stretch)
        elif span in FEW and PERSON in asked.by:
            edges = [stretch.first, *boundaries(span, stretch), stretch.last]
            for one, other in pairwise(edges):
                yield from _daily(one, other, stretch)
        else:
            yield from _by_quarter(stretch.first, stretch.last, stretch)


def _daily(first: int, last: int, stretch: Stretch) -> Iterator[Part]:
    """Whole days of UTC, and quarters at the ends."""
    begin, end = -(-first // A_DAY) * A_DAY, last // A_DAY * A_DAY
    if begin >= end:
        yield from _by_quarter(first, last, stretch)
        return
    yield from _by_quarter(first, begin, stretch)
    yield Part(Grain.DAY, begin, end, stretch)
    yield from _by_quarter(end, last, stretch)


def _by_quarter(first: int, last: int, stretch: Stretch) -> Iterator[Part]:
    if first < last:
        yield Part(Grain.QUARTER, first, last, stretch)
