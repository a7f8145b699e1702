"""Who and which groups an identity provider answers for in one organization, as the rules see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from annolog.domain.access.mapping import GroupRule
from annolog.domain.event import Event
from annolog.domain.growing import Growing
from annolog.domain.people.personal import UNKNOWN, Sealed
from annolog.domain.provisioning import events as happened
from annolog.domain.sign_on.events import GroupsClaimed, PersonRecognized

# What rules of the mapping call the groups that come over SCIM.
PROVIDER = "scim"


@dataclass(frozen=True, slots=True)
class Group:
    """People whom the identity provider has together."""

    id: int
    name: str
    external_id: str = ""
    members: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Provisioning:
    """What the identity provider of an organization said, and what its groups are worth.

    `people` has everybody it ever answered for; whom it answers for no longer with nothing that is known of them.
    """

    people: Growing[int, Sealed] = field(default_factory=Growing)
    groups: Growing[int, Group] = field(default_factory=Growing)
    rules: tuple[GroupRule, ...] = ()
    # By person and provider: which groups were named on their latest sign-in, and what the provider names them.
    claimed: Growing[int, Mapping[str, tuple[str, ...]]] = field(default_factory=Growing)
    recognized: Growing[tuple[int, str], Sealed] = field(default_factory=Growing)

    @property
    def everybody(self) -> Set[int]:
        """Whose groups are known, or were."""
        return self.people.keys() | self.claimed.keys()

    def answers_for(self, person: int) -> bool:
        """Whether somebody is as the provider says."""
        return bool(self.people.get(person))

    def recognizes(self, person: int, provider: str) -> bool:
        """Whether the provider has a name for somebody, by which they sign in."""
        return (person, provider) in self.recognized

    def groups_of(self, person: int) -> list[Group]:
        """The groups somebody is in, by id."""
        return sorted((group for group in self.groups.values() if person in group.members), key=lambda one: one.id)

    def released(self, person: int) -> Provisioning:
        """The same once nobody answers for somebody over SCIM. By which name they sign in stays known: whoever may not
        come in does not come back as somebody new.
        """
        if person not in self.people:
            return self
        groups = self.groups
        for group in self.groups_of(person):
            groups = groups.with_one(group.id, replace(group, members=group.members - {person}))
        return replace(self, people=self.people.with_one(person, UNKNOWN), groups=groups)

    def without(self, person: int) -> Provisioning:
        """The same once nothing is known of somebody any more, if anything was."""
        recognized = self.recognized
        for key in [key for key in recognized if key[0] == person]:
            recognized = recognized.without(key)
        return replace(self.released(person), claimed=self.claimed.without(person), recognized=recognized)


def evolve(state: Provisioning, event: Event) -> Provisioning:
    """What is provisioned once `event` has happened."""
    match event:
        case happened.PersonProvisioned(person=person, profile=profile):
            return replace(state, people=state.people.with_one(person, profile))
        case happened.PersonReleased(person=person):
            return state.released(person)
        case happened.GroupProvisioned(group=id, name=name, external_id=external_id, members=members):
            return _with(state, Group(id, name, external_id, frozenset(members)))
        case happened.GroupRenamed(group=id, name=name, external_id=external_id):
            return _with(state, replace(state.groups[id], name=name, external_id=external_id))
        case happened.GroupMembershipChanged(group=id, added=added, removed=removed):
            group = state.groups[id]
            return _with(state, replace(group, members=(group.members | set(added)) - set(removed)))
        case happened.GroupRemoved(group=gone):
            return replace(state, groups=state.groups.without(gone))
        case GroupsClaimed(person=person, provider=provider, groups=named):
            of_person = MappingProxyType({**state.claimed.get(person, {}), provider: tuple(named)})
            return replace(state, claimed=state.claimed.with_one(person, of_person))
        case PersonRecognized(person=person, provider=provider, subject=subject):
            return replace(state, recognized=state.recognized.with_one((person, provider), subject))
        case happened.MappingChanged(new=new):
            return replace(state, rules=tuple(new))
        case _:
            return state


def _with(state: Provisioning, group: Group) -> Provisioning:
    return replace(state, groups=state.groups.with_one(group.id, group))


def projects_of(rules: Iterable[GroupRule]) -> list[int]:
    """The projects that rules speak of, by id."""
    return sorted({rule.project for rule in rules if rule.project is not None})
