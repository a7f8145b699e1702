"""What a provider says of people and groups, and what follows from it in an organization and its projects."""

from __future__ import annotations

import pytest

from annolog.domain.access.mapping import GroupRule
from annolog.domain.event import Event
from annolog.domain.organization.events import WorkspaceArchived, WorkspaceCreated, WorkspaceMemberAdded
from annolog.domain.people.events import (
    OrganizationRole,
    PersonErased,
    PersonRegistered,
    PersonRoleChanged,
    Source,
)
from annolog.domain.people.personal import Sealed
from annolog.domain.people.state import Directory, fold
from annolog.domain.project.events import MemberAdded, MemberSource, ProjectCreated, ProjectRole
from annolog.domain.project.state import Project
from annolog.domain.project.state import fold as fold_project
from annolog.domain.provisioning import decisions, following
from annolog.domain.provisioning.events import (
    GroupMembershipChanged,
    GroupProvisioned,
    GroupRemoved,
    GroupRenamed,
    MappingChanged,
    PersonProvisioned,
    PersonReleased,
)
from annolog.domain.provisioning.profile import Address, Profile, compared, must_be_readable
from annolog.domain.refusals import InvalidInput, NotFound, NotUnique, StaleVersion

OLA, ANN, BOB = 1, 2, 3
REVIEWERS, STAFF = 1, 2
FILMS, PROJECT = 4, 9
FACTS: list[Event] = [
    PersonRegistered(person=OLA, handle="ola", role=OrganizationRole.OWNER),
    PersonRegistered(person=ANN, handle="person-2", role=OrganizationRole.MEMBER),
    PersonRegistered(person=BOB, handle="person-3", role=OrganizationRole.MEMBER),
    PersonProvisioned(person=ANN, profile=Sealed("ann")),
    PersonProvisioned(person=BOB, profile=Sealed("bob")),
    GroupProvisioned(group=REVIEWERS, name="Reviewers", members=[ANN]),
    GroupProvisioned(group=STAFF, name="Staff", members=[ANN, BOB]),
    WorkspaceCreated(workspace=FILMS, title="films"),
]


def rule(group: str, provider: str = "scim", **more: object) -> GroupRule:
    return GroupRule.model_validate({"provider": provider, "group": group, **more})


def after(*facts: Event, rules: list[GroupRule] | None = None) -> Directory:
    mapping = [MappingChanged(new=rules)] if rules else []
    return fold(Directory(), [*FACTS, *facts, *mapping])


def roles(*facts: Event, rules: list[GroupRule]) -> dict[int, OrganizationRole]:
    """Who becomes what."""
    events = following.roles(after(*facts, rules=rules), 1)
    assert all(isinstance(event, PersonRoleChanged) and event.source is Source.GROUPS for event in events)
    return {event.person: event.new for event in events if isinstance(event, PersonRoleChanged)}


def hand(person: int, new: OrganizationRole, old: OrganizationRole = OrganizationRole.MEMBER) -> PersonRoleChanged:
    return PersonRoleChanged(person=person, old=old, new=new)


def by_scim(person: int, new: OrganizationRole, old: OrganizationRole = OrganizationRole.MEMBER) -> PersonRoleChanged:
    return PersonRoleChanged(person=person, old=old, new=new, source=Source.GROUPS)


ADMINISTRATORS = [rule("Staff", role="administrator")]
OWNERS = [*ADMINISTRATORS, rule("Reviewers", role="owner")]


def test_of_several_roles_the_most_elevated_wins() -> None:
    found = roles(rules=OWNERS)
    assert found == {ANN: OrganizationRole.OWNER, BOB: OrganizationRole.ADMINISTRATOR}


def test_rules_of_another_provider_are_not_about_groups_over_scim() -> None:
    assert roles(rules=[rule("Staff", provider="keycloak", role="administrator")]) == {}


def test_who_leaves_the_group_is_again_what_they_were_made_by_hand() -> None:
    given = by_scim(ANN, OrganizationRole.ADMINISTRATOR)
    left = GroupMembershipChanged(group=STAFF, removed=[ANN])
    assert roles(given, left, rules=ADMINISTRATORS)[ANN] is OrganizationRole.MEMBER
    assert ANN not in roles(hand(ANN, OrganizationRole.ADMINISTRATOR), left, rules=ADMINISTRATORS)
    made_owner = by_scim(ANN, OrganizationRole.OWNER, OrganizationRole.ADMINISTRATOR)
    found = roles(hand(ANN, OrganizationRole.ADMINISTRATOR), made_owner, left, rules=ADMINISTRATORS)
    assert found[ANN] is OrganizationRole.ADMINISTRATOR


