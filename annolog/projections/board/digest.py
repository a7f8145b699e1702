"""What many tasks of the board are together, and how many of them something would change: looked at before it is done.

Every task of the selection is looked at, so it costs what counting costs: at a million tasks some seconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from annolog.projections.board.dialects import holds
from annolog.projections.board.queries import meeting
from annolog.projections.board.tables import board
from annolog.projections.reviewers.queries import hidden


@dataclass(frozen=True, slots=True)
class Digest:
    """How many tasks, what is in them, and how many of them would be other than they are."""

    tasks: int
    annotations: int
    held: int
    would_change: int
    by_state: MappingProxyType[str, int]

    def shown(self) -> dict[str, Any]:
        """The same as JSON values."""
        return {
            "tasks": self.tasks,
            "annotations": self.annotations,
            "held": self.held,
            "would_change": self.would_change,
            "by_state": dict(self.by_state),
        }


def digest(connection: Connection, selected: ColumnElement[bool], changes: ColumnElement[bool]) -> Digest:
    """The tasks that are selected, and those of them for which `changes` holds, by the read model of now."""
    query = (
        select(
            board.c.state,
            func.count(),
            func.sum(board.c.annotation_count),
            func.sum(case((board.c.held_by != "[]", 1), else_=0)),
            func.sum(case((changes, 1), else_=0)),
        )
        .where(selected)
        .group_by(board.c.state)
    )
    rows = list(connection.execute(query))
    annotations, held, changing = (sum(int(row[place] or 0) for row in rows) for place in (2, 3, 4))
    states = {row[0]: row[1] for row in rows}
    return Digest(sum(states.values()), annotations, held, changing, MappingProxyType(states))


def these(
    project: int,
    tasks: Sequence[int] | None,
    filters: Mapping[str, Any] | None,
    excluded: Sequence[int] = (),
    unseen_by: int | None = None,
) -> ColumnElement[bool]:
    """The tasks of a project with these ids, or those that meet a filter without some. What `unseen_by` must not see is
    left out.
    """
    if tasks is None:
        met = meeting(project, filters, unseen_by)
        return and_(met, board.c.task.not_in(excluded)) if excluded else met
    named = and_(board.c.project == project, board.c.task.in_(tasks))
    return named if unseen_by is None else and_(named, ~hidden(board.c.task, unseen_by))


def deleting() -> ColumnElement[bool]:
    """Tasks that are there to be deleted."""
    return board.c.deleted == 0


def restoring() -> ColumnElement[bool]:
    """Tasks that were deleted."""
    return board.c.deleted == 1


def needing_others_than(slots: int) -> ColumnElement[bool]:
    """Tasks that another number of people works on, those added by a rule left aside."""
    return and_(board.c.deleted == 0, board.c.overlap != slots + board.c.additional_slots)


def assigning(people: Sequence[int], *, as_reviewers: bool, unassign: bool) -> ColumnElement[bool]:
    """Tasks that are not all these people's yet, or of which some are theirs where that is taken back."""
    column = board.c.reviewers if as_reviewers else board.c.assignees
    theirs = [holds(column, person) for person in people]
    return and_(board.c.deleted == 0, or_(*theirs) if unassign else ~and_(*theirs))


def waiting_for_verdicts() -> ColumnElement[bool]:
    """Tasks with answers that nobody has judged; whether the one who asks may is not looked at."""
    judged = board.c.reviews_accepted + board.c.reviews_fixed + board.c.reviews_rejected
    return and_(board.c.deleted == 0, board.c.annotation_count > judged)
