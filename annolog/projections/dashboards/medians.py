"""Medians of times. Sums do not tell them: of all time they are found along an index, of a part every time is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, func, select

from annolog.domain.measures.calendar import QUARTER_MICROSECONDS, Stretch, stretches
from annolog.domain.measures.question import LAST_QUARTER, PERSON, PROJECT, Question
from annolog.projections.dashboards.parts import Part
from annolog.projections.dashboards.segments import Scope, Segment, groups_of, number, segment_of
from annolog.projections.dashboards.tables import (
    EVERYBODY,
    Grain,
    dashboard_annotation,
    dashboard_review,
    dashboard_slice,
)
from annolog.projections.engine.middle import middle, middle_of
from annolog.projections.engine.moments import MICROSECONDS


@dataclass(frozen=True, slots=True)
class Times:
    """Where single times are: those of rows with `only`. `counted` is the column of sums that says how many."""

    table: Table
    time: Column[Any]
    counted: Column[Any]
    only: tuple[ColumnElement[bool], ...] = ()


WORK = dashboard_annotation.c
TIMES = {
    "lead_time": Times(
        dashboard_annotation, WORK.lead_time, dashboard_slice.c.timed, (WORK.live == 1, WORK.timed == 1)
    ),
    "review_time": Times(dashboard_review, dashboard_review.c.review_time, dashboard_slice.c.reviews_timed),
}


@dataclass(frozen=True, slots=True)
class Medians:
    """Seconds by segment, where there are times, and of all segments together."""

    by_segment: Mapping[Segment, float]
    total: float | None


def medians(connection: Connection, scopes: Sequence[Scope], asked: Question, column: str) -> Medians:
    """The middle times; of two in the middle their mean."""
    times = TIMES[column]
    if len(scopes) == 1 and asked.span is None and asked.first == 0 and asked.last == LAST_QUARTER:
        return _of_all_time(connection, scopes[0], asked, times)
    single: dict[Segment, list[int]] = defaultdict(list)
    for scope in scopes:
        for segment, some in _single(connection, scope, asked, times):
            single[segment] += some
    found = {segment: middle_of(some) for segment, some in single.items()}
    total = middle_of([time for some in single.values() for time in some])
    return Medians(
        {segment: value / MICROSECONDS for segment, value in found.items() if value is not None},
        None if total is None else total / MICROSECONDS,
    )


def _of_all_time(connection: Connection, scope: Scope, asked: Question, times: Times) -> Medians:
    sums = dashboard_slice.c
    query = select(sums.person, times.counted).where(sums.project == scope.project, sums.grain == Grain.EVER)
    counts = {person: count for person, count in connection.execute(query) if count}
    everybody = EVERYBODY if scope.person is None else scope.person

    def of(person: int) -> float | None:
        whose = () if person == EVERYBODY else (times.table.c.person == person,)
        where = (times.table.c.project == scope.project, *whose, *times.only)
        found = middle(connection, times.time, *where, count=counts.get(person, 0))
        return None if found is None else found / MICROSECONDS

    total = of(everybody)
    if PERSON not in asked.by:
        segments = {_segment(scope, asked): total}
    else:
        people = [person for person in counts if person != EVERYBODY and scope.person in (None, person)]
        segments = {_segment(scope, asked, person): of(person) for person in people}
    return Medians({segment: value for segment, value in segments.items() if value is not None}, total)


def _segment(scope: Scope, asked: Question, person: int | None = None) -> Segment:
    values = {PROJECT: scope.project, PERSON: person}
    return tuple(values[name] for name in asked.by)


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
            table.c.at >= stretch.first * QUARTER_MICROSECONDS,
            table.c.at < stretch.last * QUARTER_MICROSECONDS,
            *times.only,
        ]
        if scope.person is not None:
            where.append(table.c.person == scope.person)
        found: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for *values, time in connection.execute(select(*groups, times.time).where(*where)):
            found[tuple(values)].append(time)
        for group, one_by_one in found.items():
            yield segment_of(group, scope, asked, part), one_by_one
