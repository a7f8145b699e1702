"""Which state a stream folds into: the one place where a new kind of stream is registered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from annolog.domain.activity import state as activity
from annolog.domain.consensus import state as consensus
from annolog.domain.event import Event
from annolog.domain.people import state as people
from annolog.domain.project import state as project
from annolog.domain.task import evolve as task
from annolog.domain.task.state import Task
from annolog.domain.task.times import dated


@dataclass(frozen=True, slots=True)
class Aggregate:
    """How the state of a kind of stream begins, how an event changes it, and what follows from when it was recorded."""

    begin: Callable[[int], Any]
    evolve: Callable[[Any, Event], Any]
    dated: Callable[[Any, Event, datetime], Any] = lambda state, event, at: state

    def after(self, state: Any, event: Event, at: datetime) -> Any:
        """The state once an event has been recorded at this moment."""
        return self.dated(self.evolve(state, event), event, at)


AGGREGATES: dict[str, Aggregate] = {
    "task": Aggregate(Task, task.evolve, dated),
    "project": Aggregate(project.Project, project.evolve),
    "consensus": Aggregate(consensus.Consensus, consensus.evolve),
    "organization": Aggregate(lambda _: people.Directory(), people.evolve),
    "activity": Aggregate(activity.Noted, activity.evolve),
}


def aggregate_of(stream: str) -> tuple[Aggregate, int]:
    """The kind of a stream, and the id in its name."""
    kind, _, id = stream.rpartition("-")
    return AGGREGATES[kind], int(id)
