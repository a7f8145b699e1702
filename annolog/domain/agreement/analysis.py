"""How well people agree, from all their answers at once: tasks, pairs of people, labels, and each dimension.

Nothing here is kept or updated: what a read model adds up answer by answer can be held against it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum
from typing import NamedTuple

import numpy as np

from annolog.domain.agreement.coefficients import Coefficient, Pattern
from annolog.domain.agreement.columns import (
    Answers,
    Column,
    CrowdAnswers,
    Numbers,
    Tally,
    as_answers,
    as_column,
    or_none,
    sums_by,
    tally_of,
)
from annolog.domain.agreement.label_agreement import LabelAgreement, label_agreement
from annolog.domain.agreement.methodology import Methodology, largest_group
from annolog.domain.agreement.metrics import Metric
from annolog.domain.agreement.pairing import PairMatrix, Pairs, PairScore, matches_of, pairs_of, scores_of
from annolog.domain.agreement.summary import coefficients, estimators
from annolog.domain.agreement.task_agreement import metric_of
from annolog.domain.labeling import Dimension, LabelingConfig, Value, encode_value
from annolog.domain.project.settings import AgreementSettings


class TaskScore(NamedTuple):
    """A task's scores in [0, 1] by both methodologies, and by the one in force; None where one is not defined."""

    pairwise: float | None
    consensus: float | None
    agreement: float | None


@dataclass(frozen=True, slots=True)
class Scores:
    """Agreement in one dimension, or over all of them weighted: per task, per pair of people, and in the mean.

    `tasks` holds the tasks that two people or more answered, as far as anybody said anything; the means are over those
    of them that have the score in question. In `pairs` the lower id comes first.
    """

    tasks: Mapping[int, TaskScore]
    pairwise: float | None
    consensus: float | None
    agreement: float | None
    compared: int
    pairs: Mapping[tuple[int, int], PairScore]


@dataclass(frozen=True, slots=True)
class DimensionAnalysis:
    """What one dimension shows. `winners` holds what most people said, by task, with every answer that ties."""

    dimension: Dimension
    metric: Metric
    weight: float
    scores: Scores
    labels: Mapping[str, LabelAgreement]
    coefficients: Mapping[str, Coefficient]
    winners: Mapping[int, tuple[Value, ...]]


@dataclass(frozen=True, slots=True)
class Analysis:
    """What all answers together show. `annotators` counts the people who answered each task."""

    methodology: Methodology
    annotators: Mapping[int, int]
    overall: Scores
    dimensions: Mapping[str, DimensionAnalysis]

    @property
    def agreement(self) -> float | None:
        """The mean over the tasks that two people or more answered, by the methodology in force."""
        return self.overall.agreement


def analyse(answers: CrowdAnswers, config: LabelingConfig, settings: AgreementSettings) -> Analysis:
    """Compare all answers (task -> annotator -> dimension -> value). Their order changes nothing.

    The rules are those of a single task: an answer that leaves a dimension out is compared as empty, as long as anybody
    answered it; dimensions count by their weights; pairs of people are always compared pairwise.
    """
    rows = as_answers(answers)
    parts = [_Part.of(rows, answers, dimension, settings) for dimension in config.dimensions]
    overall_pairs = PairMatrix(rows.annotators)
    for portion in pairs_of(rows):
        _compare(rows, portion, parts, overall_pairs)
    pairwise = _weighted([(part.weight, part.pairwise) for part in parts], len(rows.tasks))
    consensus = _weighted([(part.weight, part.consensus) for part in parts], len(rows.tasks))
    return Analysis(
        settings.methodology,
        dict(zip(rows.tasks, rows.sizes.tolist(), strict=True)),
        _scores(rows, pairwise, consensus, settings.methodology, overall_pairs),
        {part.dimension.name: part.finished(rows, settings.methodology) for part in parts},
    )


@dataclass(slots=True, eq=False)
class _Part:
    """One dimension while it is being analysed; scores by place of the task, NaN where there is none."""

    dimension: Dimension
    metric: Metric
    weight: float
    column: Column
    tally: Tally
    pairwise: Numbers
    consensus: Numbers
    pairs: PairMatrix

    @classmethod
    def of(cls, rows: Answers, answers: CrowdAnswers, dimension: Dimension, settings: AgreementSettings) -> _Part:
        metric = metric_of(dimension, settings)
        column = as_column(answers, dimension.name)
        tally = tally_of(rows, column)
        if metric.equality:
            pairwise, consensus = _scores_of_groups(rows, tally)
        else:
            pairwise, consensus = (np.full(len(rows.tasks), np.nan) for _ in range(2))
        weight = settings.weights.get(dimension.name, 1.0)
        return cls(dimension, metric, weight, column, tally, pairwise, consensus, PairMatrix(rows.annotators))

    def finished(self, rows: Answers, methodology: Methodology) -> DimensionAnalysis:
        return DimensionAnalysis(
            self.dimension,
            self.metric,
            self.weight,
            _scores(rows, self.pairwise, self.consensus, methodology, self.pairs),
            label_agreement(rows, self.column, self.tally, self.dimension, self.metric),
            coefficients(_patterns(self), estimators(self.dimension)) if self.dimension.categorical else {},
            _winners(rows, self.column, self.tally),
        )


