"""A slot that is kept for certain people is theirs until it is filled, changed, or its time is over."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from annolog.domain.project.budget import labels_left
from annolog.domain.project.events import MemberAdded, MemberPaused, PauseCause, PauseKind, ProjectCreated, ProjectRole
from annolog.domain.project.settings import AssignmentSettings, ReassignmentSettings, Settings
from annolog.domain.project.state import Project
from annolog.domain.project.state import fold as fold_project
from annolog.domain.refusals import SlotTaken
from annolog.domain.rules.state import Skill
from annolog.domain.task import distribution, experts, feasibility, preferences, reassignment, why
from annolog.domain.task.events import (
    AgreementReached,
    PreferenceEnded,
    SlotAdded,
    SlotKept,
    TaskDoubted,
    TaskEvent,
    TaskExhausted,
    TaskFeasible,
    TaskInfeasible,
)
from annolog.domain.task.evidence import Evidence
from annolog.domain.task.evolve import fold
from annolog.domain.task.state import Task
from tests.story import (
    ADA,
    BOB,
    EVE,
    HERE,
    at,
    delete,
    evidence,
    given,
    imported,
    reserve,
    restore,
    submit,
    submitted,
)

DAN = 4
UNTIL = at(10)
LOW = evidence(0.0, (100 + ADA, 1), (100 + BOB, 1))
DOUBT = LOW.model_copy(
    update={"policy": "confidence", "need": 0.4, "posterior": 0.6, "candidates": [(DAN, 0.3), (EVE, 0.1)]}
)
KEPT = SlotAdded(**HERE, reason="low_confidence", slots=3, evidence=DOUBT, wanted=[EVE], wanted_until=UNTIL)
ENDED = PreferenceEnded(**HERE, people=[EVE], cause="answered")
ANSWERED = (imported(slots=2), submitted(ADA), submitted(BOB, "B"))
RULE = {"enabled": True, "policy": "confidence", "confidence": 0.9}


def test_whom_it_is_kept_for_gets_it_and_others_do_not() -> None:
    kept = given(*ANSWERED, KEPT)
    kept.when(reserve(DAN, minutes=1)).refuses(SlotTaken)
    assert kept.when(reserve(EVE, minutes=1)).events()
    assert kept.when(reserve(DAN, minutes=10)).events()


def test_an_answer_ends_it() -> None:
    events = given(*ANSWERED, KEPT).under(reassignment=RULE).when(submit(EVE, minutes=1)).events()
    assert ENDED in events


def test_another_number_of_slots_ends_it_first() -> None:
    kept = given(*ANSWERED, KEPT)
    more = kept.when(lambda task, rules: distribution.set_overlap(task, 4, "test", rules, covered=True)).events()
    assert more[0] == ENDED.model_copy(update={"cause": "OverlapSet"})
    again = kept.when(lambda task, rules: reassignment.add_slot(task, "manual", rules)).events()
    assert again[0] == ENDED.model_copy(update={"cause": "SlotAdded"})


def test_time_ends_it() -> None:
    task = given(*ANSWERED, KEPT).task
    assert preferences.lapsed(task, at(9)) == []
    assert preferences.lapsed(task, UNTIL) == [ENDED.model_copy(update={"cause": "lapsed"})]


def project(*pauses: int, **rule: object) -> Project:
    people = [MemberAdded(project=1, person=person, role=ProjectRole.ANNOTATOR) for person in (ADA, BOB, EVE, DAN)]
    paused = [
        MemberPaused(project=1, person=person, kind=PauseKind.FULL, cause=PauseCause.PERSON, reason="")
        for person in pauses
    ]
    found = fold_project(Project(1), [ProjectCreated(project=1, title="p"), *people, *paused])
    rules = ReassignmentSettings(**{**RULE, **rule})  # type: ignore[arg-type]
    return replace(found, settings=Settings(reassignment=rules))


def test_the_best_are_asked_first_and_who_is_away_is_not() -> None:
    task = given(*ANSWERED).task
    asked = reassignment.whom_to_ask(task, DOUBT, project(), at(0), frozenset())
    assert (asked.people, asked.until, asked.eligible) == ((DAN, EVE), at(15), 2)
    asked = reassignment.whom_to_ask(task, DOUBT, project(DAN), at(0), frozenset())
    assert (asked.people, asked.eligible) == ((EVE,), 1)
    asked = reassignment.whom_to_ask(task, DOUBT, project(DAN, EVE), at(0), frozenset())
    assert (asked.people, asked.eligible) == ((), 0)
    asked = reassignment.whom_to_ask(task, DOUBT, project(preference_seconds=0), at(0), frozenset())
    assert (asked.people, asked.until, asked.eligible) == ((), None, 1)


def judged(found: Evidence, eligible: int = 2, **rule: Any) -> list[Any]:
    asked = reassignment.Asked(eligible, (EVE,), UNTIL)
    story = given(*ANSWERED).under(reassignment={**RULE, **rule})
    return story.when(lambda task, rules: reassignment.assess(task, found, asked, rules)).events()


def test_the_confidence_rule_goes_by_the_posterior() -> None:
    assert judged(DOUBT)[0] == KEPT
    sure = DOUBT.model_copy(update={"posterior": 0.9})
    assert isinstance(judged(sure)[0], AgreementReached)
    assert isinstance(judged(DOUBT, eligible=0)[0], TaskInfeasible)
    assert isinstance(judged(DOUBT, maximum_additional=0)[0], TaskExhausted)
    assert judged(DOUBT, budget=2.5)[0] == TaskDoubted(**HERE, need=0.4, evidence=DOUBT)


def test_one_answer_is_enough_to_be_sure_of() -> None:
    alone = DOUBT.model_copy(update={"annotations": [(100 + ADA, 1)]})
    story = given(imported(slots=1), submitted(ADA)).under(reassignment=RULE)
    events = story.when(lambda task, rules: reassignment.assess(task, alone, reassignment.Asked(1), rules)).events()
    assert isinstance(events[0], SlotAdded)


def grant(task: Task, rules: Settings) -> list[TaskEvent]:
    return reassignment.grant(task, DOUBT, reassignment.Asked(1), rules)


def test_a_grant_is_for_who_waits() -> None:
    rules = {**RULE, "budget": 2.5}
    assert given(*ANSWERED).under(reassignment=rules).when(grant).events() == []
    doubted = given(*ANSWERED, TaskDoubted(**HERE, need=0.4, evidence=DOUBT)).under(reassignment=rules)
    assert isinstance(doubted.when(grant).events()[0], SlotAdded)


def test_a_task_that_the_budget_does_not_reach_is_finished_and_opened_again_by_a_larger_one() -> None:
    rules = {**RULE, "budget": 2.5}
    doubted = given(*ANSWERED, TaskDoubted(**HERE, need=0.4, evidence=DOUBT)).under(reassignment=rules)
    over = doubted.when(lambda task, rules: reassignment.give_in(task, DOUBT, rules)).events()
    assert isinstance(over[0], TaskExhausted)
    assert over[0].reason == "budget"
    finished = given(*ANSWERED, TaskDoubted(**HERE, need=0.4, evidence=DOUBT), *over).under(reassignment=rules)
    for affordable, kinds in ((False, []), (True, [TaskDoubted])):
        asked = reassignment.Asked(1, affordable=affordable)
        events = finished.when(lambda task, rules, asked=asked: reassignment.assess(task, DOUBT, asked, rules)).events()
        assert [type(event) for event in events[:1]] == kinds


def test_the_budget_is_what_the_overlap_leaves() -> None:
    found = replace(project(budget=2.5), tasks=10, covered=4, granted=3)
    found = replace(found, settings=found.settings.model_copy(update={"assignment": AssignmentSettings(overlap=3)}))
    assert labels_left(found) == 25 - (4 * 3 + 6) - 3
    assert labels_left(replace(found, granted=100)) == 0
    assert labels_left(project()) is None


@pytest.mark.parametrize("disagreements", [0, 1, 2])
def test_experts_are_asked_once_people_disagreed_often_enough(disagreements: int) -> None:
    found = project(expert_after=2, expert_skill="french", expert_least=3)
    eve = replace(found.members[EVE], skills={"french": Skill(3.0, None)})
    dan = replace(found.members[DAN], skills={"french": Skill(2.9, None)})
    found = replace(found, members={**found.members, EVE: eve, DAN: dan})
    doubt = DOUBT.model_copy(update={"disagreements": disagreements})
    asked = reassignment.whom_to_ask(given(*ANSWERED).task, doubt, found, at(0), frozenset())
    if disagreements < 2:
        assert asked.people == (DAN, EVE)
    else:
        assert (asked.people, asked.until, asked.eligible) == ((EVE,), None, 1)


def test_a_further_free_slot_is_for_anybody() -> None:
    kept = given(*ANSWERED, KEPT).under(reassignment=RULE)
    events = kept.when(delete(100 + ADA)).events()
    assert ENDED.model_copy(update={"cause": "AnnotationDeleted"}) in events
    given(*ANSWERED, KEPT, *events).when(restore(100 + ADA, minutes=1)).events()


FOR_GOOD = KEPT.model_copy(update={"wanted_until": None})
EXPERTS = {"enabled": True, "expert_after": 1, "expert_skill": "french", "expert_least": 3}


def skilled(found: Project, *people: int) -> Project:
    members = dict(found.members)
    for person in people:
        members[person] = replace(members[person], skills={"french": Skill(3.0, None)})
    return replace(found, members=members, published=True)


def judged_feasible(task: Task, found: Project) -> list[TaskEvent]:
    return feasibility.judge(task, found, at(0), frozenset())


def test_a_slot_for_experts_of_whom_nobody_is_left_is_for_those_who_come() -> None:
    task = given(*ANSWERED, FOR_GOOD).task
    assert judged_feasible(task, skilled(project(**EXPERTS), EVE)) == []
    [infeasible] = judged_feasible(task, skilled(project(EVE, **EXPERTS), EVE))
    assert isinstance(infeasible, TaskInfeasible)
    gone = fold(task, [infeasible])
    renewed = experts.keep(gone, skilled(project(EVE, **EXPERTS), EVE, DAN))
    ended = ENDED.model_copy(update={"cause": "experts"})
    assert renewed == [ended, SlotKept(**HERE, people=[EVE, DAN])]
    back = fold(gone, renewed)
    assert judged_feasible(back, skilled(project(EVE, **EXPERTS), EVE, DAN)) == [TaskFeasible(**HERE)]
    assert back.admits(DAN, at(0))


@pytest.mark.parametrize("rule", [{"expert_after": None}, {"enabled": False}])
def test_a_slot_for_experts_is_anybodys_once_none_are_called(rule: dict[str, Any]) -> None:
    task = given(*ANSWERED, FOR_GOOD).task
    events = experts.keep(task, skilled(project(EVE, **{**EXPERTS, **rule}), EVE))
    assert events == [ENDED.model_copy(update={"cause": "experts"})]


def test_why_says_for_how_long_a_slot_is_kept_for_others() -> None:
    found = replace(project(), published=True)
    task = given(*ANSWERED, KEPT).task
    said = why.consider(task, found, DAN, at(0), frozenset())
    assert (said.reason, said.until) == (why.Reason.KEPT, UNTIL)
    assert why.consider(task, found, EVE, at(0), frozenset()).reason is why.Reason.ELIGIBLE
    assert why.consider(task, found, DAN, UNTIL, frozenset()).reason is why.Reason.ELIGIBLE
