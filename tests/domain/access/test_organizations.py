"""Organizations, workspaces and roles of one's own: who may do what in which."""

from __future__ import annotations

import pytest

from annolog.domain.access import rights
from annolog.domain.access.permissions import LOOKING_ON, OF_INSTALLATION, Permission
from annolog.domain.access.roles import DEFAULTS, ROLES, Role, reachable
from annolog.domain.event import Event
from annolog.domain.organization import decisions
from annolog.domain.organization.events import (
    OrganizationCreated,
    WorkspaceArchived,
    WorkspaceCreated,
    WorkspaceMemberAdded,
    WorkspaceMemberRemoved,
    WorkspaceUnarchived,
)
from annolog.domain.people.events import OrganizationRole, PersonRegistered
from annolog.domain.people.state import Directory, Person, fold
from annolog.domain.project.events import MemberAdded, MemberSource, ProjectCreated, ProjectMoved, ProjectRole
from annolog.domain.project.state import Project
from annolog.domain.project.state import fold as fold_project
from annolog.domain.refusals import Archived, Forbidden, InvalidInput, NotFound, WrongState

ANN, OLA, EVE = 5, 6, 7
FILMS, BOOKS = 1, 2
FACTS: list[Event] = [
    OrganizationCreated(organization=2, name="other"),
    PersonRegistered(person=ANN, handle="ann", role=OrganizationRole.MEMBER),
    PersonRegistered(person=OLA, handle="ola", role=OrganizationRole.OWNER),
    PersonRegistered(person=EVE, handle="eve", role=OrganizationRole.OWNER, organization=2),
    WorkspaceCreated(organization=1, workspace=FILMS, title="films"),
]


def after(*facts: Event) -> Directory:
    return fold(Directory(), [*FACTS, *facts])


def person(id: int, *facts: Event) -> Person:
    found = after(*facts).person(id)
    assert found is not None
    return found


def project(*facts: Event, workspace: int | None = FILMS) -> Project:
    created = ProjectCreated(project=3, title="x", workspace=workspace)
    return fold_project(Project(3), [created, *facts])


def joined(role: ProjectRole, custom_role: str = "") -> WorkspaceMemberAdded:
    return WorkspaceMemberAdded(organization=1, workspace=FILMS, person=ANN, role=role, custom_role=custom_role)


def by_workspace(role: ProjectRole) -> MemberAdded:
    return MemberAdded(project=3, person=ANN, role=role, source=MemberSource.WORKSPACE)


def test_an_owner_of_one_organization_may_nothing_in_another() -> None:
    """Whoever they are at home: the project looks as if it were not there."""
    eve, theirs = person(EVE), project()
    assert not any(rights.may(permission, eve, theirs) for permission in Permission)
    for permission in Permission:
        with pytest.raises(NotFound):
            rights.require(permission, eve, theirs)
    member_of_it = project(MemberAdded(project=3, person=EVE, role=ProjectRole.MANAGER))
    assert not any(rights.may(permission, eve, member_of_it) for permission in Permission)
    assert not any(rights.may_in_workspace(permission, eve, FILMS) for permission in Permission)
    assert rights.permissions_in(eve, theirs) == set()


def test_the_installation_is_the_first_organizations() -> None:
    for permission in OF_INSTALLATION:
        assert rights.may(permission, person(OLA))
        assert not rights.may(permission, person(EVE))


def test_what_one_organization_says_of_its_roles_is_nothing_to_another() -> None:
    here = after().organizations[1]
    changed = decisions.change_permission(here, ProjectRole.REVIEWER, Permission.CHANGE_OVERLAP, True)
    assert person(ANN, *changed).grants.by_role != DEFAULTS
    assert person(EVE, *changed).grants.by_role == DEFAULTS


@pytest.mark.parametrize("role", ProjectRole)
def test_who_is_in_a_workspace_may_in_its_projects_what_their_role_says_and_no_longer_than_that(
    role: ProjectRole,
) -> None:
    inside = project(by_workspace(role))
    everywhere = DEFAULTS[OrganizationRole.MEMBER]
    ann = person(ANN, joined(role))
    assert {one for one in Permission if rights.may(one, ann, inside)} == DEFAULTS[role] | everywhere
    gone = person(ANN, joined(role), WorkspaceMemberRemoved(organization=1, workspace=FILMS, person=ANN))
    assert {one for one in Permission if rights.may(one, gone, inside)} == everywhere
    moved = fold_project(inside, [ProjectMoved(project=3, old=FILMS, workspace=None)])
    assert {one for one in Permission if rights.may(one, ann, moved)} == everywhere


def test_in_an_archived_workspace_everybody_looks_and_nobody_changes() -> None:
    archived = WorkspaceArchived(organization=1, workspace=FILMS)
    inside = project(by_workspace(ProjectRole.MANAGER))
    for who in (ANN, OLA):
        looking = person(who, joined(ProjectRole.MANAGER), archived)
        assert {one for one in Permission if rights.may(one, looking, inside)} == LOOKING_ON
        with pytest.raises(Archived):
            rights.require(Permission.ANNOTATE, looking, inside)
        rights.require_in_workspace(Permission.MANAGE_WORKSPACE, looking, FILMS)
        back = person(who, joined(ProjectRole.MANAGER), archived, WorkspaceUnarchived(organization=1, workspace=FILMS))
        rights.require(Permission.ANNOTATE, back, inside)


