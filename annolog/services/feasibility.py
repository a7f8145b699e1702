"""A task that nobody is left for says so, instead of waiting in silence; and says so when somebody comes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from datetime import datetime
from itertools import chain

from annolog.commands.distributing import GiveUpWork, JudgeFeasibility
from annolog.domain.event import Event
from annolog.domain.project import events as project_events
from annolog.domain.project.limits import limit_of, spent
from annolog.domain.project.state import Project
from annolog.domain.recorded import Recorded
from annolog.domain.rules.events import SkillSet
from annolog.domain.task import events as happened
from annolog.domain.task import feasibility as domain
from annolog.domain.task.answers import CHANGING_ANSWERS
from annolog.services.experts import kept_for_good
from annolog.services.ports import Queue, States
from annolog.services.reaction import Ask, Reaction, about

TOGETHER = 100
OF_TASK: frozenset[type[Event]] = CHANGING_ANSWERS | {
    happened.AnnotationSkipped,
    happened.ReservationReleased,
    happened.SkipWithdrawn,
    happened.OverlapSet,
    happened.SlotAdded,
    happened.SlotKept,
    happened.PreferenceEnded,
    happened.TaskRestored,
}
# After these there may be fewer people for any task, or more, or other slots.
OF_PROJECT: frozenset[type[Event]] = frozenset(
    {
        project_events.MemberAdded,
        project_events.MemberRemoved,
        project_events.MemberRoleChanged,
        project_events.MemberPaused,
        project_events.MemberResumed,
        project_events.SettingsChanged,
        project_events.TasksImported,
        project_events.ProjectPublished,
        SkillSet,
    }
)


def feasibility(states: States, queue: Queue) -> Reaction:
    """Have those tasks judged for which the answer seems to have changed; the task decides."""

    def react(batch: Sequence[Recorded]) -> Iterator[tuple[Recorded, Ask]]:
        now = max(recorded.recorded_at for recorded in batch)
        by_project: dict[int, list[Recorded]] = {}
        for recorded in batch:
            assert recorded.project is not None
            by_project.setdefault(recorded.project, []).append(recorded)
        for id, happenings in by_project.items():
            project = states.project(id)
            limit, at_limit = limit_of(project), spent(project, queue.at_limit)
            yield from _given_up(happenings, project, at_limit, queue)
            whole = any(_concerns_all(recorded.event, project, limit, at_limit) for recorded in happenings)
            found = _of_project(project, now, at_limit, queue) if whole else iter(())
            named = {r.event.task: None for r in happenings if isinstance(r.event, happened.TaskEvent)}
            for piece in chain([list(named)], found):
                tasks = states.tasks(piece)
                changed = [id for id, task in tasks.items() if domain.judge(task, project, now, at_limit)]
                if changed:
                    yield happenings[-1], Ask(JudgeFeasibility(project=project.id, tasks=changed), about(changed))

    return Reaction("feasibility", OF_TASK | OF_PROJECT, react)


def _concerns_all(event: Event, project: Project, limit: int | None, at_limit: Set[int]) -> bool:
    """Whether there may be other people for any task: members and settings, and whoever reaches the limit."""
    match event:
        case project_events.SettingsChanged(group=group):
            return group in ("assignment", "reassignment")
        case SkillSet(skill=skill):
            return skill == project.settings.reassignment.expert_skill
        case project_events.TasksImported() | happened.AnnotationDeleted():
            return limit is not None
        case happened.AnnotationSubmitted(annotator=annotator) | happened.AnnotationRestored(annotator=annotator):
            return annotator in at_limit
        case _:
            return type(event) in OF_PROJECT


def _given_up(
    happenings: Sequence[Recorded], project: Project, at_limit: Set[int], queue: Queue
) -> Iterator[tuple[Recorded, Ask]]:
    """Who has done all they may will not come back to what they skipped."""
    for recorded in happenings:
        event = recorded.event
        if isinstance(event, happened.AnnotationSubmitted) and event.annotator in at_limit:
            for tasks in _pieces(queue.waiting_for(project.id, event.annotator)):
                yield recorded, Ask(GiveUpWork(project=project.id, person=event.annotator, tasks=tasks), about(tasks))


def _of_project(project: Project, now: datetime, at_limit: Set[int], queue: Queue) -> Iterator[Sequence[int]]:
    """Tasks that may have nobody left, or somebody again.

    Only where as many people had to do with a task as there are at work can all of them have been among these.
    """
    people = sum(person not in at_limit for person in project.at_work(now))
    yield from _pieces(queue.flagged(project.id))
    after = 0
    while tasks := queue.touched(project.id, max(1, people), after, TOGETHER):
        after = tasks[-1]
        yield tasks
    yield from kept_for_good(project.id, queue)


def _pieces(tasks: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(tasks), TOGETHER):
        yield list(tasks[start : start + TOGETHER])
