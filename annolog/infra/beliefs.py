"""What the project's policy makes of tasks, from answers and models as the read models have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import Connection, Engine

from annolog.domain.agreement.share import Votes
from annolog.domain.policies.believing import Answered, Belief, Crowd, believe
from annolog.domain.policies.live import policy_of
from annolog.domain.project.settings import AGREEMENT
from annolog.domain.project.state import Project
from annolog.domain.task.state import Task
from annolog.projections.agreement.answers import votes_in
from annolog.projections.agreement.queries import tasks_by_id
from annolog.projections.consensus.queries import model_of_parameters, models
from annolog.projections.engine.snapshots import in_snapshot


class BeliefReader:
    """Beliefs, for services."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of_tasks(self, project: Project, tasks: Sequence[Task], now: datetime) -> Mapping[int, Belief]:
        """What is believed of each task, where the policy has what it needs: by model, once there is one."""

        def look(connection: Connection) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]:
            rows = list(tasks_by_id(connection, [task.id for task in tasks]))
            return rows, {found["dimension"]: found for found in models(connection, project.id)}

        rows, fitted = in_snapshot(self._engine, look)
        dimensions = [dimension.name for dimension in project.config.dimensions if dimension.single_label]
        if project.settings.reassignment.policy != AGREEMENT and any(name not in fitted for name in dimensions):
            return {}
        people = tuple(sorted(project.at_work(now)))
        crowds = {
            name: _crowd(fitted[name]["parameters"], fitted[name]["version"], people)
            for name in dimensions
            if name in fitted
        }
        policy, known = policy_of(project.settings.reassignment), {task.id: task for task in tasks}
        found = {}
        for row in rows:
            task, votes = known[row["task"]], votes_in(row, orjson.loads(row["answers"]))
            answered = [_answered(name, votes, crowds.get(name)) for name in dimensions]
            touched = {person for person in people if task.has_touched(person)} if answered else set()
            found[task.id] = believe(policy, answered, touched)
        return found


def _answered(dimension: str, votes: Votes, crowd: Crowd | None) -> Answered:
    given = {person: values[dimension] for person, values in votes.compared.items() if dimension in values}
    return Answered(dimension, given, (votes.truth or {}).get(dimension), crowd)


@lru_cache(maxsize=64)
def _crowd(parameters: str, version: int, people: tuple[int, ...]) -> Crowd:
    return Crowd.of(model_of_parameters(parameters), version, people)
