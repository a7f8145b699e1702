"""Agreement beyond chance: of a project, a label, two people, and over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from sqlalchemy import Connection, select

from annolog.domain.agreement import summary
from annolog.domain.agreement.coefficients import (
    Coefficient,
    CohenKappa,
    Continuum,
    Level,
    Pattern,
    Weights,
    cohen_kappa,
    krippendorff_alpha,
    merge,
    metric_alpha,
    unitizing_alpha,
    with_interval,
    with_label,
)
from annolog.domain.agreement.per_label import labels_in, restricted
from annolog.domain.agreement.share import ballot_of
from annolog.domain.agreement.summary import NUMERIC, OF_ONE_LABEL, estimators
from annolog.domain.agreement.task_agreement import metric_of
from annolog.domain.labeling import Dimension, DimensionKind, Value, decode_value
from annolog.domain.project.settings import agreement_settings
from annolog.domain.refusals import NotFound
from annolog.projections.agreement.answers import votes_in
from annolog.projections.agreement.queries import config_of, merged, patterns_by_day, project_of, shown, tasks_of
from annolog.projections.board.tables import board

MOST_UNITS = 2_000
# Intervals of what has no categories: each sample is worked out by itself.
MOST_SAMPLES = 200
# A character, or a hundredth of a second: the least that could be marked.
CHARACTER, HUNDREDTH = 1.0, 0.01
NO_CATEGORIES = "the answers are no categories that chance could repeat"


def coefficients(
    connection: Connection, project: int, dimension: str, *, label: str | None = None, resamples: int = 1000
) -> dict[str, Any]:
    """Every coefficient that has a meaning for the dimension, or for one of its labels, with its interval.

    An interval is by resampling tasks; `resamples=0` leaves it out. Where there is no value the reason is in words.
    """
    row, found = dimension_of(connection, project, dimension)
    answer = {"project": project, "dimension": dimension, "label": label, "confidence": 0.95 if resamples else None}
    if not found.categorical:
        # What a whole control comes to would be no answer about one of its labels.
        by_label = label is not None and found.kind is not DimensionKind.REGION
        things = {} if by_label else _of_things(connection, row, found, label, min(resamples, MOST_SAMPLES))
        return {**answer, "coefficients": things or {"percent_agreement": shown(Coefficient(None, NO_CATEGORIES))}}
    patterns = merged(patterns_by_day(connection, project, dimension).values())
    chosen = estimators(found)
    if label is not None:
        chosen = OF_ONE_LABEL
        patterns = with_label(patterns, label, lambda text: labels_in(found.kind, decode_value(text)))
    values = summary.coefficients(patterns, chosen, resamples)
    return {**answer, "coefficients": {name: shown(value) for name, value in values.items()}}


def daily(connection: Connection, project: int, dimension: str) -> list[dict[str, Any]]:
    """Krippendorff's alpha by day, of the tasks last answered on that day, and of all up to it."""
    _, found = dimension_of(connection, project, dimension)
    level = Level.INTERVAL if found.kind in NUMERIC else Level.NOMINAL
    so_far: Mapping[Pattern, int] = {}
    days = []
    for day, patterns in sorted(patterns_by_day(connection, project, dimension).items()):
        so_far = merge(so_far, patterns)
        days.append(
            {
                "day": day,
                "level": level.value,
                "that_day": shown(krippendorff_alpha(patterns, level)),
                "so_far": shown(krippendorff_alpha(so_far, level)),
            }
        )
    return days


