"""The same commands come to the same read models, row by row, embedded and scaled out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from annolog.commands.commenting import AddComment
from annolog.commands.distributing import AssignTasks
from annolog.commands.people import NewPerson, RegisterPeople
from annolog.commands.rules import OverruleFiring, SetRule, SetSkill
from annolog.commands.second_review import GiveSecondReview
from annolog.commands.workspaces import (
    AddWorkspaceMembers,
    CreateWorkspace,
    MoveProject,
    NewWorkspaceMember,
    RemoveWorkspaceMember,
)
from annolog.domain.project.events import ProjectRole
from annolog.domain.task.kinds import Verdict
from annolog.infra.composition import Installation
from annolog.infra.event_log.log import HOT
from annolog.infra.read_models import ALL_PROJECTORS
from tests.faults.postgresql.ground import whole_log
from tests.world import Backend, MovableClock, World, settings_in

Tables = Mapping[str, Sequence[Sequence[Any]]]

SETTINGS: dict[str, dict[str, Any]] = {
    "assignment": {"overlap": 2},
    "reassignment": {"enabled": True, "threshold": 0.9, "maximum_additional": 1},
    "review": {"only_finished": False},
}


class SteadyClock(MovableClock):
    """However often somebody looks, the time is the one it was moved to."""

    def __call__(self) -> Any:
        return self._now


@contextmanager
def steady_world(folder: Path, backend: Backend) -> Iterator[World]:
    clock = SteadyClock()
    with settings_in(folder, backend) as settings, Installation(settings, clock=clock) as installation:
        yield World(installation, clock)


def story(world: World) -> None:
    """A day in a project. Everything that follows from a step is waited for, so that ids come in one order."""
    world.set_up(tasks=6, **SETTINGS)
    world.settle()
    for number in range(6):
        for who in ("ann", "bob"):
            task = world.next(who)
            world.clock.forward(60)
            world.submit(who, task, "A" if number % 3 or who == "ann" else "B")
            world.settle()
    added = [task for task in range(1, 7) if "SlotAdded" in world.types(f"task-{task}")]
    assert added
    for _ in added:
        world.work("cyd", "B")
        world.settle()
    answers = sorted((id, task) for task in range(1, 7) for id in world.task(task).annotations)
    world.clock.forward(30)
    world.review("rev", answers[0][1], answers[0][0], verdict="accepted", review_time=20, active_time=10)
    world.settle()
    world.review("rev", answers[1][1], answers[1][0], verdict="rejected", action="pass_on")
    world.settle()
    world.revise("ann", answers[2][1], own(world, "ann", answers[2][1]), "C")
    world.settle()
    world.bring_in(2)
    world.settle()
    world.skip("cyd", world.next("cyd"), "unclear")
    world.settle()
    rule = {
        "conditions": [{"collector": "answers", "comparison": "gte", "value": 5}],
        "action": {"do": "pause", "kind": "flexible", "minutes": 60},
    }
    world.run(SetRule(project=world.project, name="enough", rule=rule))
    world.settle()
    world.run(OverruleFiring(project=world.project, firing=1, reason="not yet"))
    world.settle()
    world.change("assignment", accept_infeasible=True, overlap=3)
    call_an_expert(world)
    judge_twice(world)
    share_a_workspace(world)


def share_a_workspace(world: World) -> None:
    """Two people come into the project by the workspace that it is moved to; one of them leaves."""
    handles = [NewPerson(handle=handle) for handle in ("ida", "jon")]
    people = [one["person"] for one in world.run(RegisterPeople(people=handles)).value["people"]]
    workspace = world.run(CreateWorkspace(title="films")).value["workspace"]
    members = [NewWorkspaceMember(person=person, role=ProjectRole.ANNOTATOR) for person in people]
    world.run(AddWorkspaceMembers(workspace=workspace, members=members))
    world.settle()
    world.run(MoveProject(project=world.project, workspace=workspace))
    world.settle()
    world.run(RemoveWorkspaceMember(workspace=workspace, person=people[0]))
    world.settle()
    assert {*people} & {*world.installation.states.project(world.project).members} == {people[1]}


def judge_twice(world: World) -> None:
    """Two reviewers differ about two answers: one goes back to its author, one waits for a third person."""
    world.join("hal")
    world.join("sue", ProjectRole.REVIEWER)
    world.settle()
    world.change("review", second_review_percent=100, adjudication="on_disagreement", only_finished=False)
    first, second = world.bring_in(2)
    world.settle()
    world.run(AssignTasks(project=world.project, tasks=[first], people=[world.people["rev"]], as_reviewers=True))
    world.settle()
    for task in (first, second):
        annotation = world.submit("hal", task, "A")
        world.settle()
        review = world.review("rev", task, annotation, verdict="rejected", action="return", comment="why A?")
        world.settle()
        world.run(GiveSecondReview(task=task, review=review, verdict=Verdict.ACCEPTED), "sue")
        world.settle()
        said = world.run(AddComment(task=task, annotation=annotation, text="because"), "hal").value["comment"]
        world.settle()
        mentioned = [world.people["bob"]]
        world.run(AddComment(task=task, parent=said, text="and you?", mentions=mentioned), "rev")
        world.settle()
    world.revise("hal", first, own(world, "hal", first), "B")
    world.settle()


def call_an_expert(world: World) -> None:
    """Three people disagree on a new task, and its further slot is kept for the one who can tell."""
    world.join("dan eve fay gus")
    world.settle()
    world.run(SetSkill(project=world.project, person=world.people["dan"], skill="films", value=1.0))
    world.settle()
    world.change("reassignment", expert_after=1, expert_skill="films")
    [task] = world.bring_in(1)
    world.settle()
    for who, label in (("eve", "A"), ("fay", "B"), ("gus", "B")):
        world.submit(who, task, label)
        world.settle()
    assert world.task(task).wanted == {world.people["dan"]}


def own(world: World, who: str, task: int) -> int:
    return next(id for id, one in world.task(task).annotations.items() if one.annotator == world.people[who])


def without_commands(value: Any) -> Any:
    """The value; commands have another id in every story."""
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "a command", value) if isinstance(value, str) else value


def tables_of(installation: Installation) -> Tables:
    """Every row of every read model."""
    found: dict[str, Sequence[Sequence[Any]]] = {}
    for projector in ALL_PROJECTORS:
        engine = installation.log_reader if projector in HOT else installation.read_engine
        with engine.connect() as connection:
            for table in projector.tables:
                query = select(table).order_by(*table.primary_key.columns)
                found[table.name] = [tuple(map(without_commands, row)) for row in connection.execute(query)]
    return found


@pytest.mark.services
def test_the_same_commands_come_to_the_same_rows_embedded_and_scaled_out(tmp_path: Path) -> None:
    logs, tables = [], []
    for backend in (Backend.EMBEDDED, Backend.SCALED_OUT):
        with steady_world(tmp_path / backend, backend) as world:
            story(world)
            logs.append([(e.stream, e.version, e.recorded_at, e.event) for e in whole_log(world.installation)])
            tables.append(tables_of(world.installation))
    embedded, scaled_out = tables
    assert logs[0] == logs[1]
    assert embedded.keys() == scaled_out.keys()
    for name, rows in embedded.items():
        assert scaled_out[name] == rows, name
    assert {name for name, rows in embedded.items() if not rows} <= EMPTY


# Models are fitted when somebody has looked often enough, which no story decides; a change of somebody's work takes
# weeks to be certain of, as in the story of tests/scenarios/test_evaluation.py, which is told on both backends. Nobody
# has a token here or an address: for those there is tests/scenarios/test_activity.py, on both backends too.
EMPTY = {"consensus_model", "drift_alarm", "activity_place", "activity_token"}