def test_a_limited_token_opens_what_it_names_and_its_person_may() -> None:
    ola = person(OLA)
    limited = Person(ola.id, ola.handle, ola.role, ola.organization, limits={Permission.EXPORT, Permission.SEE_PROJECT})
    assert {one for one in Permission if rights.may(one, limited, project())} == limited.limits
    assert rights.permissions_in(limited, project()) == limited.limits
    ann = person(ANN)
    beyond = Person(ann.id, ann.handle, ann.role, ann.organization, limits=set(Permission))
    assert not rights.may(Permission.EXPORT, beyond, project())


@pytest.mark.parametrize("like", sorted(DEFAULTS.keys() - {OrganizationRole.OWNER}))
def test_a_role_of_ones_own_is_made_of_what_a_role_like_it_could_have(like: Role) -> None:
    organization = after().organizations[1]
    least = [Permission.SEE_PROJECT] if isinstance(like, ProjectRole) else []
    for permission in Permission:
        if permission in reachable(like):
            assert decisions.define_role(organization, "own", like, [*least, permission])
            continue
        with pytest.raises(InvalidInput) as refused:
            decisions.define_role(organization, "own", like, [*least, permission])
        assert refused.value.faults[0].pointer == "/permissions"


def test_an_annotator_of_any_name_sees_nothing_of_others() -> None:
    assert not reachable(ProjectRole.ANNOTATOR) & {
        Permission.SEE_QUALITY,
        Permission.SEE_VERDICTS,
        Permission.READ_EVENTS,
        Permission.EXPORT,
        Permission.SEE_SETTINGS,
    }


def test_who_has_a_role_of_its_own_may_what_that_says_instead_of_what_it_is_like() -> None:
    organization = after().organizations[1]
    own = [Permission.SEE_PROJECT, Permission.REVIEW, Permission.EXPORT]
    with pytest.raises(InvalidInput):
        decisions.define_role(organization, "judge", ProjectRole.REVIEWER, own)
    defined = decisions.define_role(organization, "judge", ProjectRole.REVIEWER, own[:2])
    member = MemberAdded(project=3, person=ANN, role=ProjectRole.REVIEWER, custom_role="judge")
    ann = person(ANN, *defined)
    may = {one for one in Permission if rights.may(one, ann, project(member))}
    assert may == {*own[:2], *DEFAULTS[OrganizationRole.MEMBER]}
    there = after(*defined).organizations[1]
    assert decisions.define_role(there, "judge", ProjectRole.REVIEWER, own[:2]) == []
    with pytest.raises(InvalidInput):
        decisions.define_role(there, "judge", ProjectRole.MANAGER, own[:2])


def test_a_retired_role_is_given_to_nobody_and_kept_by_who_has_it() -> None:
    organization = after().organizations[1]
    defined = decisions.define_role(organization, "judge", ProjectRole.REVIEWER, [Permission.SEE_PROJECT])
    retired = decisions.retire_role(after(*defined).organizations[1], "judge")
    there = after(*defined, *retired).organizations[1]
    assert decisions.retire_role(there, "judge") == []
    decisions.must_be_given(after(*defined).organizations[1], "judge", ProjectRole.REVIEWER)
    for refused in (there, organization):
        with pytest.raises(InvalidInput):
            decisions.must_be_given(refused, "judge", ProjectRole.REVIEWER)
    assert there.grants.of(ProjectRole.REVIEWER, "judge") == {Permission.SEE_PROJECT}
    with pytest.raises(NotFound):
        decisions.retire_role(there, "nobody")


@pytest.mark.parametrize("name", sorted(ROLES))
def test_a_role_of_ones_own_has_a_name_of_its_own(name: str) -> None:
    with pytest.raises(InvalidInput):
        decisions.define_role(after().organizations[1], name, ProjectRole.VIEWER, [Permission.SEE_PROJECT])


def test_nobody_gives_what_they_may_not_do_themselves() -> None:
    with pytest.raises(Forbidden):
        rights.must_have_all({Permission.REVIEW}, {Permission.REVIEW, Permission.EXPORT})
    rights.must_have_all({Permission.REVIEW, Permission.EXPORT}, {Permission.REVIEW})


def test_a_workspace_is_told_from_others_by_its_title() -> None:
    organization = after().organizations[1]
    with pytest.raises(InvalidInput):
        decisions.create_workspace(organization, BOOKS, " films ", "", "")
    [created] = decisions.create_workspace(organization, BOOKS, "books", "", "")
    both = after(created).organizations[1]
    with pytest.raises(InvalidInput):
        decisions.revise_workspace(both, BOOKS, "films", "", "")
    assert decisions.revise_workspace(both, BOOKS, "books", "", "") == []


def test_nobody_joins_an_archived_workspace() -> None:
    archived = after(WorkspaceArchived(organization=1, workspace=FILMS)).organizations[1]
    with pytest.raises(WrongState):
        decisions.add_workspace_member(archived, FILMS, ANN, ProjectRole.ANNOTATOR)
    assert decisions.archive_workspace(archived, FILMS, archived=True) == []


@pytest.mark.parametrize("name", ["lead/senior", "/", ".", ".."])
def test_a_role_is_called_what_can_be_part_of_an_address(name: str) -> None:
    organization = after().organizations[1]
    with pytest.raises(InvalidInput) as refused:
        decisions.define_role(organization, name, OrganizationRole.MEMBER, [])
    assert refused.value.faults[0].pointer == "/name"
    assert decisions.define_role(organization, "lead & senior", OrganizationRole.MEMBER, [])
