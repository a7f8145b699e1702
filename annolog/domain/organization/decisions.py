"""What may become of an organization: its name, its roles, its workspaces."""

from __future__ import annotations

from collections.abc import Sequence

from annolog.domain.access.permissions import Permission
from annolog.domain.access.roles import CHANGEABLE, DEFAULTS, ROLES, Role, reachable
from annolog.domain.event import Event
from annolog.domain.organization import events as happened
from annolog.domain.organization.state import Organization, Workspace, WorkspaceMember
from annolog.domain.people.events import OrganizationRole, Source
from annolog.domain.project.events import ProjectRole
from annolog.domain.refusals import Fault, InvalidInput, NotFound, WrongState

LONGEST_NAME = 200
LONGEST_DESCRIPTION = 10_000


def _wrong(pointer: str, message: str) -> InvalidInput:
    return InvalidInput(f"{pointer}: {message}", faults=[Fault(pointer, message)])


def named(text: str, pointer: str) -> str:
    """The name without blanks around it; refused if it is empty or too long."""
    name = text.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise _wrong(pointer, f"has between 1 and {LONGEST_NAME} characters")
    return name


def create(id: int, name: str) -> list[Event]:
    """Begin an organization."""
    return [happened.OrganizationCreated(organization=id, name=named(name, "/name"))]


def rename(organization: Organization, name: str) -> list[Event]:
    """Call it something else. The same name is not news."""
    new = named(name, "/name")
    return [] if new == organization.name else [happened.OrganizationRenamed(organization=organization.id, name=new)]


def change_permission(
    organization: Organization, role: Role, permission: Permission, granted: bool | None
) -> list[Event]:
    """Give a permission to a role, take it away, or leave it to the table. What is so already is not news."""
    changeable = CHANGEABLE.get(permission, frozenset())
    if role not in changeable:
        of_whom = ", ".join(sorted(one.value for one in changeable)) or "no role"
        raise _wrong("/role", f"{permission.value} can be changed for {of_whom}")
    old = organization.grants.changes.get((role, permission))
    if old is granted:
        return []
    return [
        happened.PermissionChanged(
            organization=organization.id, role=role.value, permission=permission.value, old=old, granted=granted
        )
    ]


def define_role(organization: Organization, name: str, like: Role, permissions: Sequence[Permission]) -> list[Event]:
    """Have a role of one's own, or let it do something else.

    It may be given whatever the role that it is like has by default or can be given: what that one's place in the
    workflow forbids stays forbidden. What opens a project belongs to every role in projects.
    """
    called = named(name, "/name")
    if "/" in called or called in (".", ".."):
        raise _wrong("/name", "has no slash and is no dots: it is part of an address")
    if called in ROLES:
        raise _wrong("/name", f"{called} is a role already")
    if like is OrganizationRole.OWNER:
        raise _wrong("/like", "an owner is one with everything: less of one could lock the organization")
    known = organization.grants.custom.get(called)
    if known is not None and known.like is not like:
        raise _wrong("/like", f"{called} is like {known.like.value}, and there may be people who have it")
    beyond = sorted(set(permissions) - reachable(like))
    if beyond:
        raise _wrong("/permissions", f"{', '.join(beyond)} is nothing for a role like {like.value}")
    given = set(permissions)
    if isinstance(like, ProjectRole) and Permission.SEE_PROJECT not in given:
        raise _wrong("/permissions", "see_project belongs to every role in a project")
    if known is not None and known.permissions == given and not known.retired:
        return []
    return [
        happened.RoleDefined(
            organization=organization.id, name=called, like=like.value, permissions=sorted(one.value for one in given)
        )
    ]


def retire_role(organization: Organization, name: str) -> list[Event]:
    """Have nobody given the role any more."""
    known = organization.grants.custom.get(name)
    if known is None:
        raise NotFound(f"There is no role {name}.")
    return [] if known.retired else [happened.RoleRetired(organization=organization.id, name=name)]


def must_be_given(organization: Organization, custom_role: str, like: Role) -> None:
    """Refuse a role of one's own that there is not, that is retired, or that is like another role."""
    if not custom_role:
        return
    known = organization.grants.custom.get(custom_role)
    if known is None or known.retired:
        raise _wrong("/custom_role", f"there is no role {custom_role}")
    if known.like is not like:
        raise _wrong("/custom_role", f"{custom_role} is like {known.like.value}, not {like.value}")


def must_have(organization: Organization, workspace: int) -> Workspace:
    """The workspace; refused if there is none in this organization."""
    found = organization.workspaces.get(workspace)
    if found is None:
        raise NotFound(f"There is no workspace {workspace}.")
    return found


def create_workspace(organization: Organization, id: int, title: str, description: str, colour: str) -> list[Event]:
    """Begin a workspace. Two of one title would be taken for each other."""
    called = named(title, "/title")
    _must_be_free(organization, called, id)
    return [
        happened.WorkspaceCreated(
            organization=organization.id, workspace=id, title=called, description=description, colour=colour
        )
    ]


def revise_workspace(organization: Organization, id: int, title: str, description: str, colour: str) -> list[Event]:
    """Call a workspace something else."""
    workspace, called = must_have(organization, id), named(title, "/title")
    _must_be_free(organization, called, id)
    if (workspace.title, workspace.description, workspace.colour) == (called, description, colour):
        return []
    return [
        happened.WorkspaceRevised(
            organization=organization.id, workspace=id, title=called, description=description, colour=colour
        )
    ]


def _must_be_free(organization: Organization, title: str, id: int) -> None:
    if any(other.title == title and other.id != id for other in organization.workspaces.values()):
        raise _wrong("/title", f"there is a workspace {title} already")


def archive_workspace(organization: Organization, id: int, *, archived: bool) -> list[Event]:
    """Let nothing change in a workspace, or let it be worked in again."""
    if must_have(organization, id).archived is archived:
        return []
    kind = happened.WorkspaceArchived if archived else happened.WorkspaceUnarchived
    return [kind(organization=organization.id, workspace=id)]


def add_workspace_member(
    organization: Organization,
    id: int,
    person: int,
    role: ProjectRole,
    custom_role: str = "",
    source: Source = Source.PERSON,
) -> list[Event]:
    """Let somebody belong to every project inside, or be something else in them."""
    workspace = must_have(organization, id)
    must_be_given(organization, custom_role, role)
    if workspace.archived:
        raise WrongState("The workspace is archived; nothing in it changes.")
    if workspace.members.get(person) == WorkspaceMember(role, custom_role, source):
        return []
    return [
        happened.WorkspaceMemberAdded(
            organization=organization.id, workspace=id, person=person, role=role, custom_role=custom_role, source=source
        )
    ]


def remove_workspace_member(organization: Organization, id: int, person: int) -> list[Event]:
    """Let somebody no longer belong to its projects."""
    if person not in must_have(organization, id).members:
        return []
    return [happened.WorkspaceMemberRemoved(organization=organization.id, workspace=id, person=person)]


def permissions_of_role(organization: Organization, role: Role, custom_role: str = "") -> frozenset[Permission]:
    """What somebody in this role may do."""
    return frozenset(organization.grants.of(role, custom_role) if custom_role or role in DEFAULTS else ())
