"""What the project's policy makes of tasks, from answers and models as the read models have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Engine

from annolog.domain.agreement.share import Votes
from annolog.domain.consensus.models import Model
from annolog.domain.policies.believing import Answered, Belief, Crowd, believe
from annolog.domain.policies.live import policy_of
from annolog.domain.project.settings import AGREEMENT
from annolog.domain.project.state import Project
from annolog.domain.task.state import Task
from annolog.projections.agreement.answers import votes_in
from annolog.projections.agreement.queries import tasks_by_id
from annolog.projections.consensus.queries import model_at, versions
from annolog.projections.engine.snapshots import in_snapshot

MOST_REMEMBERED = 64


class BeliefReader:
    """Beliefs, for services. Models are large and change rarely: those of the latest versions are remembered."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._models: dict[tuple[int, str], tuple[int, Model]] = {}
        self._crowds: dict[tuple[int, str], Crowd] = {}

    def of_tasks(self, project: Project, tasks: Sequence[Task], now: datetime) -> Mapping[int, Belief]:
        """What is believed of each task, where the policy has what it needs: a model of all that was answered in it.

        Nobody need answer every dimension, and of one that nobody ever answers there is no model.
        """
        names = [dimension.name for dimension in project.config.dimensions if dimension.single_label]
        people = tuple(sorted(project.at_work(now)))

        def look(connection: Connection) -> tuple[list[dict[str, Any]], dict[str, Crowd]]:
            rows = list(tasks_by_id(connection, [task.id for task in tasks]))
            fitted = versions(connection, project.id)
            return rows, {
                name: self._crowd(connection, project.id, name, fitted[name], people)
                for name in names
                if name in fitted
            }

        rows, crowds = in_snapshot(self._engine, look)
        by_model = project.settings.reassignment.policy != AGREEMENT
        if by_model and names and not crowds:
            return {}
        policy, known = policy_of(project.settings.reassignment), {task.id: task for task in tasks}
        found = {}
        for row in rows:
            votes = votes_in(row, orjson.loads(row["answers"]))
            answered = [_answered(name, votes, crowds.get(name)) for name in names]
            if by_model and any(one.votes and one.crowd is None for one in answered):
                continue
            found[row["task"]] = believe(policy, answered, known[row["task"]].touched())
        return found

    def _crowd(
        self, connection: Connection, project: int, dimension: str, version: int, people: tuple[int, ...]
    ) -> Crowd:
        place = (project, dimension)
        crowd = self._crowds.get(place)
        if crowd is not None and (crowd.version, crowd.people) == (version, people):
            return crowd
        found = self._models.get(place)
        if found is None or found[0] != version:
            if len(self._models) >= MOST_REMEMBERED:
                self._models.clear()
                self._crowds.clear()
            found = self._models[place] = (version, model_at(connection, project, dimension))
        crowd = self._crowds[place] = Crowd.of(found[1], version, people)
        return crowd


def _answered(dimension: str, votes: Votes, crowd: Crowd | None) -> Answered:
    given = {person: values[dimension] for person, values in votes.compared.items() if dimension in values}
    return Answered(dimension, given, (votes.truth or {}).get(dimension), crowd)
