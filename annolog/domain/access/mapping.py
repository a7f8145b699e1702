"""What groups at a provider are worth here: rules that an owner writes, and what somebody has by them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from annolog.domain.access.roles import RANKS
from annolog.domain.people.events import OrganizationRole
from annolog.domain.project.events import ProjectRole

# From the least to the most. Viewers change nothing, so every role that works is above theirs.
PROJECT_RANKS = (ProjectRole.VIEWER, ProjectRole.ANNOTATOR, ProjectRole.REVIEWER, ProjectRole.MANAGER)


class GroupRule(BaseModel):
    """Who is in the group is this: in the organization, in one project, or in all projects of a workspace."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    provider: str = Field(min_length=1, max_length=40)
    group: str = Field(min_length=1, max_length=500, description="As the provider writes it, capitals and all.")
    role: OrganizationRole | None = None
    project: int | None = Field(default=None, ge=1)
    workspace: int | None = Field(default=None, ge=1)
    project_role: ProjectRole | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        given = [part for part in (self.role, self.project, self.workspace) if part is not None]
        if len(given) != 1 or (self.project_role is None) is not (self.role is not None):
            raise ValueError("a rule gives a role, or a project_role in a project or in a workspace")
        return self


@dataclass(frozen=True, slots=True)
class Granted:
    """All that somebody has by their groups. `role` is None where no rule speaks of the organization."""

    role: OrganizationRole | None = None
    projects: Mapping[int, ProjectRole] = field(default_factory=lambda: MappingProxyType({}))
    workspaces: Mapping[int, ProjectRole] = field(default_factory=lambda: MappingProxyType({}))


def granted(rules: Iterable[GroupRule], provider: str, groups: Collection[str]) -> Granted:
    """What the groups that a provider names are worth together: of several roles for one place the most elevated."""
    among = frozenset(groups)
    matching = [rule for rule in rules if rule.provider == provider and rule.group in among]
    roles = [rule.role for rule in matching if rule.role is not None]
    return Granted(
        max(roles, key=RANKS.index, default=None),
        _by_place((rule.project, rule.project_role) for rule in matching),
        _by_place((rule.workspace, rule.project_role) for rule in matching),
    )


def together(several: Iterable[Granted]) -> Granted:
    """What somebody has by all of these: of several roles for one place the most elevated."""
    found = list(several)
    roles = [one.role for one in found if one.role is not None]
    return Granted(
        max(roles, key=RANKS.index, default=None),
        _by_place(item for one in found for item in one.projects.items()),
        _by_place(item for one in found for item in one.workspaces.items()),
    )


def _by_place(given: Iterable[tuple[int | None, ProjectRole | None]]) -> Mapping[int, ProjectRole]:
    found: dict[int, ProjectRole] = {}
    for place, role in given:
        if place is not None and role is not None:
            found[place] = max(found.get(place, role), role, key=PROJECT_RANKS.index)
    return MappingProxyType(found)
