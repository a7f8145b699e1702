"""Which labels are taken for which: a confusion matrix over the labels of choices, taxonomies and regions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from math import fsum
from typing import TypeAlias

from annolog.domain.agreement.answer_labels import LabelsOf, chosen_labels, labels_of_region
from annolog.domain.agreement.metrics.per_region import is_region
from annolog.domain.labeling import Region, Value

# A label, or None for nothing in its place.
Label: TypeAlias = "str | None"
Cell: TypeAlias = "tuple[Label, Label]"
Cells: TypeAlias = "Mapping[Cell, float]"
# From two answers, that of the row first, to what they add to the matrix.
Comparison: TypeAlias = Callable[["Value | None", "Value | None"], Cells]
# How much two regions overlap, in [0, 1], whatever their labels.
Overlap: TypeAlias = Callable[[Region, Region], float]
DimensionAnswers: TypeAlias = "Mapping[int, Mapping[int, Value | None]]"


class Mode(StrEnum):
    """What is compared with what, in rows and columns.

    ALL: every two annotators of a task, in both directions, so the matrix is symmetric. ACCEPTED: accepted annotations
    in rows, the other annotators of their task in columns. GROUND_TRUTH: the truth in rows, annotators in columns.
    """

    ALL = "all"
    ACCEPTED = "accepted"
    GROUND_TRUTH = "ground_truth"


@dataclass(frozen=True, slots=True)
class LabelQuality:
    """How well a label is found again: precision = hits / columns, recall = hits / rows, F1 their harmonic mean.

    None where one side never gave the label. In a symmetric matrix all three are the same.
    """

    hits: float
    rows: float
    columns: float
    precision: float | None
    recall: float | None
    f1: float


@dataclass(frozen=True, slots=True)
class Confused:
    """A cell off the diagonal, and which share it is of everything off the diagonal.

    Where the matrix is symmetric both cells of two labels are one entry.
    """

    row: Label
    column: Label
    count: float
    share: float


@dataclass(frozen=True, slots=True)
class Confusion:
    """Counts by (row, column); `comparisons` pairs of answers were looked at. None stands for nothing in its place."""

    mode: Mode
    counts: Cells
    comparisons: int

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label that occurs, sorted."""
        return tuple(sorted({label for cell in self.counts for label in cell if label is not None}))

    def quality(self) -> Mapping[str, LabelQuality]:
        """Precision, recall and F1 of every label."""
        rows: dict[Label, list[float]] = {}
        columns: dict[Label, list[float]] = {}
        for (row, column), count in self.counts.items():
            rows.setdefault(row, []).append(count)
            columns.setdefault(column, []).append(count)
        return {
            label: _quality(
                self.counts.get((label, label), 0.0), fsum(rows.get(label, ())), fsum(columns.get(label, ()))
            )
            for label in self.labels
        }

    def confusions(self) -> tuple[Confused, ...]:
        """What is taken for what, most frequent first, ties by label."""
        off: dict[Cell, list[float]] = {}
        for (row, column), count in self.counts.items():
            if row != column:
                cell = (row, column)
                if self.mode is Mode.ALL:
                    cell = min(cell, (column, row), key=_order)
                off.setdefault(cell, []).append(count)
        mass = fsum(count for counts in off.values() for count in counts)
        found = [Confused(*cell, fsum(counts), fsum(counts) / mass) for cell, counts in off.items()]
        return tuple(sorted(found, key=lambda confused: (-confused.count, _order((confused.row, confused.column)))))


def confusion_of_all(answers: DimensionAnswers, compare: Comparison) -> Confusion:
    """Everybody against everybody else who answered the same task."""

    def symmetric(one: Value | None, other: Value | None) -> Cells:
        # One comparison for both directions, so that the matrix is symmetric whatever the comparison does.
        cells = compare(one, other)
        return _sum([(cells, 1), ({(column, row): count for (row, column), count in cells.items()}, 1)])

    pairs = Counter(
        (task[one], task[other]) for task in answers.values() for one, other in combinations(sorted(task), 2)
    )
    return Confusion(Mode.ALL, _compared(pairs, symmetric), 2 * pairs.total())


def confusion_with_accepted(
    answers: DimensionAnswers,
    accepted: Mapping[int, AbstractSet[int]],
    compare: Comparison,
    person: int | None = None,
) -> Confusion:
    """Accepted annotations, given by task as those who wrote them, against the others' answers to the same task.

    With `person` that one's answers alone are in columns.
    """
    pairs = Counter(
        (people[author], people[other])
        for task, people in answers.items()
        for author in accepted.get(task, frozenset()) & people.keys()
        for other in people
        if other != author and person in (None, other)
    )
    return Confusion(Mode.ACCEPTED, _compared(pairs, compare), pairs.total())


