"""What is known of people's work when a rule looks at them, and what rules did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, select

from annolog.domain.agreement.trillionths import from_trillionths
from annolog.domain.rules.conduct import Conduct, GivenAnswer
from annolog.projections.agreement.queries import project_of
from annolog.projections.agreement.tables import agreement_person
from annolog.projections.conduct.tables import conduct_person, rule_firing
from annolog.projections.engine.moments import MICROSECONDS, moment
from annolog.projections.engine.statements import select_keys
from annolog.projections.performance.tables import performance_person

JSON = ("inputs", "conditions", "action", "tasks", "annotations")
MOMENTS = ("at", "appealed_at", "overruled_at")


def conduct_of(connection: Connection, project: int, people: Sequence[int]) -> dict[int, Conduct]:
    """What is known of these people in a project, scores by the definition of agreement in force; all have a row."""
    row = project_of(connection, project)
    definition = row["definition"] if row else 0
    work = _by_person(connection, conduct_person, [(project, person) for person in people])
    reviews = _by_person(connection, performance_person, [(project, person) for person in people])
    scores = _by_person(connection, agreement_person, [(project, definition, person) for person in people])
    return {
        person: Conduct(**_work(work.get(person)), **_reviews(reviews.get(person)), **_scores(scores.get(person)))
        for person in people
    }


def _by_person(connection: Connection, table: Any, keys: Sequence[tuple[int, ...]]) -> dict[int, dict[str, Any]]:
    names = [column.name for column in table.columns]
    rows = (dict(zip(names, row, strict=True)) for row in select_keys(connection, table, keys))
    return {row["person"]: row for row in rows}


def _work(row: Mapping[str, Any] | None) -> dict[str, Any]:
    if row is None:
        return {}
    recent = orjson.loads(row["recent"])
    given = [
        GivenAnswer(task, None if time is None else time / MICROSECONDS)
        for task, time in zip(recent[::2], recent[1::2], strict=True)
    ]
    return {"recent": given} | {name: row[name] for name in ("answers", "skips", "skips_in_row")}


def _reviews(row: Mapping[str, Any] | None) -> dict[str, Any]:
    return {} if row is None else {"reviewed": row["reviewed"], "rejected": row["rejected"]}


def _scores(row: Mapping[str, Any] | None) -> dict[str, Any]:
    if row is None:
        return {}
    truths, others = row["truth_tasks"], row["consensus_tasks"]
    return {
        "ground_truth_tasks": truths,
        "ground_truth_score": from_trillionths(row["truth"]) / truths if truths else 0.0,
        "majority_tasks": others,
        "majority_score": from_trillionths(row["consensus"]) / others if others else 0.0,
    }


def firings(
    connection: Connection, project: int, person: int | None = None, after: int = 0, limit: int = 100
) -> list[dict[str, Any]]:
    """What rules did in a project, or to one person, in the order in which they did it."""
    table = rule_firing.c
    query = select(rule_firing).where(table.project == project, table.firing > after)
    if person is not None:
        query = query.where(table.person == person)
    rows = connection.execute(query.order_by(table.firing).limit(limit)).mappings()
    return [_presented(dict(row)) for row in rows]


def firing(connection: Connection, project: int, number: int) -> dict[str, Any] | None:
    """One firing, None where there is none of that number."""
    found = firings(connection, project, after=number - 1, limit=1)
    return found[0] if found and found[0]["firing"] == number else None


def _presented(row: dict[str, Any]) -> dict[str, Any]:
    row |= {name: orjson.loads(row[name]) for name in JSON}
    row |= {name: None if row[name] is None else moment(row[name]).isoformat() for name in MOMENTS}
    return row | {"overruled": row["overruled_at"] is not None, "appealed": row["appealed_at"] is not None}
