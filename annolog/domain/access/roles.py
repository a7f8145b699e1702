"""The one table of which role may do what, and what of it owners may change.

Commands, API, command line and pages ask it through `rights`; docs/permissions.md is written from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from annolog.domain.access.permissions import BY_REACH, OF_PROJECT, OF_WORKSPACE, Permission, reach_of
from annolog.domain.people.events import OrganizationRole
from annolog.domain.project.events import ProjectRole

Role = OrganizationRole | ProjectRole
# From the least to the most.
RANKS = (OrganizationRole.MEMBER, OrganizationRole.ADMINISTRATOR, OrganizationRole.OWNER)

WORKING = frozenset({Permission.SEE_WORKSPACE, Permission.SEE_PROJECT, Permission.ANNOTATE, Permission.COMMENT})
REVIEWING = WORKING | {
    Permission.REVIEW,
    Permission.SET_GROUND_TRUTH,
    Permission.SEE_QUALITY,
    Permission.ASSIGN_ANNOTATORS,
}
LOOKING = frozenset(
    {
        Permission.SEE_WORKSPACE,
        Permission.SEE_PROJECT,
        Permission.SEE_QUALITY,
        Permission.SEE_VERDICTS,
        Permission.SEE_SETTINGS,
        Permission.READ_EVENTS,
    }
)
EVERYTHING = frozenset(Permission)

DEFAULTS: Mapping[Role, Set[Permission]] = MappingProxyType(
    {
        OrganizationRole.OWNER: EVERYTHING,
        OrganizationRole.ADMINISTRATOR: EVERYTHING
        - {Permission.CHANGE_PERMISSIONS, Permission.CREATE_ORGANIZATION, Permission.PROVISION},
        # Beyond what a role in a project or a workspace adds.
        OrganizationRole.MEMBER: frozenset({Permission.ISSUE_OWN_TOKENS}),
        ProjectRole.MANAGER: frozenset({*OF_PROJECT, *OF_WORKSPACE}),
        ProjectRole.REVIEWER: REVIEWING,
        ProjectRole.ANNOTATOR: WORKING,
        ProjectRole.VIEWER: LOOKING,
    }
)

_ABOVE: frozenset[Role] = frozenset({OrganizationRole.ADMINISTRATOR, ProjectRole.MANAGER})
_ALL_BUT_ANNOTATORS: frozenset[Role] = _ABOVE | {ProjectRole.REVIEWER, ProjectRole.VIEWER}
# For which roles an owner may give a permission, or take it away. Owners keep everything, so that nobody can lock an
# organization; no role is given what its place in the workflow forbids, such as agreement to annotators.
CHANGEABLE: Mapping[Permission, Set[Role]] = MappingProxyType(
    {
        Permission.SEE_PEOPLE: frozenset({OrganizationRole.ADMINISTRATOR, OrganizationRole.MEMBER}),
        Permission.REGISTER_PEOPLE: frozenset({OrganizationRole.ADMINISTRATOR}),
        Permission.INVITE_PEOPLE: frozenset({OrganizationRole.ADMINISTRATOR, OrganizationRole.MEMBER}),
        Permission.CHANGE_ROLES: frozenset({OrganizationRole.ADMINISTRATOR}),
        Permission.DEACTIVATE_PEOPLE: frozenset({OrganizationRole.ADMINISTRATOR}),
        Permission.ERASE_PEOPLE: frozenset({OrganizationRole.ADMINISTRATOR}),
        Permission.PROVISION: frozenset({OrganizationRole.ADMINISTRATOR}),
        Permission.ISSUE_TOKENS: frozenset({OrganizationRole.ADMINISTRATOR}),
        Permission.ISSUE_OWN_TOKENS: frozenset({OrganizationRole.ADMINISTRATOR, OrganizationRole.MEMBER}),
        Permission.CONFIGURE_ORGANIZATION: frozenset({OrganizationRole.ADMINISTRATOR}),
        Permission.ACT_FOR_OTHERS: frozenset({OrganizationRole.ADMINISTRATOR}),
        Permission.READ_LOG: frozenset({OrganizationRole.ADMINISTRATOR}),
        Permission.READ_ACTIVITY: frozenset({OrganizationRole.ADMINISTRATOR}),
        Permission.CREATE_WORKSPACE: frozenset({OrganizationRole.ADMINISTRATOR, OrganizationRole.MEMBER}),
        Permission.CREATE_PROJECT: frozenset({OrganizationRole.ADMINISTRATOR, OrganizationRole.MEMBER}),
        Permission.MANAGE_WORKSPACE: _ABOVE,
        Permission.COMMENT: _ALL_BUT_ANNOTATORS | {ProjectRole.ANNOTATOR},
        Permission.SET_GROUND_TRUTH: _ABOVE | {ProjectRole.REVIEWER},
        Permission.SEE_SENSITIVE: _ALL_BUT_ANNOTATORS,
        Permission.SEE_SETTINGS: _ALL_BUT_ANNOTATORS,
        Permission.READ_EVENTS: _ABOVE | {ProjectRole.VIEWER},
        Permission.CONFIGURE: _ABOVE,
        Permission.MANAGE_MEMBERS: _ABOVE,
        Permission.IMPORT_TASKS: _ALL_BUT_ANNOTATORS,
        Permission.EXPORT: _ABOVE | {ProjectRole.VIEWER},
        Permission.ASSIGN_ANNOTATORS: _ABOVE | {ProjectRole.REVIEWER},
        Permission.ASSIGN_REVIEWERS: _ABOVE | {ProjectRole.REVIEWER},
        Permission.CHANGE_OVERLAP: _ABOVE | {ProjectRole.REVIEWER},
        Permission.DELETE_TASKS: _ABOVE,
        Permission.CHANGE_ANSWERS: _ABOVE,
        Permission.MODERATE_COMMENTS: _ABOVE | {ProjectRole.REVIEWER},
        Permission.MANAGE_WEBHOOKS: _ABOVE,
    }
)
ROLES: Mapping[str, Role] = MappingProxyType({role.value: role for role in DEFAULTS})


def reachable(role: Role) -> Set[Permission]:
    """What a role has by default or may be given: all that a role like it can be made of."""
    return DEFAULTS[role] | {permission for permission, roles in CHANGEABLE.items() if role in roles}


@dataclass(frozen=True, slots=True)
class CustomRole:
    """A role of an organization's own: a set of permissions for who counts in the workflow as what it is `like`."""

    name: str
    like: Role
    permissions: Set[Permission]
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Grants:
    """What each role may do in an organization: the table, with what its owners changed, and roles of its own."""

    changes: Mapping[tuple[Role, Permission], bool] = field(default_factory=lambda: MappingProxyType({}))
    by_role: Mapping[Role, Set[Permission]] = field(default_factory=lambda: DEFAULTS)
    custom: Mapping[str, CustomRole] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, role: Role, custom_role: str = "") -> Set[Permission]:
        """What somebody in a role may do; a role of the organization's own stands for the one that it is like."""
        return self.custom[custom_role].permissions if custom_role else self.by_role[role]

    def with_custom(self, role: CustomRole) -> Grants:
        """The same with a role of the organization's own."""
        return replace(self, custom=MappingProxyType({**self.custom, role.name: role}))

    def with_change(self, role: Role, permission: Permission, granted: bool | None) -> Grants:
        """The same with a permission given or taken; None leaves it to the table again."""
        changes = {place: value for place, value in self.changes.items() if place != (role, permission)}
        if granted is not None:
            changes[role, permission] = granted
        given = {one for (whose, one), value in changes.items() if whose is role and value}
        taken = {one for (whose, one), value in changes.items() if whose is role and not value}
        by_role = {**self.by_role, role: frozenset((DEFAULTS[role] | given) - taken)}
        return replace(self, changes=MappingProxyType(changes), by_role=MappingProxyType(by_role))


BY_TABLE = Grants()


def described(grants: Grants) -> list[dict[str, Any]]:
    """Every permission: what it opens and where, which roles have it, have it by the table, and may be given it."""
    return [
        {
            "permission": permission.value,
            "reach": reach_of(permission).value,
            "meaning": meaning,
            "roles": [role.value for role, has in grants.by_role.items() if permission in has],
            "default": [role.value for role, has in DEFAULTS.items() if permission in has],
            "changeable": [role.value for role in DEFAULTS if role in CHANGEABLE.get(permission, ())],
        }
        for permissions in BY_REACH.values()
        for permission, meaning in permissions.items()
    ]
