"""What may be asked of organizations, and about what their roles may do."""

from __future__ import annotations

from datetime import datetime

from pydantic import AwareDatetime, Field

from annolog.commands.command import Command, Decision, handles
from annolog.commands.people import recorded
from annolog.commands.scope import Scope
from annolog.domain.access import rights
from annolog.domain.access.permissions import Permission
from annolog.domain.event import Event
from annolog.domain.ids import IdKind
from annolog.domain.organization import decisions
from annolog.domain.organization.state import FIRST, Organization
from annolog.domain.people import decisions as people
from annolog.domain.people import invitations
from annolog.domain.people.decisions import organization_of
from annolog.domain.people.events import OrganizationRole
from annolog.domain.people.state import fold
from annolog.domain.project.events import ProjectRole


class CreateOrganization(Command):
    """Have another organization share the installation, with a way in for its first owner.

    That is either a link, by the SHA-256 of its secret, or somebody known by a handle for whom a token speaks, if one
    is named.
    """

    name: str
    owner: str = Field(default="owner", max_length=people.LONGEST_HANDLE)
    # Whoever asks again under the same id has made other secrets: it is the same wish.
    token_digest: str | None = Field(default=None, pattern="^[0-9a-f]{64}$", exclude=True)
    invitation_digest: str | None = Field(default=None, pattern="^[0-9a-f]{64}$", exclude=True)
    invitation_expires_at: AwareDatetime | None = None


class RenameOrganization(Command):
    """Call the sender's organization something else."""

    name: str


class ChangePermission(Command):
    """Give a permission to a role or take it away, everywhere in the organization; None leaves it to the table."""

    role: OrganizationRole | ProjectRole
    permission: Permission
    granted: bool | None


class DefineRole(Command):
    """Have a role of the organization's own, or let it do something else."""

    name: str
    like: OrganizationRole | ProjectRole
    permissions: list[Permission] = Field(max_length=len(Permission))


class RetireRole(Command):
    """Have nobody given a role any more."""

    name: str


@handles(CreateOrganization)
def create_organization(command: CreateOrganization, scope: Scope) -> Decision:
    """For owners of the organization that the installation began with. They see nothing of the new one."""
    rights.require(Permission.CREATE_ORGANIZATION, scope.person)
    organization = _fresh(scope)
    events = decisions.create(organization, command.name)
    directory = fold(scope.directory, events)
    answer: dict[str, int] = {"organization": organization}
    if command.invitation_digest is not None:
        invitation = answer["invitation"] = scope.id(IdKind.INVITATION)
        events += _link(command, organization_of(directory, organization), invitation, scope.now)
    else:
        owner = answer["owner"] = scope.id(IdKind.PERSON)
        events += people.register(directory, owner, command.owner, OrganizationRole.OWNER, organization)
        known = fold(directory, events[1:]).person(owner)
        assert known is not None
        if command.token_digest is not None:
            token = answer["token"] = scope.id(IdKind.TOKEN)
            events += people.issue_token(known, token, command.token_digest, "first owner")
    return recorded(events, **answer)


def _link(command: CreateOrganization, organization: Organization, invitation: int, now: datetime) -> list[Event]:
    assert command.invitation_digest is not None
    expires_at = command.invitation_expires_at or now + invitations.USUALLY_OPEN
    return invitations.invite(
        organization,
        invitation,
        command.invitation_digest,
        OrganizationRole.OWNER,
        "",
        {},
        expires_at,
        now,
        approval=False,
    )


def _fresh(scope: Scope) -> int:
    """An id for an organization. The first there was had none handed out."""
    id = scope.id(IdKind.ORGANIZATION)
    return id if id != FIRST else scope.id(IdKind.ORGANIZATION)


@handles(RenameOrganization)
def rename_organization(command: RenameOrganization, scope: Scope) -> Decision:
    """For owners and administrators."""
    rights.require(Permission.CONFIGURE_ORGANIZATION, scope.person)
    organization = people.organization_of(scope.directory, scope.organization)
    return recorded(decisions.rename(organization, command.name), organization=organization.id)


@handles(ChangePermission)
def change_permission(command: ChangePermission, scope: Scope) -> Decision:
    """For owners. What they may do themselves cannot be changed, so that nobody locks an organization."""
    rights.require(Permission.CHANGE_PERMISSIONS, scope.person)
    organization = people.organization_of(scope.directory, scope.organization)
    events = decisions.change_permission(organization, command.role, command.permission, command.granted)
    return recorded(events, role=command.role.value, permission=command.permission.value, granted=command.granted)


@handles(DefineRole)
def define_role(command: DefineRole, scope: Scope) -> Decision:
    """For owners. Whoever has the role may do something else from now on; nobody gives it more than they have."""
    rights.require(Permission.CHANGE_PERMISSIONS, scope.person)
    rights.must_have_all(rights.permissions_of(scope.person), set(command.permissions))
    organization = people.organization_of(scope.directory, scope.organization)
    events = decisions.define_role(organization, command.name, command.like, command.permissions)
    return recorded(events, role=command.name.strip())


@handles(RetireRole)
def retire_role(command: RetireRole, scope: Scope) -> Decision:
    """For owners."""
    rights.require(Permission.CHANGE_PERMISSIONS, scope.person)
    organization = people.organization_of(scope.directory, scope.organization)
    return recorded(decisions.retire_role(organization, command.name), role=command.name)
