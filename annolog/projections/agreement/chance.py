"""Agreement beyond chance: of a project, a label, two people, and over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import Connection

from annolog.domain.agreement import summary
from annolog.domain.agreement.coefficients import (
    Alpha,
    Cell,
    Coefficient,
    Level,
    Pattern,
    krippendorff_alpha,
    merge,
    with_label,
)
from annolog.domain.agreement.coefficients.coefficient import NO_PAIR
from annolog.domain.agreement.per_label import labels_in
from annolog.domain.agreement.summary import NUMERIC, OF_ONE_LABEL, estimators
from annolog.domain.agreement.two_people import coefficients_of_two
from annolog.domain.labeling import decode_value
from annolog.domain.refusals import Fault, InvalidInput
from annolog.projections.agreement.answers import votes_in
from annolog.projections.agreement.controls import dimension_of, label_must_exist
from annolog.projections.agreement.queries import merged, patterns_by_day, shown, tasks_of
from annolog.projections.agreement.things import alphas

NO_CATEGORIES = "the answers are no categories that chance could repeat"
OF_TWO_ALONE = "Cohen's kappa is of two people who are told apart: ask for a pair"


def coefficients(
    connection: Connection, project: int, dimension: str, *, label: str | None = None, resamples: int = 1000
) -> dict[str, Any]:
    """Every coefficient that has a meaning for the dimension, or for one of its labels, with its interval.

    An interval is by resampling tasks; `resamples=0` leaves it out. Where there is no value the reason is in words.
    """
    row, found = dimension_of(connection, project, dimension)
    answer = {"project": project, "dimension": dimension, "label": label, "confidence": 0.95 if resamples else None}
    if not found.categorical:
        things = alphas(connection, row, found, label=label, people=None, resamples=resamples)
        return {**answer, "coefficients": things}
    patterns = merged(patterns_by_day(connection, project, dimension).values())
    chosen = estimators(found)
    if label is not None:
        label_must_exist(found, label, {decode_value(text) for pattern in patterns for text, _ in pattern})
        chosen = OF_ONE_LABEL
        patterns = with_label(patterns, label, lambda text: labels_in(found.kind, decode_value(text)))
    values = {**summary.coefficients(patterns, chosen, resamples), "cohen_kappa": Coefficient(None, OF_TWO_ALONE)}
    return {**answer, "coefficients": {name: shown(value) for name, value in values.items()}}


def daily(connection: Connection, project: int, dimension: str, resamples: int = 0) -> dict[str, Any]:
    """Krippendorff's alpha by day, of the tasks last answered on that day, and of all up to it; or why there is none.

    What has no categories is not summed up by day. Of all up to a day there is an interval where there are resamples.
    """
    _, found = dimension_of(connection, project, dimension)
    if not found.categorical:
        return {"dimension": dimension, "days": [], "reason": NO_CATEGORIES}
    level = Level.INTERVAL if found.kind in NUMERIC else Level.NOMINAL
    alpha = {"alpha": Alpha(level)}
    so_far: Mapping[Pattern, int] = {}
    days = []
    for day, patterns in sorted(patterns_by_day(connection, project, dimension).items()):
        so_far = merge(so_far, patterns)
        days.append(
            {
                "day": day,
                "level": level.value,
                "that_day": shown(krippendorff_alpha(patterns, level)),
                "so_far": shown(summary.coefficients(so_far, alpha, resamples)["alpha"]),
            }
        )
    return {"dimension": dimension, "days": days, "reason": None if days else NO_PAIR}


def of_pair(
    connection: Connection,
    project: int,
    dimension: str,
    one: int,
    other: int,
    *,
    label: str | None = None,
    resamples: int = 1000,
) -> dict[str, Any]:
    """Every coefficient of two people over the tasks both answered, Cohen's kappa among them, and who said what when.

    With a label it is that label against the rest. Intervals and reasons are as for a project.
    """
    if one == other:
        message = "must be another person than the first"
        raise InvalidInput(f"path/other {message}.", faults=[Fault("path/other", message)])
    row, found = dimension_of(connection, project, dimension)
    answer: dict[str, Any] = {"one": one, "other": other, "dimension": dimension, "label": label}
    table = _table(connection, project, dimension, one, other)
    if not found.categorical:
        things = alphas(connection, row, found, label=label, people=(one, other), resamples=resamples)
        kappa = Coefficient(None, NO_CATEGORIES, 2 * table.total(), table.total())
        return {
            **answer,
            "tasks": table.total(),
            "coefficients": {**things, "cohen_kappa": shown(kappa)},
            "confusion": [],
        }
    said = patterns_by_day(connection, project, dimension).values()
    label_must_exist(found, label, {decode_value(text) for part in said for pattern in part for text, _ in pattern})
    values = coefficients_of_two(table, found, label, resamples)
    confusion = [
        {"one": decode_value(a), "other": decode_value(b), "tasks": count} for (a, b), count in sorted(table.items())
    ]
    return {
        **answer,
        "tasks": table.total(),
        "coefficients": {name: shown(value) for name, value in values.items()},
        "confusion": confusion,
    }


def _table(connection: Connection, project: int, dimension: str, one: int, other: int) -> Counter[Cell]:
    table: Counter[Cell] = Counter()
    for task in tasks_of(connection, project):
        compared = votes_in(task, orjson.loads(task["answers"])).compared
        first, second = compared.get(one, {}).get(dimension), compared.get(other, {}).get(dimension)
        if first is not None and second is not None:
            table[first, second] += 1
    return table
