"""The chance-corrected coefficients of a dimension: the one place that says which have a meaning for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from annolog.domain.agreement.coefficients import (
    Alpha,
    Cell,
    Coefficient,
    Estimator,
    FleissKappa,
    GwetAC,
    Level,
    Pattern,
    PercentAgreement,
    Weights,
    with_interval,
)
from annolog.domain.agreement.coefficients.estimator import estimate
from annolog.domain.labeling import Dimension, DimensionKind, encode_value

# What every two different answers have in common costs the square of their number.
MOST_DIFFERENT = 1_000
Counted = TypeVar("Counted", Pattern, Cell)
NUMERIC = (DimensionKind.RATING, DimensionKind.NUMBER)


def estimators(dimension: Dimension) -> Mapping[str, Estimator[Pattern]]:
    """The coefficients for a dimension with categories, by name; none for others.

    What could have been answered is what the config has labels for. Numbers may differ by more or less.
    """
    if not dimension.categorical:
        return {}
    categories = None
    if dimension.kind in (DimensionKind.SINGLE_CHOICE, DimensionKind.PAIRWISE) and dimension.labels:
        categories = tuple(encode_value(label) for label in dimension.labels)
    chosen = {**OF_ONE_LABEL, "gwet_ac1": GwetAC(Weights.IDENTITY, categories)}
    return {**chosen, **OF_NUMBERS} if is_scale(dimension) else chosen


def is_scale(dimension: Dimension) -> bool:
    """Whether answers are numbers, or labels that read as some."""
    labels = [label.removeprefix("-") for label in dimension.labels]
    return dimension.kind in NUMERIC or (len(labels) > 1 and all(label.isdecimal() for label in labels))


OF_ONE_LABEL: Mapping[str, Estimator[Pattern]] = {
    "percent_agreement": PercentAgreement(),
    "krippendorff_alpha_nominal": Alpha(Level.NOMINAL),
    "fleiss_kappa": FleissKappa(),
    "gwet_ac1": GwetAC(),
}
OF_NUMBERS: Mapping[str, Estimator[Pattern]] = {
    "krippendorff_alpha_ordinal": Alpha(Level.ORDINAL),
    "krippendorff_alpha_interval": Alpha(Level.INTERVAL),
    "krippendorff_alpha_ratio": Alpha(Level.RATIO),
    "gwet_ac2_quadratic": GwetAC(Weights.QUADRATIC),
}


def coefficients(
    counts: Mapping[Counted, int], chosen: Mapping[str, Estimator[Counted]], resamples: int = 0
) -> Mapping[str, Coefficient]:
    """Every coefficient by name, or the reason why it has no value; with its interval where there are resamples.

    `counts` are what the estimators take: patterns, or the cells of a table.
    """
    different = {_answer(part) for counted in counts for part in counted}
    if len(different) > MOST_DIFFERENT:
        reason = f"there are more than {MOST_DIFFERENT:,} different answers"
        return {name: Coefficient(None, reason) for name in chosen}
    return {
        name: with_interval(counts, one, resamples) if resamples else estimate(counts, one)
        for name, one in chosen.items()
    }


def _answer(part: str | tuple[str, int]) -> str:
    """The answer in a part of a pattern, which counts it, or of a cell, which is two."""
    return part if isinstance(part, str) else part[0]
