"""Workspaces bring people into projects and out of them, archives stand still, who is kept out holds nothing."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from annolog.commands.command import Request
from annolog.commands.importing import ImportTasks
from annolog.commands.members import AddMembers, NewMember, RemoveMember
from annolog.commands.organizations import DefineRole
from annolog.commands.people import (
    ChangeOrganizationRole,
    DeactivatePerson,
    NewPerson,
    ReactivatePerson,
    RegisterPeople,
)
from annolog.commands.projects import CreateProject, PublishProject
from annolog.commands.tokens import IssueToken
from annolog.commands.workspaces import (
    AddWorkspaceMembers,
    ArchiveWorkspace,
    CreateWorkspace,
    MoveProject,
    NewWorkspaceMember,
    RemoveWorkspaceMember,
    UnarchiveWorkspace,
)
from annolog.domain.access.permissions import Permission
from annolog.domain.people.events import OrganizationRole
from annolog.domain.people.state import Person
from annolog.domain.project.events import MemberSource, ProjectRole
from annolog.domain.refusals import Archived, Forbidden, InvalidInput, NotFound, Unauthenticated
from annolog.domain.task.importing import ImportedTask
from annolog.infra.composition import digest_of
from annolog.infra.views import view_of
from annolog.projections.access.queries import projects_of
from tests.world import LABEL_CONFIG, World

ANNOTATOR, MANAGER = ProjectRole.ANNOTATOR, ProjectRole.MANAGER


def people(world: World, handles: str, role: OrganizationRole = OrganizationRole.MEMBER) -> None:
    found = world.run(RegisterPeople(people=[NewPerson(handle=handle, role=role) for handle in handles.split()])).value
    world.people |= {person["handle"]: person["person"] for person in found["people"]}


def workspace(world: World, title: str = "films") -> int:
    id: int = world.run(CreateWorkspace(title=title)).value["workspace"]
    return id


def project(world: World, inside: int | None) -> int:
    """One with a task, published."""
    id: int = world.run(CreateProject(title="inside", label_config=LABEL_CONFIG, workspace=inside)).value["project"]
    world.run(ImportTasks(project=id, tasks=[ImportedTask(data={"text": "x"})]))
    world.run(PublishProject(project=id))
    return id


def join(world: World, inside: int, who: str, role: ProjectRole = ANNOTATOR) -> None:
    member = NewWorkspaceMember(person=world.people[who], role=role)
    world.run(AddWorkspaceMembers(workspace=inside, members=[member]))
    world.settle()


def members(world: World, of: int) -> dict[str, tuple[ProjectRole, MemberSource]]:
    names = {id: name for name, id in world.people.items()}
    found = world.installation.states.project(of).members
    return {names[id]: (member.role, member.source) for id, member in found.items()}


def seen(world: World, who: str, *, archived: bool = False) -> list[int]:
    """What is in somebody's list of projects."""
    person = somebody(world, who)
    with world.installation.read_engine.connect() as connection:
        return [row["project"] for row in projects_of(connection, view_of(person, archived=archived), 0, 100)]


def somebody(world: World, who: str) -> Person:
    found = world.installation.directory.person(world.people[who])
    assert found is not None
    return found


def test_who_joins_a_workspace_is_in_every_project_of_it_also_in_those_that_come_later(world: World) -> None:
    people(world, "ann bob")
    films = workspace(world)
    first, outside = project(world, films), project(world, None)
    world.settle()
    join(world, films, "ann")
    joined = {"ann": (ANNOTATOR, MemberSource.WORKSPACE)}
    assert (members(world, first), members(world, outside)) == (joined, {})
    later = project(world, films)
    world.run(MoveProject(project=outside, workspace=films))
    world.settle()
    assert members(world, later) == members(world, outside) == joined
    assert seen(world, "ann") == [first, outside, later]
    join(world, films, "ann", MANAGER)
    assert members(world, first) == {"ann": (MANAGER, MemberSource.WORKSPACE)}
    world.run(RemoveWorkspaceMember(workspace=films, person=world.people["ann"]))
    world.settle()
    assert members(world, first) == members(world, later) == {}
    assert seen(world, "ann") == seen(world, "bob") == []


def test_who_was_added_to_a_project_itself_stays_what_they_are_there(world: World) -> None:
    people(world, "ann bob")
    films = workspace(world)
    inside = project(world, films)
    direct = NewMember(person=world.people["ann"], role=ProjectRole.REVIEWER)
    world.run(AddMembers(project=inside, members=[direct]))
    join(world, films, "ann")
    join(world, films, "bob")
    reviewer = (ProjectRole.REVIEWER, MemberSource.PROJECT)
    assert members(world, inside) == {"ann": reviewer, "bob": (ANNOTATOR, MemberSource.WORKSPACE)}
    world.run(MoveProject(project=inside, workspace=None))
    world.settle()
    assert members(world, inside) == {"ann": reviewer}
    world.run(MoveProject(project=inside, workspace=films))
    world.settle()
    world.run(RemoveMember(project=inside, person=world.people["ann"]))
    world.settle()
    assert members(world, inside) == dict.fromkeys(("ann", "bob"), (ANNOTATOR, MemberSource.WORKSPACE))


