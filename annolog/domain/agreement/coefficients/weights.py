"""How much an answer counts that is near another, and not the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from annolog.domain.agreement.coefficients.coefficient import not_numbers
from annolog.domain.agreement.coefficients.differences import Difference, Pairwise, Squared, Unlike, spread_out
from annolog.domain.agreement.coefficients.tally import as_categories, as_numbers

if TYPE_CHECKING:
    from annolog.domain.agreement.coefficients.tally import Floats, Integers


class Weights(StrEnum):
    """Weights of agreement (Gwet 2014, "Handbook of Inter-Rater Reliability", chapter 3.5), 1 on the diagonal.

    Identity: 0 beside it. Linear: 1 - |x - y| / range. Quadratic: 1 - ((x - y) / range) ** 2. Ordinal: 1 - M / largest
    M, where M counts the pairs of ranks from one to the other.
    """

    IDENTITY = "identity"
    LINEAR = "linear"
    QUADRATIC = "quadratic"
    ORDINAL = "ordinal"


def placed(
    weights: Weights, answers: Iterable[str], categories: Sequence[str] | None
) -> tuple[dict[str, int], list[float]] | str:
    """Which category each answer is and what number it stands for, or the reason why it can be none.

    `categories` are all that could be answered, in order. Where all of them are numbers, numbers are what counts, and
    otherwise places. Without categories the answers are the categories, and must be numbers unless they merely match
    or not. With identity weights an answer beside the categories is one more, as it is after a label was abolished.
    """
    seen = set(answers)
    if weights is Weights.IDENTITY:
        return as_categories(sorted(seen.union(categories or ())))
    if categories is None:
        return as_numbers(sorted(seen)) or not_numbers(f"{weights.value} weighting")
    if seen - set(categories):
        return "an answer is none of the categories, so it has no place among them"
    return as_numbers(categories) or as_categories(categories)


def difference_of(weights: Weights, numbers: Floats) -> Difference:
    """1 - weight, by the numbers of the categories, smallest first."""
    import numpy as np

    spread = spread_out(numbers)
    most = max(1, len(numbers) * (len(numbers) - 1) // 2)

    def linear(one: Integers, other: Integers) -> Floats:
        return np.abs(spread[one] - spread[other])

    def ordinal(one: Integers, other: Integers) -> Floats:
        steps = np.abs(one - other)
        found: Floats = steps * (steps + 1) / 2 / most
        return found

    match weights:
        case Weights.IDENTITY:
            return Unlike()
        case Weights.LINEAR:
            return Pairwise(linear)
        case Weights.QUADRATIC:
            return Squared(spread)
        case Weights.ORDINAL:
            return Pairwise(ordinal)
