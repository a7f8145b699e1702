"""Who there is, in which organization, and which tokens and invitations hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import reduce
from types import MappingProxyType

from annolog.domain.access.permissions import BY_NAME, Permission
from annolog.domain.access.roles import Grants
from annolog.domain.event import Event
from annolog.domain.growing import Growing
from annolog.domain.organization import state as organizations
from annolog.domain.organization.events import OrganizationEvent
from annolog.domain.organization.state import FIRST, Organization
from annolog.domain.people import events as happened
from annolog.domain.people.events import OrganizationRole
from annolog.domain.people.personal import UNKNOWN, Sealed
from annolog.domain.project.events import ProjectRole


class Standing(StrEnum):
    """Whether somebody may come in."""

    ACTIVE = "active"
    AWAITING_APPROVAL = "awaiting_approval"
    DEACTIVATED = "deactivated"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody known to an organization. `limits` is what the token they came with opens; None for all they may."""

    id: int
    handle: str
    role: OrganizationRole
    organization: Organization = field(default_factory=Organization)
    custom_role: str = ""
    standing: Standing = Standing.ACTIVE
    service: bool = False
    limits: Set[Permission] | None = None
    # What people here made them, whatever groups of an identity provider add to it.
    by_hand: tuple[OrganizationRole, str] = (OrganizationRole.MEMBER, "")
    name: Sealed = UNKNOWN
    email: Sealed = UNKNOWN
    # Whether the address is more than the person's own word.
    vouched: bool = False

    @property
    def grants(self) -> Grants:
        """What roles may do where this person is, theirs among them."""
        return self.organization.grants

    @property
    def is_active(self) -> bool:
        """Whether anything speaks for them."""
        return self.standing is Standing.ACTIVE and not self.erased

    @property
    def erased(self) -> bool:
        """Whether nobody is to know any more who this was."""
        return self.standing is Standing.ERASED

    @property
    def is_system(self) -> bool:
        """Whether it is nobody, but what runs by itself in every organization."""
        return self.id == 0


@dataclass(frozen=True, slots=True)
class Token:
    """What speaks for a person."""

    id: int
    person: int
    digest: str
    label: str = ""
    scopes: Set[Permission] | None = None
    expires_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it has not expired."""
        return self.expires_at is None or self.expires_at > now


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link by which one person may come in. It is `open` until it is accepted or revoked, and not expired."""

    id: int
    organization: int
    digest: str
    role: OrganizationRole
    custom_role: str
    expires_at: datetime
    workspaces: Mapping[int, ProjectRole]
    approval: bool
    inviter: int = 0
    open: bool = True
    person: int | None = None

    def holds(self, now: datetime) -> bool:
        """Whether somebody may still come in by it."""
        return self.open and self.expires_at > now


@dataclass(frozen=True, slots=True)
class Directory:
    """Everybody in every organization, and every token and invitation."""

    organizations: Mapping[int, Organization] = field(
        default_factory=lambda: MappingProxyType({FIRST: Organization(FIRST)})
    )
    accounts: Growing[int, Person] = field(default_factory=Growing)
    # By organization and handle: two organizations may know two people by one.
    handles: Growing[tuple[int, str], int] = field(default_factory=Growing)
    tokens: Growing[str, Token] = field(default_factory=Growing)
    invitations: Growing[int, Invitation] = field(default_factory=Growing)
    # Digests of tokens that spoke for somebody once.
    revoked: Growing[str, int] = field(default_factory=Growing)
    erased: frozenset[int] = frozenset()
    # Who was asked for already: every request asks for somebody, and putting them together costs more than the rest.
    _met: dict[int | str, Person] = field(default_factory=dict, init=False, repr=False, compare=False)

    def person(self, id: int | None) -> Person | None:
        """Somebody, with their organization as it is now."""
        if id is None:
            return None
        met = self._met.get(id)
        if met is None and (known := self.accounts.get(id)) is not None:
            met = self._met[id] = replace(known, organization=self.organizations[known.organization.id])
        return met

    def colleague(self, of: Person, id: int | None) -> Person | None:
        """Somebody of the same organization; whoever is of another is nobody."""
        found = self.person(id)
        if found is None or (found.organization.id != of.organization.id and not of.is_system):
            return None
        return found

    def people_of(self, organization: int) -> Iterator[Person]:
        """Everybody in an organization."""
        return (person for person in self.accounts.values() if person.organization.id == organization)

    def by_handle(self, organization: int, handle: str) -> int | None:
        """Who is known by a handle in an organization."""
        return self.handles.get((organization, handle))

    def by_token(self, digest: str, now: datetime) -> Person | None:
        """Whom a token speaks for now, limited to what it opens; nobody once they are deactivated or it expired."""
        token = self.tokens.get(digest)
        person = self.person(token.person) if token is not None and token.holds(now) else None
        if token is None or person is None or not person.is_active:
            return None
        if token.scopes is None:
            return person
        if digest not in self._met:
            self._met[digest] = replace(person, limits=token.scopes)
        return self._met[digest]

    def tokens_of(self, person: int) -> list[Token]:
        """The tokens that speak for a person, also those that expired, by id."""
        return sorted((token for token in self.tokens.values() if token.person == person), key=lambda token: token.id)

    def token(self, id: int) -> Token | None:
        """A token by its id."""
        return next((token for token in self.tokens.values() if token.id == id), None)

    def invitations_of(self, organization: int) -> list[Invitation]:
        """The invitations of an organization, also those that let nobody in any more, by id."""
        own = (one for one in self.invitations.values() if one.organization == organization)
        return sorted(own, key=lambda invitation: invitation.id)

    def owners(self, organization: int) -> list[Person]:
        """The owners of an organization who may come in."""
        return [
            person
            for person in self.people_of(organization)
            if person.role is OrganizationRole.OWNER and person.is_active and not person.service
        ]


