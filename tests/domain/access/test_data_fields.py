"""Who sees which fields of tasks: every role against every kind of rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from annolog.domain.access.data_fields import concealed_from, concealed_of
from annolog.domain.access.permissions import Permission
from annolog.domain.access.roles import BY_TABLE
from annolog.domain.organization.state import Organization
from annolog.domain.people.events import OrganizationRole
from annolog.domain.people.state import Person
from annolog.domain.project.data_fields import DataFieldSettings
from annolog.domain.project.events import LabelConfigRevised, MemberAdded, ProjectCreated, ProjectRole, SettingsChanged
from annolog.domain.project.settings import plain
from annolog.domain.project.state import Project, fold
from annolog.domain.task.state import Annotation, Lease, ReviewHold, Task
from tests.story import NOON

WHO = 7
CONFIG = '<View><Text name="t" value="$shown"/><Choices name="c" toName="t"><Choice value="A"/></Choices></View>'
ABOVE = (OrganizationRole.OWNER, OrganizationRole.ADMINISTRATOR)
FIELDS = ("shown", "other")
LATER, EARLIER = NOON + timedelta(minutes=5), NOON - timedelta(minutes=5)


def project_with(role: ProjectRole | None, **rule: object) -> Project:
    settings = DataFieldSettings.model_validate({"fields": dict.fromkeys(FIELDS, rule)})
    events = [
        ProjectCreated(project=3, title="x"),
        LabelConfigRevised(project=3, version=1, label_config=CONFIG),
        SettingsChanged(project=3, group="data_fields", version=1, old={}, new=plain(settings)),
    ]
    project = fold(Project(3), events)
    return project if role is None else fold(project, [MemberAdded(project=3, person=WHO, role=role)])


def person(role: OrganizationRole = OrganizationRole.MEMBER) -> Person:
    return Person(WHO, "somebody", role)


@pytest.mark.parametrize(("role", "hidden_from"), list(product(ProjectRole, repeat=2)))
def test_a_field_is_hidden_from_the_roles_it_names_and_no_other(role: ProjectRole, hidden_from: ProjectRole) -> None:
    project = project_with(role, hidden_from=[hidden_from])
    expected = set(FIELDS) if role is hidden_from else set()
    assert concealed_from(person(), project).fields.keys() == expected
    assert concealed_from(person(), project, at_work=True).fields.keys() == expected


@pytest.mark.parametrize(("above", "role"), list(product(ABOVE, [None, *ProjectRole])))
def test_nothing_is_hidden_from_who_is_above_projects_whatever_they_are_in_one(
    above: OrganizationRole, role: ProjectRole | None
) -> None:
    assert not concealed_from(person(above), project_with(role, hidden_from=list(ProjectRole), sensitive=True)).fields


@pytest.mark.parametrize(
    ("role", "sees"),
    [(ProjectRole.MANAGER, True), (ProjectRole.REVIEWER, False), (ProjectRole.VIEWER, False), (None, False)],
)
def test_sensitive_fields_take_a_right_that_not_everybody_has(role: ProjectRole | None, sees: bool) -> None:
    expected = set() if sees else set(FIELDS)
    assert concealed_from(person(), project_with(role, sensitive=True)).fields.keys() == expected


@pytest.mark.parametrize("role", [ProjectRole.ANNOTATOR, ProjectRole.REVIEWER])
def test_who_works_on_a_task_sees_of_it_what_the_labeling_config_shows_and_no_more(role: ProjectRole) -> None:
    project = project_with(role, sensitive=True)
    assert concealed_from(person(), project).fields.keys() == set(FIELDS)
    assert concealed_from(person(), project, at_work=True).fields.keys() == {"other"}


def test_the_right_can_be_given_and_taken() -> None:
    project = project_with(ProjectRole.REVIEWER, sensitive=True)
    given = BY_TABLE.with_change(ProjectRole.REVIEWER, Permission.SEE_SENSITIVE, True)
    assert not concealed_from(replace(person(), organization=Organization(grants=given)), project).fields
    taken = BY_TABLE.with_change(OrganizationRole.ADMINISTRATOR, Permission.SEE_SENSITIVE, False)
    administrator = replace(person(OrganizationRole.ADMINISTRATOR), organization=Organization(grants=taken))
    assert concealed_from(administrator, project).fields.keys() == set(FIELDS)


@pytest.mark.parametrize(
    ("task", "is_theirs"),
    [
        (Task(1), False),
        (Task(1, leases={WHO: Lease(1, WHO, LATER)}), True),
        (Task(1, leases={WHO: Lease(1, WHO, EARLIER)}), False),
        (Task(1, leases={8: Lease(1, 8, LATER)}), False),
        (Task(1, assigned=frozenset({WHO})), False),
        (Task(1, annotations={1: Annotation(1, WHO)}), True),
        (Task(1, annotations={1: Annotation(1, WHO, deleted=True)}), False),
        (Task(1, annotations={1: Annotation(1, 8)}), False),
        (Task(1, review_hold=ReviewHold(WHO, 1, LATER)), True),
        (Task(1, review_hold=ReviewHold(WHO, 1, EARLIER)), False),
        (Task(1, review_hold=ReviewHold(8, 1, LATER)), False),
        (Task(1, reviewers=frozenset({WHO})), True),
        (Task(1, reviewers=frozenset({8})), False),
    ],
)
def test_a_task_is_before_who_holds_it_may_revise_an_answer_or_is_to_review_it(task: Task, is_theirs: bool) -> None:
    project = project_with(ProjectRole.REVIEWER, sensitive=True)
    concealed = concealed_of(task, person(), project, NOON)
    assert concealed.fields.keys() == ({"other"} if is_theirs else set(FIELDS))
