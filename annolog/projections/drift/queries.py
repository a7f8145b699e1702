"""What people ask about changes in somebody's work: figures by day, the answers of a window, and alarms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from math import exp, fsum, log
from operator import itemgetter
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, func, select

from annolog.domain.drift.detector import MOST_FIGURES, Figure, Measure
from annolog.domain.skills.skill import Source
from annolog.projections.drift.tables import drift_alarm, drift_answer
from annolog.projections.engine.moments import MICROSECONDS, moment
from annolog.projections.skills.queries import by_day

SOURCES = {Measure.ACCURACY: Source.GROUND_TRUTH, Measure.AGREEMENT: Source.CONSENSUS}


class Given(NamedTuple):
    """An answer that counts, by its place."""

    task: int
    annotation: int
    day: str


def begins_a_day(connection: Connection, project: int, person: int, day: str, position: int) -> bool:
    """Whether the submission at this position of the log is the first of the person on this day."""
    table = drift_answer.c
    query = select(func.min(table.position)).where(
        table.project == project, table.person == person, table.submitted == day
    )
    return connection.execute(query).scalar_one_or_none() == position


def figures(
    connection: Connection, project: int, person: int, measure: Measure, after: str, before: str
) -> Sequence[Figure]:
    """The figure of every day strictly between two on which there is one, the latest `MOST_FIGURES`, oldest first."""
    if measure is Measure.SPEED:
        found = list(_speed(connection, project, person, after, before))
    else:
        rows = by_day(connection, project, person, SOURCES[measure])
        found = [
            Figure(day, right / answers, answers) for day, right, answers in rows if after < day < before and answers
        ]
    return found[-MOST_FIGURES:]


def _speed(connection: Connection, project: int, person: int, after: str, before: str) -> Iterator[Figure]:
    table = drift_answer.c
    query = select(table.day, table.lead_time).where(
        table.project == project,
        table.person == person,
        table.day > after,
        table.day < before,
        table.live == 1,
        table.lead_time > 0,
    )
    for day, rows in groupby(connection.execute(query.order_by(table.day)), key=itemgetter(0)):
        logarithms = [log(lead_time / MICROSECONDS) for _, lead_time in rows]
        yield Figure(day, exp(fsum(logarithms) / len(logarithms)), len(logarithms))


def window(
    connection: Connection, project: int, person: int, since: str, until: str, before: int | None = None
) -> Sequence[Given]:
    """The answers of somebody on these days, both ends included, that were not deleted, oldest first.

    With `before` only those submitted before that position of the log.
    """
    table = drift_answer.c
    query = select(table.task, table.annotation, table.day).where(
        table.project == project,
        table.person == person,
        table.day >= since,
        table.day <= until,
        table.live == 1,
    )
    if before is not None:
        query = query.where(table.position < before)
    return [Given(*row) for row in connection.execute(query.order_by(table.position))]


def alarms(
    connection: Connection, project: int, person: int | None = None, after: int = 0, limit: int = 100
) -> list[dict[str, Any]]:
    """The alarms of a project, or about one person, in the order in which they were raised."""
    table = drift_alarm.c
    query = select(drift_alarm).where(table.project == project, table.alarm > after)
    if person is not None:
        query = query.where(table.person == person)
    rows = connection.execute(query.order_by(table.alarm).limit(limit)).mappings()
    return [_presented(row) for row in rows]


def _presented(row: Mapping[Any, Any]) -> dict[str, Any]:
    found = dict(row)
    found |= {name: orjson.loads(found[name]) for name in ("figures", "tasks")}
    for name in ("at", "dismissed_at"):
        found[name] = None if found[name] is None else moment(found[name]).isoformat()
    return found | {"dismissed": found["dismissed_at"] is not None}
