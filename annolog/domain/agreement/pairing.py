"""Every pair of answers to the same task: how alike they are, in one dimension and over all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from annolog.domain.agreement.columns import OPEN, Answers, Column, Integers, Numbers
from annolog.domain.agreement.metrics import Metric

# Pairs looked at together: enough for numpy to be quick, few enough to fit in some tens of megabytes.
PAIRS_AT_ONCE = 500_000


class PairScore(NamedTuple):
    """How alike two people answered, and over how many tasks that both have."""

    tasks: int
    agreement: float


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """All pairs of answers of some tasks with the same number of answers: a row a task, a column a pair.

    `one` and `other` are rows of the answers, that of the annotator with the lower id first.
    """

    tasks: Integers
    size: int
    one: Integers
    other: Integers


def pairs_of(answers: Answers) -> Iterator[Pairs]:
    """Every pair of every task, by portions; tasks with one answer have none."""
    for size in np.unique(answers.sizes).tolist():
        if size < 2:
            continue
        first, second = np.triu_indices(size, 1)
        tasks = np.flatnonzero(answers.sizes == size)
        step = max(1, PAIRS_AT_ONCE // len(first))
        for begin in range(0, len(tasks), step):
            portion = tasks[begin : begin + step]
            starts = answers.starts[portion][:, None]
            yield Pairs(portion, size, starts + first, starts + second)


def scores_of(pairs: Pairs, column: Column, metric: Metric) -> Numbers:
    """How alike the answers of each pair are. Two open answers are alike, an open one is like no other."""
    one, other = column.codes[pairs.one], column.codes[pairs.other]
    scores: Numbers = (one == other).astype(np.float64)
    if metric.equality:
        return scores
    scores[(one == OPEN) != (other == OPEN)] = 0.0
    given = (one != OPEN) & (other != OPEN)
    kinds = max(len(column.values), 1)
    asked, place = np.unique(one[given] * kinds + other[given], return_inverse=True)
    known = [metric.score(column.values[key // kinds], column.values[key % kinds]) for key in asked.tolist()]
    scores[given] = np.array(known, dtype=np.float64)[place]
    return scores


def matches_of(scores: Numbers, size: int) -> Iterator[Sequence[Sequence[bool]]]:
    """For each task, who matches whom, as `largest_group` takes it."""
    first, second = np.triu_indices(size, 1)
    for row in scores >= 1.0:
        matrix: NDArray[np.bool_] = np.eye(size, dtype=np.bool_)
        matrix[first, second] = row
        matrix[second, first] = row
        yield matrix.tolist()


@dataclass(slots=True)
class PairMatrix:
    """Gathers how alike every two people answer, portion by portion."""

    annotators: tuple[int, ...]
    _keys: list[Integers] = field(default_factory=list)
    _sums: list[Numbers] = field(default_factory=list)
    _counts: list[Integers] = field(default_factory=list)

    def add(self, one: Integers, other: Integers, scores: Numbers) -> None:
        """Take in scores of pairs of people, who are places in `annotators`."""
        self._gather(one * len(self.annotators) + other, scores, np.ones(len(scores), dtype=np.int64))

    def _gather(self, keys: Integers, scores: Numbers, counts: Integers) -> None:
        found, place = np.unique(keys, return_inverse=True)
        self._keys.append(found)
        self._sums.append(np.bincount(place, weights=scores, minlength=len(found)).astype(np.float64))
        self._counts.append(np.bincount(place, weights=counts, minlength=len(found)).astype(np.int64))

    def result(self) -> Mapping[tuple[int, int], PairScore]:
        """The mean over the tasks that both have, by pair, the lower id first."""
        if not self._keys:
            return {}
        keys, sums, counts = np.concatenate(self._keys), np.concatenate(self._sums), np.concatenate(self._counts)
        self._keys, self._sums, self._counts = [], [], []
        self._gather(keys, sums, counts)
        people = len(self.annotators)
        means = (self._sums[0] / self._counts[0]).tolist()
        return {
            (self.annotators[key // people], self.annotators[key % people]): PairScore(count, mean)
            for key, count, mean in zip(self._keys[0].tolist(), self._counts[0].tolist(), means, strict=True)
        }
