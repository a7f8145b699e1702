"""The answers that models are fitted to, as the agreement read model keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import Connection, select

from annolog.domain.consensus.ballots import Ballots
from annolog.domain.consensus.models import Model
from annolog.domain.consensus.timing import Standing
from annolog.projections.agreement.answers import votes_in
from annolog.projections.agreement.queries import config_of, project_of, tasks_of
from annolog.projections.agreement.tables import agreement_project
from annolog.projections.consensus.queries import model_of, models
from annolog.projections.consensus.tables import consensus_model

# dimension, ballots, known answers by task, version of the model so far, that model
Found = tuple[str, Ballots, Mapping[int, str], int, Model | None]


def standings(connection: Connection) -> list[Standing]:
    """Where every project stands that has any answers. Of several models the one that looked last counts.

    A dimension that is asked no longer, or that nobody answers, keeps its model and is not looked at again.
    """
    table, model = agreement_project.c, consensus_model.c
    looked: dict[int, tuple[int, int]] = {}
    for project, answers, position in connection.execute(select(model.project, model.answers, model.position)):
        if (position, answers) > looked.get(project, (0, 0)):
            looked[project] = (position, answers)
    rows = connection.execute(select(table.project, table.answers, table.changed).where(table.answers > 0))
    found = []
    for project, answers, changed in rows:
        position, weighed = looked.get(project, (0, 0))
        found.append(Standing(project, answers, changed, weighed, position))
    return found


def of_project(connection: Connection, project: int) -> tuple[int, list[Found]]:
    """The position of the latest change of the answers, and the answers of each dimension of single labels."""
    row = project_of(connection, project)
    if row is None:
        return 0, []
    dimensions = [dimension for dimension in config_of(row).dimensions if dimension.single_label]
    answers: dict[str, list[tuple[int, int, str]]] = {dimension.name: [] for dimension in dimensions}
    known: dict[str, dict[int, str]] = {dimension.name: {} for dimension in dimensions}
    for task in tasks_of(connection, project):
        _collect(task, answers, known)
    fitted = {found["dimension"]: found for found in models(connection, project)}
    return row["changed"], [
        _found(dimension.name, answers[dimension.name], known[dimension.name], fitted.get(dimension.name))
        for dimension in dimensions
    ]


def _collect(
    task: Mapping[str, Any], answers: dict[str, list[tuple[int, int, str]]], known: dict[str, dict[int, str]]
) -> None:
    votes = votes_in(task, orjson.loads(task["answers"]))
    for person, values in votes.compared.items():
        for dimension, value in values.items():
            if dimension in answers:
                answers[dimension].append((task["task"], person, value))
    for dimension, value in (votes.truth or {}).items():
        if dimension in known:
            known[dimension][task["task"]] = value


def _found(
    dimension: str, answers: list[tuple[int, int, str]], known: Mapping[int, str], fitted: Mapping[str, Any] | None
) -> Found:
    ballots = Ballots.of(answers)
    if fitted is None:
        return dimension, ballots, known, 0, None
    return dimension, ballots, known, fitted["version"], model_of(fitted)