def fold(directory: Directory, events: Iterable[Event]) -> Directory:
    """The directory after a history."""
    return reduce(evolve, events, directory)


def evolve(directory: Directory, event: Event) -> Directory:
    """The directory once `event` has happened."""
    match event:
        case OrganizationEvent(organization=id):
            changed = organizations.evolve(directory.organizations.get(id, Organization(id)), event)
            return replace(directory, organizations=MappingProxyType({**directory.organizations, id: changed}))
        case happened.PersonRegistered(person=id, handle=handle, organization=organization):
            standing = Standing.AWAITING_APPROVAL if event.awaits_approval else Standing.ACTIVE
            person = Person(
                id,
                handle,
                event.role,
                Organization(organization),
                event.custom_role,
                standing,
                event.service,
                by_hand=(event.role, event.custom_role),
            )
            return replace(
                _with_account(directory, person), handles=directory.handles.with_one((organization, handle), id)
            )
        case happened.PersonApproved(person=id) | happened.PersonReactivated(person=id):
            return _with_account(directory, replace(directory.accounts[id], standing=Standing.ACTIVE))
        case happened.PersonDeactivated(person=id):
            return _with_account(directory, replace(directory.accounts[id], standing=Standing.DEACTIVATED))
        case happened.PersonRoleChanged(person=id, new=role, custom_role=custom, source=source):
            person = replace(directory.accounts[id], role=role, custom_role=custom)
            by_hand = (role, custom) if source is happened.Source.PERSON else person.by_hand
            return _with_account(directory, replace(person, by_hand=by_hand))
        case happened.PersonRevised(person=id, name=name, email=email, vouched=vouched):
            revised = replace(directory.accounts[id], name=name, email=email, vouched=vouched)
            return _with_account(directory, revised)
        case happened.PersonErased(person=id):
            known = directory.accounts[id]
            nobody = replace(known, name=UNKNOWN, email=UNKNOWN, vouched=False, standing=Standing.ERASED)
            where = directory.organizations[nobody.organization.id]
            without = replace(where, provisioning=where.provisioning.without(id))
            organizations_then = MappingProxyType({**directory.organizations, where.id: without})
            there = replace(directory, organizations=organizations_then, erased=directory.erased | {id})
            return _with_account(there, nobody)
        case happened.TokenIssued():
            return replace(directory, tokens=_tokens_after(directory.tokens, event))
        case happened.TokenRevoked(token=token, digest=digest):
            revoked = directory.revoked.with_one(digest, token)
            return replace(directory, tokens=_tokens_after(directory.tokens, event), revoked=revoked)
        case happened.PersonInvited() | happened.InvitationRevoked() | happened.InvitationAccepted():
            return replace(directory, invitations=_invitations_after(directory.invitations, event))
        case _:
            return directory


def _with_account(directory: Directory, person: Person) -> Directory:
    return replace(directory, accounts=directory.accounts.with_one(person.id, person))


def _tokens_after(
    tokens: Growing[str, Token], event: happened.TokenIssued | happened.TokenRevoked
) -> Growing[str, Token]:
    match event:
        case happened.TokenIssued(token=id, person=person, digest=digest, label=label, expires_at=expires_at):
            scopes = frozenset(BY_NAME[one] for one in event.scopes if one in BY_NAME) if event.scopes else None
            return tokens.with_one(digest, Token(id, person, digest, label, scopes, expires_at))
        case happened.TokenRevoked(digest=gone):
            return tokens.without(gone)


def _invitations_after(
    invitations: Growing[int, Invitation],
    event: happened.PersonInvited | happened.InvitationRevoked | happened.InvitationAccepted,
) -> Growing[int, Invitation]:
    match event:
        case happened.PersonInvited(invitation=id):
            changed = Invitation(
                id,
                event.organization,
                event.digest,
                event.role,
                event.custom_role,
                event.expires_at,
                event.workspaces,
                event.approval,
                event.inviter,
            )
        case happened.InvitationRevoked(invitation=id):
            changed = replace(invitations[id], open=False)
        case happened.InvitationAccepted(invitation=id, person=person):
            changed = replace(invitations[id], open=False, person=person)
    return invitations.with_one(id, changed)
