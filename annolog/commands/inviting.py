"""What may be asked about links by which people come in."""

from __future__ import annotations

from pydantic import AwareDatetime, Field, SecretStr

from annolog.commands.command import Command, Decision, handles
from annolog.commands.people import must_have_all_of, recorded
from annolog.commands.scope import Scope
from annolog.domain.access import rights
from annolog.domain.access.permissions import Permission
from annolog.domain.ids import IdKind
from annolog.domain.organization.decisions import permissions_of_role
from annolog.domain.people import decisions, invitations
from annolog.domain.people.decisions import LONGEST_HANDLE, organization_of
from annolog.domain.people.events import OrganizationRole, PasswordChanged
from annolog.domain.people.state import fold
from annolog.domain.project.events import ProjectRole
from annolog.domain.refusals import NotFound


class InvitePerson(Command):
    """Have a link by which one person may come in. Its secret never comes here, only the SHA-256 of it."""

    # Whoever asks again under the same id has made another secret: it is the same wish.
    digest: str = Field(pattern="^[0-9a-f]{64}$", exclude=True)
    expires_at: AwareDatetime | None = None
    role: OrganizationRole = OrganizationRole.MEMBER
    custom_role: str = Field(default="", max_length=200)
    workspaces: dict[int, ProjectRole] = Field(default_factory=dict, max_length=100)
    approval: bool = False


class RevokeInvitation(Command):
    """Let a link let nobody in."""

    invitation: int


class AcceptInvitation(Command):
    """Come in by a link, known from now on by a handle. Sent in nobody's name: whoever has the link is nobody yet."""

    digest: str = Field(pattern="^[0-9a-f]{64}$")
    handle: str = Field(max_length=LONGEST_HANDLE)
    # What they come in with from then on: the hash of a password, the SHA-256 of a token, or both.
    hash: SecretStr | None = None
    token_digest: str | None = Field(default=None, pattern="^[0-9a-f]{64}$")
    label: str = Field(default="", max_length=200)


@handles(InvitePerson)
def invite_person(command: InvitePerson, scope: Scope) -> Decision:
    """For whoever may invite: nobody to be more than themselves, and into workspaces that they manage."""
    rights.require(Permission.INVITE_PEOPLE, scope.person)
    must_have_all_of(scope, command.role, command.custom_role)
    organization = organization_of(scope.directory, scope.organization)
    for workspace, role in command.workspaces.items():
        rights.require_in_workspace(Permission.MANAGE_WORKSPACE, scope.person, workspace)
        held = rights.permissions_in_workspace(scope.person, workspace)
        rights.must_have_all(held, permissions_of_role(organization, role))
    invitation = scope.id(IdKind.INVITATION)
    events = invitations.invite(
        organization,
        invitation,
        command.digest,
        command.role,
        command.custom_role,
        command.workspaces,
        command.expires_at or scope.now + invitations.USUALLY_OPEN,
        scope.now,
        approval=command.approval,
        inviter=scope.person.id,
    )
    return recorded(events, invitation=invitation)


@handles(RevokeInvitation)
def revoke_invitation(command: RevokeInvitation, scope: Scope) -> Decision:
    """For whoever may invite."""
    rights.require(Permission.INVITE_PEOPLE, scope.person)
    found = scope.directory.invitations.get(command.invitation)
    if found is None or found.organization != scope.organization:
        raise NotFound(f"There is no invitation {command.invitation}.")
    rights.must_not_exceed(scope.person, found.role)
    return recorded(invitations.revoke(found), invitation=found.id)


@handles(AcceptInvitation)
def accept_invitation(command: AcceptInvitation, scope: Scope) -> Decision:
    """Sent by the API for whoever has the link."""
    scope.must_be_system()
    person = scope.id(IdKind.PERSON)
    handle = command.handle.strip() or f"person-{person}"
    events = invitations.accept(scope.directory, command.digest, person, handle, scope.now)
    there = fold(scope.directory, events)
    newcomer = there.person(person)
    assert newcomer is not None
    answer: dict[str, object] = {
        "person": person,
        "handle": handle,
        "organization": newcomer.organization.id,
        "awaits_approval": not newcomer.is_active,
    }
    if command.hash is not None:
        scope.credentials.passwords[person] = command.hash.get_secret_value()
        events.append(PasswordChanged(person=person))
    if command.token_digest is not None:
        token = answer["token"] = scope.id(IdKind.TOKEN)
        events += decisions.issue_token(newcomer, token, command.token_digest, command.label)
    return recorded(events, **answer)
