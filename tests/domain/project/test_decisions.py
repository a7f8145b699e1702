"""What may be done with a project."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from annolog.domain.project import decisions, members
from annolog.domain.project import events as happened
from annolog.domain.project.events import PauseCause, PauseKind, ProjectEvent, ProjectRole
from annolog.domain.project.settings import AssignmentSettings, ReviewSettings, plain
from annolog.domain.project.state import Project, fold
from annolog.domain.refusals import InvalidInput, InvalidLabelingConfig, NotFound, Refused, WrongState
from tests.story import ADA, BOB, NOON

CONFIG = '<View><Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="A"/></Choices></View>'
CREATED = happened.ProjectCreated(project=5, title="Birds")
CONFIGURED = happened.LabelConfigRevised(project=5, version=1, label_config=CONFIG)
FILLED = happened.TasksImported(project=5, import_id=1, first_task=1, count=10, covered=10)
PUBLISHED, UNPUBLISHED = happened.ProjectPublished(project=5), happened.ProjectUnpublished(project=5)

Decide = Callable[[Project], Sequence[ProjectEvent]]


def after(*facts: ProjectEvent) -> Project:
    return fold(Project(5), facts)


def added(person: int, role: str = "annotator") -> happened.MemberAdded:
    return happened.MemberAdded(project=5, person=person, role=ProjectRole(role))


def paused(person: int, kind: str = "full", cause: str = "person", **more: Any) -> happened.MemberPaused:
    return happened.MemberPaused(
        project=5, person=person, kind=PauseKind(kind), cause=PauseCause(cause), reason=more.pop("reason", ""), **more
    )


def pause(project: Project, person: int, kind: str = "full", cause: str = "person", **more: Any) -> list[ProjectEvent]:
    return members.pause_member(project, person, PauseKind(kind), PauseCause(cause), more.pop("reason", ""), **more)


@pytest.mark.parametrize(
    "decide",
    [
        lambda p: decisions.revise_label_config(p, CONFIG),
        lambda p: decisions.revise_instructions(p, "look"),
        lambda p: decisions.change_settings(p, "review", {}),
        decisions.publish,
        decisions.unpublish,
        lambda p: members.add_member(p, ADA, ProjectRole.ANNOTATOR),
        lambda p: members.remove_member(p, ADA),
        lambda p: pause(p, ADA),
        lambda p: members.resume_member(p, ADA, PauseCause.PERSON),
    ],
)
def test_nothing_is_done_with_a_project_that_was_never_created(decide: Decide) -> None:
    with pytest.raises(NotFound):
        decide(Project(5))


@pytest.mark.parametrize("title", ["", "   "])
def test_a_project_needs_a_title(title: str) -> None:
    assert decisions.create(Project(5), "Birds", "") == [CREATED]
    with pytest.raises(InvalidInput):
        decisions.create(Project(5), title, "")


def test_another_config_is_the_next_version_and_the_same_again_is_not_news() -> None:
    project = after(CREATED)
    assert decisions.revise_label_config(project, CONFIG) == [CONFIGURED]
    assert decisions.revise_label_config(after(CREATED, CONFIGURED), CONFIG) == []
    other = CONFIG.replace('"A"', '"B"')
    [revised] = decisions.revise_label_config(after(CREATED, CONFIGURED), other)
    assert revised.version == 2
    with pytest.raises(InvalidLabelingConfig):
        decisions.revise_label_config(project, "<View>")


def test_a_project_is_called_something_else_when_that_differs_and_never_nothing() -> None:
    revised = happened.ProjectRevised(project=5, title="Owls", description="of the north")
    assert decisions.revise(after(CREATED), "Owls", "of the north") == [revised]
    assert decisions.revise(after(CREATED, revised), "Owls", "of the north") == []
    assert after(CREATED, revised).title == "Owls"
    with pytest.raises(InvalidInput) as refused:
        decisions.revise(after(CREATED), " ", "")
    assert refused.value.faults[0].pointer == "/title"


def test_instructions_are_revised_when_they_differ() -> None:
    revised = happened.InstructionsRevised(project=5, instructions="look")
    assert decisions.revise_instructions(after(CREATED), "look") == [revised]
    assert decisions.revise_instructions(after(CREATED, revised), "look") == []


# ── Settings ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_change_keeps_what_it_does_not_name_and_holds_the_group_before_and_after() -> None:
    [first] = decisions.change_settings(after(CREATED), "assignment", {"overlap": 3})
    assert (first.version, first.old, first.new["overlap"]) == (1, plain(AssignmentSettings()), 3)
    [second] = decisions.change_settings(after(CREATED, first), "assignment", {"seed": 4})
    assert (second.version, second.new["overlap"], second.new["seed"]) == (2, 3, 4)
    assert decisions.change_settings(after(CREATED, first), "assignment", {"overlap": 3}) == []


@pytest.mark.parametrize(
    ("group", "changes", "pointer"),
    [
        ("assignment", {"overlap": 0}, "/assignment/overlap"),
        ("assignment", {"overlap": 101}, "/assignment/overlap"),
        ("assignment", {"coverage_percent": 101}, "/assignment/coverage_percent"),
        ("assignment", {"reservation_seconds": 86_401}, "/assignment/reservation_seconds"),
        ("assignment", {"overlapp": 2}, "/assignment/overlapp"),
        ("assignment", {"skip_mode": "never"}, "/assignment/skip_mode"),
        ("assignment", {"limit_percent": 0}, "/assignment/limit_percent"),
        ("reassignment", {"threshold": 1.1}, "/reassignment/threshold"),
        ("review", {"allowed_reject_actions": []}, "/review"),
        ("review", {"allowed_reject_actions": ["return"]}, "/review"),
        ("review", {"criteria": "some"}, "/review/criteria"),
        ("evaluation", {"minimum_score": -0.1}, "/evaluation/minimum_score"),
        ("agreement", {"weights": {"c": 2}}, "/agreement"),
        ("nonsense", {}, "/group"),
    ],
)
def test_a_wrong_setting_is_refused_with_its_name(group: str, changes: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidInput) as wrong:
        decisions.change_settings(after(CREATED), group, changes)
    assert [fault.pointer for fault in wrong.value.faults] == [pointer]


def test_a_metric_must_be_one_there_is() -> None:
    with pytest.raises(Refused):
        decisions.change_settings(after(CREATED), "agreement", {"metrics": {"c": {"metric": "telepathy"}}})


def test_extra_people_and_evaluation_are_for_automatic_distribution_only() -> None:
    on = [("reassignment", {"enabled": True}), ("evaluation", {"enabled": True}), ("assignment", {"overlap": 2})]
    project = after(CREATED)
    for group, changes in on:
        project = fold(project, decisions.change_settings(project, group, changes))
    assert (project.settings.reassigns, project.settings.evaluates, project.settings.most_slots) == (True, True, 4)
    manual = fold(project, decisions.change_settings(project, "assignment", {"distribution": "manual"}))
    assert (manual.settings.reassigns, manual.settings.evaluates, manual.settings.most_slots) == (False, False, 2)


def test_new_projects_are_strict_and_remove_what_is_rejected() -> None:
    assert AssignmentSettings().strict_overlap
    assert ReviewSettings().default_reject_action == "remove"


# ── Publishing ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_publishing_takes_something_to_ask_and_something_to_ask_it_about() -> None:
    assert decisions.publish(after(CREATED, CONFIGURED, FILLED)) == [PUBLISHED]
    assert decisions.publish(after(CREATED, CONFIGURED, FILLED, PUBLISHED)) == []
    with pytest.raises(WrongState, match="control"):
        decisions.publish(after(CREATED, FILLED))
    with pytest.raises(WrongState, match="tasks"):
        decisions.publish(after(CREATED, CONFIGURED))


def test_unpublishing_is_news_once() -> None:
    published = [CREATED, CONFIGURED, FILLED, PUBLISHED]
    assert decisions.unpublish(after(*published)) == [UNPUBLISHED]
    assert decisions.unpublish(after(*published, UNPUBLISHED)) == []


# ── Members ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_somebody_is_added_once_and_may_become_something_else() -> None:
    assert members.add_member(after(CREATED), ADA, ProjectRole.ANNOTATOR) == [added(ADA)]
    assert members.add_member(after(CREATED, added(ADA)), ADA, ProjectRole.ANNOTATOR) == []
    assert members.add_member(after(CREATED, added(ADA)), ADA, ProjectRole.REVIEWER) == [
        happened.MemberRoleChanged(project=5, person=ADA, old=ProjectRole.ANNOTATOR, new=ProjectRole.REVIEWER)
    ]


def test_somebody_is_removed_once() -> None:
    removed = happened.MemberRemoved(project=5, person=ADA)
    assert members.remove_member(after(CREATED, added(ADA)), ADA) == [removed]
    assert members.remove_member(after(CREATED, added(ADA), removed), ADA) == []


def test_a_pause_is_news_unless_it_says_the_same_again() -> None:
    project = after(CREATED, added(ADA), paused(ADA))
    assert pause(after(CREATED, added(ADA)), ADA) == [paused(ADA)]
    assert pause(project, ADA) == []
    assert pause(project, ADA, "flexible") == [paused(ADA, "flexible")]
    assert pause(project, ADA, reason="ill") == [paused(ADA, reason="ill")]
    assert pause(project, ADA, until=NOON) == [paused(ADA, until=NOON)]


def test_managers_are_not_paused_and_strangers_cannot_be() -> None:
    with pytest.raises(WrongState):
        pause(after(CREATED, added(ADA, "manager")), ADA)
    with pytest.raises(NotFound):
        pause(after(CREATED, added(ADA)), BOB)
    with pytest.raises(NotFound):
        members.resume_member(after(CREATED, added(ADA)), BOB, PauseCause.PERSON)


def test_the_end_of_a_pause_is_that_of_its_cause_only() -> None:
    project = after(CREATED, added(ADA), paused(ADA), paused(ADA, "flexible", "evaluation"))
    [resumed] = members.resume_member(project, ADA, PauseCause.PERSON)
    left = fold(project, [resumed]).members[ADA]
    assert left.pauses.keys() == {(PauseCause.EVALUATION, None)}
    assert members.resume_member(fold(project, [resumed]), ADA, PauseCause.PERSON) == []


def test_of_several_pauses_the_fullest_that_still_holds_counts() -> None:
    hour = NOON + timedelta(hours=1)
    project = after(CREATED, added(ADA), paused(ADA, until=hour), paused(ADA, "flexible", "evaluation"))
    member = project.members[ADA]
    assert member.pause(NOON).kind is PauseKind.FULL  # type: ignore[union-attr]
    assert member.pause(hour).kind is PauseKind.FLEXIBLE  # type: ignore[union-attr]


def test_the_annotators_are_those_who_may_work_now() -> None:
    project = after(CREATED, added(ADA), added(BOB), added(8, "reviewer"), added(9, "manager"), paused(BOB, until=NOON))
    assert set(project.at_work(NOON - timedelta(seconds=1))) == {ADA}
    assert set(project.at_work(NOON)) == {ADA, BOB}


def test_a_role_is_changed_under_a_pause_and_the_pause_goes_on() -> None:
    changed = happened.MemberRoleChanged(project=5, person=ADA, old=ProjectRole.ANNOTATOR, new=ProjectRole.REVIEWER)
    assert after(CREATED, added(ADA), paused(ADA), changed).members[ADA].pause(NOON)


def test_facts_survive_being_stored() -> None:
    facts = [CREATED, CONFIGURED, FILLED, PUBLISHED, added(ADA), paused(ADA, until=NOON, reason="x")]
    facts += decisions.change_settings(after(CREATED), "review", {"criteria": "all"})
    stored = [type(fact).model_validate_json(fact.model_dump_json()) for fact in facts]
    assert after(*stored) == after(*facts)
