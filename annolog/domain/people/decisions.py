"""Who may be registered, and with which token they come in."""

from __future__ import annotations

from annolog.domain.access.permissions import Permission
from annolog.domain.access.roles import CHANGEABLE, Role
from annolog.domain.event import Event
from annolog.domain.people.events import (
    OrganizationRole,
    PermissionChanged,
    PersonRegistered,
    TokenIssued,
    TokenRevoked,
)
from annolog.domain.people.state import Organization
from annolog.domain.refusals import Fault, InvalidInput, NotFound, WrongState

LONGEST_HANDLE = 200


def register(organization: Organization, person: int, handle: str, role: OrganizationRole) -> list[Event]:
    """Make somebody known. A handle stands for one person for ever; registering it again is not news."""
    if not handle.strip() or len(handle) > LONGEST_HANDLE:
        message = f"a handle has between 1 and {LONGEST_HANDLE} characters"
        raise InvalidInput(f"/handle: {message}", faults=[Fault("/handle", message)])
    if handle in organization.handles:
        return []
    return [PersonRegistered(person=person, handle=handle, role=role)]


def issue_token(organization: Organization, person: int, token: int, digest: str, label: str) -> list[Event]:
    """Let a token speak for a person. The same token again is not news."""
    found = organization.people.get(person)
    if found is None:
        raise NotFound(f"There is no person {person}.")
    if found.erased:
        raise WrongState(f"Person {person} was erased.")
    if organization.tokens.get(digest) == person:
        return []
    return [TokenIssued(token=token, person=person, digest=digest, label=label)]


def revoke_token(organization: Organization, token: int, digest: str) -> list[Event]:
    """Let a token speak for nobody."""
    return [TokenRevoked(token=token, digest=digest)] if digest in organization.tokens else []


def change_permission(
    organization: Organization, role: Role, permission: Permission, granted: bool | None
) -> list[Event]:
    """Give a permission to a role, take it away, or leave it to the table. What is so already is not news."""
    changeable = CHANGEABLE.get(permission, frozenset())
    if role not in changeable:
        of_whom = ", ".join(sorted(one.value for one in changeable)) or "no role"
        message = f"{permission.value} can be changed for {of_whom}"
        raise InvalidInput(f"/role: {message}", faults=[Fault("/role", message)])
    old = organization.grants.changes.get((role, permission))
    if old is granted:
        return []
    return [PermissionChanged(role=role.value, permission=permission.value, old=old, granted=granted)]
