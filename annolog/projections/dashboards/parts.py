"""Which rows of sums make up what is asked for: the fewest that do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from annolog.domain.measures.calendar import A_DAY, SEVEN_DAYS, Span, Stretch, pieces, stretches
from annolog.domain.measures.question import LABEL, PERSON, Question
from annolog.projections.dashboards.tables import Grain

# Long enough that the days within them are worth the further queries; weeks only where there are many rows.
LONG, RATHER_LONG = (Span.MONTH, Span.YEAR), Span.WEEK


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one grain that begin in the quarters from `first` up to `last`, in one `stretch` of the zone's time.

    All in the span that `begins` then; if that is None their spans have to be told apart.
    """

    grain: Grain
    first: int
    last: int
    stretch: Stretch
    begins: date | None = None


def parts(asked: Question, first: int, last: int) -> Iterator[Part]:
    """What to add up, if all there is lies between `first` and `last`, both of them midnight in UTC."""
    span, begin, end = asked.span, max(first, asked.first), min(last, asked.last)
    if span is None:
        stretch = Stretch(begin, end, 0)
        if (begin, end) == (first, last):
            yield Part(Grain.EVER, 0, 1, stretch)
        else:
            yield from _daily(begin, end, stretch, weeks=True)
        return
    for stretch in stretches(asked.zone, begin, end):
        if span in LONG or (span is RATHER_LONG and not {PERSON, LABEL}.isdisjoint(asked.by)):
            for begins, one, other in pieces(span, stretch):
                yield from _daily(one, other, stretch, begins, weeks=span in LONG)
        elif span is Span.DAY and stretch.offset == 0:
            # Days of the place are those of UTC.
            yield from _daily(stretch.first, stretch.last, stretch, weeks=False)
        else:
            yield Part(Grain.QUARTER, stretch.first, stretch.last, stretch)


def _daily(first: int, last: int, stretch: Stretch, begins: date | None = None, *, weeks: bool) -> Iterator[Part]:
    """Whole days of UTC, where `weeks` as many of them by sevens as there are, and quarters at the ends."""
    days, end_of_days = _within(first, last, A_DAY)
    begin, end = _within(days, end_of_days, SEVEN_DAYS) if weeks else (end_of_days, end_of_days)
    for grain, one, other in (
        (Grain.QUARTER, first, days),
        (Grain.DAY, days, begin),
        (Grain.WEEK, begin, end),
        (Grain.DAY, end, end_of_days),
        (Grain.QUARTER, end_of_days, last),
    ):
        if one < other:
            yield Part(grain, one, other, stretch, begins)


def _within(first: int, last: int, size: int) -> tuple[int, int]:
    """Where the whole ones of a size begin and end; both at the end where there are none."""
    begin, end = -(-first // size) * size, last // size * size
    return (begin, end) if begin < end else (last, last)
