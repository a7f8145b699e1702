"""What may be said of groups, and what they are worth; and what tells one state of a person or a group from another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from hashlib import blake2b

from annolog.domain.access.mapping import GroupRule
from annolog.domain.event import Event
from annolog.domain.organization.state import Organization
from annolog.domain.people.personal import Sealed
from annolog.domain.people.state import Person
from annolog.domain.provisioning import events as happened
from annolog.domain.provisioning.state import Group, Provisioning
from annolog.domain.refusals import Fault, InvalidInput, NotFound, NotUnique, StaleVersion

LONGEST_NAME = 500
MOST_RULES = 1000


def _wrong(pointer: str, message: str) -> InvalidInput:
    return InvalidInput(f"{pointer}: {message}", faults=[Fault(pointer, message)])


def version_of_person(provisioning: Provisioning, person: Person, groups: Iterable[Group]) -> str:
    """What is another once anything is that the provider sees of somebody."""
    inside = [(group.id, group.name) for group in groups]
    return _digest(provisioning.people.get(person.id), person.standing.value, inside)


def version_of_group(group: Group) -> str:
    """What is another once anything of a group is."""
    return _digest(group.name, group.external_id, sorted(group.members))


def _digest(*parts: object) -> str:
    return blake2b(repr(parts).encode(), digest_size=12).hexdigest()


def must_be_at(version: str, expected: str | None) -> None:
    """Refuse what was decided on another version."""
    if expected is not None and expected != version:
        raise StaleVersion("It has changed since it was read.", facts={"version": version})


def provisioned(organization: Organization, person: Person | None) -> Person:
    """Somebody whom the provider answers for; refused if it is nobody."""
    if person is None or not organization.provisioning.answers_for(person.id):
        raise NotFound("There is no such user.")
    return person


def provision(organization: Organization, person: int, profile: Sealed) -> list[Event]:
    """Have the provider answer for somebody, by what it says of them. The same is not news."""
    if organization.provisioning.people.get(person) == profile:
        return []
    return [happened.PersonProvisioned(organization=organization.id, person=person, profile=profile)]


def release(organization: Organization, person: int) -> list[Event]:
    """Have the provider answer for somebody no longer."""
    if not organization.provisioning.answers_for(person):
        return []
    return [happened.PersonReleased(organization=organization.id, person=person)]


def group_of(organization: Organization, id: int) -> Group:
    """The group; refused if there is none."""
    found = organization.provisioning.groups.get(id)
    if found is None:
        raise NotFound("There is no such group.")
    return found


def _named(organization: Organization, id: int, name: str, external_id: str) -> str:
    called = name.strip()
    for pointer, text in (("/displayName", called), ("/externalId", external_id)):
        if len(text) > LONGEST_NAME:
            raise _wrong(pointer, f"has at most {LONGEST_NAME} characters")
    if not called:
        raise _wrong("/displayName", "is not empty")
    if any(group.name == called and group.id != id for group in organization.provisioning.groups.values()):
        # Rules name groups: of two that share a name nobody could say which one is meant.
        raise NotUnique("There is a group of that name already.")
    return called


def _must_be_provisioned(organization: Organization, members: Collection[int]) -> None:
    if not all(organization.provisioning.answers_for(person) for person in members):
        raise _wrong("/members", "are users that are provisioned")


def provision_group(
    organization: Organization, id: int, name: str, external_id: str, members: Collection[int]
) -> list[Event]:
    """Have a group."""
    called = _named(organization, id, name, external_id)
    _must_be_provisioned(organization, members)
    return [
        happened.GroupProvisioned(
            organization=organization.id, group=id, name=called, external_id=external_id, members=sorted(set(members))
        )
    ]


def revise_group(
    organization: Organization, group: Group, name: str, external_id: str, members: Collection[int]
) -> list[Event]:
    """Have a group be called this, and these people in it. What is so already is not news."""
    called, wanted = _named(organization, group.id, name, external_id), set(members)
    _must_be_provisioned(organization, wanted)
    events: list[Event] = []
    if (group.name, group.external_id) != (called, external_id):
        events.append(
            happened.GroupRenamed(
                organization=organization.id, group=group.id, old=group.name, name=called, external_id=external_id
            )
        )
    if wanted != group.members:
        added, removed = sorted(wanted - group.members), sorted(group.members - wanted)
        events.append(
            happened.GroupMembershipChanged(organization=organization.id, group=group.id, added=added, removed=removed)
        )
    return events


def remove_group(organization: Organization, group: Group) -> list[Event]:
    """Have a group no longer."""
    return [happened.GroupRemoved(organization=organization.id, group=group.id)]


def change_mapping(organization: Organization, rules: Sequence[GroupRule]) -> list[Event]:
    """Have groups be worth something else. The same rules are not news."""
    if len(rules) > MOST_RULES:
        raise _wrong("/rules", f"are at most {MOST_RULES}")
    for index, rule in enumerate(rules):
        if rule in rules[:index]:
            raise _wrong(f"/rules/{index}", "is said twice")
        if rule.workspace is not None and rule.workspace not in organization.workspaces:
            raise _wrong(f"/rules/{index}/workspace", f"there is no workspace {rule.workspace}")
    old = list(organization.provisioning.rules)
    if old == list(rules):
        return []
    return [happened.MappingChanged(organization=organization.id, old=old, new=list(rules))]
