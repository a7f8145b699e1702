"""The table of who may do what, and what owners may change of it."""

from __future__ import annotations

import pytest

from annolog.domain.access.permissions import BY_REACH, Permission, Reach, reach_of
from annolog.domain.access.rights import may
from annolog.domain.access.roles import CHANGEABLE, DEFAULTS, ROLES, Role
from annolog.domain.organization import decisions
from annolog.domain.organization.events import PermissionChanged
from annolog.domain.people.events import OrganizationRole, PersonRegistered
from annolog.domain.people.state import Directory, Person, fold
from annolog.domain.project.events import MemberAdded, ProjectCreated, ProjectRole
from annolog.domain.project.state import Project
from annolog.domain.project.state import fold as fold_project
from annolog.domain.refusals import InvalidInput

ANN, OLA = 5, 6
OFFICE = fold(
    Directory(),
    [
        PersonRegistered(person=ANN, handle="ann", role=OrganizationRole.MEMBER),
        PersonRegistered(person=OLA, handle="ola", role=OrganizationRole.OWNER),
    ],
)


HERE = OFFICE.organizations[1]


def somebody(directory: Directory, id: int) -> Person:
    found = directory.person(id)
    assert found is not None
    return found


def project_with(role: ProjectRole) -> Project:
    created = ProjectCreated(project=3, title="x")
    return fold_project(Project(3), [created, MemberAdded(project=3, person=ANN, role=role)])


def test_every_permission_says_what_it_opens_and_has_somebody_who_may() -> None:
    told = [permission for permissions in BY_REACH.values() for permission in permissions]
    assert sorted(told) == sorted(Permission)
    assert all(permission in DEFAULTS[OrganizationRole.OWNER] for permission in Permission)


@pytest.mark.parametrize("role", ProjectRole)
def test_a_role_in_a_project_opens_nothing_beyond_projects(role: ProjectRole) -> None:
    inside = {Reach.PROJECT, Reach.WORKSPACE}
    assert {reach_of(permission) for permission in DEFAULTS[role]} == inside
    for permission, roles in CHANGEABLE.items():
        assert role not in roles or reach_of(permission) in inside


def test_what_a_role_does_in_the_workflow_cannot_be_changed() -> None:
    """An annotator never sees what others think, and owners cannot lock themselves out."""
    assert {permission for permission, roles in CHANGEABLE.items() if ProjectRole.ANNOTATOR in roles} == {
        Permission.COMMENT
    }
    assert not any(OrganizationRole.OWNER in roles for roles in CHANGEABLE.values())
    assert not CHANGEABLE.keys() & {Permission.SEE_QUALITY, Permission.REVIEW, Permission.ANNOTATE}


@pytest.mark.parametrize(
    ("permission", "role"), [(one, role) for one, roles in CHANGEABLE.items() for role in sorted(roles)]
)
def test_what_an_owner_changes_holds_for_that_role_and_no_other_until_it_is_taken_back(
    permission: Permission, role: Role
) -> None:
    before = permission in DEFAULTS[role]
    events = decisions.change_permission(HERE, role, permission, not before)
    assert events == [
        PermissionChanged(role=role.value, permission=permission.value, old=None, granted=not before),
    ]
    changed = fold(OFFICE, events)
    there = changed.organizations[1]
    assert decisions.change_permission(there, role, permission, not before) == []
    for other, permissions in there.grants.by_role.items():
        expected = set(DEFAULTS[other]) ^ {permission} if other is role else DEFAULTS[other]
        assert permissions == expected
    assert all(somebody(changed, id).grants is there.grants for id in (ANN, OLA))
    back = fold(changed, decisions.change_permission(there, role, permission, None))
    assert back.organizations[1].grants.by_role == DEFAULTS


@pytest.mark.parametrize(
    ("permission", "role"),
    [(Permission.EXPORT, OrganizationRole.OWNER), (Permission.SEE_QUALITY, ProjectRole.ANNOTATOR)],
)
def test_what_cannot_be_changed_is_refused_by_field(permission: Permission, role: Role) -> None:
    with pytest.raises(InvalidInput) as refused:
        decisions.change_permission(HERE, role, permission, True)
    assert [fault.pointer for fault in refused.value.faults] == ["/role"]


def test_whoever_is_registered_later_has_what_was_changed_before() -> None:
    changed = fold(OFFICE, decisions.change_permission(HERE, ProjectRole.REVIEWER, Permission.CHANGE_OVERLAP, True))
    later = fold(changed, [PersonRegistered(person=9, handle="new", role=OrganizationRole.MEMBER)])
    assert somebody(later, 9).grants is somebody(later, ANN).grants is later.organizations[1].grants
    project = project_with(ProjectRole.REVIEWER)
    assert may(Permission.CHANGE_OVERLAP, somebody(later, ANN), project)
    assert not may(Permission.CHANGE_OVERLAP, somebody(OFFICE, ANN), project)


@pytest.mark.parametrize("role", ProjectRole)
def test_a_member_may_in_a_project_what_their_role_there_says_and_nothing_elsewhere(role: ProjectRole) -> None:
    project, ann, ola = project_with(role), somebody(OFFICE, ANN), somebody(OFFICE, OLA)
    everywhere = DEFAULTS[OrganizationRole.MEMBER]
    assert {one for one in Permission if may(one, ann, project)} == DEFAULTS[role] | everywhere
    assert {one for one in Permission if may(one, ann)} == everywhere
    assert all(may(one, ola, project) for one in Permission)
    assert ROLES[role.value] is role
