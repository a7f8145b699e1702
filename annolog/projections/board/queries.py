"""Pages of the board, by key, never by offset: a deep page costs what the first one does."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Select, and_, func, not_, or_, select, true, tuple_

from annolog.domain.refusals import Fault, InvalidInput
from annolog.projections.board.columns import COLUMNS, BoardColumn, column_of, presented
from annolog.projections.board.filters import compile_filters
from annolog.projections.board.tables import board

MOST_ROWS = 1_000
Condition = ColumnElement[bool]
# The phase of the order that a row was found in, and the row.
Found = tuple[int, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Page:
    """Rows as JSON values, and what to pass for the rows after them, if there are any."""

    rows: list[dict[str, Any]]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Ordering:
    """A column to order by."""

    column: BoardColumn
    descending: bool

    def term(self) -> ColumnElement[Any]:
        """The column, in its direction."""
        return self.column.expression.desc() if self.descending else self.column.expression.asc()


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the order that one index gives without sorting; `by_value` is off where all values are alike."""

    condition: Condition
    by_value: bool


def board_page(
    connection: Connection,
    project: int,
    *,
    filters: Mapping[str, Any] | None = None,
    order: Sequence[str] = (),
    limit: int = 100,
    cursor: str | None = None,
) -> Page:
    """The rows of a project that meet the filter, in order, from the cursor on.

    Empty values come last in both directions; ties are broken by the task's id in the direction of the first column.
    Deleted tasks are left out unless the filter speaks of them.
    """
    orderings = _orderings(order)
    condition = and_(board.c.project == project, compile_filters(filters))
    if "deleted" not in str(filters):
        condition = and_(condition, board.c.deleted == 0)
    place = _read_cursor(cursor, order)
    rows: list[Found] = []
    if len(orderings) <= 1:
        rows = list(_by_phases(connection, condition, orderings, limit + 1, place))
    else:
        query = _sorted(condition, orderings, place)
        rows = [(0, dict(row)) for row in connection.execute(query.limit(limit + 1)).mappings()]
    shown = rows[:limit]
    following = _cursor(order, orderings, *shown[-1]) if len(rows) > limit else None
    return Page([presented(row) for _, row in shown], following)


def count(
    connection: Connection, project: int, filters: Mapping[str, Any] | None = None, up_to: int = 10_000
) -> tuple[int, bool]:
    """How many rows meet the filter, counted up to a bound, and whether that is all of them."""
    matching = (
        select(board.c.task)
        .where(board.c.project == project, board.c.deleted == 0, compile_filters(filters))
        .limit(up_to + 1)
        .subquery()
    )
    found = connection.execute(select(func.count()).select_from(matching)).scalar_one()
    return min(found, up_to), found <= up_to


def task_ids(
    connection: Connection, project: int, filters: Mapping[str, Any] | None, after: int, limit: int
) -> list[int]:
    """The tasks that meet the filter, by id: for work on all of them, piece by piece."""
    query = (
        select(board.c.task)
        .where(board.c.project == project, board.c.deleted == 0, board.c.task > after, compile_filters(filters))
        .order_by(board.c.task)
        .limit(limit)
    )
    return [task for (task,) in connection.execute(query)]


def _orderings(order: Sequence[str]) -> list[Ordering]:
    found: list[Ordering] = []
    for index, name in enumerate(order):
        column = column_of(name.removeprefix("-"), f"/order/{index}")
        found.append(Ordering(column, name.startswith("-")))
        if column.name == "task":
            # Ids are unique, so nothing after them can matter.
            break
    return found


def _by_phases(
    connection: Connection,
    condition: Condition,
    orderings: Sequence[Ordering],
    limit: int,
    place: Mapping[str, Any] | None,
) -> Iterator[Found]:
    ordering = orderings[0] if orderings else Ordering(COLUMNS["task"], descending=False)
    start = place["phase"] if place else 0
    for number, phase in enumerate(_phases(ordering)):
        if number < start or limit <= 0:
            continue
        query = select(board).where(condition, phase.condition)
        if place and number == start:
            query = query.where(_beyond(ordering, phase, place))
        terms = [ordering.term()] if phase.by_value and ordering.column.name != "task" else []
        task = board.c.task.desc() if ordering.descending else board.c.task.asc()
        for row in connection.execute(query.order_by(*terms, task).limit(limit)).mappings():
            limit -= 1
            yield number, dict(row)


