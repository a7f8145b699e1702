"""A finished task whose way depends on its agreement is told its way once that is measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from annolog.commands.routing import MeasuredAgreement, RouteForReview
from annolog.domain.event import Event
from annolog.domain.project.events import AgreementDefinitionActivated
from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.domain.task.answers import CHANGING_ANSWERS
from annolog.domain.task.review_events import ReviewRoutingAwaited
from annolog.domain.task.state import Task
from annolog.services.ports import Agreement, Awaited, States
from annolog.services.reaction import Ask, Reaction

TOGETHER = 500
ANSWERS: frozenset[type[Event]] = CHANGING_ANSWERS | {ReviewRoutingAwaited, happened.AgreementMeasured}


def review_routing(states: States, agreement: Agreement, awaited: Awaited) -> Reaction:
    """Whenever a task waits to hear whether it is reviewed, have it decide by what the read models measured."""

    def react(batch: Sequence[Recorded]) -> Iterator[tuple[Recorded, Ask]]:
        latest = {task: recorded for recorded in batch for task in _concerned(recorded, awaited)}
        ids = list(latest)
        for start in range(0, len(ids), TOGETHER):
            # In the order of the log: the quotas go by it.
            for task in states.tasks(ids[start : start + TOGETHER]).values():
                found = _measured(task, states, agreement) if task.exists and task.awaits_routing else None
                if found is not None:
                    yield latest[task.id], Ask(RouteForReview(task=task.id, agreement=found), str(task.id))

    return Reaction("review_routing", ANSWERS | {AgreementDefinitionActivated}, react)


def _concerned(recorded: Recorded, awaited: Awaited) -> Iterator[int]:
    event = recorded.event
    if isinstance(event, happened.TaskEvent):
        yield event.task
        return
    assert recorded.project is not None
    # What was measured just before, by the definition that was in force then, was refused.
    after = 0
    while tasks := awaited.awaited(recorded.project, after, TOGETHER):
        after = tasks[-1]
        yield from tasks


def _measured(task: Task, states: States, agreement: Agreement) -> MeasuredAgreement | None:
    """The task's agreement; None while a metric of the project's own has yet to look at its answers."""
    found = agreement.of_tasks([task.id]).get(task.id)
    if found is None or not found.complete:
        return None
    review = states.project(task.project).settings.review
    by_dimension = any(rule.dimension is not None for rule in review.routing)
    return MeasuredAgreement(
        overall=found.score,
        dimensions=agreement.by_dimension(task.id) if by_dimension else {},
        annotations=list(found.annotations),
        definition=found.definition,
    )
