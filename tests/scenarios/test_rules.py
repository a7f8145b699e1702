"""What people do sets off a project's own rules, and who thinks that a rule is wrong can say so."""

from __future__ import annotations

from typing import Any

import pytest

from annolog.commands.members import PauseMember, ResumeMember
from annolog.commands.rules import AppealFiring, OverruleFiring, RemoveRule, SetRule, SetSkill
from annolog.commands.states import fold_stream
from annolog.domain.project.events import PauseCause
from annolog.domain.refusals import Forbidden, NotFound, Paused, WrongState
from annolog.domain.task.events import TaskState
from annolog.projections.conduct.queries import firings
from tests.world import World

FAST = {"collector": "fast_answers", "comparison": "gte", "value": 3, "parameters": {"seconds": 2, "last": 5}}
FULL_HOUR = {"do": "pause", "kind": "full", "minutes": 60}


def rule(world: World, name: str, action: dict[str, Any], *conditions: dict[str, Any], **more: Any) -> None:
    body = {"conditions": list(conditions), "action": action, **more}
    world.run(SetRule(project=world.project, name=name, rule=body))


def fired(world: World) -> list[dict[str, Any]]:
    world.settle()
    with world.installation.read_engine.connect() as connection:
        return firings(connection, world.project)


def answer(world: World, who: str, count: int, seconds: float | None = 1.0, label: str = "A") -> list[int]:
    """Ask for work and submit it so many times, each in so many seconds; the tasks."""
    tasks = []
    for _ in range(count):
        tasks.append(world.next(who))
        world.submit(who, tasks[-1], label, lead_time=seconds)
    world.settle()
    return tasks


def test_who_answers_too_fast_is_paused_for_a_time_and_then_goes_on_by_themselves(world: World) -> None:
    world.set_up(tasks=20)
    rule(world, "too-fast", FULL_HOUR, FAST)
    done = answer(world, "ann", 2) + answer(world, "ann", 1, seconds=30)
    assert not fired(world)
    done += answer(world, "ann", 1)
    [firing] = fired(world)
    assert (firing["person"], firing["rule"], firing["version"]) == (world.people["ann"], "too-fast", 1)
    assert firing["inputs"] == {"fast_answers": 3.0}
    assert firing["conditions"] == [FAST]
    assert firing["tasks"] == done
    with pytest.raises(Paused, match="rule too-fast, firing 1: fast answers 3") as paused:
        world.next("ann")
    assert (paused.value.facts["cause"], paused.value.facts["rule"]) == ("rule", "too-fast")
    world.clock.forward(3601)
    world.settle()
    # What she was paused for is not held against her again: it takes three more.
    answer(world, "ann", 2)
    assert len(fired(world)) == 1
    answer(world, "ann", 1)
    assert len(fired(world)) == 2


def test_the_end_of_a_pause_by_rule_is_in_the_log_without_anybody_asking(world: World) -> None:
    world.set_up(tasks=20)
    rule(world, "too-fast", FULL_HOUR, FAST)
    answer(world, "ann", 3)
    world.clock.forward(3601)
    deadline = 500
    while world.types(f"project-{world.project}")[-1] != "MemberResumed" and deadline:
        deadline -= 1
        world.installation.sweeper.sweep()
    assert not world.installation.states.project(world.project).members[world.people["ann"]].pauses


def test_each_of_several_rules_pauses_on_its_own(world: World) -> None:
    world.set_up(tasks=20)
    rule(world, "too-fast", FULL_HOUR, FAST)
    rule(
        world, "enough", {"do": "pause", "kind": "flexible"}, {"collector": "answers", "comparison": "gte", "value": 3}
    )
    answer(world, "ann", 3)
    assert [firing["rule"] for firing in fired(world)] == ["too-fast", "enough"]
    world.run(OverruleFiring(project=world.project, firing=1, reason="short texts"))
    with pytest.raises(Paused, match="enough") as paused:
        world.next("ann")
    assert paused.value.facts["kind"] == "flexible"
    world.run(OverruleFiring(project=world.project, firing=2))
    assert world.has_work("ann")


