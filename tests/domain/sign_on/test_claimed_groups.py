"""What a provider said on sign-in is part of an organization, and its groups count beside those that come over SCIM."""

from __future__ import annotations

from annolog.domain.access.mapping import GroupRule
from annolog.domain.event import Event
from annolog.domain.organization.events import WorkspaceCreated
from annolog.domain.people.events import (
    OrganizationRole,
    PersonErased,
    PersonRegistered,
    PersonRoleChanged,
    Source,
)
from annolog.domain.people.personal import Sealed
from annolog.domain.people.state import Directory, fold
from annolog.domain.project.events import ProjectRole
from annolog.domain.provisioning import following
from annolog.domain.provisioning.events import GroupProvisioned, MappingChanged, PersonProvisioned, PersonReleased
from annolog.domain.provisioning.state import Provisioning
from annolog.domain.sign_on.events import GroupsClaimed, PersonRecognized

OLA, ANN, BOB = 1, 2, 3
FILMS = 4
FACTS: list[Event] = [
    PersonRegistered(person=OLA, handle="ola", role=OrganizationRole.OWNER),
    PersonRegistered(person=ANN, handle="ann", role=OrganizationRole.MEMBER),
    PersonRegistered(person=BOB, handle="bob", role=OrganizationRole.MEMBER),
    WorkspaceCreated(workspace=FILMS, title="films"),
]


def rule(provider: str, group: str, **more: object) -> GroupRule:
    return GroupRule.model_validate({"provider": provider, "group": group, **more})


def claims(person: int, *groups: str, provider: str = "acme") -> GroupsClaimed:
    return GroupsClaimed(person=person, provider=provider, groups=list(groups))


def knows(person: int, subject: str = "sealed", provider: str = "acme") -> PersonRecognized:
    return PersonRecognized(person=person, provider=provider, subject=Sealed(subject))


def over_scim(person: int, group: str) -> list[Event]:
    profile = PersonProvisioned(person=person, profile=Sealed("p"))
    return [profile, GroupProvisioned(group=1, name=group, members=[person])]


def after(*facts: Event, rules: list[GroupRule] | None = None) -> Directory:
    mapping = [MappingChanged(new=rules)] if rules else []
    return fold(Directory(), [*FACTS, *facts, *mapping])


def provisioned(*facts: Event) -> Provisioning:
    return after(*facts).organizations[1].provisioning


def roles(*facts: Event, rules: list[GroupRule]) -> dict[int, OrganizationRole]:
    """Who becomes what."""
    events = following.roles(after(*facts, rules=rules), 1)
    return {event.person: event.new for event in events if isinstance(event, PersonRoleChanged)}


ADMINISTRATORS = rule("acme", "admins", role="administrator")
OWNERS = rule("scim", "Heads", role="owner")


def test_the_latest_claim_of_each_provider_counts() -> None:
    found = provisioned(claims(ANN, "a"), claims(ANN, "b", provider="second"), claims(ANN, "c"), claims(BOB, "d"))
    assert {person: dict(said) for person, said in found.claimed.items()} == {
        ANN: {"acme": ("c",), "second": ("b",)},
        BOB: {"acme": ("d",)},
    }
    assert found.everybody == {ANN, BOB}


def test_each_provider_has_its_own_name_for_somebody_and_the_latest_holds() -> None:
    found = provisioned(knows(ANN, "one"), knows(ANN, "two", "second"), knows(ANN, "three"))
    assert dict(found.recognized) == {(ANN, "acme"): "three", (ANN, "second"): "two"}
    assert found.recognizes(ANN, "acme")
    assert not found.recognizes(ANN, "third")
    assert not found.recognizes(BOB, "acme")


def test_who_is_named_without_groups_has_nothing_to_follow() -> None:
    assert provisioned(knows(ANN)).everybody == set()


def test_nothing_is_known_any_more_of_who_was_erased_and_everything_of_others() -> None:
    facts = [knows(ANN), claims(ANN, "a"), knows(BOB), claims(BOB, "b"), *over_scim(ANN, "Heads")]
    found = provisioned(*facts, PersonErased(person=ANN, certificate="c"))
    assert dict(found.recognized) == {(BOB, "acme"): "sealed"}
    assert found.claimed.keys() == {BOB}
    assert found.groups[1].members == frozenset()
    without_scim = provisioned(knows(ANN), claims(ANN, "a"), PersonErased(person=ANN, certificate="c"))
    assert (dict(without_scim.recognized), dict(without_scim.claimed)) == ({}, {})
    assert without_scim.everybody == set()


