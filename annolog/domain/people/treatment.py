"""What somebody may do to somebody: the same rules that refuse it, asked before anybody tries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from enum import StrEnum
from typing import TypeVar

from annolog.domain.access.permissions import Permission
from annolog.domain.access.rights import (
    may,
    must_be_no_more,
    must_have_all,
    must_not_exceed,
    permissions_in_workspace,
    permissions_of,
)
from annolog.domain.access.roles import RANKS
from annolog.domain.organization.decisions import permissions_of_role
from annolog.domain.people.decisions import another_owner_must_remain
from annolog.domain.people.events import OrganizationRole
from annolog.domain.people.state import Directory, Person, Standing
from annolog.domain.project.events import ProjectRole
from annolog.domain.refusals import Refused

RoleKind = TypeVar("RoleKind", OrganizationRole, ProjectRole)


class Treatment(StrEnum):
    """What may be done to somebody."""

    REVISE = "revise"
    CHANGE_ROLE = "change_role"
    APPROVE = "approve"
    DEACTIVATE = "deactivate"
    REACTIVATE = "reactivate"
    END_SESSIONS = "end_sessions"
    REMOVE_PASSWORD = "remove_password"
    ISSUE_TOKENS = "issue_tokens"
    ERASE = "erase"


def treatments(directory: Directory, by: Person, of: Person) -> Set[Treatment]:
    """What of it would be done if it was asked. Of who was erased nothing is left to be done anything to."""
    if of.erased:
        return frozenset()
    return frozenset(one for one in _by_right(by, of) if _makes_sense(directory, one, of))


def roles_given_by(person: Person) -> Iterator[tuple[OrganizationRole, str]]:
    """The roles in the organization, its own among them, that somebody may give."""
    for role, custom in [*((rank, "") for rank in RANKS), *_own_roles(person, OrganizationRole)]:
        if not _refused(must_be_able_to_make, person, role, custom):
            yield role, custom


def roles_given_in_workspace(person: Person, workspace: int) -> Iterator[tuple[ProjectRole, str]]:
    """The roles in a workspace, the organization's own among them, that somebody may give."""
    held = permissions_in_workspace(person, workspace)
    for role, custom in [*((role, "") for role in ProjectRole), *_own_roles(person, ProjectRole)]:
        if not _refused(must_have_all, held, permissions_of_role(person.organization, role, custom)):
            yield role, custom


def must_be_able_to_make(person: Person, role: OrganizationRole, custom_role: str) -> None:
    """Refuse to make somebody more than oneself, or than the token one came with opens. What every member has is
    anybody's to give.
    """
    must_not_exceed(person, role)
    known = custom_role in person.grants.custom
    if known or (role is not OrganizationRole.MEMBER and not custom_role):
        given = permissions_of_role(person.organization, role, custom_role)
        must_have_all(permissions_of(person), given)


def _own_roles(person: Person, kind: type[RoleKind]) -> Iterator[tuple[RoleKind, str]]:
    """The organization's own roles that can still be given, by name, with what each is like."""
    for _, role in sorted(person.grants.custom.items()):
        if not role.retired and isinstance(role.like, kind):
            yield role.like, role.name


def _by_right(by: Person, of: Person) -> Iterator[Treatment]:
    """What the permissions of the one open of the other, as the handlers of these commands have it."""
    oneself = by.id == of.id
    if oneself and by.limits is None:
        yield Treatment.REVISE
    if oneself:
        yield Treatment.END_SESSIONS
        if may(Permission.ISSUE_OWN_TOKENS, by):
            yield Treatment.ISSUE_TOKENS
    if _refused(must_be_no_more, by, of):
        return
    if may(Permission.REGISTER_PEOPLE, by):
        yield Treatment.REVISE
    if may(Permission.CHANGE_ROLES, by):
        yield Treatment.CHANGE_ROLE
    if may(Permission.INVITE_PEOPLE, by):
        yield Treatment.APPROVE
    if may(Permission.DEACTIVATE_PEOPLE, by):
        yield from (Treatment.REACTIVATE, Treatment.END_SESSIONS, Treatment.REMOVE_PASSWORD)
        if not oneself:
            yield Treatment.DEACTIVATE
    if may(Permission.ISSUE_TOKENS, by):
        yield Treatment.ISSUE_TOKENS
    if may(Permission.ERASE_PEOPLE, by):
        yield Treatment.ERASE


def _makes_sense(directory: Directory, treatment: Treatment, of: Person) -> bool:
    """Whether it would change anything, and leave the organization an owner."""
    match treatment:
        case Treatment.APPROVE:
            return of.standing is Standing.AWAITING_APPROVAL
        case Treatment.REACTIVATE:
            return of.standing is Standing.DEACTIVATED
        case Treatment.DEACTIVATE:
            return of.standing is not Standing.DEACTIVATED and not _refused(another_owner_must_remain, directory, of)
        case Treatment.CHANGE_ROLE | Treatment.ERASE:
            return not _refused(another_owner_must_remain, directory, of)
        case Treatment.END_SESSIONS | Treatment.REMOVE_PASSWORD:
            return not of.service
        case _:
            return True


def _refused(rule: Callable[..., None], *given: object) -> bool:
    try:
        rule(*given)
    except Refused:
        return True
    return False
