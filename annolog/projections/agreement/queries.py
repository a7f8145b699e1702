"""What people ask about agreement. Scores are in [0, 1], None where they are not defined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

import orjson
from sqlalchemy import Connection, select

from annolog.domain.agreement.billionths import from_billionths
from annolog.domain.agreement.coefficients import Level, krippendorff_alpha
from annolog.domain.agreement.task_agreement import metric_of, task_agreement
from annolog.domain.labeling import decode_value
from annolog.domain.project.settings import agreement_settings
from annolog.domain.project.state import parsed_config
from annolog.projections.agreement.projector import votes_of
from annolog.projections.agreement.tables import (
    agreement_coincidence,
    agreement_pair,
    agreement_person,
    agreement_project,
    agreement_task,
    agreement_total,
)
from annolog.projections.engine.statements import select_keys

# Which column of a row is where, for rows read by key.
TASK_COLUMNS = {column.name: place for place, column in enumerate(agreement_task.columns)}


def measured(connection: Connection, tasks: Sequence[int]) -> Iterator[tuple[int, float | None, list[tuple[int, int]]]]:
    """Task, score by the project's methodology, and annotation and revision of every answer compared."""
    for row in select_keys(connection, agreement_task, [(task,) for task in tasks]):
        answers = orjson.loads(row[TASK_COLUMNS["answers"]])
        truth = row[TASK_COLUMNS["truth"]]
        score = row[TASK_COLUMNS["score"]]
        compared = [
            (int(annotation), answer[1])
            for annotation, answer in answers.items()
            if annotation != "gone" and answer[2] and not answer[3] and int(annotation) != truth
        ]
        yield row[0], _score(score), sorted(compared)


def accuracies(connection: Connection, project: int) -> list[tuple[int, float, int]]:
    """Person, mean agreement with the ground truth, and over how many tasks; for those who have any."""
    table = agreement_person.c
    query = select(table.person, table.truth, table.truth_tasks).where(table.project == project, table.truth_tasks > 0)
    return [(person, from_billionths(truth) / tasks, tasks) for person, truth, tasks in connection.execute(query)]


def project_agreement(connection: Connection, project: int) -> dict[str, Any] | None:
    """A project's agreement: means over the tasks with two answers or more, and Krippendorff's alpha, by dimension."""
    found = connection.execute(select(agreement_project).where(agreement_project.c.project == project)).first()
    if found is None:
        return None
    settings = agreement_settings(found.settings)
    config = parsed_config(found.label_config)
    totals = connection.execute(select(agreement_total).where(agreement_total.c.project == project)).mappings()
    by_dimension = {row["dimension"]: _means(dict(row)) for row in totals}
    nothing = {"tasks": 0, "pairwise": None, "consensus": None}
    overall = by_dimension.get("", nothing)
    return {
        "project": project,
        "methodology": settings.methodology.value,
        "tasks": overall["tasks"],
        "percent_agreement": overall["pairwise"],
        "consensus": overall["consensus"],
        "score": overall[settings.methodology.value],
        "dimensions": {
            dimension.name: {
                **by_dimension.get(dimension.name, nothing),
                "metric": metric_of(dimension, settings).name,
                "weight": settings.weights.get(dimension.name, 1.0),
                "krippendorff_alpha": alphas(connection, project, dimension.name),
            }
            for dimension in config.dimensions
        },
    }


def _means(row: dict[str, Any]) -> dict[str, Any]:
    tasks, consensus_tasks = row["tasks"], row["consensus_tasks"]
    return {
        "tasks": tasks,
        "pairwise": from_billionths(row["pairwise"]) / tasks if tasks else None,
        "consensus": from_billionths(row["consensus"]) / consensus_tasks if consensus_tasks else None,
    }


