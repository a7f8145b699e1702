"""What is asked of a dashboard: which measures, of which time as told where, told apart by what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from annolog.domain.measures.calendar import EPOCH, QUARTER, Span, quarter_at, zone_named
from annolog.domain.measures.measure import BY_KEY, MEASURES, Aggregation, Measure
from annolog.domain.refusals import Fault, InvalidInput

PERSON, PROJECT, LABEL = "person", "project", "label"
SEGMENTS = (PROJECT, PERSON, LABEL, *(span.value for span in Span))
LAST_QUARTER = quarter_at(datetime(2200, 1, 1, tzinfo=UTC))

Wrong = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Question:
    """Measures of the quarters from `first` up to `last`, told apart by segments; `span` is the one of time."""

    zone: ZoneInfo
    first: int
    last: int
    by: tuple[str, ...]
    span: Span | None
    measures: tuple[Measure, ...]

    @property
    def by_label(self) -> bool:
        """Whether labels are told apart."""
        return LABEL in self.by


def question(
    zone: str = "UTC",
    since: str | None = None,
    until: str | None = None,
    by: Sequence[str] = (),
    measures: Sequence[str] = (),
    *,
    place: str = "query/",
) -> Question:
    """What was asked in words, or a refusal that names every field that is wrong; `place` comes before their names.

    Without `measures` all that can be told apart so, but for medians, which are looked up in every single annotation.
    """
    faults: list[Fault] = []

    def wrong(name: str, message: str) -> None:
        faults.append(Fault(f"{place}{name}", message))

    found = zone_named(zone)
    if found is None:
        wrong("zone", "is not the name of a time zone, such as Asia/Kathmandu")
    first, last = 0, LAST_QUARTER
    if since is not None or until is not None:
        here = found or ZoneInfo("UTC")
        for name, text in (("from", since), ("to", until)):
            quarter = None if text is None else _quarter(text, here, ends=name == "to")
            if text is not None and quarter is None:
                wrong(name, "is a date, or a time on a quarter of an hour such as 2026-11-24T12:15:00Z")
            elif quarter is not None:
                first, last = (quarter, last) if name == "from" else (first, quarter)
        if first >= last:
            wrong("to", "is later than from")
    _check_segments(by, wrong)
    chosen = _chosen(by, measures, wrong)
    if faults or found is None:
        raise InvalidInput(
            "; ".join(f"{fault.pointer.removeprefix(place)} {fault.message}" for fault in faults), faults=faults
        )
    span = next((Span(segment) for segment in by if segment in set(Span)), None)
    return Question(found, first, last, tuple(by), span, chosen)


def fits(measure: Measure, by: Sequence[str]) -> bool:
    """Whether the measure can be told apart by these segments."""
    if LABEL in by:
        return measure.by_label
    return not measure.only_by_label and (measure.by_person or PERSON not in by)


def segments_of(measure: Measure) -> list[str]:
    """The segments that the measure can be told apart by."""
    return [segment for segment in SEGMENTS if fits(measure, (LABEL, segment) if measure.only_by_label else (segment,))]


def _quarter(text: str, zone: ZoneInfo, *, ends: bool) -> int | None:
    """The quarter at which a time is, or a day begins, or ends."""
    try:
        if len(text) == len("2026-11-24"):
            day = date.fromisoformat(text) + timedelta(days=int(ends))
            moment = datetime.combine(day, time(), zone).astimezone(UTC)
        else:
            # A plus sign that was not escaped arrives as a space.
            moment = datetime.fromisoformat(text.replace(" ", "+"))
            moment = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    quarter = quarter_at(moment)
    return quarter if (moment - EPOCH) % QUARTER == timedelta() and 0 <= quarter <= LAST_QUARTER else None


def _check_segments(by: Sequence[str], wrong: Wrong) -> None:
    if unknown := [segment for segment in by if segment not in SEGMENTS]:
        wrong("by", f"has {', '.join(unknown)}; there are {', '.join(SEGMENTS)}")
    elif len(set(by)) < len(by):
        wrong("by", "names a segment twice")
    elif len([segment for segment in by if segment in set(Span)]) > 1:
        wrong("by", "has two segments of time")


def _chosen(by: Sequence[str], keys: Sequence[str], wrong: Wrong) -> tuple[Measure, ...]:
    if unknown := [key for key in keys if key not in BY_KEY]:
        wrong("measures", f"has {', '.join(unknown)}, which are no measures; see /v1/measures")
        return ()
    if not keys:
        return tuple(
            measure for measure in MEASURES if fits(measure, by) and measure.aggregation is not Aggregation.MEDIAN
        )
    if unfit := [key for key in keys if not fits(BY_KEY[key], by)]:
        wrong("measures", f"has {', '.join(unfit)}, which cannot be told by {' and '.join(by) or 'anything but label'}")
    return tuple(BY_KEY[key] for key in dict.fromkeys(keys))