def confusion_with_truth(
    answers: DimensionAnswers, truth: Mapping[int, Value | None], compare: Comparison, person: int | None = None
) -> Confusion:
    """The truth of each task that has one against every answer to it, or against this person's alone."""
    pairs = Counter(
        (truth[task], value)
        for task, people in answers.items()
        if task in truth
        for who, value in people.items()
        if person in (None, who)
    )
    return Confusion(Mode.GROUND_TRUTH, _compared(pairs, compare), pairs.total())


def by_labels(labels_of: LabelsOf = chosen_labels) -> Comparison:
    """Compare answers that are labels or sets of them. Two answers without any add nothing.

    Shared labels are on the diagonal. Labels that only the row has are spread equally over those that only the column
    has, and the surplus of the larger side over nothing, so that every label counts 1 in its row and 1 in its column:
    precision and recall are those of sets.
    """

    def compare(row: Value | None, column: Value | None) -> Cells:
        return _cells(_labels(row, labels_of), _labels(column, labels_of))

    return compare


def by_regions(overlap: Overlap, threshold: float = 0.5) -> Comparison:
    """Compare the labels of regions that lie on each other: matched one to one by overlap, whatever their labels.

    The largest overlap of at least the threshold is matched first, ties by the order of the regions, which comparable
    values fix. A region that is left over stands against nothing.
    """

    def compare(row: Value | None, column: Value | None) -> Cells:
        first, second = _regions(row), _regions(column)
        matches = _matches(first, second, overlap, threshold)
        lone_rows = set(range(len(first))) - {one for one, _ in matches}
        lone_columns = set(range(len(second))) - {other for _, other in matches}
        nothing: frozenset[str] = frozenset()
        cells = [
            *(_cells(labels_of_region(first[one]), labels_of_region(second[other])) for one, other in matches),
            *(_cells(labels_of_region(first[one]), nothing) for one in lone_rows),
            *(_cells(nothing, labels_of_region(second[other])) for other in lone_columns),
        ]
        return _sum((found, 1) for found in cells)

    return compare


def _matches(
    rows: tuple[Region, ...], columns: tuple[Region, ...], overlap: Overlap, threshold: float
) -> list[tuple[int, int]]:
    found = [
        (-score, one, other)
        for one, row in enumerate(rows)
        for other, column in enumerate(columns)
        if (score := overlap(row, column)) >= threshold
    ]
    matched: list[tuple[int, int]] = []
    rows_taken: set[int] = set()
    columns_taken: set[int] = set()
    for _, one, other in sorted(found):
        if one not in rows_taken and other not in columns_taken:
            matched.append((one, other))
            rows_taken.add(one)
            columns_taken.add(other)
    return matched


def _labels(value: Value | None, labels_of: LabelsOf) -> frozenset[str]:
    return frozenset() if value is None else labels_of(value)


def _regions(value: Value | None) -> tuple[Region, ...]:
    return tuple(part for part in value if is_region(part)) if isinstance(value, tuple) else ()


def _cells(rows: frozenset[str], columns: frozenset[str]) -> Cells:
    cells: dict[Cell, float] = {(label, label): 1.0 for label in sorted(rows & columns)}
    only_rows, only_columns = sorted(rows - columns), sorted(columns - rows)
    most = max(len(only_rows), len(only_columns))
    for row in only_rows:
        cells |= {(row, column): 1 / most for column in only_columns}
    if len(only_rows) > len(only_columns):
        cells |= {(row, None): (most - len(only_columns)) / most for row in only_rows}
    if len(only_columns) > len(only_rows):
        cells |= {(None, column): (most - len(only_rows)) / most for column in only_columns}
    return cells


def _compared(pairs: Mapping[tuple[Value | None, Value | None], int], compare: Comparison) -> Cells:
    """What all pairs of answers add; the same two answers are compared once, however often they meet."""
    return _sum((compare(row, column), times) for (row, column), times in pairs.items())


def _sum(found: Iterable[tuple[Cells, int]]) -> Cells:
    """The counts together, each so many times. Equal parts are counted first, so that no order of them matters."""
    parts: dict[Cell, Counter[float]] = {}
    for cells, times in found:
        for cell, count in cells.items():
            parts.setdefault(cell, Counter())[count] += times
    return {cell: fsum(count * times for count, times in parts[cell].items()) for cell in sorted(parts, key=_order)}


def _order(cell: Cell) -> tuple[bool, str, bool, str]:
    row, column = cell
    return row is None, row or "", column is None, column or ""


def _quality(hits: float, rows: float, columns: float) -> LabelQuality:
    precision = hits / columns if columns else None
    recall = hits / rows if rows else None
    return LabelQuality(hits, rows, columns, precision, recall, 2 * hits / (rows + columns))
