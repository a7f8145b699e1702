"""Changed rules reach every task: what counts as finished or as reviewed by them is announced, not left to be found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from annolog.commands.distributing import ReconsiderTasks
from annolog.domain.event import Event
from annolog.domain.project.events import SettingsChanged
from annolog.domain.recorded import Recorded
from annolog.services.ports import Queue
from annolog.services.reaction import Ask, Reaction

TOGETHER = 500
# The settings that a task's state rests on, beside the overlap, which is set task by task.
FIELDS = {
    "assignment": ("distribution",),
    "reassignment": ("enabled", "policy"),
    "review": ("sample_percent", "criteria"),
}


def standing(queue: Queue) -> Reaction:
    """After a change of the rules for finished and reviewed, have every task of the project look where it stands."""

    def react(batch: Sequence[Recorded]) -> Iterator[tuple[Recorded, Ask]]:
        latest = {recorded.project: recorded for recorded in batch if _concerns(recorded.event)}
        for project, recorded in latest.items():
            assert project is not None
            after = 0
            while tasks := queue.tasks(project, after, TOGETHER):
                after = tasks[-1]
                yield recorded, Ask(ReconsiderTasks(project=project, tasks=list(tasks)), str(after))

    return Reaction("standing", frozenset({SettingsChanged}), react)


def _concerns(event: Event) -> bool:
    return isinstance(event, SettingsChanged) and any(
        event.old[name] != event.new[name] for name in FIELDS.get(event.group, ())
    )
