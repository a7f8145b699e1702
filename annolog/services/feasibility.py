"""A task that nobody is left for says so, instead of waiting in silence; and says so when somebody comes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from datetime import datetime

from annolog.commands.distributing import JudgeFeasibility
from annolog.domain.event import Event
from annolog.domain.project import events as project_events
from annolog.domain.project.limits import limit_of
from annolog.domain.project.state import Project
from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.domain.task import feasibility as domain
from annolog.domain.task.state import Resolution, Task
from annolog.services.ports import Queue, States
from annolog.services.reaction import Ask, Reaction

TOGETHER = 500
OF_TASK: frozenset[type[Event]] = frozenset(
    {
        happened.AnnotationSubmitted,
        happened.AnnotationSkipped,
        happened.AnnotationDeleted,
        happened.AnnotationReviewed,
        happened.ReservationReleased,
        happened.SkipWithdrawn,
        happened.OverlapSet,
        happened.SlotAdded,
    }
)
# After these there may be fewer people for any task, or more, or other slots.
OF_PROJECT: frozenset[type[Event]] = frozenset(
    {
        project_events.MemberAdded,
        project_events.MemberRemoved,
        project_events.MemberRoleChanged,
        project_events.MemberPaused,
        project_events.MemberResumed,
        project_events.SettingsChanged,
        project_events.ProjectPublished,
    }
)


def feasibility(states: States, queue: Queue) -> Reaction:
    """Have those tasks judged for which the answer seems to have changed; the task decides."""

    def react(batch: Sequence[Recorded]) -> Iterator[tuple[Recorded, Ask]]:
        now = max(recorded.recorded_at for recorded in batch)
        by_project: dict[int, tuple[Recorded, dict[int, None]]] = {}
        for recorded in batch:
            event = recorded.event
            assert recorded.project is not None
            _, tasks = by_project.setdefault(recorded.project, (recorded, {}))
            if isinstance(event, happened.TaskEvent):
                tasks[event.task] = None
            by_project[recorded.project] = (recorded, tasks)
        for id, (recorded, tasks) in by_project.items():
            whole = any(r.project == id and type(r.event) in OF_PROJECT for r in batch)
            found = _of_project(id, queue) if whole else iter([list(tasks)])
            yield from _asked(recorded, states.project(id), found, now)

    def _asked(
        recorded: Recorded, project: Project, pieces: Iterator[Sequence[int]], now: datetime
    ) -> Iterator[tuple[Recorded, Ask]]:
        limit = limit_of(project)
        spent: Set[int] = frozenset() if limit is None else queue.at_limit(project.id, limit)
        for piece in pieces:
            tasks = states.tasks(piece)
            changed = [id for id, task in tasks.items() if _has_changed(task, project, now, spent)]
            if changed:
                yield recorded, Ask(JudgeFeasibility(project=project.id, tasks=changed), str(changed[0]))

    return Reaction("feasibility", OF_TASK | OF_PROJECT, react)


def _of_project(project: int, queue: Queue) -> Iterator[Sequence[int]]:
    after = 0
    while tasks := queue.begun(project, after, TOGETHER):
        after = tasks[-1]
        yield tasks


def _has_changed(task: Task, project: Project, now: datetime, spent: Set[int]) -> bool:
    if not domain.lacks_people(task, project, now):
        return False
    return domain.anybody(task, project, now, spent) == (task.resolution is Resolution.INFEASIBLE)
