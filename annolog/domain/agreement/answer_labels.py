"""The labels that an answer holds, and how well people agree on each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from annolog.domain.agreement.columns import Answers, Column, Tally
from annolog.domain.labeling import Dimension, DimensionKind, Value
from annolog.domain.labeling.values import PATH_SEPARATOR

LabelsOf: TypeAlias = Callable[[Value], "frozenset[str]"]


@dataclass(frozen=True, slots=True)
class LabelAgreement:
    """How well people agree on one label; None where no task that has it was answered by two.

    `answers` hold the label, in `tasks` tasks, among those with two answers or more.
    """

    agreement: float | None
    answers: int
    tasks: int


def labels_of(dimension: Dimension) -> LabelsOf:
    """What reads the labels out of an answer: none from numbers, texts and rankings, the labels of all its regions."""
    if dimension.kind is DimensionKind.REGION:
        return region_labels
    read = _BY_KIND.get(dimension.kind, no_labels)
    return _of_each_region(read) if dimension.per_region else read


def no_labels(_: Value) -> frozenset[str]:
    """None: the answer is no choice among labels."""
    return frozenset()


def chosen_labels(value: Value) -> frozenset[str]:
    """The one label, or all labels of a set."""
    if isinstance(value, str):
        return frozenset((value,))
    return frozenset(part for part in value if isinstance(part, str)) if isinstance(value, tuple) else frozenset()


def path_labels(value: Value) -> frozenset[str]:
    """Every path of a taxonomy in one text."""
    paths = value if isinstance(value, tuple) else ()
    return frozenset(PATH_SEPARATOR.join(map(str, path)) for path in paths if isinstance(path, tuple))


def region_labels(value: Value) -> frozenset[str]:
    """The labels of all regions that were drawn."""
    regions = value if isinstance(value, tuple) else ()
    return frozenset(label for region in regions for label in labels_of_region(region))


def labels_of_region(region: Value) -> frozenset[str]:
    """The labels of one region."""
    parts = region if isinstance(region, tuple) else ()
    found = [part[1] for part in parts if isinstance(part, tuple) and len(part) == 2 and part[0] == "labels"]
    return chosen_labels(found[0]) if found else frozenset()


def _of_each_region(read: LabelsOf) -> LabelsOf:
    def labels(value: Value) -> frozenset[str]:
        answers = value if isinstance(value, tuple) else ()
        pairs = [answer for answer in answers if isinstance(answer, tuple) and len(answer) == 2]
        return frozenset(label for _, answer in pairs for label in read(answer))

    return labels


_BY_KIND: Mapping[DimensionKind, LabelsOf] = {
    DimensionKind.SINGLE_CHOICE: chosen_labels,
    DimensionKind.MULTIPLE_CHOICE: chosen_labels,
    DimensionKind.PAIRWISE: chosen_labels,
    DimensionKind.TAXONOMY: path_labels,
}


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
