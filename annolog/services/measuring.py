"""Metrics of projects' own look at answers, and what they say is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from annolog.commands.defining import TASKS_TOGETHER, RecordMeasuredAgreement
from annolog.domain.event import Event
from annolog.domain.project.events import AgreementRecomputed
from annolog.domain.project.state import Project
from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.domain.task.answers import CHANGING_ANSWERS
from annolog.domain.task.evidence import MeasuredPair
from annolog.domain.task.state import Task
from annolog.services.ports import Queue, Scores, Scoring, States
from annolog.services.reaction import Ask, Reaction

ANSWERS: frozenset[type[Event]] = CHANGING_ANSWERS | {
    happened.TaskRestored,
}


def measuring(states: States, queue: Queue, scoring: Scoring) -> Reaction:
    """Whenever answers change, or a definition reaches them, that asks for a metric of the project's own."""

    def react(batch: Sequence[Recorded]) -> Iterator[tuple[Recorded, Ask]]:
        latest = {task: recorded for recorded in batch for task in _concerned(recorded, states, queue)}
        for id, task in states.tasks(list(latest)).items():
            if not task.exists or len(task.compared) < 2:
                continue
            project = states.project(task.project)
            for definition, digest in _custom(project):
                found = scoring.score(digest, project.custom_metrics[digest], _shown(task))
                yield latest[id], Ask(_record(task, definition, digest, found), f"{id}:{definition}")

    return Reaction("measuring", ANSWERS | {AgreementRecomputed}, react)


def _concerned(recorded: Recorded, states: States, queue: Queue) -> Sequence[int]:
    """The tasks that an event may have given a custom metric something to do for; for most projects none."""
    event = recorded.event
    assert recorded.project is not None
    if not any(_custom(states.project(recorded.project))):
        return []
    if isinstance(event, AgreementRecomputed):
        tasks = queue.tasks(event.project, event.first_task - 1, TASKS_TOGETHER)
        return [task for task in tasks if task <= event.last_task]
    assert isinstance(event, happened.TaskEvent)
    return [event.task]


def _custom(project: Project) -> Iterator[tuple[int, str]]:
    """The definitions kept up that ask for a metric of the project's own, with its digest."""
    if project.settings.agreement.custom is not None:
        yield project.definition, project.settings.agreement.custom
    if project.proposal is not None and project.proposal.settings.custom is not None:
        yield project.proposal.version, project.proposal.settings.custom


def _shown(task: Task) -> list[dict[str, object]]:
    """The compared annotations as Label Studio shapes them, the lower id first."""
    return [
        {
            "id": id,
            "task": task.id,
            "completed_by": task.annotations[id].annotator,
            "result": task.annotations[id].result,
        }
        for id, _ in task.compared
    ]


def _record(task: Task, definition: int, digest: str, found: Scores) -> RecordMeasuredAgreement:
    ids = [id for id, _ in task.compared]
    return RecordMeasuredAgreement(
        task=task.id,
        definition=definition,
        digest=digest,
        annotations=list(task.compared),
        pairs=[
            MeasuredPair(one=ids[one], other=ids[other], score=score, error=error)
            for one, other, score, error in found.pairs
        ],
        score=found.score,
        error=found.error,
    )
