"""Who there is, and which tokens speak for them."""

from __future__ import annotations

import pytest

from annolog.domain.event import Event
from annolog.domain.people import decisions
from annolog.domain.people.events import OrganizationRole, PersonRegistered, TokenIssued, TokenRevoked
from annolog.domain.people.state import Organization, Person, fold
from annolog.domain.refusals import InvalidInput, NotFound
from tests.story import ADA, BOB

ADA_IS_KNOWN = PersonRegistered(person=ADA, handle="ada", role=OrganizationRole.MEMBER)
ISSUED = TokenIssued(token=1, person=ADA, digest="d1", label="laptop")


def after(*facts: Event) -> Organization:
    return fold(Organization(), facts)


def test_a_handle_stands_for_one_person_for_ever() -> None:
    assert decisions.register(after(), ADA, "ada", OrganizationRole.MEMBER) == [ADA_IS_KNOWN]
    assert decisions.register(after(ADA_IS_KNOWN), BOB, "ada", OrganizationRole.OWNER) == []


@pytest.mark.parametrize("handle", ["", "  ", "x" * 201])
def test_a_handle_can_be_read(handle: str) -> None:
    with pytest.raises(InvalidInput):
        decisions.register(after(), ADA, handle, OrganizationRole.MEMBER)


def test_a_token_speaks_for_somebody_who_is_known_and_says_so_once() -> None:
    assert decisions.issue_token(after(ADA_IS_KNOWN), ADA, 1, "d1", "laptop") == [ISSUED]
    assert decisions.issue_token(after(ADA_IS_KNOWN, ISSUED), ADA, 2, "d1", "laptop") == []
    with pytest.raises(NotFound):
        decisions.issue_token(after(ADA_IS_KNOWN), BOB, 1, "d1", "")


def test_a_revoked_token_speaks_for_nobody() -> None:
    revoked = TokenRevoked(token=1, digest="d1")
    assert after(ADA_IS_KNOWN, ISSUED).by_token("d1") == Person(ADA, "ada", OrganizationRole.MEMBER)
    assert decisions.revoke_token(after(ADA_IS_KNOWN, ISSUED), 1, "d1") == [revoked]
    assert after(ADA_IS_KNOWN, ISSUED, revoked).by_token("d1") is None
    assert decisions.revoke_token(after(ADA_IS_KNOWN, ISSUED, revoked), 1, "d1") == []


def test_nobody_comes_in_with_a_token_that_was_never_issued() -> None:
    assert after(ADA_IS_KNOWN, ISSUED).by_token("d2") is None