def test_an_appeal_is_heard_and_an_overruled_pause_ends(world: World) -> None:
    world.set_up(tasks=20, managers="max")
    rule(world, "too-fast", {"do": "pause"}, FAST)
    answer(world, "ann", 3)
    with pytest.raises(NotFound):
        world.run(AppealFiring(project=world.project, firing=1, words="not me"), "bob")
    world.run(AppealFiring(project=world.project, firing=1, words="the texts are short"), "ann")
    with pytest.raises(WrongState, match="appealed already"):
        world.run(AppealFiring(project=world.project, firing=1, words="really"), "ann")
    [before] = fired(world)
    assert (before["appealed"], before["appeal"], before["overruled"]) == (True, "the texts are short", False)
    world.run(OverruleFiring(project=world.project, firing=1, reason="she is right"), "max")
    [after] = fired(world)
    assert (after["overruled"], after["overruled_because"]) == (True, "she is right")
    assert after["overruled_by"] == world.people["max"]
    assert world.has_work("ann")
    # Sent again it changes nothing, and the evidence is used up.
    world.run(OverruleFiring(project=world.project, firing=1), "max")
    world.forget_reactions()
    world.settle()
    assert len(fired(world)) == 1
    assert world.types(f"project-{world.project}").count("MemberPaused") == 1


def test_skips_in_a_row_are_counted_from_the_last_answer_and_from_the_last_firing(world: World) -> None:
    world.set_up(tasks=20)
    rule(world, "picky", {"do": "pause", "minutes": 10}, {"collector": "skips_in_row", "comparison": "gte", "value": 2})

    def skip() -> int:
        world.skip("ann", world.next("ann"))
        return len(fired(world))

    assert skip() == 0
    answer(world, "ann", 1)
    assert skip() == 0
    assert skip() == 1
    world.clock.forward(601)
    assert skip() == 1
    assert skip() == 2


def test_a_rule_asks_more_people_about_somebodys_work_and_takes_back_what_nobody_used(world: World) -> None:
    world.set_up(tasks=6)
    rule(
        world,
        "second-look",
        {"do": "raise_overlap", "by": 2, "last": 2},
        {"collector": "answers", "comparison": "gte", "value": 3},
        again=False,
    )
    first, second, third = answer(world, "ann", 3)
    [firing] = fired(world)
    assert firing["tasks"] == [second, third]
    assert [world.task(id).slots for id in (first, second, third)] == [1, 3, 3]
    assert world.task(second).state is TaskState.ANNOTATION_IN_PROGRESS
    added = [
        r.event for r in world.installation.log.streams([f"task-{second}"])[f"task-{second}"] if r.type == "SlotAdded"
    ]
    assert {event.reason for event in added} == {"rule second-look, firing 1"}
    world.submit("bob", second)
    answer(world, "ann", 1)
    world.forget_reactions()
    world.settle()
    assert [world.task(id).slots for id in (second, third)] == [3, 3]
    world.run(OverruleFiring(project=world.project, firing=1))
    world.settle()
    assert [world.task(id).slots for id in (second, third)] == [2, 1]
    assert world.task(third).state is not TaskState.ANNOTATION_IN_PROGRESS
    world.forget_reactions()
    world.settle()
    assert [world.task(id).slots for id in (second, third)] == [2, 1]


def test_work_is_done_anew_and_what_nobody_has_done_comes_back_when_that_is_overruled(world: World) -> None:
    world.set_up(tasks=4)
    rule(world, "anew", {"do": "redo", "last": 2}, FAST)
    first, second, third = answer(world, "ann", 3)
    [firing] = fired(world)
    assert firing["tasks"] == [second, third]
    assert [len(world.task(id).counted) for id in (first, second, third)] == [1, 0, 0]
    assert world.performance("ann")["submitted"] == 1
    assert world.next("bob") == second
    world.submit("bob", second)
    world.run(OverruleFiring(project=world.project, firing=1))
    world.settle()
    assert {a.annotator for a in world.task(second).counted} == {world.people["bob"]}
    assert {a.annotator for a in world.task(third).counted} == {world.people["ann"]}
    assert world.performance("ann")["submitted"] == 2


def test_a_rule_says_what_somebody_is_good_for_once_and_a_manager_says_otherwise(world: World) -> None:
    world.set_up(tasks=20)
    ann = world.people["ann"]
    rule(
        world,
        "seasoned",
        {"do": "set_skill", "skill": "films", "value": 0.9},
        {"collector": "answers", "comparison": "gte", "value": 2},
    )
    answer(world, "ann", 4)
    assert len(fired(world)) == 1
    project = world.installation.states.project(world.project)
    assert project.skill(ann, "films") == 0.9
    assert project.skill(world.people["bob"], "films") is None
    world.run(OverruleFiring(project=world.project, firing=1))
    assert world.installation.states.project(world.project).skill(ann, "films") is None
    answer(world, "ann", 1)
    world.run(SetSkill(project=world.project, person=ann, skill="films", value=0.2))
    # Whoever changes it since is not overruled with the firing.
    world.run(OverruleFiring(project=world.project, firing=2))
    assert world.installation.states.project(world.project).skill(ann, "films") == 0.2


