"""Spans of texts, sounds and series, and ranges on a timeline: overlap in one dimension."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeAlias

from annolog.domain.labeling import Value

Range: TypeAlias = tuple[float, float]


class Measure(StrEnum):
    """What the ends of a span are counted in; spans in different measures have nothing to do with each other."""

    NUMBER = "number"
    MOMENT = "moment"
    OFFSET = "offset"
    WHOLE_TEXT = "whole text"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Span:
    """From a start to an end, within a place: a channel, or the nodes of a page or paragraphs of a dialogue."""

    place: tuple[Value | None, ...]
    measure: Measure
    start: float = 0.0
    end: float = 0.0

    def overlap(self, other: object) -> float:
        """Intersection over union of [start, end); 0 for different places.

        Where ends cannot be counted, they are part of the place, so that the same span still is the same.
        """
        if not isinstance(other, Span) or (self.place, self.measure) != (other.place, other.measure):
            return 0.0
        return range_overlap((self.start, self.end), (other.start, other.end))


@dataclass(frozen=True, slots=True)
class Timeline:
    """The ranges of a timeline region, as a union."""

    ranges: tuple[Range, ...]

    def overlap(self, other: object) -> float:
        """Intersection over union of all that the ranges cover, each from its start up to its end."""
        return ranges_overlap(self.ranges, other.ranges) if isinstance(other, Timeline) else 0.0


def span(fields: Mapping[str, Value]) -> Span:
    """The span that a region is.

    With offsets, `start` and `end` name nodes or paragraphs. Label Studio compares such spans only if both names are
    equal, and so do we: by offsets within one node, and by the offsets in the whole text over several nodes, where
    the region has them. Ends that are texts otherwise are numbers or dates (ISO 8601, in UTC unless they say more).
    """
    channel, start, end = fields.get("channel"), fields["start"], fields["end"]
    if "startOffset" not in fields:
        for measure, count in ((Measure.NUMBER, _number), (Measure.MOMENT, _moment)):
            first, last = count(start), count(end)
            if first is not None and last is not None:
                return Span((channel,), measure, min(first, last), max(first, last))
        return Span((channel, start, end), Measure.UNKNOWN)
    offsets = _ends(fields, "startOffset", "endOffset")
    if start == end:
        return Span((channel, start, end), Measure.OFFSET, *offsets)
    if "globalOffsets" in fields:
        return Span((channel, start, end), Measure.WHOLE_TEXT, *_ends(_parts(fields["globalOffsets"])))
    return Span((channel, start, end, *offsets), Measure.UNKNOWN)


def timeline(ranges: Value) -> Timeline:
    """The timeline that a region is."""
    assert isinstance(ranges, tuple)
    return Timeline(tuple(_ends(_parts(found)) for found in ranges))


def range_overlap(one: Range, other: Range) -> float:
    """Intersection over union of two ranges. A range without length overlaps only with itself."""
    if one == other:
        return 1.0
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared / (max(one[1], other[1]) - min(one[0], other[0])) if shared > 0.0 else 0.0


def ranges_overlap(ones: Sequence[Range], others: Sequence[Range]) -> float:
    """Intersection over union of what two lists of ranges cover; without any length, 1 if they are the same."""
    first, second = merged(ones), merged(others)
    if not first or not second:
        return float(sorted(ones) == sorted(others))
    union = sum(end - start for start, end in merged([*first, *second]))
    return min(1.0, _shared(first, second) / union)


def merged(ranges: Sequence[Range]) -> list[Range]:
    """The same cover by ranges that have a length and do not touch, in order."""
    found: list[Range] = []
    for start, end in sorted(ranges):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif start < end:
            found.append((start, end))
    return found


def _shared(ones: Sequence[Range], others: Sequence[Range]) -> float:
    total, here, there = 0.0, 0, 0
    while here < len(ones) and there < len(others):
        one, other = ones[here], others[there]
        total += max(0.0, min(one[1], other[1]) - max(one[0], other[0]))
        if one[1] <= other[1]:
            here += 1
        else:
            there += 1
    return total


def _number(value: Value) -> float | None:
    if isinstance(value, tuple):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _moment(value: Value) -> float | None:
    """Seconds since 1970 of a date or a time."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _parts(value: Value) -> Mapping[str, Value]:
    assert isinstance(value, tuple)
    return dict(value)  # type: ignore[arg-type]


def _ends(fields: Mapping[str, Value], first: str = "start", last: str = "end") -> Range:
    start, end = fields[first], fields[last]
    assert isinstance(start, float)
    assert isinstance(end, float)
    return start, end
