"""Workspaces: projects that some people work on together."""

from __future__ import annotations

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Query, Response

from annolog.commands.workspaces import (
    AddWorkspaceMembers,
    ArchiveWorkspace,
    CreateWorkspace,
    MoveProject,
    RemoveWorkspaceMember,
    ReviseWorkspace,
    UnarchiveWorkspace,
)
from annolog.domain.access import rights
from annolog.domain.access.permissions import OF_WORKSPACE, Permission
from annolog.domain.organization.state import Workspace
from annolog.domain.people.state import Person
from annolog.domain.people.treatment import roles_given_in_workspace
from annolog.domain.refusals import Archived, Forbidden, InvalidInput, NotFound, WrongState
from annolog.infra.composition import Installation
from annolog.infra.http.answers import Answered
from annolog.infra.http.bodies import StrictRoute
from annolog.infra.http.caller import Calling
from annolog.infra.http.identity_bodies import Destination, WorkspaceDescription, WorkspaceMembers
from annolog.infra.http.parameters import Id
from annolog.infra.http.problems import documented
from annolog.infra.http.reading import presented
from annolog.infra.personal.showing import named

router = APIRouter(prefix="/v1", tags=["projects"], route_class=StrictRoute)
CHANGING = documented(Forbidden, NotFound, InvalidInput)
SHOWN = ("person", "handle", "name", "service", "standing")
AlsoArchived = Annotated[bool, Query(description="Also what is archived.")]


def shown(workspace: Workspace) -> dict[str, Any]:
    """A workspace as it is listed."""
    return {
        "workspace": workspace.id,
        "title": workspace.title,
        "description": workspace.description,
        "colour": workspace.colour,
        "archived": workspace.archived,
    }


def with_members(workspace: Workspace) -> dict[str, Any]:
    """A workspace with who belongs to it."""
    members = [
        {"person": id, "role": member.role.value, "custom_role": member.custom_role or None}
        for id, member in sorted(workspace.members.items())
    ]
    return {**shown(workspace), "members": members}


def _shown_to(person: Person, workspace: Workspace) -> dict[str, Any]:
    """With what somebody may do in it."""
    held = [one.value for one in OF_WORKSPACE if rights.may_in_workspace(one, person, workspace.id)]
    return {**shown(workspace), "permissions": held}


def _managed(installation: Installation, person: Person, workspace: Workspace) -> dict[str, Any]:
    """For who manages it: with what people there are called, and which roles there are to give."""
    found = {**with_members(workspace), **_shown_to(person, workspace)}
    people = [one for id in workspace.members if (one := installation.directory.colleague(person, id)) is not None]
    known = {row["person"]: {name: row[name] for name in SHOWN} for row in named(installation.vault, people)}
    members = [{**known.get(row["person"], {}), **row} for row in found["members"]]
    gives = [
        {"role": role.value, "custom_role": own or None} for role, own in roles_given_in_workspace(person, workspace.id)
    ]
    return {**found, "members": members, "gives": gives}


@router.get("/workspaces", summary="List workspaces", responses=documented())
async def list_workspaces(caller: Calling, archived: AlsoArchived = False) -> Response:
    """The workspaces that the caller belongs to, or all for who rules over all of them, by title; with what the caller
    may do in each.
    """
    person = caller.person
    seen = [
        _shown_to(person, workspace)
        for workspace in sorted(person.organization.workspaces.values(), key=lambda one: (one.title, one.id))
        if (archived or not workspace.archived)
        and rights.may_in_workspace(Permission.SEE_WORKSPACE, person, workspace.id)
    ]
    return presented(caller.installation, {"workspaces": seen})


@router.post("/workspaces", status_code=201, summary="Create a workspace", response_model=Answered, responses=CHANGING)
async def create_workspace(body: WorkspaceDescription, caller: Calling) -> Response:
    """Begin a workspace. Who does, without ruling over all of them, manages this one."""
    return await caller.answer(CreateWorkspace(**body.model_dump()), 201)


@router.get("/workspaces/{workspace}", summary="A workspace", responses=documented(NotFound))
async def get_workspace(workspace: Id, caller: Calling) -> Response:
    """What it is, and for who manages it who belongs to it and what they may make of people there."""
    person = caller.person
    rights.require_in_workspace(Permission.SEE_WORKSPACE, person, workspace)
    found = person.organization.workspaces[workspace]
    manages = rights.may_in_workspace(Permission.MANAGE_WORKSPACE, person, workspace)
    if not manages:
        return presented(caller.installation, _shown_to(person, found))
    rows = await to_thread.run_sync(_managed, caller.installation, person, found)
    return presented(caller.installation, rows)


@router.put("/workspaces/{workspace}", summary="Revise a workspace", response_model=Answered, responses=CHANGING)
async def revise_workspace(workspace: Id, body: WorkspaceDescription, caller: Calling) -> Response:
    """Call it something else."""
    return await caller.answer(ReviseWorkspace(workspace=workspace, **body.model_dump()))


@router.post(
    "/workspaces/{workspace}/archive", summary="Archive a workspace", response_model=Answered, responses=CHANGING
)
async def archive_workspace(workspace: Id, caller: Calling) -> Response:
    """Let nothing change in its projects, and have lists leave them out."""
    return await caller.answer(ArchiveWorkspace(workspace=workspace))


@router.post(
    "/workspaces/{workspace}/unarchive", summary="Unarchive a workspace", response_model=Answered, responses=CHANGING
)
async def unarchive_workspace(workspace: Id, caller: Calling) -> Response:
    """Let it be worked in again."""
    return await caller.answer(UnarchiveWorkspace(workspace=workspace))


@router.post(
    "/workspaces/{workspace}/members",
    summary="Add members to a workspace",
    response_model=Answered,
    responses=documented(Forbidden, NotFound, InvalidInput, WrongState),
)
async def add_workspace_members(workspace: Id, body: WorkspaceMembers, caller: Calling) -> Response:
    """Let people belong to every project inside, now and later: all of them, or none."""
    return await caller.answer(AddWorkspaceMembers(workspace=workspace, members=body.members))


@router.delete(
    "/workspaces/{workspace}/members/{person}",
    summary="Remove a member from a workspace",
    response_model=Answered,
    responses=CHANGING,
)
async def remove_workspace_member(workspace: Id, person: Id, caller: Calling) -> Response:
    """Let somebody no longer belong to its projects, except to those that they were added to one by one."""
    return await caller.answer(RemoveWorkspaceMember(workspace=workspace, person=person))


@router.put(
    "/projects/{id}/workspace",
    summary="Move a project",
    response_model=Answered,
    responses=documented(Forbidden, NotFound, Archived),
)
async def move_project(id: Id, body: Destination, caller: Calling) -> Response:
    """Have it in another workspace, or in none. Who came by the old one leaves, who is in the new one joins."""
    return await caller.answer(MoveProject(project=id, workspace=body.workspace))
