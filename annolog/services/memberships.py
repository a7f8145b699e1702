"""Projects follow their workspace, and people their account: who joins the one joins the others, who is kept out of the
organization holds nothing back anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from annolog.commands.following import FollowAccount, FollowWorkspace
from annolog.domain.event import Event
from annolog.domain.organization.events import WorkspaceMemberAdded, WorkspaceMemberRemoved
from annolog.domain.people.events import PersonDeactivated, PersonReactivated
from annolog.domain.project.events import MemberAdded, ProjectCreated, ProjectMoved
from annolog.domain.recorded import Recorded
from annolog.services.ports import Memberships, States
from annolog.services.reaction import Ask, Reaction

INTERESTS: frozenset[type[Event]] = frozenset(
    {
        WorkspaceMemberAdded,
        WorkspaceMemberRemoved,
        ProjectCreated,
        ProjectMoved,
        PersonDeactivated,
        PersonReactivated,
        MemberAdded,
    }
)


def memberships(states: States, where: Memberships) -> Reaction:
    """What is asked for is to be as things are when it is decided. So nothing is missed though a project comes into a
    workspace while somebody joins that: whichever is seen last sees both.
    """

    def react(batch: Sequence[Recorded]) -> Iterator[tuple[Recorded, Ask]]:
        for recorded in batch:
            yield from ((recorded, ask) for ask in _asked(recorded.event, states, where))

    return Reaction("memberships", INTERESTS, react)


def _asked(event: Event, states: States, where: Memberships) -> Iterator[Ask]:
    match event:
        case ProjectCreated(project=project, workspace=workspace):
            if workspace is not None:
                yield Ask(FollowWorkspace(project=project), "workspace")
        case ProjectMoved(project=project):
            yield Ask(FollowWorkspace(project=project), "workspace")
        case WorkspaceMemberAdded(workspace=workspace) | WorkspaceMemberRemoved(workspace=workspace):
            for project in where.in_workspace(workspace):
                yield Ask(FollowWorkspace(project=project), f"workspace {project}")
        case PersonDeactivated(person=person) | PersonReactivated(person=person):
            for project in where.joined_by(person):
                yield Ask(FollowAccount(project=project, person=person), f"account {project}")
        case MemberAdded(project=project, person=person):
            known = states.directory().person(person)
            if known is not None and not known.is_active:
                yield Ask(FollowAccount(project=project, person=person), "account")