def test_in_an_archive_nothing_changes_and_lists_leave_it_out_until_it_is_taken_back(world: World) -> None:
    people(world, "ann mia")
    people(world, "ola", OrganizationRole.OWNER)
    films = workspace(world)
    inside, outside = project(world, films), project(world, None)
    join(world, films, "ann")
    join(world, films, "mia", MANAGER)
    world.run(ArchiveWorkspace(workspace=films), "mia")
    world.settle()
    for who in ("ola", "mia"):
        with pytest.raises(Archived):
            world.run(AddMembers(project=inside, members=[NewMember(person=1, role=ANNOTATOR)]), who)
        with pytest.raises(Archived):
            world.run(MoveProject(project=inside, workspace=None), who)
    world.project = inside
    with pytest.raises(Archived):
        world.next("ann")
    assert (seen(world, "ola"), seen(world, "ann"), seen(world, "mia")) == ([outside], [], [])
    assert (seen(world, "ola", archived=True), seen(world, "ann", archived=True)) == ([inside, outside], [inside])
    with pytest.raises(Archived):
        world.run(MoveProject(project=outside, workspace=films), "ola")
    world.run(UnarchiveWorkspace(workspace=films), "mia")
    assert seen(world, "mia") == [inside]
    assert world.work("ann")


def test_who_is_kept_out_holds_nothing_back_and_goes_on_where_they_were_let_in_again(world: World) -> None:
    world.set_up(tasks=1, annotators="ann bob", assignment={"overlap": 1})
    people(world, "ada", OrganizationRole.ADMINISTRATOR)
    ann = world.people["ann"]
    world.run(IssueToken(person=ann, digest=digest_of("a token")))
    task = world.next("ann")
    assert not world.has_work("bob")
    world.run(DeactivatePerson(person=ann, reason="left"), "ada")
    with pytest.raises(Unauthenticated):
        world.installation.person_of("a token")
    with pytest.raises(Unauthenticated):
        world.submit("ann", task)
    for_ann = Request(ReactivatePerson(person=ann), uuid4(), world.people["ada"], on_behalf_of=ann)
    with pytest.raises(NotFound):
        world.installation.bus.run(for_ann)
    world.settle()
    assert world.task(task).leases == {}
    assert world.next("bob") == task
    world.run(ReactivatePerson(person=ann), "ada")
    world.settle()
    assert world.installation.person_of("a token").id == ann
    [again] = world.bring_in(1)
    assert world.next("ann") == again
    world.submit("bob", task)
    world.submit("ann", again)


def test_nobody_gives_themselves_or_others_more_than_their_own_role_has(world: World) -> None:
    people(world, "ola", OrganizationRole.OWNER)
    people(world, "ada", OrganizationRole.ADMINISTRATOR)
    people(world, "ann")
    changing = [Permission.CHANGE_ROLES, Permission.REGISTER_PEOPLE]
    world.run(DefineRole(name="clerk", like=OrganizationRole.ADMINISTRATOR, permissions=changing), "ola")
    half: dict[str, Any] = {"name": "half", "permissions": [Permission.CHANGE_PERMISSIONS]}
    for like, where in ((OrganizationRole.OWNER, "/like"), (OrganizationRole.ADMINISTRATOR, "/permissions")):
        with pytest.raises(InvalidInput, match=where):
            world.run(DefineRole(like=like, **half), "ola")
    become: dict[str, Any] = {"person": world.people["ada"], "role": OrganizationRole.ADMINISTRATOR}
    world.run(ChangeOrganizationRole(**become, custom_role="clerk"), "ola")
    for person in ("ada", "ann"):
        risen = ChangeOrganizationRole(person=world.people[person], role=OrganizationRole.ADMINISTRATOR)
        with pytest.raises(Forbidden):
            world.run(risen, "ada")
    newcomer = NewPerson(handle="eve", role=OrganizationRole.ADMINISTRATOR)
    with pytest.raises(Forbidden):
        world.run(RegisterPeople(people=[newcomer]), "ada")
    world.run(RegisterPeople(people=[NewPerson(handle="eve")]), "ada")
    rising = ChangeOrganizationRole(person=world.people["ann"], role=OrganizationRole.OWNER)
    with pytest.raises(Forbidden):
        world.run(rising, "ola", limits=frozenset(changing))
    world.run(rising, "ola")
    world.run(ChangeOrganizationRole(**become | {"person": world.people["ann"]}), "ola")
    with pytest.raises(Forbidden):
        world.run(DefineRole(name="clerk", like=OrganizationRole.ADMINISTRATOR, permissions=[*changing]), "ann")
