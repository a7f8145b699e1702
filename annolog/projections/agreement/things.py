"""Agreement beyond chance on what has no categories: regions, texts, and answers about single regions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, select

from annolog.domain.agreement.coefficients import Continuum, metric_alpha_of_encoded, unitizing_alpha
from annolog.domain.agreement.coefficients.metric_alpha import Encoded
from annolog.domain.agreement.per_label import restricted
from annolog.domain.agreement.task_agreement import metric_of
from annolog.domain.labeling import Dimension, DimensionKind, Value, decode_value, encode_value
from annolog.domain.project.settings import agreement_settings
from annolog.projections.agreement.answers import votes_in
from annolog.projections.agreement.controls import label_must_exist
from annolog.projections.agreement.queries import config_of, shown, tasks_of
from annolog.projections.board.tables import board

# A character, or a hundredth of a second: the least that could be marked.
CHARACTER, HUNDREDTH = 1.0, 0.01
OF_CHARACTERS = ("Labels", "HyperTextLabels", "ParagraphLabels")
LENGTHS_TOGETHER = 500
EMPTY: Encoded = (encode_value(()), ())

Spans = Mapping[int, Sequence[tuple[float, float, str]]]


def alphas(
    connection: Connection,
    project: Mapping[str, Any],
    dimension: Dimension,
    *,
    label: str | None,
    people: tuple[int, int] | None,
    resamples: int,
) -> dict[str, Any]:
    """Alpha by the project's own metric and, for spans, over what they cover; of everybody, or of two people alone.

    Of all tasks in which any of those concerned gave an answer; with a label, as if that were the only one there is, of
    those in which anybody gave it.
    """
    seen = _Seen()
    metric = metric_of(dimension, agreement_settings(project["settings"]))
    units = _units(tasks_of(connection, project["project"]), dimension, label, people, seen)
    by_metric = metric_alpha_of_encoded(units, metric, resamples=resamples)
    if not seen.anything:
        label_must_exist(dimension, label, ())
    found = {"krippendorff_alpha_by_metric": {**shown(by_metric), "metric": metric.name}}
    if seen.spans:
        grain = CHARACTER if dimension.tag in OF_CHARACTERS else HUNDREDTH
        continua = _continua(connection, config_of(project).objects.get(dimension.targets[0]), seen.spans)
        found["krippendorff_alpha_unitizing"] = shown(unitizing_alpha(continua, grain=grain, resamples=resamples))
    return found


@dataclass(slots=True)
class _Seen:
    """What came up while tasks were looked at one by one: whether there was any answer, and spans by task."""

    anything: bool = False
    spans: dict[int, Spans] = field(default_factory=dict)


def _units(
    tasks: Iterable[Mapping[str, Any]],
    dimension: Dimension,
    label: str | None,
    people: tuple[int, int] | None,
    seen: _Seen,
) -> Iterator[list[Encoded]]:
    """The answers to each task, an open one as empty. Held one task at a time: all of them may not fit in memory."""
    for task in tasks:
        compared = votes_in(task, orjson.loads(task["answers"])).compared
        if people is not None:
            compared = {person: compared[person] for person in people if person in compared}
        ballot = {
            person: _of_label(answer.get(dimension.name), dimension, label) for person, answer in compared.items()
        }
        if all(answer is None for answer in ballot.values()):
            continue
        seen.anything = True
        if len(ballot) < 2:
            continue
        if dimension.kind is DimensionKind.REGION:
            spans = {person: list(_spans(answer)) for person, answer in ballot.items()}
            if any(spans.values()):
                seen.spans[task["task"]] = spans
        yield [EMPTY if answer is None else answer for answer in ballot.values()]


def _of_label(text: str | None, dimension: Dimension, label: str | None) -> Encoded | None:
    """An answer, or as much of it as is about the label."""
    if text is None or label is None:
        return None if text is None else (text, decode_value(text))
    value = restricted(dimension.kind, decode_value(text), label)
    return None if value is None else (encode_value(value), value)


def _continua(connection: Connection, key: str | None, spans: Mapping[int, Spans]) -> Iterator[Continuum]:
    """The spans of each task, on a continuum as long as its text; of sound, up to the end of the last span."""
    tasks = list(spans)
    for start in range(0, len(tasks), LENGTHS_TOGETHER):
        together = tasks[start : start + LENGTHS_TOGETHER]
        lengths = _lengths(connection, together, key)
        for task in together:
            last = max(end for found in spans[task].values() for _, end, _ in found)
            yield Continuum(max(last, lengths.get(task, 0.0)), spans[task])


def _spans(answer: Encoded | None) -> Iterator[tuple[float, float, str]]:
    value = answer[1] if answer is not None else ()
    for region in value if isinstance(value, tuple) else ():
        parts: dict[str, Value] = dict(region)  # type: ignore[arg-type]
        start, end, labels = parts.get("start"), parts.get("end"), parts.get("labels")
        if isinstance(start, float) and isinstance(end, float) and isinstance(labels, tuple):
            yield from ((start, end, str(label)) for label in labels)


def _lengths(connection: Connection, tasks: Sequence[int], key: str | None) -> dict[int, float]:
    """How long the text of each task is, of those that have one."""
    if key is None:
        return {}
    found = connection.execute(select(board.c.task, board.c.data).where(board.c.task.in_(tasks)))
    texts = ((task, orjson.loads(data).get(key)) for task, data in found if data is not None)
    return {task: float(len(text)) for task, text in texts if isinstance(text, str)}
