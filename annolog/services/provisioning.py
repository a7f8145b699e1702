"""Whoever is in a group of their identity provider is here what the group is worth, as soon as either changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from annolog.commands.command import Command
from annolog.commands.provisioning import FollowGroups, FollowGroupsInProject
from annolog.domain.event import Event
from annolog.domain.organization.events import (
    OrganizationEvent,
    WorkspaceMemberAdded,
    WorkspaceMemberRemoved,
    WorkspaceUnarchived,
)
from annolog.domain.people.events import PersonRoleChanged, Source
from annolog.domain.people.state import Directory
from annolog.domain.project.events import ProjectMoved
from annolog.domain.provisioning import events as happened
from annolog.domain.provisioning.state import projects_of
from annolog.domain.recorded import Recorded
from annolog.domain.sign_on.events import GroupsClaimed
from annolog.services.ports import States
from annolog.services.reaction import Ask, Reaction

INTERESTS: frozenset[type[Event]] = frozenset(
    {
        happened.PersonReleased,
        happened.GroupProvisioned,
        happened.GroupRenamed,
        happened.GroupMembershipChanged,
        happened.GroupRemoved,
        happened.MappingChanged,
        GroupsClaimed,
        PersonRoleChanged,
        WorkspaceMemberAdded,
        WorkspaceMemberRemoved,
        WorkspaceUnarchived,
        ProjectMoved,
    }
)


def provisioning(states: States) -> Reaction:
    """What is asked for is to be as things are when it is decided; for events seen together it is asked once."""

    def react(batch: Sequence[Recorded]) -> Iterator[tuple[Recorded, Ask]]:
        directory = states.directory()
        latest: dict[str, tuple[Recorded, Command]] = {}
        for recorded in batch:
            for command in _asked(recorded.event, states, directory):
                latest[_about(command)] = recorded, command
        for name, (recorded, command) in latest.items():
            yield recorded, Ask(command, name)

    return Reaction("provisioning", INTERESTS, react)


def _about(command: Command) -> str:
    if isinstance(command, FollowGroupsInProject):
        return f"project {command.project}"
    assert isinstance(command, FollowGroups)
    return f"organization {command.organization}"


def _asked(event: Event, states: States, directory: Directory) -> Iterator[Command]:
    match event:
        case PersonRoleChanged(person=person, source=Source.PERSON):
            found = directory.person(person)
            if found is not None and person in found.organization.provisioning.everybody:
                yield FollowGroups(organization=found.organization.id)
        case ProjectMoved(project=project):
            organization = directory.organizations[states.project(project).organization]
            if project in projects_of(organization.provisioning.rules):
                yield FollowGroupsInProject(project=project)
        case OrganizationEvent(organization=organization):
            provisioned = directory.organizations[organization].provisioning
            if not provisioned.everybody:
                return
            if not isinstance(event, WorkspaceMemberAdded | WorkspaceMemberRemoved):
                yield FollowGroups(organization=organization)
            before = event.old if isinstance(event, happened.MappingChanged) else []
            for project in projects_of((*before, *provisioned.rules)):
                yield FollowGroupsInProject(project=project)
        case _:
            return
