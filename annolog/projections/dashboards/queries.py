"""What dashboards show: measures by project, person, label and stretch of time, worked out from sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import add
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Table, func, literal_column, select

from annolog.domain.measures.calendar import A_DAY, QUARTER_MICROSECONDS, Stretch, beginning, instant, stretches, told
from annolog.domain.measures.measure import MEASURES, Aggregation, Measure
from annolog.domain.measures.question import LABEL, LAST_QUARTER, PERSON, PROJECT, Question
from annolog.projections.dashboards.parts import Part, parts
from annolog.projections.dashboards.tables import (
    EVERYBODY,
    Grain,
    dashboard_annotation,
    dashboard_label,
    dashboard_slice,
)
from annolog.projections.engine.moments import MICROSECONDS

# Values of the segments asked for, in their order; that of a label is a pair, its control first.
Segment = tuple[Any, ...]
[MEDIAN] = [measure.key for measure in MEASURES if measure.aggregation is Aggregation.MEDIAN]


@dataclass(frozen=True, slots=True)
class Scope:
    """What somebody may see of a project: everybody's work, or one person's."""

    project: int
    person: int | None = None


def dashboard(connection: Connection, scopes: Sequence[Scope], asked: Question) -> dict[str, Any]:
    """The measures asked for: in order a row for every segment in which there is any of them, and the total.

    Times are in seconds, shares in [0, 1]; None where undefined, as of one person what only projects have. Labels have
    no total: an annotation may have many.
    """
    whole = all(scope.person is None for scope in scopes)
    measures = [measure for measure in asked.measures if whole or measure.by_person]
    names = sorted({name for measure in measures for name in measure.uses})
    sums: dict[Segment, Sequence[int]] = {}
    times: dict[Segment, list[int]] = defaultdict(list)
    median_wanted = any(measure.aggregation is Aggregation.MEDIAN for measure in measures)
    for scope in scopes if names else ():
        for segment, amounts in _sums(connection, scope, asked, names):
            known = sums.get(segment)
            sums[segment] = amounts if known is None else list(map(add, known, amounts))
        for segment, some in _lead_times(connection, scope, asked) if median_wanted else ():
            times[segment] += some
    segments = [segment for segment in sorted(sums) if any(sums[segment]) or segment in times]
    rows = _measured(asked, measures, names, [sums[segment] for segment in segments])
    [total] = _measured(asked, measures, names, [[sum(column) for column in zip(*sums.values(), strict=True)]])
    if median_wanted:
        for segment, row in zip(segments, rows, strict=True):
            row[MEDIAN] = _median(times.get(segment, ()))
        total[MEDIAN] = _median([time for some in times.values() for time in some])
    return {
        "zone": asked.zone.key,
        "from": instant(asked.first).isoformat() if asked.first else None,
        "to": instant(asked.last).isoformat() if asked.last < LAST_QUARTER else None,
        "by": list(asked.by),
        "measures": [measure.key for measure in asked.measures],
        "rows": [_named(segment, asked) | row for segment, row in zip(segments, rows, strict=True)] if asked.by else [],
        "total": None if asked.by_label else total,
    }


def _measured(
    asked: Question, measures: Sequence[Measure], names: Sequence[str], rows: Sequence[Sequence[int]]
) -> list[dict[str, Any]]:
    """Every measure of every row of sums: a measure at a time, which for very many rows is much quicker."""
    columns = zip(*rows, strict=True) if any(rows) else [(0,) * len(rows)] * len(names)
    sums = dict(zip(names, columns, strict=True))
    found = {measure.key: measure.numbers(sums) for measure in measures}
    nothing = [None] * len(rows)
    keys = [measure.key for measure in asked.measures]
    return [
        dict(zip(keys, values, strict=True)) for values in zip(*(found.get(key, nothing) for key in keys), strict=True)
    ]


def _median(times: Sequence[int]) -> float | None:
    """The middle time in seconds; of two in the middle their mean."""
    if not times:
        return None
    ordered, middle = sorted(times), len(times) // 2
    both = ordered[middle : middle + 1] if len(times) % 2 else ordered[middle - 1 : middle + 1]
    return sum(both) / len(both) / MICROSECONDS


def _named(segment: Segment, asked: Question) -> dict[str, Any]:
    """The segments by their names; a stretch of time by when it begins in the zone."""
    named: dict[str, Any] = {}
    for name, value in zip(asked.by, segment, strict=True):
        if name == LABEL:
            named["control"], named["label"] = value
        else:
            named[name] = told(value, asked.zone) if name == asked.span else value
    return named


def _sums(
    connection: Connection, scope: Scope, asked: Question, names: Sequence[str]
) -> Iterator[tuple[Segment, Sequence[Any]]]:
    """Sums by segment, those of a segment in several parts."""
    table = dashboard_label if asked.by_label else dashboard_slice
    for part in _known_parts(connection, table, scope, asked):
        where = (
            table.c.project == scope.project,
            table.c.grain == part.grain,
            _whose(table, scope, asked),
            table.c.quarter >= part.first,
            table.c.quarter < part.last,
        )
        groups = _groups(table, asked, table.c.quarter, part)
        query = select(*groups, *(func.sum(table.c[name]).cast(BigInteger) for name in names)).where(*where)
        for row in connection.execute(query.group_by(*groups) if groups else query):
            amounts = row[len(groups) :]
            # Without groups there is a row of nothing where nothing is.
            if amounts[0] is not None:
                yield _segment(row, scope, asked, part), amounts


def _known_parts(connection: Connection, table: Table, scope: Scope, asked: Question) -> Iterator[Part]:
    days = select(func.min(table.c.quarter), func.max(table.c.quarter)).where(
        table.c.project == scope.project,
        table.c.grain == Grain.DAY,
        table.c.person == (EVERYBODY if scope.person is None else scope.person),
    )
    first, last = connection.execute(days).one()
    if first is not None:
        yield from parts(asked, first, last + A_DAY)


def _whose(table: Table, scope: Scope, asked: Question) -> ColumnElement[bool]:
    if scope.person is not None:
        return table.c.person == scope.person
    if PERSON not in asked.by:
        return table.c.person == EVERYBODY
    # Named one by one, so that each person's rows are found by the key and no others are read.
    everyone = dashboard_slice.c
    people = select(everyone.person).where(
        everyone.project == scope.project, everyone.grain == Grain.EVER, everyone.person > EVERYBODY
    )
    return table.c.person.in_(people)


def _groups(table: Table, asked: Question, quarter: ColumnElement[int], part: Part) -> list[ColumnElement[Any]]:
    """What rows are told apart by, in the order of the segments; projects are looked at one by one."""
    groups: list[ColumnElement[Any]] = []
    for name in asked.by:
        if name == LABEL:
            groups += [table.c.control, table.c.label]
        elif name == PERSON:
            groups.append(table.c.person)
        elif asked.span is not None and name == asked.span and part.begins is None:
            # Numbers in the text: parameters would make each use of the expression another one to PostgreSQL.
            groups.append((quarter + _number(part.stretch.offset)) // _number(asked.span.quarters))
    return groups


def _number(value: int) -> ColumnElement[int]:
    return literal_column(str(value), BigInteger())


def _segment(row: Sequence[Any], scope: Scope, asked: Question, part: Part) -> Segment:
    values = iter(row)
    segment: list[Any] = []
    for name in asked.by:
        if name == PROJECT:
            segment.append(scope.project)
        elif name == LABEL:
            segment.append((str(next(values)), str(next(values))))
        elif asked.span is not None and name == asked.span:
            segment.append(part.begins or beginning(asked.span, next(values), part.stretch))
        else:
            segment.append(next(values))
    return tuple(segment)


def _lead_times(connection: Connection, scope: Scope, asked: Question) -> Iterator[tuple[Segment, list[int]]]:
    """Every lead time there is, by segment: sums do not tell the middle one."""
    table = dashboard_annotation
    quarter = table.c.at // _number(QUARTER_MICROSECONDS)
    first, last = asked.first, asked.last
    if asked.span is not None:
        bounds = select(func.min(table.c.at), func.max(table.c.at)).where(table.c.project == scope.project)
        earliest, latest = connection.execute(bounds).one()
        first = max(first, (earliest or 0) // QUARTER_MICROSECONDS)
        last = min(last, (latest or 0) // QUARTER_MICROSECONDS + 1)
    some = stretches(asked.zone, first, last) if asked.span is not None else (Stretch(first, last, 0),)
    for stretch in some:
        part = Part(Grain.QUARTER, stretch.first, stretch.last, stretch)
        groups = _groups(table, asked, quarter, part)
        where = [
            table.c.project == scope.project,
            table.c.at >= stretch.first * QUARTER_MICROSECONDS,
            table.c.at < stretch.last * QUARTER_MICROSECONDS,
            table.c.live == 1,
            table.c.timed == 1,
        ]
        if scope.person is not None:
            where.append(table.c.person == scope.person)
        found: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for *values, time in connection.execute(select(*groups, table.c.lead_time).where(*where)):
            found[tuple(values)].append(time)
        for group, times in found.items():
            yield _segment(group, scope, asked, part), times
