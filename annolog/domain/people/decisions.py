"""Who may be registered, what they are in their organization, and whether anything speaks for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from annolog.domain.access.permissions import Permission
from annolog.domain.event import Event
from annolog.domain.organization.decisions import must_be_given
from annolog.domain.organization.state import FIRST, Organization
from annolog.domain.people.events import (
    OrganizationRole,
    PersonApproved,
    PersonDeactivated,
    PersonReactivated,
    PersonRegistered,
    PersonRoleChanged,
    Source,
    TokenIssued,
    TokenRevoked,
)
from annolog.domain.people.state import Directory, Person, Standing, Token
from annolog.domain.refusals import Fault, InvalidInput, NotFound, WrongState

LONGEST_HANDLE = 200
LONGEST_LIFE = timedelta(days=3660)


def _wrong(pointer: str, message: str) -> InvalidInput:
    return InvalidInput(f"{pointer}: {message}", faults=[Fault(pointer, message)])


def organization_of(directory: Directory, id: int) -> Organization:
    """The organization; refused if there is none."""
    found = directory.organizations.get(id)
    if found is None:
        raise NotFound(f"There is no organization {id}.")
    return found


def register(
    directory: Directory,
    person: int,
    handle: str,
    role: OrganizationRole,
    organization: int = FIRST,
    custom_role: str = "",
    *,
    service: bool = False,
    awaits_approval: bool = False,
) -> list[Event]:
    """Make somebody known. A handle stands for one person of an organization for ever; registering it again is not
    news.
    """
    if not handle.strip() or len(handle) > LONGEST_HANDLE:
        raise _wrong("/handle", f"a handle has between 1 and {LONGEST_HANDLE} characters")
    if directory.by_handle(organization, handle) is not None:
        return []
    must_be_given(organization_of(directory, organization), custom_role, role)
    return [
        PersonRegistered(
            person=person,
            handle=handle,
            role=role,
            organization=organization,
            custom_role=custom_role,
            service=service,
            awaits_approval=awaits_approval,
        )
    ]


def change_role(
    directory: Directory, person: Person, role: OrganizationRole, custom_role: str = "", source: Source = Source.PERSON
) -> list[Event]:
    """Let somebody be something else in their organization. One owner remains, or nobody could change anything."""
    must_be_given(person.organization, custom_role, role)
    if (person.role, person.custom_role) == (role, custom_role):
        return []
    if role is not OrganizationRole.OWNER:
        another_owner_must_remain(directory, person)
    return [
        PersonRoleChanged(
            person=person.id,
            old=person.role,
            new=role,
            old_custom_role=person.custom_role,
            custom_role=custom_role,
            source=source,
        )
    ]


def deactivate(directory: Directory, person: Person, reason: str = "", source: Source = Source.PERSON) -> list[Event]:
    """Let nothing speak for somebody any more."""
    if person.standing in (Standing.DEACTIVATED, Standing.ERASED):
        return []
    another_owner_must_remain(directory, person)
    return [PersonDeactivated(person=person.id, reason=reason, source=source)]


def reactivate(person: Person, source: Source = Source.PERSON) -> list[Event]:
    """Let somebody in again who was kept out. Whoever was erased comes back as somebody else."""
    return [PersonReactivated(person=person.id, source=source)] if person.standing is Standing.DEACTIVATED else []


def approve(person: Person) -> list[Event]:
    """Let somebody in who waited for it."""
    if person.standing is Standing.DEACTIVATED:
        raise WrongState("This person was deactivated; reactivate them.")
    return [PersonApproved(person=person.id)] if person.standing is Standing.AWAITING_APPROVAL else []


def another_owner_must_remain(directory: Directory, person: Person) -> None:
    """Refuse to lose the last owner who may come in: an organization without one could not be governed."""
    if person.role is not OrganizationRole.OWNER:
        return
    owners = directory.owners(person.organization.id)
    if [owner.id for owner in owners] == [person.id]:
        raise WrongState("This is the only owner; make somebody else an owner first.")


def issue_token(
    person: Person,
    token: int,
    digest: str,
    label: str,
    known: Token | None = None,
    scopes: Sequence[Permission] = (),
    expires_at: datetime | None = None,
    now: datetime | None = None,
) -> list[Event]:
    """Let a token speak for a person, limited to `scopes` if there are any. The same token again is not news."""
    if person.erased:
        raise WrongState(f"Person {person.id} was erased.")
    if known is not None and known.person == person.id:
        return []
    if expires_at is not None and now is not None and not now < expires_at <= now + LONGEST_LIFE:
        raise _wrong("/expires_at", f"lies between now and {LONGEST_LIFE.days} days from now")
    names = sorted({scope.value for scope in scopes})
    return [
        TokenIssued(token=token, person=person.id, digest=digest, label=label, scopes=names, expires_at=expires_at),
    ]


def revoke_token(token: Token | None) -> list[Event]:
    """Let a token speak for nobody."""
    return [TokenRevoked(token=token.id, digest=token.digest)] if token is not None else []