def _scores_of_groups(rows: Answers, tally: Tally) -> tuple[Numbers, Numbers]:
    """Both scores where only the same answers match: people fall into groups, and no pair need be looked at.

    Those who left the dimension open are a group too.
    """
    defined = (rows.sizes > 1) & (tally.given > 0)
    open_answers = rows.sizes - tally.given
    alike = sums_by(tally.task, tally.count * (tally.count - 1) // 2, len(rows.tasks))
    alike += open_answers * (open_answers - 1) // 2
    largest = open_answers.copy()
    np.maximum.at(largest, tally.task, tally.count)
    pairs = np.where(defined, rows.sizes * (rows.sizes - 1) // 2, 1)
    return np.where(defined, alike / pairs, np.nan), np.where(defined, largest / np.maximum(rows.sizes, 1), np.nan)


def _compare(rows: Answers, portion: Pairs, parts: list[_Part], overall: PairMatrix) -> None:
    """Score a portion of pairs in every dimension: for the matrices of pairs, and for tasks with no shorter way."""
    one, other = rows.people[portion.one], rows.people[portion.other]
    weighted, weights = np.zeros(one.shape), np.zeros(len(portion.tasks))
    for part in parts:
        defined = part.tally.given[portion.tasks] > 0
        scores = scores_of(portion, part.column, part.metric)
        part.pairs.add(one[defined].ravel(), other[defined].ravel(), scores[defined].ravel())
        weighted += np.where(defined[:, None], part.weight * scores, 0.0)
        weights += np.where(defined, part.weight, 0.0)
        if not part.metric.equality:
            tasks = portion.tasks[defined]
            part.pairwise[tasks] = scores[defined].mean(axis=1)
            if part.metric.binary:
                matches = matches_of(scores[defined], portion.size)
                part.consensus[tasks] = [largest_group(match) / portion.size for match in matches]
    counted = weights > 0
    means = weighted[counted] / weights[counted][:, None]
    overall.add(one[counted].ravel(), other[counted].ravel(), means.ravel())


def _weighted(parts: list[tuple[float, Numbers]], tasks: int) -> Numbers:
    """The weighted mean over the dimensions that have a score, by task."""
    total, weights = np.zeros(tasks), np.zeros(tasks)
    for weight, scores in parts:
        defined = ~np.isnan(scores)
        total += np.where(defined, weight * scores, 0.0)
        weights += np.where(defined, weight, 0.0)
    return np.where(weights > 0, total / np.where(weights > 0, weights, 1.0), np.nan)


def _scores(
    rows: Answers, pairwise: Numbers, consensus: Numbers, methodology: Methodology, pairs: PairMatrix
) -> Scores:
    in_force = pairwise if methodology is Methodology.PAIRWISE else consensus
    there = np.flatnonzero(~np.isnan(pairwise) | ~np.isnan(consensus))
    scored = zip(or_none(pairwise[there]), or_none(consensus[there]), or_none(in_force[there]), strict=True)
    tasks = {rows.tasks[place]: TaskScore(*scores) for place, scores in zip(there.tolist(), scored, strict=True)}
    compared = int(np.count_nonzero(~np.isnan(in_force)))
    return Scores(tasks, _mean(pairwise), _mean(consensus), _mean(in_force), compared, pairs.result())


def _mean(scores: Numbers) -> float | None:
    defined = scores[~np.isnan(scores)].tolist()
    return fsum(defined) / len(defined) if defined else None


def _patterns(part: _Part) -> Mapping[Pattern, int]:
    """Who said what as counts alone: how many tasks have the same answers, given by as many people each."""
    texts = [encode_value(value) for value in part.column.values]
    answers = list(zip(part.tally.code.tolist(), part.tally.count.tolist(), strict=True))
    ends = np.cumsum(np.bincount(part.tally.task, minlength=len(part.tally.given))).tolist()
    patterns = Counter(tuple(answers[start:end]) for start, end in zip([0, *ends], ends, strict=False) if end > start)
    return {tuple((texts[code], count) for code, count in pattern): times for pattern, times in patterns.items()}


def _winners(rows: Answers, column: Column, tally: Tally) -> Mapping[int, tuple[Value, ...]]:
    """What most people said, by task, with every answer that ties in the order of their encodings."""
    most = np.zeros(len(rows.tasks), dtype=np.int64)
    np.maximum.at(most, tally.task, tally.count)
    winning = tally.count == most[tally.task]
    alone = [(value,) for value in column.values]
    winners: dict[int, tuple[Value, ...]] = {}
    for place, code in zip(tally.task[winning].tolist(), tally.code[winning].tolist(), strict=True):
        task = rows.tasks[place]
        winners[task] = winners[task] + alone[code] if task in winners else alone[code]
    return winners
