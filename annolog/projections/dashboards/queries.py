"""What dashboards show: measures by project, person, label and stretch of time, worked out from sums."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import add
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Table, func, select

from annolog.domain.measures.calendar import A_DAY, instant, told
from annolog.domain.measures.measure import Aggregation, Measure
from annolog.domain.measures.question import LABEL, LAST_QUARTER, PERSON, Question
from annolog.projections.dashboards.medians import medians
from annolog.projections.dashboards.parts import Part, parts
from annolog.projections.dashboards.segments import Scope, Segment, groups_of, segment_of
from annolog.projections.dashboards.tables import EVERYBODY, Grain, dashboard_label, dashboard_slice


def dashboard(connection: Connection, scopes: Sequence[Scope], asked: Question) -> dict[str, Any]:
    """The measures asked for: in order a row for every segment in which there is any of them, and the total.

    Times are in seconds, shares in [0, 1]; None where undefined, as of one person what only projects have. Labels have
    no total: an annotation may have many.
    """
    whole = all(scope.person is None for scope in scopes)
    measures = [measure for measure in asked.measures if whole or measure.by_person]
    names = sorted({name for measure in measures for name in measure.uses})
    sums: dict[Segment, Sequence[int]] = {}
    for scope in scopes if names else ():
        for segment, amounts in _sums(connection, scope, asked, names):
            known = sums.get(segment)
            sums[segment] = amounts if known is None else list(map(add, known, amounts))
    segments = [segment for segment in sorted(sums) if any(sums[segment])]
    rows = _measured(asked, measures, names, [sums[segment] for segment in segments])
    [total] = _measured(asked, measures, names, [[sum(column) for column in zip(*sums.values(), strict=True)]])
    for measure in (found for found in measures if found.aggregation is Aggregation.MEDIAN):
        [column], [counted] = measure.columns, measure.other
        place = names.index(counted)
        counts = {segment: int(amounts[place]) for segment, amounts in sums.items()}
        middle = medians(connection, scopes, asked, column, counts)
        for segment, row in zip(segments, rows, strict=True):
            row[measure.key] = middle.by_segment.get(segment)
        total[measure.key] = middle.total
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
    # Made once: with a part for each month and each grain, making them would take as long as asking.
    sums = [func.sum(table.c[name]).cast(BigInteger) for name in names]
    whose = (table.c.project == scope.project, _whose(table, scope, asked))
    for part in _known_parts(connection, table, scope, asked):
        where = (table.c.grain == part.grain, table.c.quarter >= part.first, table.c.quarter < part.last)
        groups = groups_of(table, asked, table.c.quarter, part)
        query = select(*groups, *sums).where(*whose, *where)
        for row in connection.execute(query.group_by(*groups) if groups else query).fetchall():
            amounts = row[len(groups) :]
            # Without groups there is a row of nothing where nothing is.
            if amounts[0] is not None:
                yield segment_of(row, scope, asked, part), amounts


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