def test_a_group_takes_nothing_that_was_given_by_hand() -> None:
    assert ANN not in roles(hand(ANN, OrganizationRole.OWNER), rules=ADMINISTRATORS)


def test_whom_no_provider_answers_for_is_left_alone() -> None:
    assert OLA not in roles(rules=OWNERS)


def test_the_only_owner_stays_until_somebody_else_is_one() -> None:
    was = [by_scim(ANN, OrganizationRole.OWNER), hand(OLA, OrganizationRole.MEMBER, OrganizationRole.OWNER)]
    assert following.only_owner(after(*was), 1) == ANN
    assert ANN not in roles(*was, rules=[rule("Nobody", role="owner")])
    left = [GroupMembershipChanged(group=REVIEWERS, added=[BOB], removed=[ANN])]
    assert roles(*was, *left, rules=OWNERS) == {BOB: OrganizationRole.OWNER, ANN: OrganizationRole.ADMINISTRATOR}


def test_what_follows_once_follows_once() -> None:
    directory = after(rules=[*OWNERS, rule("Staff", workspace=FILMS, project_role="viewer")])
    changed = fold(directory, following.roles(directory, 1))
    assert following.roles(changed, 1) == []
    joined = fold(changed, following.workspaces(changed.organizations[1]))
    assert following.workspaces(joined.organizations[1]) == []


def joined(person: int, role: ProjectRole, source: Source = Source.GROUPS) -> WorkspaceMemberAdded:
    return WorkspaceMemberAdded(workspace=FILMS, person=person, role=role, source=source)


def workspaces(*facts: Event, rules: list[GroupRule]) -> list[Event]:
    return following.workspaces(after(*facts, rules=rules).organizations[1])


def test_groups_bring_people_into_workspaces_and_take_only_those_out() -> None:
    rules = [rule("Reviewers", workspace=FILMS, project_role="reviewer")]
    assert workspaces(rules=rules) == [joined(ANN, ProjectRole.REVIEWER)]
    nobody = [rule("Nobody", workspace=FILMS, project_role="reviewer")]
    taken_out = workspaces(
        joined(ANN, ProjectRole.VIEWER), joined(BOB, ProjectRole.VIEWER, Source.PERSON), rules=nobody
    )
    assert [event.type_name() for event in taken_out] == ["WorkspaceMemberRemoved"]
    assert workspaces(joined(ANN, ProjectRole.VIEWER, Source.PERSON), rules=rules) == []


def test_in_an_archived_workspace_groups_change_nothing() -> None:
    rules = [rule("Reviewers", workspace=FILMS, project_role="reviewer")]
    assert workspaces(WorkspaceArchived(workspace=FILMS), rules=rules) == []


def in_project(*members: MemberAdded, facts: tuple[Event, ...] = (), rules: list[GroupRule]) -> list[tuple[str, int]]:
    project = fold_project(Project(PROJECT), [ProjectCreated(project=PROJECT, title="x", workspace=FILMS), *members])
    found = following.project_members(after(*facts, rules=rules).organizations[1], project)
    return [(event.type_name(), getattr(event, "person", 0)) for event in found]


def member(person: int, source: MemberSource) -> MemberAdded:
    return MemberAdded(project=PROJECT, person=person, role=ProjectRole.ANNOTATOR, source=source)


MANAGERS = [rule("Reviewers", project=PROJECT, project_role="manager")]


def test_groups_bring_people_into_projects_and_take_only_those_out() -> None:
    assert in_project(rules=MANAGERS) == [("MemberAdded", ANN)]
    assert in_project(member(BOB, MemberSource.GROUPS), rules=MANAGERS) == [
        ("MemberAdded", ANN),
        ("MemberRemoved", BOB),
    ]
    assert in_project(member(ANN, MemberSource.PROJECT), member(BOB, MemberSource.PROJECT), rules=MANAGERS) == []
    assert in_project(member(OLA, MemberSource.GROUPS), rules=[rule("Staff", role="member")]) == []


def test_who_is_more_in_the_workspace_belongs_to_the_project_by_that() -> None:
    viewers = [rule("Reviewers", project=PROJECT, project_role="viewer")]
    there = (joined(ANN, ProjectRole.REVIEWER),)
    by_workspace, by_group = member(ANN, MemberSource.WORKSPACE), member(ANN, MemberSource.GROUPS)
    assert in_project(by_workspace, facts=there, rules=viewers) == []
    assert in_project(by_workspace, facts=there, rules=MANAGERS) == [("MemberRoleChanged", ANN)]
    assert in_project(by_group, facts=there, rules=viewers) == [("MemberRoleChanged", ANN)]


