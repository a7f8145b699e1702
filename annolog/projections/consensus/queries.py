"""What a project takes for true, how sure it is, and what each person's answers are worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import Connection, select

from annolog.domain.consensus.models import Model
from annolog.domain.labeling import decode_value
from annolog.projections.consensus.tables import consensus_model
from annolog.projections.engine.moments import moment


def models(connection: Connection, project: int) -> list[dict[str, Any]]:
    """The model of every dimension that has one."""
    query = select(consensus_model).where(consensus_model.c.project == project)
    return [dict(row) for row in connection.execute(query.order_by(consensus_model.c.dimension)).mappings()]


def versions(connection: Connection, project: int) -> dict[str, int]:
    """The version of the model of every dimension that has one, without reading the models."""
    table = consensus_model.c
    rows = connection.execute(select(table.dimension, table.version).where(table.project == project))
    return {dimension: version for dimension, version in rows}  # noqa: C416 - a row is no pair to mypy


def model_at(connection: Connection, project: int, dimension: str) -> Model:
    """The model of a dimension that has one."""
    table = consensus_model.c
    query = select(table.parameters).where(table.project == project, table.dimension == dimension)
    return Model.from_parameters(orjson.loads(connection.execute(query).scalar_one()))


def described(row: Mapping[str, Any]) -> dict[str, Any]:
    """A model in words and figures, without its parameters."""
    return {
        "dimension": row["dimension"],
        "version": row["version"],
        "kind": row["kind"],
        "tasks": row["tasks"],
        "answers": row["answers"],
        "known": row["known"],
        "position": row["position"],
        "fitted_at": moment(row["fitted_at"]).isoformat(),
        "evidence": orjson.loads(row["evidence"]),
    }


def model_of(row: Mapping[str, Any]) -> Model:
    """The model itself."""
    return _model(row["parameters"])


@lru_cache(maxsize=64)
def _model(parameters: str) -> Model:
    return Model.from_parameters(orjson.loads(parameters))


def shown(labels: Sequence[str]) -> list[Any]:
    """Labels as answers say them."""
    return [decode_value(label) for label in labels]
