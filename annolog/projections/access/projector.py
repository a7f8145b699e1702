"""How projects come to be somewhere, and people in them."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Table

from annolog.domain.project import events as happened
from annolog.domain.recorded import Recorded
from annolog.projections.access.tables import access_member, access_project
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.rows import Key, Rows

OF_MEMBERS = (happened.MemberAdded, happened.MemberRoleChanged, happened.MemberRemoved)


def touches(recorded: Recorded) -> Iterator[tuple[Table, Key]]:
    """The project, or the member."""
    event = recorded.event
    if isinstance(event, OF_MEMBERS):
        yield access_member, (event.person, event.project)
    else:
        yield access_project, (recorded.project,)


def apply(rows: Rows, recorded: Recorded) -> None:
    """Fold one event into who is where."""
    match recorded.event:
        case happened.ProjectCreated(project=project, organization=organization, workspace=workspace):
            place = {"organization": organization, "workspace": workspace or 0}
            rows.put(access_project, {"project": project, **place, "published": 0})
        case happened.ProjectMoved(project=project, workspace=workspace):
            _change(rows, project, "workspace", workspace or 0)
        case happened.ProjectPublished(project=project):
            _change(rows, project, "published", 1)
        case happened.ProjectUnpublished(project=project):
            _change(rows, project, "published", 0)
        case happened.MemberAdded(project=project, person=person, role=role, source=source):
            rows.put(
                access_member,
                {"person": person, "project": project, "role": role.value, "source": source.value},
            )
        case happened.MemberRoleChanged(project=project, person=person, new=role, source=source):
            member = rows.change(access_member, person, project)
            if member is not None:
                member |= {"role": role.value, "source": source.value}
        case happened.MemberRemoved(project=project, person=person):
            rows.drop(access_member, person, project)


def _change(rows: Rows, project: int, column: str, value: int) -> None:
    row = rows.change(access_project, project)
    if row is not None:
        row[column] = value


access = Projector(
    name="access",
    version=1,
    tables=(access_project, access_member),
    interests=frozenset(
        {
            happened.ProjectCreated,
            happened.ProjectMoved,
            happened.ProjectPublished,
            happened.ProjectUnpublished,
            *OF_MEMBERS,
        }
    ),
    touches=touches,
    apply=apply,
)
