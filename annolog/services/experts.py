"""A slot for experts is kept for whoever is one: who becomes one is let in, who is one no longer is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from annolog.commands.distributing import KeepForExperts
from annolog.domain.event import Event
from annolog.domain.project import events as project_events
from annolog.domain.project.state import Project
from annolog.domain.recorded import Recorded
from annolog.domain.rules.events import SkillSet
from annolog.domain.task import experts as domain
from annolog.domain.task.events import TaskRestored
from annolog.services.ports import Queue, States
from annolog.services.reaction import Ask, Reaction, about

TOGETHER = 100
# After these others may be experts; what was deleted meanwhile was not asked.
OTHERS: frozenset[type[Event]] = frozenset(
    {
        SkillSet,
        project_events.MemberAdded,
        project_events.MemberRemoved,
        project_events.MemberRoleChanged,
        project_events.MemberResumed,
        project_events.SettingsChanged,
        TaskRestored,
    }
)


def experts(states: States, queue: Queue) -> Reaction:
    """Have those tasks looked at whose slot is kept for other people than are experts now; the task decides."""

    def react(batch: Sequence[Recorded]) -> Iterator[tuple[Recorded, Ask]]:
        latest: dict[int, Recorded] = {}
        for recorded in batch:
            assert recorded.project is not None
            if _concerns_experts(recorded.event, states.project(recorded.project)):
                latest[recorded.project] = recorded
        for id, recorded in latest.items():
            project = states.project(id)
            for tasks in kept_for_good(id, queue):
                changed = [
                    task.id for task in states.tasks(tasks).values() if task.exists and domain.keep(task, project)
                ]
                if changed:
                    yield recorded, Ask(KeepForExperts(project=id, tasks=changed), about(changed))

    return Reaction("experts", OTHERS, react)


def kept_for_good(project: int, queue: Queue) -> Iterator[Sequence[int]]:
    """The project's tasks whose slot is kept for certain people, however long it takes; some at a time."""
    after = 0
    while tasks := queue.kept(project, after, TOGETHER):
        after = tasks[-1]
        yield tasks


def _concerns_experts(event: Event, project: Project) -> bool:
    match event:
        case project_events.SettingsChanged(group=group):
            return group == "reassignment"
        case SkillSet(skill=skill):
            return skill == project.settings.reassignment.expert_skill
        case _:
            return True
