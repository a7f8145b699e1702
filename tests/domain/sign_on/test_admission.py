"""Whom a sign-in lets in, and as whom."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest

from annolog.domain.access.mapping import Granted
from annolog.domain.organization.state import Organization
from annolog.domain.people.events import OrganizationRole
from annolog.domain.people.personal import Sealed
from annolog.domain.people.state import Person, Standing
from annolog.domain.project.events import ProjectRole
from annolog.domain.provisioning.state import Provisioning
from annolog.domain.refusals import SignInRefused
from annolog.domain.sign_on.admission import LONGEST_GROUP, MOST_GROUPS, Admits, Candidates, person_of, readable

NOTHING = Granted()
WORTH = (
    Granted(OrganizationRole.MEMBER),
    Granted(projects=MappingProxyType({1: ProjectRole.VIEWER})),
    Granted(workspaces=MappingProxyType({1: ProjectRole.VIEWER})),
)
ANN = Person(2, "ann", OrganizationRole.MEMBER)
BOB = Person(3, "bob", OrganizationRole.MEMBER)
CLOSED = (
    replace(ANN, standing=Standing.DEACTIVATED),
    replace(ANN, standing=Standing.AWAITING_APPROVAL),
    replace(ANN, standing=Standing.ERASED),
    replace(ANN, service=True),
)


def named(person: Person, provider: str) -> Person:
    """Somebody whom a provider has a name for."""
    known = MappingProxyType({(person.id, provider): Sealed("x")})
    return replace(person, organization=Organization(provisioning=Provisioning(recognized=known)))


def signs_in(
    recognized: Person | None = None,
    *by_address: Person,
    admits: Admits = Admits.KNOWN,
    granted: Granted = NOTHING,
) -> Person | None:
    return person_of(Candidates("acme", recognized, by_address), admits, granted)


@pytest.mark.parametrize("admits", Admits)
@pytest.mark.parametrize("granted", [NOTHING, *WORTH])
def test_who_is_recognized_comes_in_whatever_their_groups_and_whoever_else_is_let_in(
    admits: Admits, granted: Granted
) -> None:
    assert signs_in(ANN, admits=admits, granted=granted) == ANN


def test_a_name_counts_more_than_an_address() -> None:
    assert signs_in(ANN, BOB) == ANN
    assert signs_in(ANN, BOB, replace(BOB, id=4)) == ANN


@pytest.mark.parametrize("admits", Admits)
def test_an_address_leads_to_the_one_who_has_it(admits: Admits) -> None:
    assert signs_in(None, ANN, admits=admits) == ANN


@pytest.mark.parametrize("closed", CLOSED)
@pytest.mark.parametrize("admits", Admits)
def test_who_cannot_come_in_is_refused_and_never_becomes_somebody_new(closed: Person, admits: Admits) -> None:
    for candidates in ((closed,), (None, closed)):
        with pytest.raises(SignInRefused, match="not open"):
            signs_in(*candidates, admits=admits, granted=WORTH[0])


@pytest.mark.parametrize("admits", Admits)
def test_two_people_of_one_address_are_not_told_apart(admits: Admits) -> None:
    with pytest.raises(SignInRefused, match="Several"):
        signs_in(None, ANN, BOB, admits=admits, granted=WORTH[0])


@pytest.mark.parametrize("admits", Admits)
def test_an_address_does_not_lead_to_whom_the_provider_names_otherwise(admits: Admits) -> None:
    """Whoever gets the address of somebody who has left does not get their account."""
    with pytest.raises(SignInRefused, match="another account"):
        signs_in(None, named(ANN, "acme"), admits=admits, granted=WORTH[0])
    other = named(ANN, "another")
    assert signs_in(None, other, admits=admits) == other


@pytest.mark.parametrize("granted", WORTH)
def test_somebody_new_comes_in_where_their_groups_are_worth_anything_or_everybody_does(granted: Granted) -> None:
    assert signs_in(admits=Admits.MAPPED, granted=granted) is None
    assert signs_in(admits=Admits.EVERYBODY) is None


def test_somebody_new_does_not_come_in_where_nobody_new_does() -> None:
    for admits, granted in ((Admits.KNOWN, NOTHING), (Admits.KNOWN, WORTH[0]), (Admits.MAPPED, NOTHING)):
        with pytest.raises(SignInRefused, match="no account"):
            signs_in(admits=admits, granted=granted)


def test_groups_are_in_one_order_and_those_that_no_rule_could_name_are_none() -> None:
    longest = "g" * LONGEST_GROUP
    said = ["b", "a", "b", "", longest, f"{longest}g", "with\0nothing", "half\ud800", "two\nlines"]
    assert readable(said) == ["a", "b", longest]
    assert len(readable([f"{number:05}" for number in range(MOST_GROUPS + 5)])) == MOST_GROUPS
