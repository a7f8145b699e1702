"""How far two people agree beyond chance: every coefficient of a dimension, and Cohen's kappa, for two alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TypeAlias

from annolog.domain.agreement.coefficients import (
    Cell,
    Coefficient,
    CohenKappa,
    Estimator,
    Pattern,
    Weights,
    carrying,
    pattern_of,
)
from annolog.domain.agreement.per_label import labels_in
from annolog.domain.agreement.summary import OF_ONE_LABEL, coefficients, estimators, is_scale
from annolog.domain.labeling import Dimension, decode_value

Table: TypeAlias = "Mapping[Cell, int]"
"""How many tasks got which two answers, as canonical JSON, that of the same person first."""

OF_TWO: Mapping[str, Estimator[Cell]] = {"cohen_kappa": CohenKappa()}
OF_TWO_NUMBERS: Mapping[str, Estimator[Cell]] = {
    "cohen_kappa_linear": CohenKappa(Weights.LINEAR),
    "cohen_kappa_quadratic": CohenKappa(Weights.QUADRATIC),
}


def coefficients_of_two(
    table: Table, dimension: Dimension, label: str | None = None, resamples: int = 0
) -> Mapping[str, Coefficient]:
    """Every coefficient of a dimension with categories by name, over the tasks that both answered.

    With a label it is that label against the rest: of each answer it is asked only whether it carries it.
    """
    of_two, chosen = OF_TWO, estimators(dimension)
    if label is not None:
        table, chosen = one_against_rest(table, dimension, label), OF_ONE_LABEL
    elif is_scale(dimension):
        of_two = {**OF_TWO, **OF_TWO_NUMBERS}
    patterns: Counter[Pattern] = Counter()
    for cell, tasks in table.items():
        patterns[pattern_of(cell)] += tasks
    return {**coefficients(table, of_two, resamples), **coefficients(patterns, chosen, resamples)}


def one_against_rest(table: Table, dimension: Dimension, label: str) -> Table:
    """The same tasks, asked of each answer only whether it carries the label."""
    carry = {
        answer: carrying(label in labels_in(dimension.kind, decode_value(answer)))
        for answer in {answer for cell in table for answer in cell}
    }
    found: Counter[Cell] = Counter()
    for (one, other), tasks in table.items():
        found[carry[one], carry[other]] += tasks
    return found