def test_who_is_deprovisioned_is_known_by_their_name_still_so_that_they_do_not_come_back_as_somebody_new() -> None:
    found = provisioned(*over_scim(ANN, "Heads"), knows(ANN), PersonReleased(person=ANN))
    assert found.recognizes(ANN, "acme")
    assert not found.answers_for(ANN)
    assert found.groups_of(ANN) == []


def test_groups_over_scim_and_of_sign_ins_count_together_and_the_most_elevated_wins() -> None:
    both = [ADMINISTRATORS, OWNERS]
    facts = [*over_scim(ANN, "Heads"), claims(ANN, "admins"), claims(BOB, "admins")]
    assert roles(*facts, rules=both) == {ANN: OrganizationRole.OWNER, BOB: OrganizationRole.ADMINISTRATOR}
    assert roles(*facts, rules=[ADMINISTRATORS])[ANN] is OrganizationRole.ADMINISTRATOR
    assert roles(*over_scim(ANN, "Heads"), claims(ANN), rules=both) == {ANN: OrganizationRole.OWNER}


def test_a_group_of_one_provider_is_not_that_of_another() -> None:
    assert roles(claims(ANN, "admins", provider="second"), rules=[ADMINISTRATORS]) == {}
    assert roles(*over_scim(ANN, "admins"), rules=[ADMINISTRATORS]) == {}
    assert roles(claims(ANN, "Heads"), rules=[OWNERS]) == {}


def test_of_two_providers_in_one_organization_the_most_elevated_wins() -> None:
    second = rule("second", "bosses", role="owner")
    facts = [claims(ANN, "admins"), claims(ANN, "bosses", provider="second")]
    assert roles(*facts, rules=[ADMINISTRATORS, second]) == {ANN: OrganizationRole.OWNER}


def test_who_is_in_the_group_no_longer_is_what_they_were_made_by_hand() -> None:
    facts = [claims(ANN, "admins")]
    given = PersonRoleChanged(
        person=ANN, old=OrganizationRole.MEMBER, new=OrganizationRole.ADMINISTRATOR, source=Source.GROUPS
    )
    assert roles(*facts, given, claims(ANN), rules=[ADMINISTRATORS]) == {ANN: OrganizationRole.MEMBER}
    by_hand = PersonRoleChanged(person=ANN, old=OrganizationRole.MEMBER, new=OrganizationRole.OWNER)
    assert roles(*facts, by_hand, rules=[ADMINISTRATORS]) == {}
    assert roles(*facts, by_hand, claims(ANN), rules=[ADMINISTRATORS]) == {}


def test_the_only_owner_stays_owner_whatever_groups_say() -> None:
    rules = [rule("acme", "heads", role="owner")]
    gone = PersonRoleChanged(person=OLA, old=OrganizationRole.OWNER, new=OrganizationRole.MEMBER)
    by_group = PersonRoleChanged(
        person=ANN, old=OrganizationRole.MEMBER, new=OrganizationRole.OWNER, source=Source.GROUPS
    )
    facts = [claims(ANN, "heads"), by_group, gone]
    assert roles(*facts, claims(ANN), rules=rules) == {}
    assert roles(*facts, claims(ANN), claims(BOB, "heads"), rules=rules) == {
        BOB: OrganizationRole.OWNER,
        ANN: OrganizationRole.MEMBER,
    }


def test_workspaces_and_projects_are_those_of_both() -> None:
    rules = [
        rule("acme", "readers", workspace=FILMS, project_role="viewer"),
        rule("scim", "Heads", workspace=FILMS, project_role="manager"),
        rule("acme", "readers", project=9, project_role="reviewer"),
        rule("scim", "Heads", project=9, project_role="annotator"),
    ]
    facts = [*over_scim(ANN, "Heads"), claims(ANN, "readers"), claims(BOB, "readers")]
    found = following.grants(after(*facts, rules=rules).organizations[1].provisioning)
    assert dict(found[ANN].workspaces) == {FILMS: ProjectRole.MANAGER}
    assert dict(found[ANN].projects) == {9: ProjectRole.REVIEWER}
    assert dict(found[BOB].workspaces) == {FILMS: ProjectRole.VIEWER}
    assert dict(found[BOB].projects) == {9: ProjectRole.REVIEWER}
    assert found.keys() == {ANN, BOB}
