"""Pages of the board, by key, never by offset: a deep page costs what the first one does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, select

from annolog.domain.refusals import Fault, InvalidInput
from annolog.projections.board.columns import presented
from annolog.projections.board.filters import compile_filters
from annolog.projections.board.order import Order, Place, order_of
from annolog.projections.board.tables import board
from annolog.projections.reviewers.queries import hidden

MOST_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Page:
    """Rows as JSON values, and what to pass for the rows after them, if there are any."""

    rows: list[dict[str, Any]]
    next_cursor: str | None


def board_page(
    connection: Connection,
    project: int,
    *,
    filters: Mapping[str, Any] | None = None,
    order: Sequence[str] = (),
    limit: int = 100,
    cursor: str | None = None,
    unseen_by: int | None = None,
) -> Page:
    """The rows of a project that meet the filter, in order, from the cursor on.

    Empty values come last in both directions; ties are broken by the task's id, in the direction of the first column
    unless the order says how. Long texts are ordered by how they begin. Deleted tasks are left out unless the filter
    speaks of them, and so is what `unseen_by` must not see.
    """
    if not 1 <= limit <= MOST_ROWS:
        message = f"must be from 1 to {MOST_ROWS}"
        raise InvalidInput(f"limit {message}", faults=[Fault("/limit", message)])
    ordered = order_of(order)
    places = list(_places(connection, meeting(project, filters, unseen_by), ordered, limit + 1, cursor))
    shown = places[:limit]
    tasks = [place.task for place in shown]
    # The order is found in an index; only then are whole rows read, and only those of the page.
    rows = {
        row["task"]: dict(row) for row in connection.execute(select(board).where(board.c.task.in_(tasks))).mappings()
    }
    following = ordered.cursor(shown[-1]) if len(places) > limit else None
    return Page([presented(rows[task]) for task in tasks], following)


def neighbours(
    connection: Connection,
    project: int,
    task: int,
    *,
    filters: Mapping[str, Any] | None = None,
    order: Sequence[str] = (),
    unseen_by: int | None = None,
) -> dict[str, int | None]:
    """The tasks before and after one in a board's order, whether or not it meets the filter itself any more.

    Of what `unseen_by` must not see nothing is told: its place among others would tell what it holds.
    """
    ordered = order_of(order)
    itself = and_(board.c.project == project, board.c.task == task)
    if unseen_by is not None:
        itself = and_(itself, ~hidden(board.c.task, unseen_by))
    place = next(_places(connection, itself, ordered, 1, None), None)
    if place is None:
        return {"previous": None, "next": None}
    condition = meeting(project, filters, unseen_by)
    following = next(_places(connection, condition, ordered, 1, ordered.cursor(place)), None)
    return {
        "previous": _before(connection, condition, ordered, place),
        "next": None if following is None else following.task,
    }


def _before(connection: Connection, condition: ColumnElement[bool], ordered: Order, place: Place) -> int | None:
    for number in range(place.phase, -1, -1):
        query = select(board.c.task).where(condition, ordered.phases[number].condition)
        if number == place.phase:
            query = query.where(ordered.before(place))
        found = connection.execute(query.order_by(*ordered.terms_backwards(number)).limit(1)).scalar()
        if found is not None:
            return int(found)
    return None


def count(
    connection: Connection,
    project: int,
    filters: Mapping[str, Any] | None = None,
    up_to: int = 10_000,
    unseen_by: int | None = None,
) -> tuple[int, bool]:
    """How many rows a page without end would have, counted up to a bound, and whether that is all of them."""
    matching = select(board.c.task).where(meeting(project, filters, unseen_by)).limit(up_to + 1).subquery()
    found = connection.execute(select(func.count()).select_from(matching)).scalar_one()
    return min(found, up_to), found <= up_to


def task_ids(
    connection: Connection,
    project: int,
    filters: Mapping[str, Any] | None,
    after: int,
    limit: int,
    unseen_by: int | None = None,
) -> list[int]:
    """The tasks that meet the filter, by id: for work on all of them, piece by piece."""
    query = (
        select(board.c.task)
        .where(meeting(project, filters, unseen_by), board.c.task > after)
        .order_by(board.c.task)
        .limit(limit)
    )
    return [task for (task,) in connection.execute(query)]


def meeting(project: int, filters: Mapping[str, Any] | None, unseen_by: int | None = None) -> ColumnElement[bool]:
    """What holds for a project's rows that meet a filter; of deleted ones only where the filter speaks of them."""
    compiled = compile_filters(filters)
    condition = and_(board.c.project == project, compiled.condition)
    if unseen_by is not None:
        condition = and_(condition, ~hidden(board.c.task, unseen_by))
    return condition if "deleted" in compiled.columns else and_(condition, board.c.deleted == 0)


def _places(
    connection: Connection, condition: ColumnElement[bool], ordered: Order, limit: int, cursor: str | None
) -> Iterator[Place]:
    start = ordered.place(cursor)
    for number in range(start.phase if start else 0, len(ordered.phases)):
        query = select(board.c.task, *ordered.values).where(condition, ordered.phases[number].condition)
        if start and number == start.phase:
            query = query.where(ordered.beyond(start))
        for task, *values in connection.execute(query.order_by(*ordered.terms(number)).limit(limit)):
            limit -= 1
            yield Place(number, tuple(values), task)
        if limit <= 0:
            return
