"""Whatever happens to projects and people, lists hold what is found by looking at each project alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine

from annolog.domain.event import Event
from annolog.domain.project import events as happened
from annolog.domain.project.events import MemberSource, ProjectRole
from annolog.domain.recorded import Recorded
from annolog.projections.access import queries
from annolog.projections.access.projector import access
from annolog.projections.access.queries import View
from annolog.projections.progress.projector import progress

PROJECTS, PEOPLE, ORGANIZATIONS, WORKSPACES = range(1, 6), range(1, 4), (1, 2), (1, 2)
WAITING = (ProjectRole.ANNOTATOR.value, ProjectRole.REVIEWER.value)
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Place:
    """A project as somebody remembers it who was told of everything."""

    organization: int
    workspace: int | None
    published: bool = False
    members: dict[int, ProjectRole] = field(default_factory=dict)


def histories() -> st.SearchStrategy[list[Event]]:
    """What may happen, in any order; every project begins before anything happens to it, and some in a workspace."""
    project, person = st.sampled_from(PROJECTS), st.sampled_from(PEOPLE)
    workspace, role = st.sampled_from(WORKSPACES) | st.none(), st.sampled_from(ProjectRole)
    source = st.sampled_from(MemberSource)
    begun = st.tuples(*(beginning(id, st.sampled_from(ORGANIZATIONS), workspace) for id in PROJECTS)).map(list)
    more = st.one_of(
        st.builds(happened.ProjectMoved, project=project, old=st.none(), workspace=workspace),
        st.builds(happened.ProjectPublished, project=project),
        st.builds(happened.ProjectUnpublished, project=project),
        st.builds(happened.MemberAdded, project=project, person=person, role=role, source=source),
        st.builds(happened.MemberRoleChanged, project=project, person=person, old=role, new=role, source=source),
        st.builds(happened.MemberRemoved, project=project, person=person),
    )
    return st.builds(lambda first, rest: [*first, *rest], begun, st.lists(more, max_size=60))


def beginning(
    id: int, organization: st.SearchStrategy[int], workspace: st.SearchStrategy[int | None]
) -> st.SearchStrategy[Event]:
    return st.builds(
        happened.ProjectCreated, project=st.just(id), title=st.just("x"), organization=organization, workspace=workspace
    )


def remembered(events: Sequence[Event]) -> dict[int, Place]:
    """Each project by what happened to it, one event at a time, without rows."""
    found: dict[int, Place] = {}
    for event in events:
        match event:
            case happened.ProjectCreated(project=id, organization=organization, workspace=workspace):
                found[id] = Place(organization, workspace)
            case happened.ProjectMoved(project=id, workspace=workspace):
                found[id] = replace(found[id], workspace=workspace)
            case happened.ProjectPublished(project=id) | happened.ProjectUnpublished(project=id):
                found[id] = replace(found[id], published=isinstance(event, happened.ProjectPublished))
            case happened.MemberAdded(project=id, person=person, role=role):
                found[id].members[person] = role
            case happened.MemberRoleChanged(project=id, person=person, new=role) if person in found[id].members:
                found[id].members[person] = role
            case happened.MemberRemoved(project=id, person=person):
                found[id].members.pop(person, None)
    return found


def views() -> Iterator[View]:
    """Everybody, as a member or as who rules, in both organizations, with and without an archived workspace."""
    yield queries.EVERYTHING
    for organization in ORGANIZATIONS:
        for left_out in ((), (1,)):
            yield View(organization, 0, everything=True, left_out=left_out)
            for person in PEOPLE:
                yield View(organization, person, False, WAITING, left_out)


def is_seen(place: Place, view: View) -> bool:
    """By hand: one project, one person."""
    if view.organization not in (None, place.organization) or place.workspace in view.left_out:
        return False
    role = place.members.get(view.person)
    return view.everything or (role is not None and (role.value not in view.waiting_roles or place.published))


def recorded(position: int, event: Event) -> Recorded:
    project: int = event.project  # type: ignore[attr-defined]
    id = UUID(int=position)
    return Recorded(position, id, f"project-{project}", position, NOON, 0, None, id, id, None, project, event)


@given(histories(), st.integers(1, 7))
def test_lists_hold_what_looking_at_each_project_alone_finds(events: list[Event], together: int) -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        for projector in (access, progress):
            projector.metadata.create_all(connection)
        batch = [recorded(position, event) for position, event in enumerate(events, 1)]
        # Progress is another room's work; what a list shows of a project comes from there.
        progress.fold(connection, batch[: len(PROJECTS)])
        for start in range(0, len(batch), together):
            access.fold(connection, batch[start : start + together])
        places = remembered(events)
        for view in views():
            expected = [id for id in PROJECTS if is_seen(places[id], view)]
            rows = queries.projects_of(connection, view, 0, 100)
            assert [row["project"] for row in rows] == expected
            assert [row["workspace"] for row in rows] == [places[id].workspace for id in expected]
            page = queries.projects_of(connection, view, 2, 2)
            assert [row["project"] for row in page] == [id for id in expected if id > 2][:2]
            in_first = queries.projects_of(connection, view, 0, 100, workspace=1)
            assert [row["project"] for row in in_first] == [id for id in expected if places[id].workspace == 1]
        for workspace in WORKSPACES:
            inside = [id for id in PROJECTS if places[id].workspace == workspace]
            assert queries.in_workspace(connection, workspace) == inside
        for person in PEOPLE:
            joined = [id for id in PROJECTS if person in places[id].members]
            assert queries.joined_by(connection, person) == joined
    engine.dispose()
