"""Medians of times. Sums do not tell them, but how many times there are: so the middle one is found by its place, along
an index that is ordered by time. Where many segments of time are told apart, or there are few times, as in a short
range of a long history, every single one is read instead.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, func, select

from annolog.domain.measures.calendar import QUARTER_MICROSECONDS, Stretch, stretches
from annolog.domain.measures.question import LAST_QUARTER, PERSON, Question
from annolog.projections.dashboards.parts import Part
from annolog.projections.dashboards.segments import Scope, Segment, groups_of, number, segment_of
from annolog.projections.dashboards.tables import (
    Grain,
    dashboard_annotation,
    dashboard_review,
)
from annolog.projections.engine.middle import middle, middle_of
from annolog.projections.engine.moments import MICROSECONDS


@dataclass(frozen=True, slots=True)
class Times:
    """Where single times are: those of rows with `only`."""

    table: Table
    time: Column[Any]
    only: tuple[ColumnElement[bool], ...] = ()


# So many are read sooner than the middle one is found among all those of other days.
FEW = 20_000

WORK = dashboard_annotation.c
TIMES = {
    "lead_time": Times(dashboard_annotation, WORK.lead_time, (WORK.live == 1, WORK.timed == 1)),
    "review_time": Times(dashboard_review, dashboard_review.c.review_time),
}


@dataclass(frozen=True, slots=True)
class Medians:
    """Seconds by segment, where there are times, and of all segments together."""

    by_segment: Mapping[Segment, float]
    total: float | None


def medians(
    connection: Connection, scopes: Sequence[Scope], asked: Question, column: str, counts: Mapping[Segment, int]
) -> Medians:
    """The middle times; of two in the middle their mean. `counts` says how many times each segment has."""
    times = TIMES[column]
    if len(scopes) == 1 and asked.span is None and sum(counts.values()) > FEW:
        return _by_place(connection, scopes[0], asked, times, counts)
    single: dict[Segment, list[int]] = defaultdict(list)
    for scope in scopes:
        for segment, some in _single(connection, scope, asked, times):
            single[segment] += some
    found = {segment: middle_of(some) for segment, some in single.items()}
    return _in_seconds(found, middle_of([time for some in single.values() for time in some]))


def _in_seconds(found: Mapping[Segment, float | None], total: float | None) -> Medians:
    return Medians(
        {segment: value / MICROSECONDS for segment, value in found.items() if value is not None},
        None if total is None else total / MICROSECONDS,
    )


def _by_place(
    connection: Connection, scope: Scope, asked: Question, times: Times, counts: Mapping[Segment, int]
) -> Medians:
    def of(person: int | None, count: int) -> float | None:
        table = times.table.c
        whose = () if person is None else (table.person == person,)
        # Not by the index on when it was: then all of them would have to be put in order.
        at = table.at + number(0)
        where = (table.project == scope.project, *whose, *times.only, *_between(at, asked.first, asked.last))
        return middle(connection, times.time, *where, count=count)

    total = of(scope.person, sum(counts.values()))
    if PERSON not in asked.by:
        return _in_seconds(dict.fromkeys(counts, total), total)
    place = asked.by.index(PERSON)
    return _in_seconds({segment: of(segment[place], count) for segment, count in counts.items()}, total)


def _between(at: ColumnElement[int], first: int, last: int) -> list[ColumnElement[bool]]:
    """Conditions for what there is of a range of quarters: all time needs none."""
    found = [at >= first * QUARTER_MICROSECONDS] if first > 0 else []
    return [*found, at < last * QUARTER_MICROSECONDS] if last < LAST_QUARTER else found


def _single(connection: Connection, scope: Scope, asked: Question, times: Times) -> Iterator[tuple[Segment, list[int]]]:
    """Every time there is, by segment."""
    table = times.table
    quarter = table.c.at // number(QUARTER_MICROSECONDS)
    first, last = asked.first, asked.last
    if asked.span is not None:
        bounds = select(func.min(table.c.at), func.max(table.c.at)).where(table.c.project == scope.project)
        earliest, latest = connection.execute(bounds).one()
        first = max(first, (earliest or 0) // QUARTER_MICROSECONDS)
        last = min(last, (latest or 0) // QUARTER_MICROSECONDS + 1)
    some = stretches(asked.zone, first, last) if asked.span is not None else (Stretch(first, last, 0),)
    for stretch in some:
        part = Part(Grain.QUARTER, stretch.first, stretch.last, stretch)
        groups = groups_of(table, asked, quarter, part)
        where = [
            table.c.project == scope.project,
            *_between(table.c.at, stretch.first, stretch.last),
            *times.only,
        ]
        if scope.person is not None:
            where.append(table.c.person == scope.person)
        found: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for *values, time in connection.execute(select(*groups, times.time).where(*where)):
            found[tuple(values)].append(time)
        for group, one_by_one in found.items():
            yield segment_of(group, scope, asked, part), one_by_one
