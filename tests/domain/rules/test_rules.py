"""What rules look at, what they hold it against, and when they fire: never twice on the same evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annolog.domain.project.events import MemberAdded, MemberPaused, MemberResumed, ProjectCreated, ProjectRole
from annolog.domain.project.state import Project, fold
from annolog.domain.refusals import InvalidInput, NotFound, StaleVersion, WrongState
from annolog.domain.rules import decisions
from annolog.domain.rules.collectors import COLLECTORS
from annolog.domain.rules.conduct import MOST_RECENT, Conduct, GivenAnswer, Measure
from annolog.domain.rules.decisions import Findings
from annolog.domain.rules.events import FiringOverruled, RuleFired, SkillCause, SkillSet
from annolog.domain.rules.rule import Comparison, checked, judge, looked_at
from annolog.domain.rules.state import MOST_FIRINGS
from annolog.domain.skills.skill import Skill, Source
from tests.story import ADA, BOB, NOON, PROJECT, ROY

FAST = {"collector": "fast_answers", "comparison": "gte", "value": 2, "parameters": {"seconds": 5, "last": 3}}
PAUSE = {"do": "pause", "minutes": 60}


def condition(collector: str, comparison: str = "gte", value: float = 1, **parameters: Any) -> dict[str, Any]:
    return {"collector": collector, "comparison": comparison, "value": value, "parameters": parameters}


def a_rule(action: dict[str, Any], *conditions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"conditions": list(conditions), "action": action, **more}


def timed(*seconds: float | None, **more: Any) -> Conduct:
    recent = [GivenAnswer(task, time) for task, time in enumerate(seconds, start=1)]
    return Conduct(answers=len(recent), recent=recent, **more)


def with_rules(**rules: dict[str, Any]) -> Project:
    """A project in which Ada and Bob annotate and Roy reviews."""
    project = fold(
        Project(PROJECT),
        [
            ProjectCreated(project=PROJECT, title="a story"),
            MemberAdded(project=PROJECT, person=ADA, role=ProjectRole.ANNOTATOR),
            MemberAdded(project=PROJECT, person=BOB, role=ProjectRole.ANNOTATOR),
            MemberAdded(project=PROJECT, person=ROY, role=ProjectRole.REVIEWER),
        ],
    )
    for name, body in rules.items():
        project = fold(project, decisions.set_rule(project, name, body))
    return project


def found(answers: int = 3, skips: int = 0, after: int = 0, inputs: Any = None, **more: Any) -> Findings:
    return Findings({"fast_answers": 3.0} if inputs is None else inputs, after, answers, skips, **more)


def fire(project: Project, findings: Findings, person: int = ADA, name: str = "r", now: datetime = NOON) -> list[Any]:
    version = project.rulebook.rules[name].version
    return list(decisions.fire(project, name, version, person, findings, now))


# ── What is collected ────────────────────────────────────────────────────────────────────────────────────────────────

KNOWN = Conduct(
    answers=7,
    skips=9,
    skips_in_row=2,
    recent=[GivenAnswer(1, 4.0), GivenAnswer(2, 5.0), GivenAnswer(3), GivenAnswer(4, 1.0)],
    ground_truth_score=0.5,
    ground_truth_tasks=4,
    majority_score=0.75,
    majority_tasks=8,
    reviewed=5,
    rejected=2,
    skills={Measure(Source.REVIEW, 30): Skill(0.75, 0.28, 0.97, 4)},
)
TOLD: dict[str, dict[str, Any]] = {
    "fast_answers": {"seconds": 5, "last": 3},
    **{name: {"source": "review", "days": 30} for name in ("skill", "skill_low", "skill_high", "skill_answers")},
}


@pytest.mark.parametrize(
    ("collector", "known", "unknown"),
    [
        ("answers", 7, 0),
        ("fast_answers", 1, None),
        ("skips_in_row", 2, 0),
        ("ground_truth_accuracy", 0.5, None),
        ("ground_truth_tasks", 4, 0),
        ("majority_agreement", 0.75, None),
        ("majority_tasks", 8, 0),
        ("rejection_rate", 0.4, None),
        ("reviewed", 5, 0),
        ("skill", 0.75, None),
        ("skill_low", 0.28, None),
        ("skill_high", 0.97, None),
        ("skill_answers", 4, 0),
    ],
)
def test_each_collector_says_a_number_or_that_too_little_is_known(
    collector: str, known: float, unknown: float | None
) -> None:
    [one] = checked(a_rule(PAUSE, condition(collector, **TOLD.get(collector, {})))).conditions
    assert one.collected(KNOWN) == known
    assert one.collected(Conduct()) == unknown


def test_every_collector_is_tried_above() -> None:
    [marks] = test_each_collector_says_a_number_or_that_too_little_is_known.pytestmark  # type: ignore[attr-defined]
    assert {name for name, _, _ in marks.args[1]} == COLLECTORS.keys()


@pytest.mark.parametrize(
    ("comparison", "below", "equal", "above"),
    [
        ("gt", False, False, True),
        ("gte", False, True, True),
        ("lt", True, False, False),
        ("lte", True, True, False),
        ("eq", False, True, False),
        ("ne", True, False, True),
    ],
)
def test_each_comparison(comparison: str, below: bool, equal: bool, above: bool) -> None:
    [one] = checked(a_rule(PAUSE, condition("answers", comparison, 5))).conditions
    assert (one.holds(4), one.holds(5), one.holds(6)) == (below, equal, above)
    assert not one.holds(None)


def test_every_comparison_is_tried_above() -> None:
    [marks] = test_each_comparison.pytestmark  # type: ignore[attr-defined]
    assert {name for name, *_ in marks.args[1]} == set(Comparison)


def test_all_conditions_have_to_hold_and_a_rule_that_is_off_holds_for_nobody() -> None:
    body = a_rule(PAUSE, FAST, condition("answers", "lt", 4))
    assert judge(checked(body), timed(1, 1, 9)) == {"fast_answers": 2, "answers": 3}
    assert judge(checked(body), timed(9, 1, 1, 1)) is None
    assert judge(checked(body | {"enabled": False}), timed(1, 1, 9)) is None


def test_a_rule_says_which_answers_it_looked_at() -> None:
    assert looked_at(checked(a_rule(PAUSE, FAST)), timed(1, 1, 1, 1)) == [2, 3, 4]
    assert looked_at(checked(a_rule({"do": "redo", "last": 2}, FAST)), timed(1, 1, 1, 1)) == [3, 4]
    assert looked_at(checked(a_rule(PAUSE, condition("answers"))), timed(1, 1)) == []


# ── What is no rule ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/conditions"),
        (a_rule(PAUSE), "/conditions"),
        (a_rule(PAUSE, condition("speed")), "/conditions/0/collector"),
        (a_rule(PAUSE, FAST, condition("answers", "about")), "/conditions/1/comparison"),
        (a_rule(PAUSE, condition("answers", "gt", float("nan"))), "/conditions/0/value"),
        (a_rule(PAUSE, condition("fast_answers")), "/conditions/0/parameters/seconds"),
        (a_rule(PAUSE, condition("fast_answers", seconds=1, last=101)), "/conditions/0/parameters/last"),
        (a_rule(PAUSE, condition("answers", last=3)), "/conditions/0/parameters/last"),
        (a_rule(PAUSE, FAST, condition("fast_answers", seconds=1)), "/conditions/1/parameters"),
        (a_rule({"do": "ban"}, FAST), "/action"),
        (a_rule({"do": "pause", "minutes": 0}, FAST), "/action/minutes"),
        (a_rule({"do": "set_skill", "skill": "films"}, FAST), "/action/value"),
        (a_rule({"do": "raise_overlap", "by": 11}, FAST), "/action/by"),
        (a_rule({"do": "redo", "by": 1}, FAST), "/action/by"),
        (a_rule(PAUSE, FAST, version=1), "/version"),
    ],
)
def test_what_is_wrong_with_a_rule_is_said_field_by_field(body: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        decisions.set_rule(with_rules(), "r", body)
    assert refused.value.faults[0].pointer == pointer


@pytest.mark.parametrize("name", ["", "a/b", "-a", "a b", "a" * 101])
def test_the_name_of_a_rule_is_part_of_an_address(name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        decisions.set_rule(with_rules(), name, a_rule(PAUSE, FAST))
    assert refused.value.faults[0].pointer == "/name"


def test_versions_count_what_was_set_under_a_name_and_the_same_again_is_not_news() -> None:
    project = with_rules(r=a_rule(PAUSE, FAST))
    assert decisions.set_rule(project, "r", a_rule(PAUSE, FAST)) == []
    project = fold(project, decisions.remove_rule(project, "r"))
    with pytest.raises(NotFound):
        decisions.remove_rule(project, "r")
    [again] = decisions.set_rule(project, "r", a_rule(PAUSE, FAST))
    assert again.model_dump()["version"] == 2


def test_a_project_has_so_many_rules_and_no_more() -> None:
    project = with_rules(**{f"r{number}": a_rule(PAUSE, FAST) for number in range(decisions.MOST_RULES)})
    with pytest.raises(WrongState):
        decisions.set_rule(project, "one-more", a_rule(PAUSE, FAST))
    assert decisions.set_rule(project, "r0", a_rule(PAUSE, condition("answers")))


# ── Firing ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_firing_says_what_it_rests_on_and_pauses_in_the_same_append() -> None:
    fired, paused = fire(with_rules(r=a_rule(PAUSE, FAST)), found(tasks=[1, 2, 3]))
    assert isinstance(fired, RuleFired)
    assert isinstance(paused, MemberPaused)
    assert (fired.firing, fired.rule, fired.version, fired.inputs) == (1, "r", 1, {"fast_answers": 3.0})
    assert (fired.tasks, fired.answers, fired.conditions) == ([1, 2, 3], 3, [FAST | {"value": 2.0}])
    assert (paused.rule, paused.until, paused.evidence["firing"]) == ("r", NOON + timedelta(minutes=60), 1)


@pytest.mark.parametrize(
    ("person", "findings"),
    [
        (ADA, found(inputs={"fast_answers": 1.0})),
        (ADA, found(inputs={"answers": 9.0})),
        (ROY, found()),
        (99, found()),
    ],
    ids=["too few", "another number", "a reviewer", "nobody"],
)
def test_the_project_looks_for_itself_whether_a_rule_holds(person: int, findings: Findings) -> None:
    assert fire(with_rules(r=a_rule(PAUSE, FAST)), findings, person) == []
    assert fire(with_rules(r=a_rule(PAUSE, FAST, enabled=False)), found()) == []


def test_what_was_found_by_another_version_or_before_another_firing_is_stale() -> None:
    project = with_rules(r=a_rule(PAUSE, FAST))
    with pytest.raises(StaleVersion):
        decisions.fire(project, "r", 2, ADA, found(), NOON)
    with pytest.raises(StaleVersion):
        decisions.fire(project, "other", 1, ADA, found(), NOON)
    project = fold(project, fire(project, found()))
    with pytest.raises(StaleVersion):
        fire(project, found(answers=9))


def test_a_rule_does_not_fire_while_its_own_pause_holds_and_then_needs_news() -> None:
    project = with_rules(r=a_rule(PAUSE, FAST))
    project = fold(project, fire(project, found()))
    later = NOON + timedelta(minutes=61)
    assert fire(project, found(answers=4, after=1)) == []
    assert fire(project, found(answers=3, after=1), now=later) == []
    assert fire(project, found(answers=3, skips=5, after=1), now=later) == []
    assert fire(project, found(answers=4, after=1), now=later)


def test_a_skip_is_news_only_to_a_rule_about_skips() -> None:
    project = with_rules(r=a_rule({"do": "pause", "minutes": 1}, condition("skips_in_row", "gte", 2)))
    skips = {"skips_in_row": 2.0}
    project = fold(project, fire(project, found(0, 2, inputs=skips)))
    later = NOON + timedelta(minutes=2)
    assert fire(project, found(0, 2, 1, skips), now=later) == []
    assert fire(project, found(0, 3, 1, skips), now=later)


def test_a_rule_that_is_not_to_fire_again_does_so_only_in_another_version() -> None:
    body = a_rule(PAUSE, FAST, again=False)
    project = with_rules(r=body)
    project = fold(project, fire(project, found()))
    later = NOON + timedelta(days=1)
    assert fire(project, found(answers=99, after=1), now=later) == []
    assert fire(project, found(), BOB, now=later)
    project = fold(project, decisions.set_rule(project, "r", body | {"action": {"do": "pause", "minutes": 5}}))
    assert fire(project, found(answers=3, after=1), now=later) == []
    assert fire(project, found(answers=99, after=1), now=later)


def test_a_skill_that_is_there_already_is_not_set_again() -> None:
    project = with_rules(r=a_rule({"do": "set_skill", "skill": "films", "value": 1}, FAST))
    _, given_skill = fire(project, found())
    assert given_skill == SkillSet(
        project=PROJECT, person=ADA, skill="films", value=1, cause=SkillCause.RULE, previous=None, firing=1
    )
    project = fold(project, fire(project, found()))
    assert project.skill(ADA, "films") == 1
    assert fire(project, found(answers=4, after=1)) == []


def test_what_asks_something_of_answers_needs_some() -> None:
    project = with_rules(r=a_rule({"do": "redo", "last": 2}, FAST))
    assert fire(project, found()) == []
    assert fire(project, found(tasks=[1, 2, 3], annotations=[11, 12, 13])) == []
    assert fire(project, found(tasks=[1, 2], annotations=[11, 12]))


# ── Taking it back ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_overruling_ends_the_pause_of_that_rule_alone() -> None:
    project = with_rules(r=a_rule(PAUSE, FAST), other=a_rule(PAUSE, FAST))
    for name in ("r", "other"):
        project = fold(project, fire(project, found(), name=name))
    assert len(project.members[ADA].pauses) == 2
    overruled, resumed = decisions.overrule(project, 1, "no")
    assert isinstance(overruled, FiringOverruled)
    assert isinstance(resumed, MemberResumed)
    assert resumed.rule == "r"
    project = fold(project, [overruled, resumed])
    assert [pause.rule for pause in project.members[ADA].pauses.values()] == ["other"]
    assert decisions.overrule(project, 1, "no") == []


def test_overruling_an_old_firing_leaves_the_pause_of_a_later_one() -> None:
    project = with_rules(r=a_rule(PAUSE, FAST))
    project = fold(project, fire(project, found()))
    project = fold(project, fire(project, found(answers=9, after=1), now=NOON + timedelta(hours=2)))
    assert [type(event) for event in decisions.overrule(project, 1, "")] == [FiringOverruled]
    assert [type(event) for event in decisions.overrule(project, 2, "")] == [FiringOverruled, MemberResumed]


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_of_two_overruled_firings_nothing_is_left_whichever_is_first(order: tuple[int, int]) -> None:
    skill = {"do": "set_skill", "skill": "films"}
    project = with_rules(one=a_rule(skill | {"value": 1}, FAST), two=a_rule(skill | {"value": 2}, FAST))
    project = fold(project, decisions.set_skill(project, ADA, "films", 0.5))
    for name in ("one", "two"):
        project = fold(project, fire(project, found(), name=name))
    for number in order:
        project = fold(project, decisions.overrule(project, number, ""))
    assert project.skill(ADA, "films") == 0.5


def test_a_skill_that_somebody_changed_since_is_not_overruled() -> None:
    project = with_rules(r=a_rule({"do": "set_skill", "skill": "films", "value": 1}, FAST))
    project = fold(project, fire(project, found()))
    # Also who only confirms it has changed who says so.
    project = fold(project, decisions.set_skill(project, ADA, "films", 1))
    project = fold(project, decisions.overrule(project, 1, ""))
    assert project.skill(ADA, "films") == 1


def test_only_the_person_concerned_appeals_once_and_in_words() -> None:
    project = with_rules(r=a_rule(PAUSE, FAST))
    project = fold(project, fire(project, found()))
    for refused in ((1, BOB), (2, ADA)):
        with pytest.raises(NotFound):
            decisions.appeal(project, *refused, "no")
    with pytest.raises(InvalidInput):
        decisions.appeal(project, 1, ADA, "  ")
    appealed = fold(project, decisions.appeal(project, 1, ADA, "no"))
    with pytest.raises(WrongState, match="appealed"):
        decisions.appeal(appealed, 1, ADA, "no")
    overruled = fold(project, decisions.overrule(project, 1, ""))
    with pytest.raises(WrongState, match="overruled"):
        decisions.appeal(overruled, 1, ADA, "no")


def test_firings_that_are_very_old_are_forgotten_and_the_latest_is_not() -> None:
    project = with_rules(r=a_rule({"do": "raise_overlap", "last": 1}, FAST))
    for number in range(1, MOST_FIRINGS + 2):
        work = {"tasks": [number], "annotations": [number]}
        project = fold(project, fire(project, found(answers=number, after=number - 1, **work)))
    last = project.rulebook.last("r", ADA)
    assert last is not None
    assert last.number == MOST_FIRINGS + 1
    with pytest.raises(NotFound):
        decisions.overrule(project, 1, "")


# ── The same evidence ────────────────────────────────────────────────────────────────────────────────────────────────

STEPS = st.lists(st.one_of(st.just("skip"), st.sampled_from([1.0, 9.0, None])), max_size=60)
ACTIONS = ({"do": "pause", "minutes": 0.001}, {"do": "raise_overlap", "last": 3})


def after_step(conduct: Conduct, step: str | float | None) -> Conduct:
    if step == "skip":
        return replace(conduct, skips=conduct.skips + 1, skips_in_row=conduct.skips_in_row + 1)
    assert not isinstance(step, str)
    recent = [*conduct.recent, GivenAnswer(conduct.answers + 1, step)][-MOST_RECENT:]
    return replace(conduct, answers=conduct.answers + 1, skips_in_row=0, recent=recent)


@given(STEPS, st.sampled_from(ACTIONS), st.integers(1, 4), st.integers(1, 4), st.booleans())
def test_no_answer_and_no_skip_is_ever_counted_by_two_firings(
    steps: list[Any], action: dict[str, Any], fast: int, skips: int, about_skips: bool
) -> None:
    looked_for = condition("skips_in_row", "gte", skips) if about_skips else condition(
        "fast_answers", "gte", fast, seconds=5, last=5
    )  # fmt: skip
    project = with_rules(r=a_rule(action, looked_for))
    rule = project.rulebook.rules["r"].rule
    conduct, now, evidence, before = Conduct(), NOON, [], (0, 0)
    for step in steps:
        conduct = after_step(conduct, step)
        # Twice, as a service that is restarted may.
        for _ in range(2):
            now += timedelta(minutes=1)
            last = project.rulebook.last("r", ADA)
            seen = conduct.since(last.answers, last.skips) if last else conduct
            inputs = judge(rule, seen)
            if inputs is None:
                continue
            tasks = looked_at(rule, seen)
            work = {"tasks": tasks, "annotations": tasks}
            after = last.number if last else 0
            events = fire(project, found(conduct.answers, conduct.skips, after, inputs, **work), now=now)
            if events:
                evidence += [] if about_skips else tasks
                # As much happened since the firing before as this one counts.
                happened = (conduct.answers - before[0], conduct.skips - before[1])
                assert next(iter(inputs.values())) <= happened[1 if about_skips else 0]
                before = (conduct.answers, conduct.skips)
            project = fold(project, events)
    assert len(evidence) == len(set(evidence))
