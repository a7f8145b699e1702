"""What an identity provider may say of people and groups, and what owners make of its groups."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import ConfigDict, Field, SecretStr

from annolog.commands.command import Append, Command, Decision, handles
from annolog.commands.people import recorded
from annolog.commands.personal import revised
from annolog.commands.projects import ProjectCommand
from annolog.commands.scope import Scope
from annolog.domain.access import rights
from annolog.domain.access.mapping import GroupRule
from annolog.domain.access.permissions import Permission
from annolog.domain.event import Event
from annolog.domain.ids import IdKind, project_stream
from annolog.domain.organization.decisions import permissions_of_role
from annolog.domain.organization.state import Organization
from annolog.domain.people import decisions as people
from annolog.domain.people import erasure
from annolog.domain.people.events import OrganizationRole, Source
from annolog.domain.people.personal import PersonalField, Sealed, generated_handle
from annolog.domain.people.state import Directory, Person, fold
from annolog.domain.project.decisions import must_exist
from annolog.domain.project.state import Project
from annolog.domain.provisioning import decisions, following
from annolog.domain.provisioning.profile import Profile, must_be_readable
from annolog.domain.refusals import NotUnique

SAID_BY_PROVIDER = "the identity provider says so"


class Provision(Command):
    """A command that carries what a provider says of somebody: no dump, no representation and no error shows it."""

    model_config = ConfigDict(hide_input_in_errors=True)

    profile: Profile = Field(exclude=True, repr=False)

    def personal(self) -> Sequence[str | None]:
        """All that is said."""
        return [self.profile.model_dump_json()]


class ProvisionPerson(Provision):
    """Have somebody whom the provider answers for."""

    active: bool = True


class ReviseProvisionedPerson(Provision):
    """Know somebody as the provider does now. Without `active` they may come in or not as before.

    `expected` is what the state that was decided on is told from others by; another one refuses the command.
    """

    person: int
    active: bool | None = None
    expected: str | None = None


class ReleasePerson(Command):
    """Let nothing speak for somebody whom the provider answers for no longer, and forget what it said of them."""

    person: int
    expected: str | None = None


class ProvisionGroup(Command):
    """Have a group."""

    name: str
    external_id: str = ""
    members: list[int] = Field(default_factory=list, max_length=100_000)


class ReviseGroup(ProvisionGroup):
    """Have a group be called this, and these people in it."""

    group: int
    expected: str | None = None


class RemoveGroup(Command):
    """Have a group no longer."""

    group: int
    expected: str | None = None


class ChangeGroupMapping(Command):
    """Have groups be worth this and nothing else."""

    rules: list[GroupRule] = Field(max_length=decisions.MOST_RULES)


class FollowGroups(Command):
    """Have roles in an organization and in its workspaces be what groups are worth."""

    organization: int


class FollowGroupsInProject(ProjectCommand):
    """Have as members of a project who belongs to it by their groups."""


def _organization(scope: Scope) -> Organization:
    return people.organization_of(scope.directory, scope.organization)


def _person(scope: Scope, id: int, expected: str | None) -> Person:
    rights.require(Permission.PROVISION, scope.person)
    organization = _organization(scope)
    found = decisions.provisioned(organization, scope.directory.colleague(scope.person, id))
    rights.must_be_no_more(scope.person, found)
    groups = organization.provisioning.groups_of(found.id)
    decisions.must_be_at(decisions.version_of_person(organization.provisioning, found, groups), expected)
    return found


def _must_be_unique(scope: Scope, user_name: str, person: int | None) -> None:
    other = scope.profiles.called(_organization(scope), user_name)
    if other is not None and other != person:
        raise NotUnique("There is a user of that name already.")


def _sealed(scope: Scope, person: int, profile: Profile) -> Sealed:
    """The profile as it may be recorded: what it was, where it says the same, though it would seal anew."""
    organization = _organization(scope)
    before = organization.provisioning.people.get(person)
    if before and scope.profiles.of(organization).values.get(person) == profile:
        return before
    return scope.vault.seal(person, PersonalField.PROFILE, profile.model_dump_json(exclude_defaults=True))


def _known_as(scope: Scope, person: Person, profile: Profile) -> list[Event]:
    """Name and e-mail, as people here see them."""
    name = revised(scope, person, PersonalField.NAME, person.name, SecretStr(profile.name))
    email = revised(scope, person, PersonalField.EMAIL, person.email, SecretStr(profile.email))
    return erasure.revise(person, name, email, vouched=True)


def _standing(directory: Directory, person: int, *, active: bool | None) -> list[Event]:
    found = directory.person(person)
    assert found is not None
    if active is None:
        return []
    if active:
        return people.reactivate(found, Source.SCIM)
    return people.deactivate(directory, found, SAID_BY_PROVIDER, Source.SCIM)


def newcomer(scope: Scope, organization: int) -> list[Event]:
    """Somebody nobody knew. A handle that somebody has already, as by chance, is left to them."""
    while True:
        id = scope.id(IdKind.PERSON)
        events = people.register(scope.directory, id, generated_handle(id), OrganizationRole.MEMBER, organization)
        if events:
            return events


@handles(ProvisionPerson)
def provision_person(command: ProvisionPerson, scope: Scope) -> Decision:
    """For the identity provider. Whoever it makes known is a member, and more by their groups."""
    rights.require(Permission.PROVISION, scope.person)
    must_be_readable(command.profile)
    _must_be_unique(scope, command.profile.user_name, None)
    events = newcomer(scope, scope.organization)
    directory = fold(scope.directory, events)
    id = max(directory.accounts.keys() - scope.directory.accounts.keys())
    person = directory.accounts[id]
    scope.vault.provide([id])
    profile = _sealed(scope, id, command.profile)
    events += decisions.provision(_organization(scope), id, profile)
    events += _known_as(scope, person, command.profile)
    events += _standing(directory, id, active=command.active)
    return recorded(events, person=id)


@handles(ReviseProvisionedPerson)
def revise_provisioned_person(command: ReviseProvisionedPerson, scope: Scope) -> Decision:
    """For the identity provider, of whom it answers for. The only owner is not deactivated."""
    person = _person(scope, command.person, command.expected)
    must_be_readable(command.profile)
    _must_be_unique(scope, command.profile.user_name, person.id)
    events = decisions.provision(_organization(scope), person.id, _sealed(scope, person.id, command.profile))
    events += _known_as(scope, person, command.profile)
    if command.active is False:
        scope.credentials.ended_of.add(person.id)
    events += _standing(scope.directory, person.id, active=command.active)
    return recorded(events, person=person.id)


@handles(ReleasePerson)
def release_person(command: ReleasePerson, scope: Scope) -> Decision:
    """For the identity provider, of whom it answers for. Their work stays, under their handle."""
    person = _person(scope, command.person, command.expected)
    scope.credentials.ended_of.add(person.id)
    events = _standing(scope.directory, person.id, active=False)
    events += decisions.release(_organization(scope), person.id)
    return recorded(events, person=person.id)


@handles(ProvisionGroup)
def provision_group(command: ProvisionGroup, scope: Scope) -> Decision:
    """For the identity provider."""
    rights.require(Permission.PROVISION, scope.person)
    id = scope.id(IdKind.GROUP)
    events = decisions.provision_group(_organization(scope), id, command.name, command.external_id, command.members)
    return recorded(events, group=id)


@handles(ReviseGroup)
def revise_group(command: ReviseGroup, scope: Scope) -> Decision:
    """For the identity provider. What its members are follows by a service that reacts to it."""
    rights.require(Permission.PROVISION, scope.person)
    organization = _organization(scope)
    group = decisions.group_of(organization, command.group)
    decisions.must_be_at(decisions.version_of_group(group), command.expected)
    events = decisions.revise_group(organization, group, command.name, command.external_id, command.members)
    return recorded(events, group=group.id)


@handles(RemoveGroup)
def remove_group(command: RemoveGroup, scope: Scope) -> Decision:
    """For the identity provider. Nobody has anything by it any more."""
    rights.require(Permission.PROVISION, scope.person)
    organization = _organization(scope)
    group = decisions.group_of(organization, command.group)
    decisions.must_be_at(decisions.version_of_group(group), command.expected)
    return recorded(decisions.remove_group(organization, group), group=group.id)


@handles(ChangeGroupMapping)
def change_group_mapping(command: ChangeGroupMapping, scope: Scope) -> Decision:
    """For owners and administrators: nobody lends by a group what they could not give by hand."""
    rights.require(Permission.CONFIGURE_ORGANIZATION, scope.person)
    organization = _organization(scope)
    known = set(organization.provisioning.rules)
    for rule in command.rules:
        if rule not in known:
            _must_be_theirs_to_give(scope, organization, rule)
    events = decisions.change_mapping(organization, command.rules)
    return recorded(events, rules=len(command.rules))


def _must_be_theirs_to_give(scope: Scope, organization: Organization, rule: GroupRule) -> None:
    sender = scope.person
    if rule.role is not None:
        rights.require(Permission.CHANGE_ROLES, sender)
        rights.must_not_exceed(sender, rule.role)
        if rule.role is not OrganizationRole.MEMBER:
            rights.must_have_all(rights.permissions_of(sender), permissions_of_role(organization, rule.role))
        return
    assert rule.project_role is not None
    given = permissions_of_role(organization, rule.project_role)
    if rule.project is not None:
        project = scope.project(rule.project, Permission.MANAGE_MEMBERS)
        rights.must_have_all(rights.permissions_in(sender, project), given)
    elif rule.workspace is not None and rule.workspace in organization.workspaces:
        rights.require_in_workspace(Permission.MANAGE_WORKSPACE, sender, rule.workspace)
        rights.must_have_all(rights.permissions_in_workspace(sender, rule.workspace), given)


@handles(FollowGroups)
def follow_groups(command: FollowGroups, scope: Scope) -> Decision:
    """Where everything is as it should be, nothing happens."""
    scope.must_be_system()
    events = following.roles(scope.directory, command.organization)
    events += following.workspaces(people.organization_of(scope.directory, command.organization))
    return recorded(events, organization=command.organization)


@handles(FollowGroupsInProject)
def follow_groups_in_project(command: FollowGroupsInProject, scope: Scope) -> Decision:
    """Who was added by hand stays what they are. In an archived workspace nothing changes."""
    scope.must_be_system()
    project: Project = scope.states.get(project_stream(command.project)).state
    must_exist(project)
    organization = people.organization_of(scope.directory, project.organization)
    if organization.is_archived(project.workspace):
        return Decision(answer={"project": project.id})
    events = following.project_members(organization, project)
    return Decision([Append(project_stream(project.id), events)], {"project": project.id})