def test_whom_the_provider_answers_for_no_longer_has_nothing_by_its_groups() -> None:
    gone = PersonReleased(person=ANN)
    organization = after(gone).organizations[1]
    assert not organization.provisioning.answers_for(ANN)
    assert organization.provisioning.groups_of(ANN) == []
    assert in_project(member(ANN, MemberSource.GROUPS), facts=(gone,), rules=MANAGERS) == [("MemberRemoved", ANN)]
    with pytest.raises(NotFound):
        decisions.provisioned(organization, after(gone).person(ANN))


def test_who_is_erased_is_forgotten_with_their_groups() -> None:
    provisioning = after(PersonErased(person=ANN, certificate="c")).organizations[1].provisioning
    assert not provisioning.answers_for(ANN)
    assert ANN not in provisioning.groups[REVIEWERS].members


def test_a_group_is_revised_by_what_is_new_only() -> None:
    organization = after().organizations[1]
    group = organization.provisioning.groups[REVIEWERS]
    assert decisions.revise_group(organization, group, "Reviewers", "", [ANN]) == []
    assert decisions.revise_group(organization, group, "Seniors", "x", [BOB]) == [
        GroupRenamed(group=REVIEWERS, old="Reviewers", name="Seniors", external_id="x"),
        GroupMembershipChanged(group=REVIEWERS, added=[BOB], removed=[ANN]),
    ]
    assert GroupRemoved(group=REVIEWERS) in decisions.remove_group(organization, group)


def test_two_groups_of_one_name_and_members_that_nobody_knows_are_refused() -> None:
    organization = after().organizations[1]
    with pytest.raises(NotUnique):
        decisions.provision_group(organization, 7, "Staff", "", [])
    with pytest.raises(InvalidInput):
        decisions.provision_group(organization, 7, "Other", "", [OLA])
    with pytest.raises(InvalidInput):
        decisions.provision_group(organization, 7, " ", "", [])


def test_a_mapping_says_nothing_twice_and_speaks_of_workspaces_that_there_are() -> None:
    organization = after(rules=MANAGERS).organizations[1]
    assert decisions.change_mapping(organization, MANAGERS) == []
    assert decisions.change_mapping(organization, []) == [MappingChanged(old=MANAGERS, new=[])]
    with pytest.raises(InvalidInput):
        decisions.change_mapping(organization, MANAGERS * 2)
    with pytest.raises(InvalidInput):
        decisions.change_mapping(organization, [rule("Staff", workspace=99, project_role="viewer")])


def test_a_version_is_another_once_anything_changed() -> None:
    before, renamed = after(), after(GroupRenamed(group=REVIEWERS, old="Reviewers", name="Seniors"))
    said = after(PersonProvisioned(person=ANN, profile=Sealed("other")))

    def version(directory: Directory) -> str:
        provisioning, person = directory.organizations[1].provisioning, directory.person(ANN)
        assert person is not None
        return decisions.version_of_person(provisioning, person, provisioning.groups_of(ANN))

    assert len({version(before), version(renamed), version(said)}) == 3
    assert version(after()) == version(before)
    with pytest.raises(StaleVersion):
        decisions.must_be_at(version(before), version(said))


def test_two_user_names_are_one_where_only_capitals_or_composition_differ() -> None:
    assert compared("ADA@Example.org") == compared("ada@example.org")
    assert compared("Å") == compared("a\u030a")
    assert compared("ada") != compared("bob")


@pytest.mark.parametrize(
    "said",
    [
        {"user_name": " "},
        {"user_name": "canary" * 100},
        {"user_name": "x", "given_name": "canary\n"},
        {"user_name": "x", "emails": [{"value": "canary\0"}]},
        {"user_name": "x", "emails": [{"value": "canary"}] * 21},
    ],
)
def test_what_no_line_can_show_is_refused_without_being_repeated(said: dict[str, object]) -> None:
    with pytest.raises(InvalidInput) as refused:
        must_be_readable(Profile.model_validate(said))
    assert "canary" not in f"{refused.value} {refused.value.faults}"


def test_the_name_is_the_most_telling_and_the_address_the_primary_one() -> None:
    two = (Address(value="home@example.org"), Address(value="work@example.org", primary=True))
    profile = Profile(user_name="ada", given_name="Ada", family_name="Lovelace", emails=two)
    assert (profile.name, profile.email) == ("Ada Lovelace", "work@example.org")
    assert profile.model_copy(update={"display_name": "Augusta", "emails": two[:1]}).name == "Augusta"
    assert profile.model_copy(update={"emails": two[:1]}).email == "home@example.org"
    assert Profile(user_name="x").email == ""
