"""Whoever replays the log comes to the same decisions: they rest on nothing but what happened before them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from annolog.domain.ids import project_stream, task_stream
from annolog.domain.project.state import Project
from annolog.domain.project.state import fold as fold_project
from annolog.domain.recorded import Recorded
from annolog.domain.task import reassignment
from annolog.domain.task.events import AgreementReached, SlotAdded, TaskDoubted, TaskEvent, TaskExhausted
from annolog.domain.task.evolve import fold as fold_task
from annolog.domain.task.state import Task
from annolog.infra.beliefs import BeliefReader
from annolog.infra.read_side import AgreementReader
from annolog.projections.agreement.projector import agreement
from annolog.projections.consensus.projector import consensus
from annolog.services.measured import evidence_of
from tests.scenarios.test_confidence import first_answers, fit, open_project, work_while_there_is_any
from tests.world import World

DECISIONS = (AgreementReached, SlotAdded, TaskDoubted, TaskExhausted)


def decided_again(world: World, log: Sequence[Recorded]) -> Iterator[tuple[TaskEvent, list[TaskEvent]]]:
    """Each decision of a rule as it was recorded, and what is decided from what the log held before it."""
    scratch = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    for projector in (agreement, consensus):
        projector.metadata.create_all(scratch)
    project, tasks = Project(world.project), {}
    for recorded in log:
        event = recorded.event
        if isinstance(event, DECISIONS) and event.evidence is not None:
            task = tasks[event.task]
            [(_, found)] = evidence_of(
                project, [task], AgreementReader(scratch), BeliefReader(scratch), recorded.recorded_at
            )
            asked = reassignment.whom_to_ask(task, found, project, recorded.recorded_at, frozenset())
            yield event, _again(task, found, asked, project, event)
        with scratch.begin() as connection:
            for projector in (agreement, consensus):
                if type(event) in projector.interests:
                    projector.fold(connection, [recorded])
        if recorded.stream == project_stream(world.project):
            project = fold_project(project, [event])
        elif isinstance(event, TaskEvent) and recorded.stream == task_stream(event.task):
            tasks[event.task] = fold_task(tasks.get(event.task, Task(event.task)), [event])


def _again(
    task: Task, found: reassignment.Evidence, asked: reassignment.Asked, project: Project, event: TaskEvent
) -> list[TaskEvent]:
    rules, definition = project.settings, project.definition
    if isinstance(event, TaskExhausted) and event.reason == "budget":
        return reassignment.give_in(task, found, rules)
    if task.resolution.value == "doubted":
        return reassignment.grant(task, found, asked, rules, definition)
    return reassignment.assess(task, found, asked, rules, definition)


def comparable(event: TaskEvent) -> dict[str, object]:
    """Without the moment that depends on the clock."""
    return event.model_dump(exclude={"wanted_until"})


def test_the_log_alone_leads_to_every_decision(world: World) -> None:
    open_project(world, tasks=30, budget=2.3, confidence=0.999)
    first_answers(world, 1, 30)
    fit(world)
    work_while_there_is_any(world)
    log = world.installation.log.after(0, 100_000)
    seen = 0
    for event, again in decided_again(world, log):
        assert comparable(event) in [comparable(one) for one in again]
        seen += 1
    assert seen > 30


def test_another_history_would_be_decided_otherwise(world: World) -> None:
    open_project(world, tasks=30, confidence=0.999)
    first_answers(world, 1, 30)
    fit(world)
    log = list(world.installation.log.after(0, 100_000))
    # As if everybody who said A had said B.
    changed = [
        replace(recorded, event=recorded.event.model_copy(update={"result": _other(recorded.event.result)}))
        if recorded.type == "AnnotationSubmitted" and recorded.event.task % 3 == 0  # type: ignore[attr-defined]
        else recorded
        for recorded in log
    ]
    assert any(
        comparable(event) not in [comparable(one) for one in again] for event, again in decided_again(world, changed)
    )


def _other(result: list[dict[str, object]]) -> list[dict[str, object]]:
    return [{**item, "value": {"choices": ["B" if item["value"] == {"choices": ["A"]} else "A"]}} for item in result]
