"""Which tasks get the next answers of the label budget: the least sure, when people are about to run out of work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from annolog.commands.distributing import Doubt, GrantAnswers
from annolog.domain.consensus.events import ConsensusModelFitted
from annolog.domain.event import Event
from annolog.domain.project import events as project_events
from annolog.domain.project.budget import labels_left
from annolog.domain.project.limits import spent
from annolog.domain.project.state import Project
from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.domain.task.reassignment import need_of
from annolog.domain.task.state import Resolution
from annolog.services.measured import evidence_of
from annolog.services.ports import Agreement, Beliefs, Queue, States
from annolog.services.reaction import Ask, Reaction, about

INTERESTS: frozenset[type[Event]] = frozenset(
    {
        happened.TaskDoubted,
        happened.TaskReserved,
        happened.AnnotationSubmitted,
        happened.AnnotationSkipped,
        happened.AgreementReached,
        happened.TaskExhausted,
        happened.TaskInfeasible,
        happened.TaskDeleted,
        happened.TaskRestored,
        happened.OverlapSet,
        # What could not be judged when it was looked at can be now.
        happened.AgreementMeasured,
        ConsensusModelFitted,
        project_events.CoverageSet,
        project_events.MemberAdded,
        # With fewer people there may be none left for the tasks that are free.
        project_events.MemberPaused,
        project_events.MemberRemoved,
        project_events.MemberResumed,
        project_events.MemberRoleChanged,
        project_events.SettingsChanged,
        project_events.TasksImported,
    }
)
# So many tasks with a free slot for everybody who is at work, and so many at least, keep all of them busy. To ask for
# more would spend labels on tasks that may turn out not to be the least sure.
FREE_A_PERSON, LEAST_FREE = 2, 4
# So many times as many tasks as are wanted are measured anew, since their needs are from when they were judged.
LOOKED_AT = 4
TOGETHER = 100


def planning(states: States, agreement: Agreement, beliefs: Beliefs, queue: Queue) -> Reaction:
    """Refill the queue of a project that has a label budget."""

    def react(batch: Sequence[Recorded]) -> Iterator[tuple[Recorded, Ask]]:
        latest = {recorded.project: recorded for recorded in batch if recorded.project is not None}
        for id, recorded in latest.items():
            assert id is not None
            project = states.project(id)
            if project.settings.reassigns and project.settings.reassignment.budget is not None:
                wanted = _wanted(project, recorded.recorded_at, states, queue)
                doubts = _neediest(project, wanted, recorded.recorded_at) if wanted else []
                if doubts:
                    tasks = [doubt.task for doubt in doubts]
                    yield recorded, Ask(GrantAnswers(project=id, doubts=doubts), about(tasks))

    def _neediest(project: Project, wanted: int, now: datetime) -> list[Doubt]:
        found = states.tasks(queue.doubted(project.id, LOOKED_AT * wanted))
        waiting = [task for task in found.values() if task.resolution is Resolution.DOUBTED and task.exists]
        measured = evidence_of(project, waiting, agreement, beliefs, now)
        # Those that are being measured anew by another definition wait until they are.
        doubts = [Doubt(task=id, evidence=found) for id, found in measured if found.definition == project.definition]
        rule = project.settings.reassignment
        return sorted(doubts, key=lambda doubt: (-need_of(doubt.evidence, rule), doubt.task))[:wanted]

    return Reaction("planning", INTERESTS, react)


def _wanted(project: Project, now: datetime, states: States, queue: Queue) -> int:
    """How many tasks are to be asked about; once the budget is used up, how many are told so together."""
    if labels_left(project) == 0:
        return TOGETHER
    at_limit = spent(project, queue.at_limit)
    people = sum(person not in at_limit for person in project.at_work(now))
    busy = max(LEAST_FREE, FREE_A_PERSON * people)
    # What nobody is left for keeps nobody busy, and what is for experts nobody but them.
    kept = states.tasks(queue.kept(project.id, 0, busy)).values()
    waiting = [task.wanted or frozenset() for task in kept if task.resolution is not Resolution.INFEASIBLE]
    experts = sum(project.is_at_work(person, now) for person in frozenset().union(*waiting))
    for_experts = min(len(waiting), FREE_A_PERSON * experts)
    return min(TOGETHER, max(0, busy - queue.free(project.id, people, busy) - for_experts))
