"""What each person did: counts, times, verdicts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from annolog.domain.agreement.trillionths import from_trillionths
from annolog.projections.engine.middle import middle
from annolog.projections.engine.moments import MICROSECONDS, moment
from annolog.projections.performance.tables import performance_annotation, performance_person


def performance_of(connection: Connection, project: int, person: int | None = None) -> list[dict[str, Any]]:
    """A row a person who did anything in the project; times in seconds, shares in [0, 1], None where undefined."""
    query = select(performance_person).where(performance_person.c.project == project)
    if person is not None:
        query = query.where(performance_person.c.person == person)
    rows = connection.execute(query.order_by(performance_person.c.person)).mappings().fetchall()
    return [_presented(dict(row), median_lead_time(connection, project, row["person"], row["timed"])) for row in rows]


def people_of(connection: Connection, project: int) -> list[int]:
    """Everybody who did anything in the project, by id."""
    return list(
        connection.scalars(
            select(performance_person.c.person)
            .where(performance_person.c.project == project)
            .order_by(performance_person.c.person)
        )
    )


def median_lead_time(connection: Connection, project: int, person: int, count: int) -> float | None:
    """Median lead time in seconds over the person's live annotations that have one, so many of them."""
    table = performance_annotation.c
    where = (table.project == project, table.person == person, table.live == 1, table.timed == 1)
    found = middle(connection, table.lead_time, *where, count=count)
    return None if found is None else found / MICROSECONDS


def _presented(row: dict[str, Any], median: float | None) -> dict[str, Any]:
    timed, reviewed, actions = row["timed"], row["reviewed"], row.pop("review_actions")
    lead_time = row.pop("lead_time") / MICROSECONDS
    performance = from_trillionths(row.pop("performance"))
    last_active = row.pop("last_active_at")
    return {
        **row,
        "lead_time_total": lead_time,
        "lead_time_mean": lead_time / timed if timed else None,
        "lead_time_median": median,
        "active_time": row["active_time"] / MICROSECONDS,
        "review_time": row["review_time"] / MICROSECONDS,
        "review_active_time": row["review_active_time"] / MICROSECONDS,
        "acceptance_score": (row["accepted"] + row["fixed"]) / reviewed if reviewed else None,
        "performance_score": performance / actions if actions else None,
        "last_active_at": moment(last_active).isoformat() if last_active else None,
    }
