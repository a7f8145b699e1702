"""Quotas of review hold for every run of tasks, whatever the share, the seed and the order in which tasks come."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from pydantic import ValidationError

from annolog.domain.project.settings import ReviewSettings, RoutingRule
from annolog.domain.project.state import Project
from annolog.domain.refusals import StaleVersion
from annolog.domain.task.annotating import Work, revise
from annolog.domain.task.events import RejectAction, TaskEvent, TaskState, TaskStateChanged, Verdict
from annolog.domain.task.evolve import fold
from annolog.domain.task.lifecycle import settled
from annolog.domain.task.review_events import ReviewRouted, ReviewRoutingAwaited
from annolog.domain.task.reviewing import Judgement, review
from annolog.domain.task.routing import (
    NOT_MEASURED,
    AgreementOfTask,
    quota_of,
    route_by_agreement,
    rule_for,
    with_routing,
)
from annolog.domain.task.state import Task
from tests.story import ADA, BOB, EVE, answer, imported, settings, submitted

LOW = RoutingRule(operator="lt", threshold=0.5, sample_percent=80)
HIGH = RoutingRule(operator="gte", threshold=0.9, sample_percent=5)
REST = RoutingRule(sample_percent=30)


def project(**review: object) -> Project:
    return Project(5, title="a", settings=settings(review=review))


def finished(id: int, *facts: TaskEvent, under: Project, counted: Counter[str]) -> list[TaskEvent]:
    """What comes of answers, with the quotas as they stand, and then one further."""
    task = fold(Task(id), [facts[0]])
    events = with_routing(task, settled(task, list(facts[1:]), under.settings), under, lambda name: counted[name])
    counted.update(event.quota for event in events if isinstance(event, ReviewRouted))
    return events


@for_all(percent=st.integers(1, 99), seed=st.integers(0, 10**6), tasks=st.lists(st.integers(1, 10**9), max_size=150))
def test_of_the_first_n_tasks_as_many_are_sampled_as_the_share_says_and_never_one_more(
    percent: int, seed: int, tasks: list[int]
) -> None:
    under, counted, sampled = project(sample_percent=percent, seed=seed), Counter[str](), 0
    for done, task in enumerate(tasks, start=1):
        events = finished(task, imported(), submitted(ADA), under=under, counted=counted)
        [routed] = [event for event in events if isinstance(event, ReviewRouted)]
        sampled += routed.sampled
        assert sampled in (done * percent // 100, -(-done * percent // 100))
        assert routed.quota_tasks == done
        moved = events[-1]
        assert isinstance(moved, TaskStateChanged)
        assert moved.state == ("needs_review" if routed.sampled else "completed")


@for_all(scores=st.lists(st.floats(0, 1), max_size=100))
def test_every_band_keeps_its_own_share_however_the_bands_are_mixed(scores: list[float]) -> None:
    under = project(routing=[LOW.model_dump(), HIGH.model_dump(), REST.model_dump()])
    counted: Counter[str] = Counter()
    tasks, sampled = Counter[int](), Counter[int]()
    answers = [submitted(ADA), submitted(BOB)]
    for number, score in enumerate(scores):
        events = finished(number, imported(2), *answers, under=under, counted=counted)
        assert isinstance(events[-2], ReviewRoutingAwaited)
        task = fold(fold(Task(number), [imported(2)]), events)
        assert task.state == "needs_review"
        measured = AgreementOfTask(score, annotations=task.compared)
        routed, *_ = route_by_agreement(task, measured, under, lambda name: counted[name])
        assert isinstance(routed, ReviewRouted)
        assert routed.rule is not None
        assert routed.rule == (0 if score < 0.5 else 1 if score >= 0.9 else 2)
        counted[routed.quota] += 1
        tasks[routed.rule] += 1
        sampled[routed.rule] += routed.sampled
    for rule, percent in enumerate((80, 5, 30)):
        assert sampled[rule] in (tasks[rule] * percent // 100, -(-tasks[rule] * percent // 100))


def test_the_first_rule_that_a_task_meets_is_its_rule_and_what_is_not_defined_meets_no_comparison() -> None:
    on_label = RoutingRule(dimension="label", operator="eq", threshold=1, sample_percent=0)
    rules = ReviewSettings(routing=(on_label, LOW, REST))
    assert rule_for(rules, AgreementOfTask(0.2, {"label": 1.0})) == 0
    assert rule_for(rules, AgreementOfTask(0.2, {"label": None})) == 1
    assert rule_for(rules, AgreementOfTask(0.5)) == 2
    assert rule_for(rules, NOT_MEASURED) == 2
    assert rule_for(ReviewSettings(routing=(LOW,)), NOT_MEASURED) is None


def test_a_rule_keeps_its_quota_when_others_are_put_before_it() -> None:
    before, after = ReviewSettings(routing=(LOW, REST)), ReviewSettings(routing=(HIGH, LOW, REST), criteria="all")
    assert quota_of(before, 0) == quota_of(after, 1)
    assert len({quota_of(after, number) for number in (0, 1, 2, None)}) == 4
    assert quota_of(before, 0) != quota_of(before.model_copy(update={"seed": 1}), 0)


def test_agreement_of_other_answers_decides_nothing() -> None:
    under = project(routing=[LOW.model_dump()])
    events = finished(1, imported(2), submitted(ADA), submitted(BOB), under=under, counted=Counter())
    task = fold(fold(Task(1), [imported(2)]), events)
    with pytest.raises(StaleVersion):
        route_by_agreement(task, AgreementOfTask(0.1, annotations=[(101, 1)]), under, lambda _: 0)
    with pytest.raises(StaleVersion):
        route_by_agreement(task, AgreementOfTask(0.1, annotations=task.compared, definition=3), under, lambda _: 0)
    done = fold(task, route_by_agreement(task, AgreementOfTask(0.1, annotations=task.compared), under, lambda _: 0))
    assert route_by_agreement(done, AgreementOfTask(0.9, annotations=task.compared), under, lambda _: 1) == []


def test_what_is_sent_back_before_its_agreement_is_known_comes_back_to_review() -> None:
    under = project(routing=[{"operator": "gte", "threshold": 0.0, "sample_percent": 0}])
    events = finished(1, imported(2), submitted(ADA), submitted(BOB), under=under, counted=Counter())
    task = fold(fold(Task(1), [imported(2)]), events)
    assert task.awaits_routing
    judgement = Judgement(Verdict.REJECTED, RejectAction.RETURN, "again")
    task = fold(task, review(task, EVE, 101, 1, judgement, under.settings, author_stays=True))
    assert task.state is TaskState.ANNOTATION_IN_PROGRESS
    assert route_by_agreement(task, AgreementOfTask(1.0, annotations=task.compared), under, lambda _: 0) == []
    again = revise(task, ADA, 101, Work(answer("B"), 1), under.settings)
    assert fold(task, again).state is TaskState.NEEDS_REVIEW


@pytest.mark.parametrize(
    "wrong",
    [
        {"operator": "lt", "sample_percent": 5},
        {"threshold": 0.5, "sample_percent": 5},
        {"dimension": "label", "sample_percent": 5},
        {"operator": "lt", "threshold": 1.5, "sample_percent": 5},
        {"sample_percent": 101},
    ],
)
def test_a_rule_that_says_nothing_definite_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        RoutingRule.model_validate(wrong)
