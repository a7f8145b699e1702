"""Answers held against the ground truth one by one, with the scores that people's skills are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, select

from annolog.domain.agreement.trillionths import from_trillionths
from annolog.domain.refusals import NotFound
from annolog.domain.skills.credits import Measuring, measuring_of
from annolog.domain.skills.skill import Source
from annolog.projections.agreement.answers import ANNOTATOR, DELETED, GONE, VALUES, compared_in
from annolog.projections.skills.answers import given
from annolog.projections.skills.queries import measured, shown
from annolog.projections.skills.tables import skill_project, skill_task


def of_annotation(connection: Connection, project: int, task: int, annotation: int) -> dict[str, Any]:
    """One answer, as its author gave it, and the truth: alike by how much, overall and by control, in [0, 1].

    Any that was not deleted, also one that counts for nothing since it was rejected. Refused where there is none, or
    no truth.
    """
    found = connection.execute(select(skill_task).where(skill_task.c.task == task)).mappings().first()
    answers: dict[str, Any] = orjson.loads(found["answers"]) if found else {}
    answer = answers.get(str(annotation))
    if found is None or answer is None or answer[DELETED]:
        raise NotFound(f"Task {task} has no annotation {annotation}.")
    true = _truth(found, answers)
    if true is None:
        raise NotFound(f"Task {task} has no ground truth.")
    measuring = _measuring(connection, project)
    return {
        "task": task,
        "annotation": annotation,
        "person": answer[ANNOTATOR],
        "truth": found["truth"],
        "is_truth": annotation == found["truth"],
        **_scores(answer, true, measuring),
    }


def of_person(connection: Connection, project: int, person: int, after: int, limit: int) -> dict[str, Any]:
    """The answers of somebody to tasks of which the truth is known, by task, and the mean over all of them with its
    95% interval: the same skill that rules and dashboards have.
    """
    rows = list(_of_person(connection, project, person, after, limit))
    skill = measured(connection, project, [person], Source.GROUND_TRUTH, None).get(person)
    return {
        "project": project,
        "person": person,
        "mean": shown(skill),
        "tasks": rows,
        "next": rows[-1]["task"] if len(rows) == limit else None,
    }


def _of_person(connection: Connection, project: int, person: int, after: int, limit: int) -> Iterator[dict[str, Any]]:
    measuring, table = _measuring(connection, project), skill_task.c
    query = select(skill_task).where(table.project == project, table.truth.is_not(None), table.task > after)
    found = 0
    for row in connection.execute(query.order_by(table.task)).mappings():
        answers = orjson.loads(row["answers"])
        true = _truth(row, answers)
        if true is None or true[ANNOTATOR] == person:
            continue
        for annotation, answer in compared_in(answers, row["truth"]):
            if answer[ANNOTATOR] == person:
                yield {"task": row["task"], "annotation": annotation, **_scores(answer, true, measuring)}
                found += 1
        if found >= limit:
            return


def _truth(row: Mapping[Any, Any], answers: Mapping[str, Any]) -> Sequence[Any] | None:
    true: Sequence[Any] | None = answers.get(str(row["truth"])) if not answers.get(GONE) else None
    return None if true is None or true[DELETED] else true


def _measuring(connection: Connection, project: int) -> Measuring:
    table = skill_project.c
    row = connection.execute(select(table.label_config, table.settings).where(table.project == project)).first()
    if row is None:
        raise NotFound(f"There is no project {project}.")
    return measuring_of(row.label_config, row.settings)


def _scores(answer: Any, true: Sequence[Any], measuring: Measuring) -> dict[str, Any]:
    said, day = given(answer, measuring)
    comparison = measuring.comparison
    scores = comparison.held_against(said, comparison.answer_of(true[VALUES]))
    return {
        "day": day,
        "score": _share(comparison.together(scores)),
        "dimensions": {name: _share(score) for name, score in zip(comparison.names, scores, strict=True)},
    }


def _share(score: int | None) -> float | None:
    return None if score is None else from_trillionths(score)
