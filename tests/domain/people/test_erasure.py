"""What is known of people, and how that ends."""

from __future__ import annotations

import pytest

from annolog.domain.access.permissions import Permission
from annolog.domain.access.rights import may
from annolog.domain.event import Event
from annolog.domain.organization.events import WorkspaceCreated, WorkspaceMemberAdded, WorkspaceMemberRemoved
from annolog.domain.people import decisions, erasure
from annolog.domain.people.events import (
    OrganizationRole,
    PersonErased,
    PersonRegistered,
    PersonRevised,
    TokenIssued,
    TokenRevoked,
)
from annolog.domain.people.personal import UNKNOWN, PersonalField, Sealed, acceptable, generated_handle
from annolog.domain.people.state import Directory, Person, fold
from annolog.domain.project.events import ProjectRole
from annolog.domain.refusals import InvalidInput, WrongState
from tests.story import ADA, BOB, NOON

ADA_IS_KNOWN = PersonRegistered(person=ADA, handle="ada", role=OrganizationRole.OWNER)
BOB_IS_KNOWN = PersonRegistered(person=BOB, handle="bob", role=OrganizationRole.MEMBER)
NAME, EMAIL = Sealed("sealed-name"), Sealed("sealed-email")
NAMED = PersonRevised(person=BOB, name=NAME, email=EMAIL)
ERASED = PersonErased(person=BOB, certificate="c1")


def after(*facts: Event) -> Directory:
    return fold(Directory(), (ADA_IS_KNOWN, BOB_IS_KNOWN, *facts))


def person(id: int, *facts: Event) -> Person:
    found = after(*facts).person(id)
    assert found is not None
    return found


def erased(id: int, handle: str, certificate: str, *facts: Event) -> list[Event]:
    return erasure.erase(after(*facts), person(id, *facts), handle, certificate)


def test_what_is_known_of_somebody_is_kept_sealed_and_said_once() -> None:
    assert erasure.revise(person(BOB), NAME, EMAIL) == [NAMED]
    assert erasure.revise(person(BOB, NAMED), NAME, EMAIL) == []
    assert erasure.revise(person(BOB, NAMED), NAME, UNKNOWN) == [PersonRevised(person=BOB, name=NAME)]


def test_an_address_that_others_vouch_for_is_so_until_it_is_another_one() -> None:
    vouched = PersonRevised(person=BOB, name=NAME, email=EMAIL, vouched=True)
    assert erasure.revise(person(BOB), NAME, EMAIL, vouched=True) == [vouched]
    # Said again by somebody else, it is news; said again by themselves, it is none.
    assert erasure.revise(person(BOB, NAMED), NAME, EMAIL, vouched=True) == [vouched]
    known = person(BOB, vouched)
    assert known.vouched
    assert erasure.revise(known, NAME, EMAIL) == []
    assert erasure.revise(known, UNKNOWN, EMAIL) == [PersonRevised(person=BOB, email=EMAIL, vouched=True)]
    other = Sealed("another")
    assert erasure.revise(known, NAME, other) == [PersonRevised(person=BOB, name=NAME, email=other)]
    # Nobody vouches for no address.
    assert erasure.revise(known, NAME, UNKNOWN, vouched=True) == [PersonRevised(person=BOB, name=NAME)]
    assert not person(BOB, vouched, ERASED).vouched


def test_erasing_somebody_revokes_their_tokens_and_nobody_elses() -> None:
    issued = [TokenIssued(token=n, person=who, digest=f"d{n}") for n, who in ((1, BOB), (2, ADA), (3, BOB))]
    decided = erased(BOB, "bob", "c1", NAMED, *issued)
    assert decided == [TokenRevoked(token=1, digest="d1"), TokenRevoked(token=3, digest="d3"), ERASED]
    assert after(*issued, *decided).by_token("d1", NOON) is None
    assert after(*issued, *decided).by_token("d2", NOON) is not None


def test_of_who_was_erased_only_the_pseudonym_is_left() -> None:
    bob = person(BOB, NAMED, ERASED)
    assert (bob.handle, bob.name, bob.email, bob.erased) == ("bob", UNKNOWN, UNKNOWN, True)
    assert after(NAMED, ERASED).erased == {BOB}
    assert erased(BOB, "bob", "c2", ERASED) == []


def test_a_wrong_number_erases_nobody() -> None:
    with pytest.raises(InvalidInput):
        erased(BOB, "ada", "c1")


def test_whoever_is_erased_is_in_no_workspace_any_more() -> None:
    inside = (
        WorkspaceCreated(workspace=1, title="films"),
        WorkspaceMemberAdded(workspace=1, person=BOB, role=ProjectRole.ANNOTATOR),
    )
    decided = erased(BOB, "bob", "c1", *inside)
    assert decided == [WorkspaceMemberRemoved(workspace=1, person=BOB), ERASED]


def test_the_last_owner_stays() -> None:
    with pytest.raises(WrongState):
        erased(ADA, "ada", "c1")
    another = PersonRegistered(person=7, handle="cyd", role=OrganizationRole.OWNER)
    assert erased(ADA, "ada", "c1", another) == [PersonErased(person=ADA, certificate="c1")]
    with pytest.raises(WrongState):
        erased(ADA, "ada", "c1", another, PersonErased(person=7, certificate="c0"))


def test_whoever_was_erased_is_not_known_anew_has_no_rights_and_gets_no_token() -> None:
    with pytest.raises(WrongState):
        erasure.revise(person(BOB, ERASED), NAME, EMAIL)
    with pytest.raises(WrongState):
        decisions.issue_token(person(BOB, ERASED), 1, "d1", "")
    another = PersonRegistered(person=7, handle="cyd", role=OrganizationRole.OWNER)
    gone = person(ADA, another, PersonErased(person=ADA, certificate="c1"))
    assert not any(may(permission, gone) for permission in Permission)
    assert may(Permission.ERASE_PEOPLE, person(ADA))


def test_a_generated_handle_tells_nothing_but_the_number() -> None:
    assert generated_handle(17) == "person-17"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (PersonalField.NAME, "x" * 201),
        (PersonalField.NAME, "canary\nBcc: all"),
        (PersonalField.NAME, "canary\0"),
        (PersonalField.EMAIL, "canary"),
        (PersonalField.EMAIL, "canary@"),
        (PersonalField.EMAIL, "can ary@example.org"),
        (PersonalField.EMAIL, "x" * 320 + "@example.org"),
    ],
)
def test_what_cannot_be_a_name_or_an_address_is_refused_without_being_repeated(
    field: PersonalField, value: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        acceptable(field, value, f"/{field.value}")
    assert refused.value.faults[0].pointer == f"/{field.value}"
    assert "canary" not in f"{refused.value} {refused.value.faults}"
    assert "xxx" not in f"{refused.value}"


def test_names_of_any_script_and_nothing_at_all_are_accepted() -> None:
    assert acceptable(PersonalField.NAME, " Ада Λ 愛 ", "/name") == "Ада Λ 愛"
    assert acceptable(PersonalField.EMAIL, "", "/email") == ""
