"""Who there is, and which tokens speak for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from types import MappingProxyType

from annolog.domain.access.permissions import Permission
from annolog.domain.access.roles import BY_TABLE, ROLES, Grants
from annolog.domain.event import Event
from annolog.domain.people.events import (
    OrganizationRole,
    PermissionChanged,
    PersonErased,
    PersonRegistered,
    PersonRevised,
    TokenIssued,
    TokenRevoked,
)
from annolog.domain.people.personal import UNKNOWN, Sealed


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody known to the installation."""

    id: int
    handle: str
    role: OrganizationRole
    # What roles may do where this person is, theirs among them.
    grants: Grants = BY_TABLE
    name: Sealed = UNKNOWN
    email: Sealed = UNKNOWN
    erased: bool = False


@dataclass(frozen=True, slots=True)
class Organization:
    """Everybody, by id and by handle, and every token that holds, by its digest."""

    people: Mapping[int, Person] = field(default_factory=lambda: MappingProxyType({}))
    handles: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    tokens: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    # By what number each token was issued, to be revoked by.
    token_ids: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    grants: Grants = BY_TABLE
    erased: frozenset[int] = frozenset()

    def by_token(self, digest: str) -> Person | None:
        """Whom a token speaks for."""
        person = self.tokens.get(digest)
        return self.people.get(person) if person is not None else None


def fold(organization: Organization, events: Iterable[Event]) -> Organization:
    """The organization after a history."""
    return reduce(evolve, events, organization)


def evolve(organization: Organization, event: Event) -> Organization:
    """The organization once `event` has happened."""
    match event:
        case PersonRegistered(person=id, handle=handle, role=role):
            people = MappingProxyType({**organization.people, id: Person(id, handle, role, organization.grants)})
            return replace(organization, people=people, handles=MappingProxyType({**organization.handles, handle: id}))
        case TokenIssued(person=person, digest=digest, token=token):
            ids = MappingProxyType({**organization.token_ids, digest: token})
            return replace(
                organization, tokens=MappingProxyType({**organization.tokens, digest: person}), token_ids=ids
            )
        case TokenRevoked(digest=digest):
            tokens = {other: person for other, person in organization.tokens.items() if other != digest}
            return replace(organization, tokens=MappingProxyType(tokens))
        case PermissionChanged(role=role_name, permission=permission, granted=granted):
            changed, place = ROLES.get(role_name), Permission(permission)
            if changed is None:
                return organization
            grants = organization.grants.with_change(changed, place, granted)
            everybody = {id: replace(person, grants=grants) for id, person in organization.people.items()}
            return replace(organization, grants=grants, people=MappingProxyType(everybody))
        case PersonRevised(person=id, name=name, email=email):
            return _with(organization, replace(organization.people[id], name=name, email=email))
        case PersonErased(person=id):
            found = _with(organization, replace(organization.people[id], name=UNKNOWN, email=UNKNOWN, erased=True))
            return replace(found, erased=organization.erased | {id})
        case _:
            return organization


def _with(organization: Organization, person: Person) -> Organization:
    return replace(organization, people=MappingProxyType({**organization.people, person.id: person}))
