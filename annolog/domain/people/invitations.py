"""Who comes in by a link, until when, and as what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from annolog.domain.access.permissions import Permission
from annolog.domain.access.rights import may
from annolog.domain.access.roles import RANKS
from annolog.domain.event import Event
from annolog.domain.organization.decisions import add_workspace_member, must_be_given, must_have
from annolog.domain.organization.state import Organization
from annolog.domain.people.decisions import register
from annolog.domain.people.events import InvitationAccepted, InvitationRevoked, OrganizationRole, PersonInvited
from annolog.domain.people.state import Directory, Invitation, fold
from annolog.domain.project.events import ProjectRole
from annolog.domain.refusals import Fault, InvalidInput, InvitationEnded

LONGEST_OPEN = timedelta(days=30)
# Where nobody says until when.
USUALLY_OPEN = timedelta(days=7)


def invite(
    organization: Organization,
    invitation: int,
    digest: str,
    role: OrganizationRole,
    custom_role: str,
    workspaces: Mapping[int, ProjectRole],
    expires_at: datetime,
    now: datetime,
    *,
    approval: bool,
    inviter: int = 0,
) -> list[Event]:
    """Have a link by which one person may come in, as long as whoever invited them might still do so."""
    if not now < expires_at <= now + LONGEST_OPEN:
        message = f"lies between now and {LONGEST_OPEN.days} days from now"
        raise InvalidInput(f"/expires_at: {message}", faults=[Fault("/expires_at", message)])
    must_be_given(organization, custom_role, role)
    for workspace in workspaces:
        must_have(organization, workspace)
    return [
        PersonInvited(
            organization=organization.id,
            invitation=invitation,
            digest=digest,
            role=role,
            custom_role=custom_role,
            expires_at=expires_at,
            workspaces=dict(workspaces),
            approval=approval,
            inviter=inviter,
        )
    ]


def revoke(invitation: Invitation) -> list[Event]:
    """Let the link let nobody in. One that was used or revoked before stays as it is."""
    if not invitation.open:
        return []
    return [InvitationRevoked(organization=invitation.organization, invitation=invitation.id)]


def must_hold(directory: Directory, digest: str, now: datetime) -> Invitation:
    """The invitation by which somebody may come in now. Whether there ever was such a link is not told."""
    found = next((one for one in directory.invitations.values() if one.digest == digest), None)
    if found is None or not found.holds(now) or not _is_answered_for(directory, found):
        raise InvitationEnded("The invitation was used, revoked or has expired; ask for another.")
    return found


def accept(directory: Directory, digest: str, person: int, handle: str, now: datetime) -> list[Event]:
    """Let whoever has the link in, once."""
    found = must_hold(directory, digest, now)
    if "@" in handle:
        message = "stays in the log for ever, so it is no e-mail address"
        raise InvalidInput(f"/handle: {message}", faults=[Fault("/handle", message)])
    if directory.by_handle(found.organization, handle) is not None:
        message = "is somebody else's; take another"
        raise InvalidInput(f"/handle: {message}", faults=[Fault("/handle", message)])
    # A role that was retired meanwhile is not given: nobody knows what the inviter would give instead.
    events = register(
        directory,
        person,
        handle,
        found.role,
        found.organization,
        found.custom_role,
        awaits_approval=found.approval,
    )
    events.append(InvitationAccepted(organization=found.organization, invitation=found.id, person=person))
    return [*events, *_joined(fold(directory, events), found, person)]


def _is_answered_for(directory: Directory, invitation: Invitation) -> bool:
    """Whether whoever invited somebody is there still, and might make them what they are to be."""
    if invitation.inviter == 0:
        return True
    inviter = directory.person(invitation.inviter)
    if inviter is None or not may(Permission.INVITE_PEOPLE, inviter):
        return False
    return RANKS.index(invitation.role) <= RANKS.index(inviter.role)


def _joined(directory: Directory, invitation: Invitation, person: int) -> list[Event]:
    """What they are in workspaces. One that was archived meanwhile is left out: nothing in it changes."""
    organization = directory.organizations[invitation.organization]
    return [
        event
        for workspace, role in invitation.workspaces.items()
        if not organization.is_archived(workspace)
        for event in add_workspace_member(organization, workspace, person, role)
    ]
