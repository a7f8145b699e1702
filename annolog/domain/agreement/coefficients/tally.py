"""Patterns as arrays, so that a thousand resamples cost little more than one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, TypeAlias

from annolog.domain.agreement.coefficients.patterns import Patterns, size_of
from annolog.domain.labeling import decode_value

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# NumPy takes a fifth of a second to import, and every process imports this package: so functions import it.
Floats: TypeAlias = "NDArray[np.float64]"
Integers: TypeAlias = "NDArray[np.int64]"
Truths: TypeAlias = "NDArray[np.bool_]"

# Adding up a matrix that is mostly zeros is worth it up to this many zeros for each entry.
_FILL = 32


@dataclass(frozen=True, slots=True)
class Tally:
    """Amounts by row and column, most of them zero. Rows are distinct patterns, columns are categories."""

    rows: Integers
    columns: Integers
    amounts: Floats
    shape: tuple[int, int]

    def pooled(self, weights: Floats) -> Floats:
        """The sum over rows, once for each row of weights: samples by rows in, samples by columns out."""
        import numpy as np

        rows, columns = self.shape
        if rows * columns <= _FILL * len(self.amounts):
            dense = np.zeros(self.shape)
            np.add.at(dense, (self.rows, self.columns), self.amounts)
            return weights @ dense
        order = np.argsort(self.columns, kind="stable")
        present, starts = np.unique(self.columns[order], return_index=True)
        found = np.zeros((len(weights), columns))
        found[:, present] = np.add.reduceat(weights[:, self.rows[order]] * self.amounts[order], starts, axis=1)
        return found

    def by_row(self, entries: Floats) -> Floats:
        """The sum of one number for each amount, by row: samples by amounts in, samples by rows out."""
        import numpy as np

        return np.add.reduceat(entries, np.flatnonzero(np.diff(self.rows, prepend=-1)), axis=1)

    def scaled(self, factors: Floats) -> Tally:
        """The same amounts, each times the factor of its row."""
        return Tally(self.rows, self.columns, self.amounts * factors[self.rows], self.shape)


@dataclass(frozen=True, slots=True)
class Answers:
    """Patterns in a fixed order: how many answers each has, how many units, and how often each category was given.

    Categories are in order: numbers by size, others as given or by their text. `numbers` stand for the categories
    where a scale needs them.
    """

    units: Integers
    sizes: Floats
    tally: Tally
    numbers: Floats

    @property
    def pairable(self) -> int:
        """How many answers have a companion."""
        return int(self.units[self.sizes > 1] @ self.sizes[self.sizes > 1])

    @property
    def pairable_units(self) -> int:
        """How many units have two answers or more."""
        return int(self.units[self.sizes > 1].sum())

    @property
    def categories(self) -> int:
        """How many categories there are."""
        return self.tally.shape[1]


def answers_of(patterns: Patterns, places: Mapping[str, int], numbers: Sequence[float]) -> Answers:
    """The patterns as arrays; `places` say which category each answer is, `numbers` what the categories mean."""
    import numpy as np

    # Sorted, so that the same counts give the same figures to the last bit, whatever the order they were counted in.
    ordered = sorted(pattern for pattern in patterns if pattern)
    entries = [(row, places[answer], count) for row, pattern in enumerate(ordered) for answer, count in pattern]
    rows, columns, counts = np.array(entries, dtype=np.int64).reshape(-1, 3).T
    units = np.array([patterns[pattern] for pattern in ordered], dtype=np.int64)
    sizes = np.bincount(rows, counts, len(ordered)).astype(np.float64)
    assert (units > 0).all()
    tally = Tally(rows, columns, counts.astype(np.float64), (len(ordered), len(numbers)))
    return Answers(units, sizes, tally, np.array(numbers, dtype=np.float64))


def pairable(patterns: Patterns) -> Patterns:
    """The units with two answers or more: the only ones in which anybody could have agreed."""
    return {pattern: units for pattern, units in patterns.items() if size_of(pattern) > 1}


def given(patterns: Patterns) -> set[str]:
    """Every answer that was given."""
    return {answer for pattern in patterns for answer, _ in pattern}


def as_categories(answers: Iterable[str]) -> tuple[dict[str, int], list[float]]:
    """Each answer a category of its own, in the order of the answers."""
    places = {answer: place for place, answer in enumerate(answers)}
    return places, [float(place) for place in places.values()]


def as_numbers(answers: Iterable[str]) -> tuple[dict[str, int], list[float]] | None:
    """Each number a category, by size, also where it came as text; None unless all answers are finite numbers."""
    found: dict[str, float] = {}
    for answer in answers:
        number = number_of(answer)
        if number is None:
            return None
        found[answer] = number
    numbers = sorted(set(found.values()))
    place = {number: place for place, number in enumerate(numbers)}
    return {answer: place[number] for answer, number in found.items()}, numbers


def number_of(answer: str) -> float | None:
    """The finite number that an answer is, or reads as."""
    value = decode_value(answer)
    if isinstance(value, tuple):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if isfinite(number) else None
