"""People are found by what is sealed of them: each value is opened once, and nobody's trouble is anybody else's."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import pytest

from annolog.commands.known_by import KnownBy, without_capitals
from annolog.commands.vault import NoVault, SealBroken
from annolog.domain.organization.events import OrganizationCreated
from annolog.domain.people.events import OrganizationRole, PersonErased, PersonRegistered, PersonRevised
from annolog.domain.people.personal import PersonalField, Sealed
from annolog.domain.people.state import Directory, fold
from annolog.domain.refusals import Unavailable
from annolog.domain.sign_on.events import PersonRecognized

HERE, THERE = (1, ""), (2, "")
ANN, BOB, CYD, DAN = 2, 3, 4, 5


class Keys(NoVault):
    """A vault that notes what it is asked for. `away` is whether it can be reached."""

    def __init__(self) -> None:
        self.opened: list[tuple[int, str]] = []
        self.warmed: list[list[int]] = []
        self.forgotten: set[int] = set()
        self.away = False

    def warm(self, people: Sequence[int]) -> None:
        self.warmed.append(list(people))

    def open(self, person: int, field: PersonalField, sealed: Sealed) -> str | None:
        if self.away:
            raise Unavailable("away")
        self.opened.append((person, sealed))
        if sealed.startswith("broken"):
            raise SealBroken("it does not fit")
        return None if person in self.forgotten else sealed.removeprefix(f"{field.value}:")


def called(person: int, email: str, prefix: str = "email:") -> PersonRevised:
    return PersonRevised(person=person, email=Sealed(f"{prefix}{email}"))


def recognized(person: int, subject: str, provider: str = "acme", organization: int = 1) -> PersonRecognized:
    sealed = Sealed(f"subject:{subject}")
    return PersonRecognized(organization=organization, person=person, provider=provider, subject=sealed)


BEGIN = fold(
    Directory(),
    [
        OrganizationCreated(organization=2, name="another"),
        *(PersonRegistered(person=id, handle=f"p{id}", role=OrganizationRole.MEMBER) for id in (ANN, BOB, CYD)),
        PersonRegistered(person=DAN, handle="p5", role=OrganizationRole.MEMBER, organization=2),
        called(ANN, "Ann@Example.org"),
        called(BOB, "bob@example.org"),
        called(DAN, "ann@example.org"),
    ],
)


@pytest.fixture
def keys() -> Keys:
    return Keys()


@pytest.fixture
def known(keys: Keys) -> KnownBy:
    return KnownBy(keys)


def test_capitals_of_an_address_do_not_count(known: KnownBy) -> None:
    for written in ("Ann@Example.org", "ann@example.org", "ANN@EXAMPLE.ORG"):
        assert known.addresses.people(BEGIN, HERE, written) == [ANN]
    assert known.addresses.people(BEGIN, HERE, "cyd@example.org") == []


@pytest.mark.parametrize(
    ("one", "other"), [("straße@x", "strasse@x"), ("\u212aim@x", "kim@x"), ("\u017fam@x", "sam@x")]
)
def test_letters_that_only_look_or_sound_alike_are_another_mailbox(known: KnownBy, one: str, other: str) -> None:
    directory = fold(BEGIN, [called(CYD, one)])
    assert known.addresses.people(directory, HERE, other) == []
    assert known.addresses.people(directory, HERE, one) == [CYD]
    assert one.casefold() == other.casefold(), "that is why it is not compared so"


def test_only_what_everybody_writes_alike_is_made_small() -> None:
    assert without_capitals("ÄNN@Example.ORG") == "Änn@example.org"


def test_each_organization_has_addresses_of_its_own(known: KnownBy) -> None:
    assert known.addresses.people(BEGIN, THERE, "ann@example.org") == [DAN]


def test_two_people_of_one_address_are_both_found(known: KnownBy) -> None:
    directory = fold(BEGIN, [called(CYD, "ANN@example.org")])
    assert known.addresses.people(directory, HERE, "ann@example.org") == [ANN, CYD]


def test_only_what_is_new_is_opened_and_nothing_while_nothing_changed(known: KnownBy, keys: Keys) -> None:
    known.addresses.people(BEGIN, HERE, "ann@example.org")
    assert sorted(person for person, _ in keys.opened) == [ANN, BOB, DAN]
    assert keys.warmed == [[ANN, BOB, DAN]]
    keys.opened.clear()
    known.addresses.people(BEGIN, HERE, "bob@example.org")
    assert keys.opened == []
    changed = fold(BEGIN, [called(BOB, "robert@example.org"), called(CYD, "cyd@example.org")])
    assert known.addresses.people(changed, HERE, "robert@example.org") == [BOB]
    assert sorted(keys.opened) == [(BOB, "email:robert@example.org"), (CYD, "email:cyd@example.org")]
    assert known.addresses.people(changed, HERE, "bob@example.org") == []
    keys.opened.clear()
    # Something else happened: the state is another one, addresses are the same.
    elsewhere = fold(changed, [recognized(ANN, "s")])
    assert known.addresses.people(elsewhere, HERE, "ann@example.org") == [ANN]
    assert keys.opened == []


def test_who_was_erased_is_found_no_more(known: KnownBy) -> None:
    directory = fold(BEGIN, [recognized(ANN, "s-1")])
    assert known.subjects.people(directory, (1, "acme"), "s-1") == [ANN]
    assert known.addresses.people(directory, HERE, "ann@example.org") == [ANN]
    erased = fold(directory, [PersonErased(person=ANN, certificate="c")])
    assert known.subjects.people(erased, (1, "acme"), "s-1") == []
    assert known.addresses.people(erased, HERE, "ann@example.org") == []
    assert "Ann@Example.org" not in repr(vars(known.addresses))


def test_a_value_whose_key_was_destroyed_elsewhere_is_nobodys(known: KnownBy, keys: Keys) -> None:
    keys.forgotten.add(ANN)
    assert known.addresses.people(BEGIN, HERE, "ann@example.org") == []
    assert known.addresses.people(BEGIN, HERE, "bob@example.org") == [BOB]


def test_a_broken_seal_hides_nobody_else_and_is_told_without_the_value(
    known: KnownBy, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    directory = fold(BEGIN, [called(CYD, "canary@example.org", "broken:")])
    assert known.addresses.people(directory, HERE, "bob@example.org") == [BOB]
    [line] = caplog.records
    assert (line.message, line.__dict__["person"], line.__dict__["field"]) == ("seal broken", CYD, "email")
    assert "canary" not in str(line.__dict__)


def test_while_keys_cannot_be_reached_nobody_is_taken_for_nobody(known: KnownBy, keys: Keys) -> None:
    """Else who is known would become somebody new."""
    keys.away = True
    for _ in range(2):
        with pytest.raises(Unavailable):
            known.addresses.people(BEGIN, HERE, "ann@example.org")
    keys.away = False
    assert known.addresses.people(BEGIN, HERE, "ann@example.org") == [ANN]


def test_a_name_at_a_provider_is_compared_to_the_letter_and_belongs_to_one_provider_of_one_organization(
    known: KnownBy,
) -> None:
    directory = fold(BEGIN, [recognized(ANN, "Same"), recognized(BOB, "same"), recognized(DAN, "Same", "acme", 2)])
    assert known.subjects.people(directory, (1, "acme"), "Same") == [ANN]
    assert known.subjects.people(directory, (1, "acme"), "same") == [BOB]
    assert known.subjects.people(directory, (1, "acme"), "SAME") == []
    assert known.subjects.people(directory, (1, "second"), "Same") == []
    assert known.subjects.people(directory, (2, "acme"), "Same") == [DAN]
