"""Where agreement is missing: how scores are spread, what is taken for what, and whom and which tasks it comes from.

Worked out from the answers of a project when somebody asks, in time that grows with them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import Connection, or_, select

from annolog.domain.agreement.answer_labels import WITH_LABELS, labels_of
from annolog.domain.agreement.confusion import (
    Comparison,
    Confusion,
    Mode,
    by_labels,
    by_regions,
    confusion_of_all,
    confusion_with_accepted,
    confusion_with_truth,
)
from annolog.domain.agreement.distribution import distribution
from annolog.domain.agreement.explanation import explain
from annolog.domain.agreement.metrics.overlap import overlap_of_forms
from annolog.domain.agreement.share import ballot_of
from annolog.domain.agreement.task_agreement import metric_of
from annolog.domain.agreement.trillionths import from_trillionths
from annolog.domain.labeling import Dimension, DimensionKind, Value, decode_value
from annolog.domain.refusals import Fault, InvalidInput, NotFound
from annolog.projections.agreement.answers import accepted_in, votes_in
from annolog.projections.agreement.controls import dimension_of
from annolog.projections.agreement.queries import definition_of, project_of, tasks_of
from annolog.projections.agreement.tables import agreement_task

NO_LABELS = "the answers carry no labels of which one could be taken for another"
NOTHING_TO_COMPARE = {
    Mode.ALL: "no task has two answers",
    Mode.ACCEPTED: "no task has an accepted answer and another one",
    Mode.GROUND_TRUTH: "no task has a ground truth and an answer",
}

__all__ = ["Mode", "confused", "explained", "labels", "spread"]


def spread(connection: Connection, project: int, threshold: float, definition: int | None = None) -> dict[str, Any]:
    """Tasks in ten buckets of agreement, how many are under the threshold, and the mean."""
    row = project_of(connection, project)
    number = definition_of(row, definition).number if row is not None else 0
    if row is not None and number not in (row["definition"], row["proposal"]):
        raise NotFound(
            f"Scores of tasks are kept by the definition in force and a proposed one, no longer by {number}."
        )
    table = agreement_task.c
    query = select(table.definition, table.score, table.other_score).where(
        table.project == project, or_(table.definition == number, table.other_definition == number)
    )
    scores = [score if first == number else other for first, score, other in connection.execute(query)]
    found = distribution([from_trillionths(score) for score in scores if score is not None], threshold)
    return {
        "definition": number,
        "tasks": found.count,
        "buckets": list(found.buckets),
        "threshold": found.threshold,
        "low": found.low,
        "mean": found.mean,
    }


def confused(
    connection: Connection, project: int, dimension: str, mode: Mode, most: int = 20, person: int | None = None
) -> dict[str, Any]:
    """Which labels are taken for which, or why that cannot be said. `null` stands for nothing in its place.

    With `person` it is what that one takes for what, in columns: refused where nobody is right rather than others.
    """
    if person is not None and mode is Mode.ALL:
        message = "is held against accepted work or the truth: mode is accepted or ground_truth"
        raise InvalidInput(f"query/person {message}", faults=[Fault("query/person", message)])
    _, found = dimension_of(connection, project, dimension)
    answers: dict[int, Mapping[int, Value | None]] = {}
    accepted: dict[int, set[int]] = {}
    truths: dict[int, Value | None] = {}
    for task in tasks_of(connection, project):
        known = orjson.loads(task["answers"])
        votes = votes_in(task, known)
        ballot = ballot_of(votes.compared, found)
        in_truth = votes.truth is not None and found.name in votes.truth
        if not in_truth and all(value is None for value in ballot.values()):
            continue
        answers[task["task"]] = ballot
        accepted[task["task"]] = set(accepted_in(task, known))
        if votes.truth is not None:
            value = votes.truth.get(found.name)
            truths[task["task"]] = None if value is None else decode_value(value)
    compare = _comparison(found)
    match mode:
        case Mode.ALL:
            matrix = confusion_of_all(answers, compare)
        case Mode.ACCEPTED:
            matrix = confusion_with_accepted(answers, accepted, compare, person)
        case Mode.GROUND_TRUTH:
            matrix = confusion_with_truth(answers, truths, compare, person)
    reason = None if matrix.comparisons else NOTHING_TO_COMPARE[mode]
    if found.kind not in WITH_LABELS:
        reason = NO_LABELS
    return {"dimension": dimension, "reason": reason, **_shown(matrix, most)}


def explained(connection: Connection, project: int, dimension: str, most: int) -> dict[str, Any]:
    """The people, pairs of labels and tasks that missing agreement comes from, the largest first."""
    row, found = dimension_of(connection, project, dimension)
    answers = {
        task["task"]: ballot_of(votes_in(task, orjson.loads(task["answers"])).compared, found)
        for task in tasks_of(connection, project)
        if task["compared"] > 1
    }
    explanation = explain(answers, metric_of(found, definition_of(row, None).settings), labels_of(found))
    return {
        "dimension": dimension,
        "agreement": explanation.agreement,
        "tasks_compared": explanation.compared,
        "annotators": [
            {
                "person": effect.annotator,
                "tasks": effect.tasks,
                "agreement": effect.agreement,
                "without": effect.without,
                "difference": effect.difference,
            }
            for effect in explanation.annotators[:most]
        ],
        "labels": [
            {"one": conflict.one, "other": conflict.other, "pairs": conflict.pairs, "share": conflict.share}
            for conflict in explanation.labels[:most]
        ],
        "tasks": [
            {"task": share.task, "agreement": share.agreement, "share": share.share}
            for share in explanation.tasks[:most]
        ],
    }


def labels(connection: Connection, project: int, dimension: str) -> dict[str, Any]:
    """How often each label was given: in annotations, in tasks, and in the latest predictions of models."""
    _, found = dimension_of(connection, project, dimension)
    read = labels_of(found)
    annotations: Counter[str] = Counter()
    tasks: Counter[str] = Counter()
    predictions: Counter[str] = Counter()
    answered = 0
    for task in tasks_of(connection, project):
        given = [
            read(value)
            for value in ballot_of(votes_in(task, orjson.loads(task["answers"])).compared, found).values()
            if value is not None
        ]
        answered += len(given)
        annotations.update(label for held in given for label in held)
        tasks.update(frozenset().union(*given))
        for values in orjson.loads(task["predictions"]).values():
            if (value := values.get(found.name)) is not None:
                predictions.update(read(decode_value(value)))
    # Answers name a place in a taxonomy by its path, the config by its last step alone.
    configured = () if found.kind is DimensionKind.TAXONOMY else found.labels
    known = sorted({*annotations, *predictions, *configured})
    return {
        "dimension": dimension,
        "reason": None if found.kind in WITH_LABELS else NO_LABELS,
        "annotations": answered,
        "labels": [
            {
                "label": label,
                "annotations": annotations[label],
                "share": annotations[label] / answered if answered else None,
                "tasks": tasks[label],
                "predictions": predictions[label],
            }
            for label in known
        ],
    }


def _comparison(dimension: Dimension) -> Comparison:
    if dimension.kind is DimensionKind.REGION:
        return by_regions(overlap_of_forms)
    return by_labels(labels_of(dimension))


def _shown(matrix: Confusion, most: int) -> dict[str, Any]:
    ordered = sorted(matrix.counts.items(), key=lambda cell: tuple(label or "" for label in cell[0]))
    return {
        "mode": matrix.mode.value,
        "comparisons": matrix.comparisons,
        "labels": list(matrix.labels),
        "cells": [{"row": row, "column": column, "count": count} for (row, column), count in ordered],
        "quality": {
            label: {"precision": found.precision, "recall": found.recall, "f1": found.f1}
            for label, found in matrix.quality().items()
        },
        "confusions": [
            {"row": one.row, "column": one.column, "count": one.count, "share": one.share}
            for one in matrix.confusions()[:most]
        ],
    }