def test_disagreement_with_the_majority_that_others_bring_about_counts_too(world: World) -> None:
    world.set_up(tasks=2, assignment={"overlap": 3})
    rule(
        world,
        "odd-one-out",
        {"do": "pause"},
        {"collector": "majority_agreement", "comparison": "lt", "value": 0.5},
        {"collector": "majority_tasks", "comparison": "gte", "value": 1},
    )
    world.submit("ann", 1, "B")
    for who in ("bob", "cyd"):
        world.submit(who, 1, "A")
    [firing] = fired(world)
    assert firing["person"] == world.people["ann"]


def test_rejections_are_counted_and_a_rule_set_later_looks_at_everybody(world: World) -> None:
    world.set_up(tasks=4)
    for task in (1, 2):
        annotation = world.submit("ann", task)
        world.review("rev", task, annotation, "rejected", action="remove")
    world.submit("bob", 3)
    world.settle()
    conditions = (
        {"collector": "rejection_rate", "comparison": "gt", "value": 0.5},
        {"collector": "reviewed", "comparison": "gte", "value": 2},
    )
    rule(world, "rejected", {"do": "pause"}, *conditions, enabled=False)
    assert not fired(world)
    rule(world, "rejected", {"do": "pause"}, *conditions)
    [firing] = fired(world)
    assert (firing["person"], firing["version"]) == (world.people["ann"], 2)
    world.run(RemoveRule(project=world.project, name="rejected"))
    world.settle()
    with pytest.raises(Paused):
        world.next("ann")
    world.run(ResumeMember(project=world.project, person=firing["person"], cause=PauseCause.RULE, rule="rejected"))
    assert world.has_work("ann")


def test_nobody_pauses_in_the_name_of_a_rule(world: World) -> None:
    world.set_up(tasks=1)
    with pytest.raises(Forbidden):
        world.run(PauseMember(project=world.project, person=world.people["ann"], cause=PauseCause.RULE))


def test_rules_look_at_annotators_only_and_at_each_project_alone(world: World) -> None:
    world.set_up(tasks=10)
    rule(world, "too-fast", {"do": "pause"}, FAST)
    for task in (1, 2, 3, 4):
        world.submit("rev", task, lead_time=1.0)
    assert not fired(world)


def test_several_rules_that_pause_for_a_time_end_each_at_its_own(world: World) -> None:
    world.set_up(tasks=20)
    rule(world, "too-fast", {"do": "pause", "kind": "flexible", "minutes": 10}, FAST)
    rule(world, "short", {"do": "pause", "kind": "full", "minutes": 1}, {**FAST, "value": 2})
    answer(world, "ann", 2)
    world.clock.forward(61)
    answer(world, "ann", 1)
    assert [firing["rule"] for firing in fired(world)] == ["short", "too-fast"]
    world.clock.forward(61)
    with pytest.raises(Paused) as paused:
        world.next("ann")
    assert paused.value.facts["rule"] == "too-fast"
    world.clock.forward(600)
    assert world.has_work("ann")


def test_all_that_rules_did_is_read_back_by_who_comes_new(world: World) -> None:
    world.set_up(tasks=20)
    ann = world.people["ann"]
    many = {"collector": "answers", "comparison": "gte", "value": 3}
    rule(world, "seasoned", {"do": "set_skill", "skill": "films", "value": 1}, many)
    rule(world, "rest", {"do": "pause"}, many)
    answer(world, "ann", 3)
    world.run(AppealFiring(project=world.project, firing=2, words="no"), "ann")
    for firing in (1, 2):
        world.run(OverruleFiring(project=world.project, firing=firing))
    world.run(SetSkill(project=world.project, person=ann, skill="films", value=None))
    world.run(SetSkill(project=world.project, person=ann, skill="films", value=2))
    world.run(RemoveRule(project=world.project, name="rest"))
    world.settle()
    warm = world.installation.states.project(world.project)
    stream = f"project-{world.project}"
    cold = fold_stream(stream, world.installation.log.streams([stream])[stream]).state
    assert (cold.rulebook, cold.members) == (warm.rulebook, warm.members)
