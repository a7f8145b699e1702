"""One task's agreement: everybody beside everybody, models and the ground truth included."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import combinations
from typing import Any

import orjson
from sqlalchemy import Connection

from annolog.domain.agreement.task_agreement import task_agreement
from annolog.domain.labeling import Value, decode_value
from annolog.domain.refusals import Fault, NotFound
from annolog.projections.agreement.answers import votes_in, with_measured
from annolog.projections.agreement.queries import config_of, definition_of, project_of, score_by, tasks_by_id

GROUND_TRUTH = "ground_truth"
MODEL = "model:"


def task_agreement_of(
    connection: Connection, task: int, definition: int | None = None, participants: Collection[str] | None = None
) -> dict[str, Any] | None:
    """One task's scores, by dimension too, and the matrix of the participants.

    A participant is a person's id, `model:<version>` or `ground_truth`; all of them unless some are chosen. Refused
    where one who is chosen said nothing about the task.
    """
    row = next(tasks_by_id(connection, [task]), None)
    project = project_of(connection, row["project"]) if row is not None else None
    if row is None or project is None:
        return None
    number, settings = definition_of(project, definition)
    config = config_of(project)
    answers = orjson.loads(row["answers"])
    votes = with_measured(votes_in(row, answers), row, answers, number)
    compared = {person: decoded(values) for person, values in votes.compared.items()}
    found = task_agreement(compared, config, settings)
    everybody = {str(person): values for person, values in compared.items()}
    everybody |= {MODEL + version: decoded(values) for version, values in orjson.loads(row["predictions"]).items()}
    if votes.truth is not None:
        everybody[GROUND_TRUTH] = decoded(votes.truth)
    _must_participate(participants or (), everybody, task)
    chosen = {name: values for name, values in everybody.items() if participants is None or name in participants}
    kept = score_by(row, number)
    return {
        "task": task,
        "definition": number,
        "answers": len(compared),
        "score": kept if settings.custom else found.overall,
        "pairwise": kept if settings.custom else found.pairwise,
        "consensus": None if settings.custom else found.consensus,
        "dimensions": dict(found.dimensions),
        "winners": orjson.loads(row["winners"]),
        "error": orjson.loads(row["measured"]).get(str(number), {}).get("error"),
        "matrix": [
            {"one": one, "other": other, **_pair(chosen[one], chosen[other], config, settings)}
            for one, other in combinations(chosen, 2)
        ],
    }


def _must_participate(chosen: Collection[str], everybody: Collection[str], task: int) -> None:
    faults = [
        Fault(f"query/participant/{place}", f"{name!r} said nothing about task {task}")
        for place, name in enumerate(chosen)
        if name not in everybody
    ]
    if faults:
        raise NotFound(f"{faults[0].pointer}: {faults[0].message}", faults=faults)


def _pair(one: Mapping[str, Value], other: Mapping[str, Value], config: Any, settings: Any) -> dict[str, Any]:
    found = task_agreement({0: one, 1: other}, config, settings)
    return {"agreement": found.pairwise, "dimensions": dict(found.by_pairs)}


def decoded(values: Mapping[str, str]) -> dict[str, Value]:
    """The values of an answer, by dimension."""
    return {name: decode_value(value) for name, value in values.items()}