def of_pair(
    connection: Connection, project: int, dimension: str, one: int, other: int, *, resamples: int = 1000
) -> dict[str, Any]:
    """Cohen's kappa of two people over the tasks both answered; weighted too, where answers are numbers."""
    _, found = dimension_of(connection, project, dimension)
    table: Counter[tuple[str, str]] = Counter()
    for task in tasks_of(connection, project):
        compared = votes_in(task, orjson.loads(task["answers"])).compared
        first, second = compared.get(one, {}).get(dimension), compared.get(other, {}).get(dimension)
        if first is not None and second is not None:
            table[first, second] += 1
    if not found.categorical:
        none = {"cohen_kappa": shown(Coefficient(None, NO_CATEGORIES, 2 * table.total(), table.total()))}
        return {"one": one, "other": other, "tasks": table.total(), "coefficients": none, "confusion": []}
    names = {"cohen_kappa": Weights.IDENTITY}
    if found.kind in NUMERIC:
        names |= {"cohen_kappa_linear": Weights.LINEAR, "cohen_kappa_quadratic": Weights.QUADRATIC}
    found_here = {}
    for name, weights in names.items():
        estimate = cohen_kappa(table, weights)
        if resamples and estimate.value is not None:
            estimate = with_interval(table, CohenKappa(weights), resamples)
        found_here[name] = shown(estimate)
    confusion = [
        {"one": decode_value(a), "other": decode_value(b), "tasks": count} for (a, b), count in sorted(table.items())
    ]
    return {"one": one, "other": other, "tasks": table.total(), "coefficients": found_here, "confusion": confusion}


def _of_things(
    connection: Connection, row: Mapping[str, Any], dimension: Dimension, label: str | None, resamples: int
) -> dict[str, Any]:
    """For answers without categories: alpha by the project's own metric, and for spans over what they cover.

    Of the first `MOST_UNITS` tasks with two answers or more: every two things of all tasks are compared. With a label
    it is about the regions that carry it, in the tasks in which anybody drew one.
    """
    metric = metric_of(dimension, agreement_settings(row["settings"]))
    units: list[list[Value]] = []
    ballots: list[tuple[int, Mapping[int, Value | None]]] = []
    for task in tasks_of(connection, row["project"]):
        ballot = ballot_of(votes_in(task, orjson.loads(task["answers"])).compared, dimension)
        if label is not None:
            ballot = {person: restricted(dimension.kind, value, label) for person, value in ballot.items()}
        if len(ballot) > 1 and any(value is not None for value in ballot.values()):
            units.append([() if value is None else value for value in ballot.values()])
            ballots.append((task["task"], ballot))
        if len(units) == MOST_UNITS:
            break
    found = {
        "krippendorff_alpha_by_metric": {
            **shown(metric_alpha(units, metric, resamples=resamples)),
            "metric": metric.name,
        }
    }
    continua = list(_continua(connection, row, dimension, ballots)) if dimension.kind is DimensionKind.REGION else []
    if continua:
        grain = CHARACTER if dimension.tag in ("Labels", "HyperTextLabels", "ParagraphLabels") else HUNDREDTH
        found["krippendorff_alpha_unitizing"] = shown(unitizing_alpha(continua, grain=grain, resamples=resamples))
    return found


def _continua(
    connection: Connection,
    row: Mapping[str, Any],
    dimension: Dimension,
    ballots: list[tuple[int, Mapping[int, Value | None]]],
) -> Iterator[Continuum]:
    """The spans of each task, on a continuum as long as its text; of sound, up to the end of the last span."""
    key = config_of(row).objects.get(dimension.targets[0])
    for task, ballot in ballots:
        spans = {person: list(_spans(value)) for person, value in ballot.items()}
        if not any(spans.values()):
            continue
        last = max(end for found in spans.values() for _, end, _ in found)
        yield Continuum(max(last, _length(connection, task, key)), spans)


def _spans(value: Value | None) -> Iterator[tuple[float, float, str]]:
    for region in value if isinstance(value, tuple) else ():
        parts: dict[str, Value] = dict(region)  # type: ignore[arg-type]
        start, end, labels = parts.get("start"), parts.get("end"), parts.get("labels")
        if isinstance(start, float) and isinstance(end, float) and isinstance(labels, tuple):
            yield from ((start, end, str(label)) for label in labels)


def _length(connection: Connection, task: int, key: str | None) -> float:
    data = connection.execute(select(board.c.data).where(board.c.task == task)).scalar()
    text = orjson.loads(data).get(key) if data is not None and key is not None else None
    return float(len(text)) if isinstance(text, str) else 0.0


def dimension_of(connection: Connection, project: int, name: str) -> tuple[Mapping[str, Any], Dimension]:
    """How a project measures, and one control of it; refused where there is none of that name."""
    row = project_of(connection, project)
    dimension = config_of(row).by_name.get(name) if row is not None else None
    if row is None or dimension is None:
        raise NotFound(f"Project {project} has no control {name!r}.")
    return row, dimension
