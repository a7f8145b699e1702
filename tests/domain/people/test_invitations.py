"""Links by which people come in: once, until they expire or are taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from annolog.domain.event import Event
from annolog.domain.organization.events import (
    OrganizationCreated,
    PermissionChanged,
    RoleDefined,
    RoleRetired,
    WorkspaceArchived,
    WorkspaceCreated,
    WorkspaceMemberAdded,
)
from annolog.domain.organization.state import Organization
from annolog.domain.people import invitations
from annolog.domain.people.events import (
    InvitationAccepted,
    InvitationRevoked,
    OrganizationRole,
    PersonDeactivated,
    PersonInvited,
    PersonRegistered,
    PersonRoleChanged,
)
from annolog.domain.people.state import Directory, Standing, fold
from annolog.domain.project.events import ProjectRole
from annolog.domain.refusals import InvalidInput, InvitationEnded, NotFound
from tests.story import ADA, BOB

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
SOON = NOON + timedelta(days=1)
DIGEST = "d" * 64
MEMBER = OrganizationRole.MEMBER
FILMS = WorkspaceCreated(organization=1, workspace=7, title="films", description="", colour="")


def invited(**more: object) -> PersonInvited:
    facts = {"organization": 1, "invitation": 1, "digest": DIGEST, "role": MEMBER, "expires_at": SOON, **more}
    return PersonInvited.model_validate(facts)


def after(*facts: Event) -> Directory:
    return fold(Directory(), facts)


def accepted(directory: Directory, at: datetime = NOON, person: int = ADA, handle: str = "ada") -> list[Event]:
    return invitations.accept(directory, DIGEST, person, handle, at)


def invite(
    expires_at: datetime, custom_role: str = "", workspaces: dict[int, ProjectRole] | None = None
) -> list[Event]:
    return invitations.invite(
        Organization(), 1, DIGEST, MEMBER, custom_role, workspaces or {}, expires_at, NOON, approval=False
    )


def test_an_invitation_says_what_its_guest_is_to_be() -> None:
    assert invite(SOON) == [invited()]


@pytest.mark.parametrize("expires_at", [NOON, NOON - timedelta(seconds=1), NOON + timedelta(days=30, seconds=1)])
def test_an_invitation_ends_within_thirty_days(expires_at: datetime) -> None:
    with pytest.raises(InvalidInput) as refused:
        invite(expires_at)
    assert refused.value.faults[0].pointer == "/expires_at"
    assert invite(NOON + timedelta(days=30))


def test_nobody_is_invited_to_be_or_to_join_what_there_is_not() -> None:
    with pytest.raises(InvalidInput):
        invite(SOON, custom_role="senior")
    with pytest.raises(NotFound):
        invite(SOON, workspaces={7: ProjectRole.ANNOTATOR})


def test_one_person_comes_in_by_it_and_nobody_after_them() -> None:
    came = accepted(after(invited()))
    assert came == [
        PersonRegistered(person=ADA, handle="ada", role=MEMBER),
        InvitationAccepted(organization=1, invitation=1, person=ADA),
    ]
    there = after(invited(), *came)
    assert (there.invitations[1].open, there.invitations[1].person) == (False, ADA)
    with pytest.raises(InvitationEnded):
        accepted(there, person=BOB, handle="bob")


def test_it_holds_until_the_moment_that_it_expires() -> None:
    assert accepted(after(invited()), SOON - timedelta(microseconds=1))
    with pytest.raises(InvitationEnded):
        accepted(after(invited()), SOON)


def test_one_that_was_taken_back_lets_nobody_in_and_is_taken_back_once() -> None:
    taken_back = invitations.revoke(after(invited()).invitations[1])
    assert taken_back == [InvitationRevoked(organization=1, invitation=1)]
    there = after(invited(), *taken_back)
    with pytest.raises(InvitationEnded):
        accepted(there)
    assert invitations.revoke(there.invitations[1]) == []


def test_an_unknown_secret_is_refused_in_the_words_of_one_that_ended() -> None:
    with pytest.raises(InvitationEnded) as unknown:
        accepted(after())
    with pytest.raises(InvitationEnded) as ended:
        accepted(after(invited()), SOON)
    assert unknown.value.detail == ended.value.detail


def test_nobody_takes_the_handle_of_somebody_else_and_the_invitation_stays_open() -> None:
    known = after(invited(), PersonRegistered(person=BOB, handle="ada", role=MEMBER))
    with pytest.raises(InvalidInput) as refused:
        accepted(known)
    assert refused.value.faults[0].pointer == "/handle"
    assert known.invitations[1].holds(NOON)


def test_a_handle_of_another_organization_is_free() -> None:
    other = (OrganizationCreated(organization=2, name="other"), invited(organization=2))
    known = after(*other, PersonRegistered(person=BOB, handle="ada", role=MEMBER))
    there = fold(known, accepted(known))
    assert (there.by_handle(1, "ada"), there.by_handle(2, "ada")) == (BOB, ADA)


def test_who_needs_approval_is_there_and_waits() -> None:
    known = after(invited(approval=True))
    ada = fold(known, accepted(known)).person(ADA)
    assert ada is not None
    assert ada.standing is Standing.AWAITING_APPROVAL
    assert not ada.is_active


def test_a_guest_joins_the_workspaces_that_were_named_but_none_that_was_archived_meanwhile() -> None:
    books = WorkspaceCreated(organization=1, workspace=8, title="books", description="", colour="")
    into = invited(workspaces={7: ProjectRole.ANNOTATOR, 8: ProjectRole.REVIEWER})
    archived = WorkspaceArchived(organization=1, workspace=8)
    came = accepted(after(FILMS, books, into, archived))
    assert [event for event in came if isinstance(event, WorkspaceMemberAdded)] == [
        WorkspaceMemberAdded(organization=1, workspace=7, person=ADA, role=ProjectRole.ANNOTATOR)
    ]


def test_a_role_that_was_retired_meanwhile_is_not_given() -> None:
    senior = RoleDefined(organization=1, name="senior", like="member", permissions=[])
    known = after(senior, invited(custom_role="senior"))
    ada = fold(known, accepted(known)).person(ADA)
    assert ada is not None
    assert ada.custom_role == "senior"
    with pytest.raises(InvalidInput) as refused:
        accepted(after(senior, invited(custom_role="senior"), RoleRetired(organization=1, name="senior")))
    assert refused.value.faults[0].pointer == "/custom_role"


def test_an_invitation_holds_as_long_as_whoever_gave_it_might_give_it() -> None:
    """Whoever leaves leaves no door open behind them."""
    administrator = OrganizationRole.ADMINISTRATOR
    inviter = PersonRegistered(person=BOB, handle="bob", role=administrator)
    link = invited(role=administrator, inviter=BOB)
    assert accepted(after(inviter, link))
    demoted = PersonRoleChanged(person=BOB, old=administrator, new=MEMBER)
    for left in (PersonDeactivated(person=BOB), demoted):
        with pytest.raises(InvitationEnded):
            accepted(after(inviter, link, left))
    # What is no longer theirs to give is not, what still is may be accepted.
    may_invite = PermissionChanged(role="member", permission="invite_people", granted=True)
    with pytest.raises(InvitationEnded):
        accepted(after(inviter, link, demoted, may_invite))
    assert accepted(after(inviter, invited(inviter=BOB), demoted, may_invite))


def test_nobody_comes_in_under_their_address() -> None:
    with pytest.raises(InvalidInput) as refused:
        accepted(after(invited()), handle="ada@example.org")
    assert refused.value.faults[0].pointer == "/handle"
