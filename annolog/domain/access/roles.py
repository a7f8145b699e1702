"""The one table of which role may do what, and what of it owners may change.

Commands, API, command line and pages ask it through `rights`; docs/permissions.md is written from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from annolog.domain.access.permissions import OF_INSTALLATION, OF_PROJECT, Permission, reach_of
from annolog.domain.people.events import OrganizationRole
from annolog.domain.project.events import ProjectRole

Role = OrganizationRole | ProjectRole

WORKING = frozenset({Permission.SEE_PROJECT, Permission.ANNOTATE, Permission.COMMENT})
REVIEWING = WORKING | {
    Permission.REVIEW,
    Permission.SET_GROUND_TRUTH,
    Permission.SEE_QUALITY,
    Permission.ASSIGN_ANNOTATORS,
}
LOOKING = frozenset(
    {
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
        OrganizationRole.ADMINISTRATOR: EVERYTHING - {Permission.CHANGE_PERMISSIONS},
        # What a role in a project adds.
        OrganizationRole.MEMBER: frozenset(),
        ProjectRole.MANAGER: frozenset(OF_PROJECT),
        ProjectRole.REVIEWER: REVIEWING,
        ProjectRole.ANNOTATOR: WORKING,
        ProjectRole.VIEWER: LOOKING,
    }
)

_ABOVE: frozenset[Role] = frozenset({OrganizationRole.ADMINISTRATOR, ProjectRole.MANAGER})
_ALL_BUT_ANNOTATORS: frozenset[Role] = _ABOVE | {ProjectRole.REVIEWER, ProjectRole.VIEWER}
# For which roles an owner may give a permission, or take it away. Owners keep everything, so that nobody can lock an
# installation; no role is given what its place in the workflow forbids, such as agreement to annotators.
CHANGEABLE: Mapping[Permission, Set[Role]] = MappingProxyType(
    {
        Permission.SEE_PEOPLE: frozenset({OrganizationRole.ADMINISTRATOR, OrganizationRole.MEMBER}),
        Permission.REGISTER_PEOPLE: frozenset({OrganizationRole.ADMINISTRATOR}),
        Permission.ISSUE_TOKENS: frozenset({OrganizationRole.ADMINISTRATOR}),
        Permission.ACT_FOR_OTHERS: frozenset({OrganizationRole.ADMINISTRATOR}),
        Permission.READ_LOG: frozenset({OrganizationRole.ADMINISTRATOR}),
        Permission.CREATE_PROJECT: frozenset({OrganizationRole.ADMINISTRATOR, OrganizationRole.MEMBER}),
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


@dataclass(frozen=True, slots=True)
class Grants:
    """What each role may do in an installation: the table, with what its owners changed."""

    changes: Mapping[tuple[Role, Permission], bool] = field(default_factory=lambda: MappingProxyType({}))
    by_role: Mapping[Role, Set[Permission]] = field(default_factory=lambda: DEFAULTS)

    def with_change(self, role: Role, permission: Permission, granted: bool | None) -> Grants:
        """The same with a permission given or taken; None leaves it to the table again."""
        changes = {place: value for place, value in self.changes.items() if place != (role, permission)}
        if granted is not None:
            changes[role, permission] = granted
        given = {one for (whose, one), value in changes.items() if whose is role and value}
        taken = {one for (whose, one), value in changes.items() if whose is role and not value}
        by_role = {**self.by_role, role: frozenset((DEFAULTS[role] | given) - taken)}
        return Grants(MappingProxyType(changes), MappingProxyType(by_role))


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
        for permission, meaning in {**OF_INSTALLATION, **OF_PROJECT}.items()
    ]
