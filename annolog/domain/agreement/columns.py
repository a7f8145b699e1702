"""Answers of many people to many tasks as columns of numbers, which is how a million of them are counted quickly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from annolog.domain.labeling import Value, encode_value

# task -> annotator -> dimension -> value
CrowdAnswers: TypeAlias = "Mapping[int, Mapping[int, Mapping[str, Value]]]"
Integers: TypeAlias = "NDArray[np.int64]"
Numbers: TypeAlias = "NDArray[np.float64]"

# The code of an answer that leaves the dimension out.
OPEN = -1


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Who answered which task: one row for each answer, sorted by task and, within a task, by annotator.

    The rows of the task at place t are `starts[t]` to `starts[t] + sizes[t]`. `people` holds places in `annotators`.
    """

    tasks: tuple[int, ...]
    annotators: tuple[int, ...]
    starts: Integers
    sizes: Integers
    people: Integers

    @property
    def task_of_row(self) -> Integers:
        """The place of every row's task."""
        return np.repeat(np.arange(len(self.tasks), dtype=np.int64), self.sizes)


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """What the rows say in one dimension, as codes: places in `values`, which are in the order of their encodings."""

    codes: Integers
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """How often each value was given to each task, sorted by task and value; and per task, how often any."""

    task: Integers
    code: Integers
    count: Integers
    given: Integers


def as_answers(answers: CrowdAnswers) -> Answers:
    """The rows of these answers. The order in which they come does not matter."""
    tasks = tuple(sorted(answers))
    annotators = tuple(sorted({annotator for task in answers.values() for annotator in task}))
    places = {annotator: place for place, annotator in enumerate(annotators)}
    sizes = np.fromiter((len(answers[task]) for task in tasks), dtype=np.int64, count=len(tasks))
    people = [places[annotator] for task in tasks for annotator in sorted(answers[task])]
    starts = np.cumsum(sizes) - sizes
    return Answers(tasks, annotators, starts, sizes, np.array(people, dtype=np.int64))


def as_column(answers: CrowdAnswers, dimension: str) -> Column:
    """The codes of what everybody says in a dimension, in the order of `as_answers`."""
    found: dict[Value | None, int] = {}
    codes = [found.setdefault(value, len(found)) for value in _values(answers, dimension)]
    values = sorted((value for value in found if value is not None), key=encode_value)
    place_of = {value: place for place, value in enumerate(values)}
    ranks = [OPEN if value is None else place_of[value] for value in found]
    return Column(np.array(ranks, dtype=np.int64)[np.array(codes, dtype=np.int64)], tuple(values))


def _values(answers: CrowdAnswers, dimension: str) -> Iterator[Value | None]:
    for task in sorted(answers):
        people = answers[task]
        for annotator in sorted(people):
            yield people[annotator].get(dimension)


def tally_of(answers: Answers, column: Column) -> Tally:
    """Count the values of each task; an answer that is open gives none."""
    given = column.codes != OPEN
    task = answers.task_of_row[given]
    kinds = max(len(column.values), 1)
    keys, count = np.unique(task * kinds + column.codes[given], return_counts=True)
    return Tally(
        keys // kinds,
        keys % kinds,
        count.astype(np.int64),
        np.bincount(task, minlength=len(answers.tasks)).astype(np.int64),
    )


def sums_by(place: Integers, amounts: Integers, length: int) -> Integers:
    """The sum of the amounts at each place, exact for integers below 2^53."""
    return np.bincount(place, weights=amounts, minlength=length).astype(np.int64)


def as_floats(scores: Iterable[float | None]) -> Numbers:
    """Scores as numbers, with NaN for none."""
    return np.array([np.nan if score is None else score for score in scores], dtype=np.float64)


def or_none(scores: Numbers) -> Sequence[float | None]:
    """Numbers as scores, with none for NaN."""
    return [None if score != score else score for score in scores.tolist()]  # noqa: PLR0124
