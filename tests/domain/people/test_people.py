"""Who there is, and which tokens speak for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from annolog.domain.access.permissions import Permission
from annolog.domain.event import Event
from annolog.domain.organization.events import OrganizationCreated
from annolog.domain.people import decisions
from annolog.domain.people.events import (
    OrganizationRole,
    PersonApproved,
    PersonDeactivated,
    PersonReactivated,
    PersonRegistered,
    PersonRoleChanged,
    TokenIssued,
    TokenRevoked,
)
from annolog.domain.people.state import Directory, Person, Token, fold
from annolog.domain.refusals import InvalidInput, NotFound, WrongState
from tests.story import ADA, BOB

ADA_IS_KNOWN = PersonRegistered(person=ADA, handle="ada", role=OrganizationRole.MEMBER)
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
ISSUED = TokenIssued(token=1, person=ADA, digest="d1", label="laptop")


def after(*facts: Event) -> Directory:
    return fold(Directory(), facts)


def ada(*facts: Event) -> Person:
    found = after(ADA_IS_KNOWN, *facts).person(ADA)
    assert found is not None
    return found


def test_a_handle_stands_for_one_person_for_ever() -> None:
    assert decisions.register(after(), ADA, "ada", OrganizationRole.MEMBER) == [ADA_IS_KNOWN]
    assert decisions.register(after(ADA_IS_KNOWN), BOB, "ada", OrganizationRole.OWNER) == []


@pytest.mark.parametrize("handle", ["", "  ", "x" * 201])
def test_a_handle_can_be_read(handle: str) -> None:
    with pytest.raises(InvalidInput):
        decisions.register(after(), ADA, handle, OrganizationRole.MEMBER)


def test_a_token_speaks_for_somebody_who_is_known_and_says_so_once() -> None:
    assert decisions.issue_token(ada(), 1, "d1", "laptop") == [ISSUED]
    known = after(ADA_IS_KNOWN, ISSUED).tokens["d1"]
    assert known == Token(1, ADA, "d1", "laptop")
    assert decisions.issue_token(ada(ISSUED), 2, "d1", "laptop", known) == []


def test_a_revoked_token_speaks_for_nobody() -> None:
    revoked = TokenRevoked(token=1, digest="d1")
    assert after(ADA_IS_KNOWN, ISSUED).by_token("d1", NOON) == Person(ADA, "ada", OrganizationRole.MEMBER)
    assert decisions.revoke_token(after(ADA_IS_KNOWN, ISSUED).token(1)) == [revoked]
    assert after(ADA_IS_KNOWN, ISSUED, revoked).by_token("d1", NOON) is None
    assert decisions.revoke_token(after(ADA_IS_KNOWN, ISSUED, revoked).token(1)) == []


def test_nobody_comes_in_with_a_token_that_was_never_issued() -> None:
    assert after(ADA_IS_KNOWN, ISSUED).by_token("d2", NOON) is None


def test_a_token_opens_no_more_than_it_is_limited_to_and_nothing_once_it_expired() -> None:
    until = NOON + timedelta(hours=1)
    issued = decisions.issue_token(ada(), 1, "d1", "", None, [Permission.EXPORT], until, NOON)
    known = after(ADA_IS_KNOWN, *issued)
    found = known.by_token("d1", NOON)
    assert found is not None
    assert found.limits == {Permission.EXPORT}
    assert known.by_token("d1", until) is None


@pytest.mark.parametrize("expires_at", [NOON, NOON - timedelta(days=1), NOON + timedelta(days=3661)])
def test_a_token_ends_some_time_after_now(expires_at: datetime) -> None:
    with pytest.raises(InvalidInput) as refused:
        decisions.issue_token(ada(), 1, "d1", "", None, (), expires_at, NOON)
    assert refused.value.faults[0].pointer == "/expires_at"


def test_nothing_speaks_for_who_is_deactivated_until_they_are_let_in_again() -> None:
    gone = decisions.deactivate(after(ADA_IS_KNOWN), ada(), "left")
    assert gone == [PersonDeactivated(person=ADA, reason="left")]
    assert after(ADA_IS_KNOWN, ISSUED, *gone).by_token("d1", NOON) is None
    assert decisions.deactivate(after(ADA_IS_KNOWN), ada(*gone)) == []
    back = decisions.reactivate(ada(*gone))
    assert back == [PersonReactivated(person=ADA)]
    assert after(ADA_IS_KNOWN, ISSUED, *gone, *back).by_token("d1", NOON) is not None
    assert decisions.reactivate(ada()) == []


def test_who_waits_for_approval_is_let_in_once() -> None:
    waiting = PersonRegistered(person=BOB, handle="bob", role=OrganizationRole.MEMBER, awaits_approval=True)
    issued = TokenIssued(token=2, person=BOB, digest="d2")
    known = after(waiting, issued)
    assert known.by_token("d2", NOON) is None
    bob = known.person(BOB)
    assert bob is not None
    assert decisions.approve(bob) == [PersonApproved(person=BOB)]
    assert after(waiting, issued, PersonApproved(person=BOB)).by_token("d2", NOON) is not None
    assert decisions.approve(ada()) == []
    with pytest.raises(WrongState):
        decisions.approve(ada(PersonDeactivated(person=ADA)))


def test_one_owner_remains_who_may_come_in() -> None:
    raised = decisions.change_role(after(ADA_IS_KNOWN), ada(), OrganizationRole.OWNER)
    assert raised == [PersonRoleChanged(person=ADA, old=OrganizationRole.MEMBER, new=OrganizationRole.OWNER)]
    program = PersonRegistered(person=BOB, handle="bob", role=OrganizationRole.OWNER, service=True)
    for nobody_else in (after(ADA_IS_KNOWN, *raised), after(ADA_IS_KNOWN, *raised, program)):
        with pytest.raises(WrongState):
            decisions.deactivate(nobody_else, ada(*raised))
        with pytest.raises(WrongState):
            decisions.change_role(nobody_else, ada(*raised), OrganizationRole.MEMBER)
    another = after(ADA_IS_KNOWN, *raised, program.model_copy(update={"service": False}))
    assert len(decisions.deactivate(another, ada(*raised))) == 1
    assert len(decisions.change_role(another, ada(*raised), OrganizationRole.MEMBER)) == 1


def test_two_organizations_know_two_people_by_one_handle() -> None:
    other = OrganizationCreated(organization=2, name="other")
    known = after(ADA_IS_KNOWN, other)
    registered = decisions.register(known, BOB, "ada", OrganizationRole.MEMBER, 2)
    assert registered == [PersonRegistered(person=BOB, handle="ada", role=OrganizationRole.MEMBER, organization=2)]
    both = fold(known, registered)
    assert (both.by_handle(1, "ada"), both.by_handle(2, "ada")) == (ADA, BOB)
    first, second = both.person(ADA), both.person(BOB)
    assert first is not None
    assert second is not None
    assert both.colleague(first, BOB) is both.colleague(second, ADA) is None
    with pytest.raises(NotFound):
        decisions.register(known, BOB, "eve", OrganizationRole.MEMBER, 3)
