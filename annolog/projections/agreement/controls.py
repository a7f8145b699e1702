"""Which control of a project a question is about, and which of its labels; refused where there is none such."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection

from annolog.domain.agreement.per_label import labels_in, may_carry
from annolog.domain.labeling import Dimension, LabelingConfig, Value
from annolog.domain.refusals import Fault, NotFound
from annolog.projections.agreement.queries import config_of, project_of


def dimension_of(connection: Connection, project: int, name: str) -> tuple[Mapping[str, Any], Dimension]:
    """How a project measures, and one control of it."""
    row = project_of(connection, project)
    if row is None:
        raise no_such_control(project, name)
    return row, control_of(config_of(row), project, name)


def control_of(config: LabelingConfig, project: int, name: str) -> Dimension:
    """One control of a project's labeling config."""
    if name not in config.by_name:
        raise no_such_control(project, name)
    return config.by_name[name]


def no_such_control(project: int, name: str) -> NotFound:
    """The refusal of a control that the labeling config has not."""
    return NotFound(f"Project {project} has no control {name!r}.", faults=[_fault("dimension", "no such control")])


def label_must_exist(dimension: Dimension, label: str | None, answers: Iterable[Value]) -> None:
    """Refuse a label that the labeling config has not and that no answer carries.

    An answer may carry one that an earlier config had, or that came with the data.
    """
    if label is None or may_carry(dimension, label):
        return
    if not any(label in labels_in(dimension.kind, answer) for answer in answers):
        raise no_such_label(dimension, label)


def no_such_label(dimension: Dimension, label: str) -> NotFound:
    """The refusal of a label that neither the labeling config nor any answer knows."""
    message = f"Control {dimension.name!r} has no label {label!r}, and nobody gave it."
    return NotFound(message, faults=[_fault("label", "no such label")])


def _fault(parameter: str, message: str) -> Fault:
    return Fault(f"query/{parameter}", message)
