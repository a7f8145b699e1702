"""Which projects somebody may see, and which a workspace or a person has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select

from annolog.projections.access.tables import access_member, access_project
from annolog.projections.progress.queries import presented
from annolog.projections.progress.tables import progress_project


@dataclass(frozen=True, slots=True)
class View:
    """Whose list it is.

    Of one `organization`, or of all where it is None. `everything`: whether they see every project of it without being
    a member. Who is in a project only in `waiting_roles`, such as annotators, sees it once it is published. Projects of
    `left_out` workspaces are not listed.
    """

    organization: int | None
    person: int
    everything: bool
    waiting_roles: Sequence[str] = ()
    left_out: Sequence[int] = ()


# What an operator sees who has the databases at hand.
EVERYTHING = View(None, 0, everything=True)


def projects_of(
    connection: Connection, view: View, after: int, limit: int, workspace: int | None = None
) -> list[dict[str, Any]]:
    """The projects that somebody may see, with their progress, by id: one query, whatever others there are."""
    where: list[ColumnElement[bool]] = [
        access_project.c.project > after,
        access_project.c.workspace.not_in(view.left_out),
    ]
    if view.organization is not None:
        where.append(access_project.c.organization == view.organization)
    if workspace is not None:
        where.append(access_project.c.workspace == workspace)
    if not view.everything:
        member = and_(
            access_member.c.person == view.person,
            access_member.c.project == access_project.c.project,
            or_(access_member.c.role.not_in(view.waiting_roles), access_project.c.published == 1),
        )
        where.append(exists().where(member))
    query = (
        select(progress_project, access_project.c.organization, access_project.c.workspace)
        .join_from(access_project, progress_project, progress_project.c.project == access_project.c.project)
        .where(*where)
        .order_by(access_project.c.project)
        .limit(limit)
    )
    rows = connection.execute(query).mappings()
    return [{**presented(dict(row)), "workspace": row["workspace"] or None} for row in rows]


def in_workspace(connection: Connection, workspace: int) -> list[int]:
    """The projects of a workspace, by id."""
    query = select(access_project.c.project).where(access_project.c.workspace == workspace)
    return [project for (project,) in connection.execute(query.order_by(access_project.c.project))]


def joined_by(connection: Connection, person: int) -> list[int]:
    """The projects that somebody is a member of, by id."""
    query = select(access_member.c.project).where(access_member.c.person == person)
    return [project for (project,) in connection.execute(query.order_by(access_member.c.project))]
