"""Where missing agreement comes from: which people, which labels, which tasks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import fsum
from typing import TypeAlias

from annolog.domain.agreement.answer_labels import LabelsOf, chosen_labels
from annolog.domain.agreement.metrics import Metric
from annolog.domain.labeling import Value

# task -> annotator -> what they say in the dimension
DimensionAnswers: TypeAlias = "Mapping[int, Mapping[int, Value | None]]"
# A label, or none where nobody stands against it.
LabelPair: TypeAlias = "tuple[str | None, str | None]"


@dataclass(frozen=True, slots=True)
class AnnotatorEffect:
    """What one person does to the mean agreement. `difference`, without minus with them, is positive if they lower it.

    `tasks` and `agreement` are over the tasks that they share with others. `without` is None where no task is left that
    two other people answered.
    """

    annotator: int
    tasks: int
    agreement: float
    without: float | None
    difference: float | None


@dataclass(frozen=True, slots=True)
class LabelConflict:
    """Two labels that stand against each other: in how many pairs of answers, and the share of all pairs that differ.

    A label that the other side says nothing against stands against None. Pairs of answers with several such pairs of
    labels are divided among them equally; those that differ in no label, but in where it is, are in the whole alone.
    """

    one: str | None
    other: str | None
    pairs: float
    share: float


@dataclass(frozen=True, slots=True)
class TaskShare:
    """How much of all missing agreement, 1 minus the score, is missing in one task."""

    task: int
    agreement: float
    share: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Most weighty first, ties by id. `agreement` is the mean over the `compared` tasks, None where there is none."""

    agreement: float | None
    compared: int
    annotators: tuple[AnnotatorEffect, ...]
    labels: tuple[LabelConflict, ...]
    tasks: tuple[TaskShare, ...]


def explain(answers: DimensionAnswers, metric: Metric, labels_of: LabelsOf = chosen_labels) -> Explanation:
    """Take the pairwise agreement in one dimension apart. Every pair of answers is compared once.

    Counted are the tasks that two people answered and in which anybody said anything, as agreement counts them.
    """
    tasks = [_Task.of(task, answers[task], metric) for task in sorted(answers) if _says_anything(answers[task])]
    if not tasks:
        return Explanation(None, 0, (), (), ())
    agreement = fsum(task.score for task in tasks) / len(tasks)
    return Explanation(
        agreement, len(tasks), _effects(tasks, agreement), _conflicts(tasks, answers, labels_of), _shares(tasks)
    )


def _says_anything(task: Mapping[int, Value | None]) -> bool:
    return len(task) > 1 and any(value is not None for value in task.values())


@dataclass(frozen=True, slots=True)
class _Task:
    """The scores of all pairs of a task, the lower id first, and who alone gave an answer, if one person did."""

    task: int
    people: tuple[int, ...]
    scores: Mapping[tuple[int, int], float]
    score: float
    only_giver: int | None

    @classmethod
    def of(cls, task: int, answers: Mapping[int, Value | None], metric: Metric) -> _Task:
        people = tuple(sorted(answers))
        scores = {pair: metric.score(answers[pair[0]], answers[pair[1]]) for pair in combinations(people, 2)}
        givers = [person for person in people if answers[person] is not None]
        only_giver = givers[0] if len(givers) == 1 else None
        return cls(task, people, scores, fsum(scores.values()) / len(scores), only_giver)

    def by_annotator(self) -> Iterator[tuple[int, float, float | None]]:
        """Each person, their mean score with the others, and the task's score without them, if it has one then."""
        sums: dict[int, list[float]] = {person: [] for person in self.people}
        for (one, other), score in self.scores.items():
            sums[one].append(score)
            sums[other].append(score)
        total = fsum(self.scores.values())
        others = len(self.people) - 1
        for person, scores in sums.items():
            own = fsum(scores)
            left = len(self.scores) - others
            without = (total - own) / left if left and person != self.only_giver else None
            yield person, own / others, without


def _effects(tasks: list[_Task], agreement: float) -> tuple[AnnotatorEffect, ...]:
    own: dict[int, list[float]] = {}
    changes: dict[int, list[float]] = {}
    lost: dict[int, int] = {}
    for task in tasks:
        for person, mean, without in task.by_annotator():
            own.setdefault(person, []).append(mean)
            changes.setdefault(person, []).append((0.0 if without is None else without) - task.score)
            lost[person] = lost.get(person, 0) + (without is None)
    total = fsum(task.score for task in tasks)
    effects = []
    for person, means in own.items():
        left = len(tasks) - lost[person]
        without = (total + fsum(changes[person])) / left if left else None
        difference = None if without is None else without - agreement
        effects.append(AnnotatorEffect(person, len(means), fsum(means) / len(means), without, difference))
    # Rounded for the order alone, so that noise in the last bits does not decide a tie.
    return tuple(sorted(effects, key=lambda effect: (-round(effect.difference or 0.0, 12), effect.annotator)))


def _conflicts(tasks: list[_Task], answers: DimensionAnswers, labels_of: LabelsOf) -> tuple[LabelConflict, ...]:
    pairs: dict[LabelPair, list[float]] = {}
    differing = 0
    for task in tasks:
        values = answers[task.task]
        labels = {person: _labels(values[person], labels_of) for person in task.people}
        for (one, other), score in task.scores.items():
            if score >= 1:
                continue
            differing += 1
            against = _against(labels[one], labels[other])
            for conflict in against:
                pairs.setdefault(conflict, []).append(1 / len(against))
    conflicts = [LabelConflict(*pair, fsum(parts), fsum(parts) / differing) for pair, parts in pairs.items()]
    return tuple(sorted(conflicts, key=lambda found: (-round(found.pairs, 9), found.one or "", found.other or "")))


def _labels(value: Value | None, labels_of: LabelsOf) -> frozenset[str]:
    return frozenset() if value is None else labels_of(value)


def _against(one: frozenset[str], other: frozenset[str]) -> list[LabelPair]:
    """Which labels stand against which: those that only one side has against those that only the other has."""
    mine, theirs = sorted(one - other), sorted(other - one)
    if mine and theirs:
        return [(min(left, right), max(left, right)) for left in mine for right in theirs]
    return [(label, None) for label in mine or theirs]


def _shares(tasks: list[_Task]) -> tuple[TaskShare, ...]:
    missing = fsum(1 - task.score for task in tasks)
    shares = [TaskShare(task.task, task.score, (1 - task.score) / missing if missing else 0.0) for task in tasks]
    return tuple(sorted(shares, key=lambda share: (-round(share.share, 12), share.task)))