def _phases(ordering: Ordering) -> list[Phase]:
    """The stretches of the order. The index of a sparse column holds all but the rest, which comes first or last."""
    rest = ordering.column.rest
    if rest is None:
        if ordering.column.name in NEVER_EMPTY:
            return [Phase(true(), by_value=True)]
        empty = ordering.column.expression.is_(None)
        return [Phase(not_(empty), by_value=True), Phase(empty, by_value=False)]
    if ordering.column.rest_is_null:
        return [Phase(not_(rest), by_value=True), Phase(rest, by_value=False)]
    valued = ordering.column.expression > ("" if ordering.column.name == "flag" else 0)
    common, others = Phase(rest, by_value=False), Phase(valued, by_value=True)
    return [others, common] if ordering.descending else [common, others]


NEVER_EMPTY = frozenset(column.name for column in board.columns if not column.nullable)


def _beyond(ordering: Ordering, phase: Phase, place: Mapping[str, Any]) -> Condition:
    task, last = board.c.task, place["task"]
    if not phase.by_value or ordering.column.name == "task":
        by_task: Condition = task < last if ordering.descending else task > last
        return by_task
    here = tuple_(ordering.column.expression, task)
    there = (place["values"][0], last)
    by_value: Condition = here < there if ordering.descending else here > there
    return by_value


def _sorted(condition: Condition, orderings: Sequence[Ordering], place: Mapping[str, Any] | None) -> Select[Any]:
    """Several columns: sorted by the database, whatever indexes there are."""
    terms: list[ColumnElement[Any]] = []
    for ordering in orderings:
        terms += [ordering.column.expression.is_(None), ordering.term()]
    descending = orderings[0].descending
    query = select(board).where(condition).order_by(*terms, board.c.task.desc() if descending else board.c.task.asc())
    return query.where(_beyond_all(orderings, place)) if place else query


def _beyond_all(orderings: Sequence[Ordering], place: Mapping[str, Any]) -> Condition:
    alternatives: list[Condition] = []
    same: list[Condition] = []
    for ordering, value in zip(orderings, place["values"], strict=True):
        column = ordering.column.expression
        if value is not None:
            after = column < value if ordering.descending else column > value
            alternatives.append(and_(*same, or_(after, column.is_(None))))
        same.append(column.is_not_distinct_from(value))
    last = board.c.task < place["task"] if orderings[0].descending else board.c.task > place["task"]
    return or_(*alternatives, and_(*same, last))


def _cursor(order: Sequence[str], orderings: Sequence[Ordering], phase: int, row: Mapping[str, Any]) -> str:
    values = [_raw(ordering.column, row) for ordering in orderings]
    body = {"order": list(order), "phase": phase, "values": values, "task": row["task"]}
    return base64.urlsafe_b64encode(orjson.dumps(body)).decode().rstrip("=")


def _raw(column: BoardColumn, row: Mapping[str, Any]) -> Any:
    if column.name in row:
        return row[column.name]
    prefix, _, key = column.name.partition(".")
    found = orjson.loads(row["data" if prefix == "data" else "dimension_agreement"]).get(key)
    # The database compares what is not a number or text by its JSON.
    return orjson.dumps(found).decode() if isinstance(found, dict | list) else found


def _read_cursor(cursor: str | None, order: Sequence[str]) -> Mapping[str, Any] | None:
    if cursor is None:
        return None
    try:
        place = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        known = place["order"] == list(order) and isinstance(place["task"], int) and place["phase"] in (0, 1)
        known = known and isinstance(place["values"], list) and len(place["values"]) == len(_orderings(order))
        known = known and all(value is None or isinstance(value, int | float | str) for value in place["values"])
    except (ValueError, KeyError, TypeError):
        known = False
    if not known:
        message = "is not a cursor of a page in this order"
        raise InvalidInput(f"cursor {message}", faults=[Fault("/cursor", message)])
    found: Mapping[str, Any] = place
    return found