def alphas(connection: Connection, project: int, dimension: str) -> dict[str, dict[str, Any]]:
    """Krippendorff's alpha at every level of measurement, or why there is none."""
    table = agreement_coincidence.c
    query = select(table.size, table.one, table.other, table.pairs).where(
        table.project == project, table.dimension == dimension, table.pairs != 0
    )
    counts = {
        (size, decode_value(one), decode_value(other)): pairs for size, one, other, pairs in connection.execute(query)
    }
    found = {level.value: krippendorff_alpha(counts, level) for level in Level}
    return {
        level: {"value": alpha.value, "reason": alpha.reason, "answers": alpha.pairable}
        for level, alpha in found.items()
    }


def pairs(connection: Connection, project: int, dimension: str = "") -> list[dict[str, Any]]:
    """How alike every two people answered, over the tasks both have; the dimension `""` is all of them, weighted."""
    table = agreement_pair.c
    query = select(table.one, table.other, table.tasks, table.score).where(
        table.project == project, table.dimension == dimension, table.tasks > 0
    )
    return [
        {"one": one, "other": other, "tasks": tasks, "agreement": from_billionths(score) / tasks}
        for one, other, tasks, score in connection.execute(query.order_by(table.one, table.other))
    ]


def people(connection: Connection, project: int) -> list[dict[str, Any]]:
    """Each person's agreement with others, with the majority and with the ground truth, and over how much."""
    table = agreement_person
    query = select(table).where(table.c.project == project).order_by(table.c.person)
    return [
        {
            "person": row["person"],
            "agreement": _mean(row["pairwise"], row["pairs"]),
            "agreement_pairs": row["pairs"],
            "consensus_accuracy": _mean(row["consensus"], row["consensus_tasks"]),
            "consensus_tasks": row["consensus_tasks"],
            "ground_truth_accuracy": _mean(row["truth"], row["truth_tasks"]),
            "ground_truth_tasks": row["truth_tasks"],
        }
        for row in connection.execute(query).mappings()
    ]


def consensus(connection: Connection, project: int, after: int, limit: int) -> list[dict[str, Any]]:
    """What most people said, by task: `winners` holds all answers that tie, by dimension."""
    table = agreement_task.c
    query = (
        select(table.task, table.compared, table.pairwise, table.consensus, table.winners)
        .where(table.project == project, table.task > after)
        .order_by(table.task)
        .limit(limit)
    )
    return [
        {
            "task": task,
            "answers": compared,
            "pairwise": _score(pairwise),
            "consensus": _score(found),
            "winners": orjson.loads(winners),
        }
        for task, compared, pairwise, found, winners in connection.execute(query)
    ]


def task_agreement_of(connection: Connection, task: int) -> dict[str, Any] | None:
    """One task's agreement: scores, by dimension too, and the matrix of everybody with everybody, truth included."""
    row = connection.execute(select(agreement_task).where(agreement_task.c.task == task)).first()
    if row is None:
        return None
    project = connection.execute(select(agreement_project).where(agreement_project.c.project == row.project)).one()
    config = parsed_config(project.label_config)
    settings = agreement_settings(project.settings)
    votes = votes_of(orjson.loads(row.answers), row.truth)
    answers: dict[Any, Any] = {
        person: {name: decode_value(value) for name, value in answer.items()}
        for person, answer in votes.compared.items()
    }
    found = task_agreement(answers, config, settings)
    if votes.truth is not None:
        answers["ground_truth"] = {name: decode_value(value) for name, value in votes.truth.items()}
    return {
        "task": task,
        "answers": len(votes.compared),
        "score": found.overall,
        "pairwise": found.pairwise,
        "consensus": found.consensus,
        "dimensions": dict(found.dimensions),
        "winners": orjson.loads(row.winners),
        "matrix": [
            {
                "one": one,
                "other": other,
                "agreement": task_agreement({0: answers[one], 1: answers[other]}, config, settings).pairwise,
            }
            for one, other in combinations(answers, 2)
        ],
    }


def _score(billionths: int | None) -> float | None:
    return None if billionths is None else from_billionths(billionths)


def _mean(billionths: int, count: int) -> float | None:
    return from_billionths(billionths) / count if count else None
