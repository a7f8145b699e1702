"""How well people agree on each label by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum

import numpy as np

from annolog.domain.agreement.answer_labels import WITH_LABELS, LabelsOf, labels_of
from annolog.domain.agreement.columns import Answers, Column, Tally
from annolog.domain.agreement.metrics import Metric
from annolog.domain.agreement.per_label import label_scores
from annolog.domain.labeling import Dimension, DimensionKind, Value


@dataclass(frozen=True, slots=True)
class LabelAgreement:
    """How well people agree on one label; None where no task that has it was answered by two.

    `answers` hold the label, in `tasks` tasks, among those with two answers or more.
    """

    agreement: float | None
    answers: int
    tasks: int


def label_agreement(
    answers: Answers, column: Column, tally: Tally, dimension: Dimension, metric: Metric
) -> Mapping[str, LabelAgreement]:
    """By label, the mean over the tasks in which anybody gave it of the score of the pairs that it concerns.

    It concerns the pairs of whom at least one gave it: of n people, k of whom did, n(n-1)/2 - (n-k)(n-k-1)/2 pairs.
    Where labels are chosen, the k(k-1)/2 pairs of whom both did agree; where they are drawn, the metric says how much.
    """
    if dimension.per_region or dimension.kind not in WITH_LABELS:
        return {}
    if dimension.kind is DimensionKind.REGION:
        return _drawn(answers, column, tally, dimension, metric)
    return _chosen(answers, column, tally, labels_of(dimension))


def _chosen(answers: Answers, column: Column, tally: Tally, read: LabelsOf) -> Mapping[str, LabelAgreement]:
    by_code = [sorted(read(value)) for value in column.values]
    labels = sorted({label for held in by_code for label in held})
    if not labels:
        return {}
    places = {label: place for place, label in enumerate(labels)}
    held = np.array([places[label] for labels_held in by_code for label in labels_held], dtype=np.int64)
    many = np.array([len(labels_held) for labels_held in by_code], dtype=np.int64)
    first = np.cumsum(many) - many
    compared = answers.sizes[tally.task] > 1
    task, code, count = tally.task[compared], tally.code[compared], tally.count[compared]
    rows = np.repeat(np.arange(len(code), dtype=np.int64), many[code])
    within = np.arange(len(rows), dtype=np.int64) - np.repeat(np.cumsum(many[code]) - many[code], many[code])
    keys, place = np.unique(task[rows] * len(labels) + held[first[code[rows]] + within], return_inverse=True)
    givers = np.bincount(place, weights=count[rows], minlength=len(keys))
    label, people = keys % len(labels), answers.sizes[keys // len(labels)]
    others = people - givers
    concerned = people * (people - 1) / 2 - others * (others - 1) / 2
    scores = np.bincount(label, weights=givers * (givers - 1) / 2 / concerned, minlength=len(labels))
    total = np.bincount(label, weights=givers, minlength=len(labels))
    tasks = np.bincount(label, minlength=len(labels))
    return {
        name: LabelAgreement(
            float(scores[index] / tasks[index]) if tasks[index] else None, int(total[index]), int(tasks[index])
        )
        for index, name in enumerate(labels)
    }


def _drawn(
    answers: Answers, column: Column, tally: Tally, dimension: Dimension, metric: Metric
) -> Mapping[str, LabelAgreement]:
    by_task: dict[int, list[Value]] = {}
    for task, code, count in zip(tally.task.tolist(), tally.code.tolist(), tally.count.tolist(), strict=True):
        by_task.setdefault(task, []).extend([column.values[code]] * count)
    scores: dict[str, list[float]] = {}
    givers: dict[str, int] = {}
    for task, given in by_task.items():
        values: list[Value | None] = [*given, *([None] * (int(answers.sizes[task]) - len(given)))]
        for label, score in label_scores(values, dimension.kind, metric).items():
            scores.setdefault(label, []).append(score)
            givers[label] = givers.get(label, 0) + sum(label in labels_of(dimension)(value) for value in given)
    return {
        label: LabelAgreement(fsum(found) / len(found), givers[label], len(found))
        for label, found in sorted(scores.items())
    }
