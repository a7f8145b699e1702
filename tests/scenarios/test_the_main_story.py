"""Two people disagree, a third is asked, a reviewer decides: one task to its end, with every reason on record."""

from __future__ import annotations

import pytest

from annolog.domain.task.events import SlotAdded, TaskExhausted, TaskInfeasible, TaskState
from annolog.projections.progress.queries import flagged
from tests.world import World, result

RULE = {"enabled": True, "threshold": 0.6, "maximum_additional": 2}
TWO = {"overlap": 2}


def test_a_disagreement_finds_its_own_way_to_an_answer(world: World) -> None:
    world.set_up(tasks=1, assignment=TWO, reassignment=RULE, agreement={"methodology": "consensus"})
    world.work("ann", "A")
    world.work("bob", "B")
    world.settle()
    assert world.work("cyd", "A") == 1
    world.settle()
    task = world.task()
    assert (task.slots, task.additional, task.state) == (3, 1, TaskState.NEEDS_REVIEW)
    assert world.agreement()["score"] == pytest.approx(2 / 3)
    assert world.agreement()["winners"] == {"label": ["A"]}
    odd = next(a for a in task.counted if a.annotator == world.people["bob"])
    world.review("rev", 1, odd.id, "fixed", result=result("A"))
    assert world.task().state is TaskState.COMPLETED
    assert world.agreement()["score"] == 1.0
    assert world.types("task-1") == [
        "TaskImported",
        *("TaskReserved", "AnnotationSubmitted", "TaskStateChanged"),
        *("TaskReserved", "AnnotationSubmitted"),
        "SlotAdded",
        *("TaskReserved", "AnnotationSubmitted"),
        *("AgreementReached", "TaskStateChanged"),
        *("AnnotationReviewed", "AnnotationRevised", "TaskStateChanged"),
    ]


def test_what_happened_by_itself_names_its_cause_its_evidence_and_the_system(world: World) -> None:
    world.set_up(tasks=1, assignment=TWO, reassignment=RULE)
    world.work("ann", "A")
    # Whoever reacts to the first answer only when the second is there as well names the first as the cause.
    world.settle()
    world.work("bob", "B")
    world.settle()
    stream = world.installation.log.streams(["task-1"])["task-1"]
    [added] = [recorded for recorded in stream if isinstance(recorded.event, SlotAdded)]
    cause = next(recorded for recorded in stream if recorded.id == added.causation_id)
    assert cause.type == "AnnotationSubmitted"
    assert cause.event.annotator == world.people["bob"]
    assert added.correlation_id == cause.correlation_id
    assert (added.actor, added.event.reason) == (0, "low_agreement")
    assert added.event.evidence.settings_version == world.installation.states.project(1).settings_version


def test_a_third_person_is_asked_once_however_often_the_services_look(world: World) -> None:
    world.set_up(tasks=1, assignment=TWO, reassignment=RULE)
    world.work("ann", "A")
    world.work("bob", "B")
    world.settle()
    before = world.installation.log.head()
    world.forget_reactions()
    world.settle()
    assert world.installation.log.head() == before


@pytest.mark.conformance("B8")
@pytest.mark.parametrize("extra", [0, 1, 2])
def test_no_more_people_are_asked_than_the_project_allows(world: World, extra: int) -> None:
    world.set_up(
        tasks=1,
        annotators="ann bob cyd dan eve",
        assignment=TWO,
        reassignment={**RULE, "maximum_additional": extra},
    )
    asked = 0
    for who, label in zip(("ann", "bob", "cyd", "dan", "eve"), "ABCAB", strict=True):
        world.settle()
        if world.has_work(who):
            asked += 1
            world.submit(who, 1, label)
    world.settle()
    assert asked == 2 + extra
    exhausted = world.installation.log.streams(["task-1"])["task-1"][-2].event
    assert isinstance(exhausted, TaskExhausted)
    assert exhausted.limit == extra
    with world.installation.read_engine.connect() as connection:
        assert flagged(connection, world.project, "exhausted") == [1]


@pytest.mark.conformance("B9")
def test_who_is_at_their_limit_or_paused_is_nobody_who_could_be_asked(world: World) -> None:
    world.set_up(tasks=2, assignment={**TWO, "limit_count": 1}, reassignment=RULE)
    world.submit("cyd", 2, "A")
    world.submit("ann", 1, "A")
    world.submit("bob", 1, "B")
    world.settle()
    infeasible = world.installation.log.streams(["task-1"])["task-1"][-1].event
    assert isinstance(infeasible, TaskInfeasible)
    assert (infeasible.eligible, infeasible.slots_wanted) == (0, 3)
    # The other task has a free slot, and everybody who has not answered it is at the limit too.
    assert world.progress()["infeasible"] == 2
    world.change("assignment", limit_count=2)
    assert world.progress()["infeasible"] == 0
    assert world.next("cyd") == 1


@pytest.mark.conformance("B9")
def test_an_infeasible_task_that_is_finished_some_other_way_is_flagged_no_more(world: World) -> None:
    world.set_up(tasks=1, annotators="ann bob", assignment=TWO, reassignment=RULE)
    world.work("ann", "A")
    world.work("bob", "B")
    assert world.progress()["infeasible"] == 1
    world.change("reassignment", enabled=False)
    assert world.progress()["infeasible"] == 0
    assert world.task().state is TaskState.NEEDS_REVIEW
