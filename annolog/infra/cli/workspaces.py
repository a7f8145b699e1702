"""`annolog workspaces …`, and `annolog project move`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from annolog.commands.workspaces import (
    AddWorkspaceMembers,
    ArchiveWorkspace,
    CreateWorkspace,
    MoveProject,
    RemoveWorkspaceMember,
    ReviseWorkspace,
    UnarchiveWorkspace,
)
from annolog.domain.organization.decisions import must_have
from annolog.domain.organization.state import Organization
from annolog.domain.project.events import ProjectRole
from annolog.infra.cli.placing import Place, placed_in_organization
from annolog.infra.composition import Installation
from annolog.infra.http.routes.workspaces import shown, with_members

app = typer.Typer(no_args_is_help=True)

Workspace = Annotated[int, typer.Argument(min=1, help="As `annolog workspaces list` shows it.")]
Description = Annotated[str, typer.Option("--description")]
Colour = Annotated[str, typer.Option("--colour", help="As #rrggbb.")]
Archived = Annotated[bool, typer.Option("--archived", help="Also what is archived.")]
CustomRole = Annotated[str, typer.Option("--custom-role", help="A role of the organization's own, like that one.")]
COLUMNS = ("workspace", "title", "description", "archived")


@app.command("list")
@placed_in_organization
def list_workspaces(place: Place, archived: Archived = False) -> None:
    """List workspaces by title."""
    path = "/v1/workspaces?archived=true" if archived else "/v1/workspaces"
    rows = place.ask(path, lambda _, organization: _listed(organization, archived))["workspaces"]
    place.show("workspaces", rows, "Workspaces", COLUMNS)


def _listed(organization: Organization, archived: bool) -> dict[str, Any]:
    found = sorted(organization.workspaces.values(), key=lambda one: (one.title, one.id))
    return {"workspaces": [shown(one) for one in found if archived or not one.archived]}


@app.command()
@placed_in_organization
def create(place: Place, title: str, description: Description = "", colour: Colour = "") -> None:
    """Begin a workspace."""
    fields = {"title": title, "description": description, "colour": colour}
    found = place.tell(CreateWorkspace, fields, "POST", "/v1/workspaces", fields)
    place.say(found, f"workspace {found['workspace']}")


@app.command()
@placed_in_organization
def show(place: Place, workspace: Workspace) -> None:
    """Show a workspace and who belongs to it."""

    def here(_: Installation, organization: Organization) -> dict[str, Any]:
        return with_members(must_have(organization, workspace))

    found = place.ask(f"/v1/workspaces/{workspace}", here)
    if place.as_json:
        place.say(found)
        return
    title = f"{found['title']}{' (archived)' if found['archived'] else ''}"
    place.show("members", found.get("members", []), title, ("person", "role", "custom_role"))


@app.command()
@placed_in_organization
def revise(place: Place, workspace: Workspace, title: str, description: Description = "", colour: Colour = "") -> None:
    """Call a workspace something else; all of it is said anew."""
    fields = {"title": title, "description": description, "colour": colour}
    found = place.tell(
        ReviseWorkspace, {"workspace": workspace, **fields}, "PUT", f"/v1/workspaces/{workspace}", fields
    )
    place.say(found, f"workspace {workspace} is called {title.strip()}")


@app.command()
@placed_in_organization
def archive(place: Place, workspace: Workspace) -> None:
    """Let nothing change in its projects, and have lists leave them out."""
    path = f"/v1/workspaces/{workspace}/archive"
    found = place.tell(ArchiveWorkspace, {"workspace": workspace}, "POST", path, None)
    place.say(found, f"workspace {workspace} is archived")


@app.command()
@placed_in_organization
def unarchive(place: Place, workspace: Workspace) -> None:
    """Let it be worked in again."""
    path = f"/v1/workspaces/{workspace}/unarchive"
    found = place.tell(UnarchiveWorkspace, {"workspace": workspace}, "POST", path, None)
    place.say(found, f"workspace {workspace} is open again")


@app.command()
@placed_in_organization
def add(
    place: Place,
    workspace: Workspace,
    role: ProjectRole,
    people: Annotated[list[int], typer.Argument(min=1, help="As `annolog people list` shows them.")],
    custom_role: CustomRole = "",
) -> None:
    """Let people belong to every project inside, now and later, or be something else in them."""
    members = [{"person": person, "role": role.value, "custom_role": custom_role} for person in people]
    found = place.tell(
        AddWorkspaceMembers,
        {"workspace": workspace, "members": members},
        "POST",
        f"/v1/workspaces/{workspace}/members",
        {"members": members},
    )
    place.say(found, *(f"person {person} is {custom_role or role.value} in workspace {workspace}" for person in people))


@app.command()
@placed_in_organization
def remove(place: Place, workspace: Workspace, person: Annotated[int, typer.Argument(min=1)]) -> None:
    """Let somebody no longer belong to its projects, except to those that they were added to one by one."""
    path = f"/v1/workspaces/{workspace}/members/{person}"
    fields = {"workspace": workspace, "person": person}
    found = place.tell(RemoveWorkspaceMember, fields, "DELETE", path, None)
    place.say(found, f"person {person} belongs to workspace {workspace} no more")


@placed_in_organization
def move(
    place: Place,
    project: Annotated[int, typer.Argument(min=1)],
    workspace: Annotated[int | None, typer.Argument(min=1, help="None: out of the one that it is in.")] = None,
) -> None:
    """Have a project in another workspace, or in none. Who came by the old one leaves, who is in the new one joins."""
    fields, path = {"project": project, "workspace": workspace}, f"/v1/projects/{project}/workspace"
    found = place.tell(MoveProject, fields, "PUT", path, {"workspace": workspace})
    place.say(found, f"project {project} is in {'no workspace' if workspace is None else f'workspace {workspace}'}")
