"""How well people agree on each label by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from annolog.domain.agreement.answer_labels import LabelsOf
from annolog.domain.agreement.columns import Answers, Column, Tally


@dataclass(frozen=True, slots=True)
class LabelAgreement:
    """How well people agree on one label; None where no task that has it was answered by two.

    `answers` hold the label, in `tasks` tasks, among those with two answers or more.
    """

    agreement: float | None
    answers: int
    tasks: int


def label_agreement(answers: Answers, column: Column, tally: Tally, read: LabelsOf) -> Mapping[str, LabelAgreement]:
    """Of those who gave a label and their companions, the share of companions who gave it too.

    The proportion of specific agreement (Fleiss, Levin and Paik 2003, "Statistical Methods for Rates and Proportions",
    section 18.1, for two raters, pooled over tasks with any number of them): sum(k * (k - 1)) / sum(k * (n - 1)), where
    k of the n people who answered a task gave the label. Whoever left the dimension open gave none.
    """
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
    label = keys % len(labels)
    companions = answers.sizes[keys // len(labels)] - 1
    agreeing = np.bincount(label, weights=givers * (givers - 1), minlength=len(labels))
    possible = np.bincount(label, weights=givers * companions, minlength=len(labels))
    total = np.bincount(label, weights=givers, minlength=len(labels))
    tasks = np.bincount(label, minlength=len(labels))
    return {
        name: LabelAgreement(
            float(agreeing[index] / possible[index]) if possible[index] else None, int(total[index]), int(tasks[index])
        )
        for index, name in enumerate(labels)
    }
