"""What it costs to decide on a task among very many, with very many people; and `next` with sixteen in flight."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import UTC, datetime
from random import Random
from time import perf_counter
from uuid import uuid4

import orjson
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import StaticPool

from annolog.commands.command import Answer, Request
from annolog.commands.working import RequestWork
from annolog.domain.consensus.events import ConsensusModelFitted
from annolog.domain.consensus.models import Kind, Model, PersonSkill
from annolog.domain.event import Event
from annolog.domain.project.events import LabelConfigRevised, MemberAdded, ProjectCreated, ProjectRole, SettingsChanged
from annolog.domain.project.settings import ReassignmentSettings, plain
from annolog.domain.project.state import Project
from annolog.domain.project.state import fold as fold_project
from annolog.domain.recorded import Recorded
from annolog.domain.task import reassignment
from annolog.domain.task.events import AnnotationSubmitted, TaskImported
from annolog.domain.task.evolve import fold as fold_task
from annolog.domain.task.state import Task
from annolog.infra.beliefs import BeliefReader
from annolog.infra.interpreter import tune
from annolog.infra.read_side import AgreementReader
from annolog.projections.agreement.projector import agreement
from annolog.projections.agreement.tables import agreement_task
from annolog.projections.consensus.projector import consensus
from annolog.projections.engine.rows import names_of
from annolog.projections.engine.statements import insert_rows
from annolog.services.measured import evidence_of
from benchmarks.measures import Figure, percentile, show
from benchmarks.running_agreement import CONFIG, recorded
from benchmarks.workload import installation, project_with

TASKS, PEOPLE, LABELS = 1_000_000, 1_000, "abcde"
DECISIONS, TOGETHER = 1_000, 20_000
IN_FLIGHT, REQUESTS = 16, 4_000
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


def rules(policy: str) -> ReassignmentSettings:
    """Always one more, so that every decision goes all the way."""
    return ReassignmentSettings(enabled=True, policy=policy, threshold=1.0, confidence=1.0, maximum_additional=5)


def facts(policy: str) -> list[Event]:
    """The project: its people, and what it asks."""
    changed = {"project": 1, "group": "reassignment", "version": 1, "old": {}}
    return [
        ProjectCreated(project=1, title="p"),
        LabelConfigRevised(project=1, version=1, label_config=CONFIG),
        *(MemberAdded(project=1, person=person, role=ProjectRole.ANNOTATOR) for person in range(1, PEOPLE + 1)),
        SettingsChanged(**changed, new=plain(rules(policy))),
    ]


def model(chance: Random) -> ConsensusModelFitted:
    """Confusion matrices of everybody."""
    labels = tuple(orjson.dumps(label).decode() for label in LABELS)
    people = {
        person: PersonSkill(
            correct=30.0,
            answers=40.0,
            confusion={(true, given): chance.random() * 8 for true in range(5) for given in range(5)},
        )
        for person in range(1, PEOPLE + 1)
    }
    found = Model(Kind.DAWID_SKENE, labels, (0.2,) * 5, people, 2.0, TASKS, 40 * PEOPLE)
    return ConsensusModelFitted(
        project=1,
        dimension="label",
        version=1,
        kind=found.kind.value,
        parameters=found.to_parameters(),
        tasks=TASKS,
        answers=40 * PEOPLE,
        known=0,
        position=3,
        skills={},
        evidence={},
    )


def read_models(tasks: int, chance: Random) -> Engine:
    """Agreement of so many tasks with two answers each, and a model; in memory."""
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    events = [*facts("agreement"), model(chance)]
    with engine.begin() as connection:
        for projector in (agreement, consensus):
            projector.metadata.create_all(connection)
            mine = [event for event in events if type(event) in projector.interests]
            projector.fold(connection, [recorded(place, event) for place, event in enumerate(mine, 1)])
        agreement.fold(connection, [answer(1, 1, "a"), answer(1, 2, "b")])
        [row] = connection.execute(agreement_task.select()).all()
        place = names_of(agreement_task).index("task")
        for start in range(2, tasks + 1, TOGETHER):
            some = range(start, min(start + TOGETHER, tasks + 1))
            insert_rows(connection, agreement_task, [(*row[:place], task, *row[place + 1 :]) for task in some])
    return engine


def answer(task: int, person: int, label: str) -> Recorded:
    """What somebody said of a task. Annotations are numbered by person: every task has the same answers here."""
    result = [{"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": [label]}}]
    event = AnnotationSubmitted(
        project=1, task=task, annotation=person, annotator=person, result=result, config_version=1
    )
    return recorded(person, event)


def task_of(id: int) -> Task:
    """A task that two people have answered."""
    imported = TaskImported(project=1, task=id, data={}, import_id=1, line=1, slots=2, covered=True, draw=0.5, seed=0)
    return fold_task(Task(id), [imported, *(answer(id, person, "ab"[person - 1]).event for person in (1, 2))])


def decisions(engine: Engine, tasks: int, policy: str, chance: Random) -> list[float]:
    """Seconds for each decision: measuring, whom to ask, and the judgement."""
    project = fold_project(Project(1), facts(policy))
    measured, beliefs = AgreementReader(engine), BeliefReader(engine)
    times = []
    for task in [task_of(chance.randint(1, tasks)) for _ in range(DECISIONS)]:
        started = perf_counter()
        [(_, evidence)] = evidence_of(project, [task], measured, beliefs, NOON)
        asked = reassignment.whom_to_ask(task, evidence, project, NOON, frozenset())
        events = reassignment.assess(task, evidence, asked, project.settings, project.definition)
        times.append(perf_counter() - started)
        assert events
        assert events[0].type_name() == "SlotAdded"
    return times


def asked_at_once(tasks: int) -> tuple[float, list[float]]:
    """Requests for work a second, and how long each took, with sixteen people waiting at any time."""
    with installation() as found:
        project, people = project_with(found, tasks, REQUESTS)
        waiting: list[tuple[float, Future[Answer]]] = []
        times: list[float] = []
        begun = perf_counter()
        for person in people:
            waiting.append((perf_counter(), found.bus.send(Request(RequestWork(project=project), uuid4(), person))))
            if len(waiting) == IN_FLIGHT:
                times += _done(waiting)
        times += _done(waiting)
        return len(people) / (perf_counter() - begun), times


def _done(waiting: list[tuple[float, Future[Answer]]]) -> Iterator[float]:
    for started, future in waiting:
        future.result()
        yield perf_counter() - started
    waiting.clear()


def main() -> None:
    """Print it."""
    tune()
    tasks = int(sys.argv[2]) if len(sys.argv) > 2 else TASKS
    chance = Random(7)
    engine = read_models(tasks, chance)
    figures = []
    for policy, goal in (("agreement", "< 1"), ("confidence", "< 5")):
        times = decisions(engine, tasks, policy, chance)
        name = f"a decision by {policy}, {tasks:,} tasks, {PEOPLE:,} people"
        slow = f"p99 {percentile(times, 0.99) * 1e3:.2f}"
        figures.append(Figure(name, percentile(times, 0.5) * 1e3, "ms", goal, slow))
    a_second, times = asked_at_once(10_000)
    figures += [
        Figure(f"next in process, {IN_FLIGHT} in flight, each for somebody new", a_second, "a second", ">= 2,000"),
        Figure("the same, p99", percentile(times, 0.99) * 1e3, "ms", "< 20"),
    ]
    show("Decisions", "python -m benchmarks decisions", figures)
