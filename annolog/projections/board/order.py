"""The order of the board's rows, in stretches that an index gives without sorting, and places in it."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson
from sqlalchemy import ColumnElement, and_, false, not_, or_, true, tuple_

from annolog.domain.refusals import Fault, InvalidInput
from annolog.projections.board.columns import COLUMNS, BoardColumn, column_of
from annolog.projections.board.tables import board

MOST_COLUMNS = 10
Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Ordering:
    """A column to order by."""

    column: BoardColumn
    descending: bool

    def backwards(self) -> list[ColumnElement[Any]]:
        """What to sort by to go the other way, empty values first."""
        by = self.column.sorted_by
        return [*([] if self.column.is_never_empty else [by.is_(None).desc()]), self.term_backwards()]

    def term_backwards(self) -> ColumnElement[Any]:
        """The column, against its direction."""
        by = self.column.sorted_by
        return by.asc() if self.descending else by.desc()

    def terms(self) -> list[ColumnElement[Any]]:
        """What to sort by so that empty values come last."""
        by = self.column.sorted_by
        return [*([] if self.column.is_never_empty else [by.is_(None)]), self.term()]

    def term(self) -> ColumnElement[Any]:
        """The column, in its direction."""
        by = self.column.sorted_by
        return by.desc() if self.descending else by.asc()

    def after(self, value: Any) -> Condition:
        """The values that come after this one."""
        by = self.column.sorted_by
        if value is None:
            return false()
        later: Condition = by < value if self.descending else by > value
        return later if self.column.is_never_empty else or_(later, by.is_(None))


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the order. `by_value` is off where the first column is the same all along."""

    condition: Condition
    by_value: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: in which stretch, with which values of the columns ordered by."""

    phase: int
    values: tuple[Any, ...]
    task: int


@dataclass(frozen=True)
class Order:
    """Columns to order by, and the task's id after them."""

    names: tuple[str, ...]
    columns: tuple[Ordering, ...]
    by_task: Ordering

    @property
    def values(self) -> list[ColumnElement[Any]]:
        """What of a row a cursor has to know."""
        return [ordering.column.sorted_by for ordering in self.columns]

    @cached_property
    def phases(self) -> list[Phase]:
        """The stretches of the order, each to be read from one index."""
        if not self.columns:
            return [Phase(true(), by_value=False)]
        first = self.columns[0]
        if first.column.usual is not None:
            usual = Phase(first.column.expression == first.column.usual, by_value=False)
            others = Phase(first.column.unusual, by_value=True)
            return [others, usual] if first.descending else [usual, others]
        if first.column.is_never_empty:
            return [Phase(true(), by_value=True)]
        empty = first.column.expression.is_(None)
        return [Phase(not_(empty), by_value=True), Phase(empty, by_value=False)]

    def terms(self, phase: int) -> list[ColumnElement[Any]]:
        """What to sort a stretch by."""
        first = [self.columns[0].term()] if self.phases[phase].by_value else []
        return [*first, *(term for ordering in self.columns[1:] for term in ordering.terms()), self.by_task.term()]

    def beyond(self, place: Place) -> Condition:
        """The rows of the place's stretch that come after it."""
        rest = self._beyond(self.columns[1:], place.values[1:], place.task)
        if not self.phases[place.phase].by_value:
            return rest
        first, value = self.columns[0], place.values[0]
        by = first.column.sorted_by
        if len(self.columns) == 1 and first.descending is self.by_task.descending:
            here, there = tuple_(by, board.c.task), (value, place.task)
            return here < there if first.descending else here > there
        # Said by itself, the bound is what an index can begin at.
        bound = by <= value if first.descending else by >= value
        return and_(bound, or_(by < value if first.descending else by > value, rest))

    def terms_backwards(self, phase: int) -> list[ColumnElement[Any]]:
        """What to sort a stretch by to go the other way."""
        first = [self.columns[0].term_backwards()] if self.phases[phase].by_value else []
        others = (term for ordering in self.columns[1:] for term in ordering.backwards())
        return [*first, *others, self.by_task.term_backwards()]

    def before(self, place: Place) -> Condition:
        """The rows of the place's stretch that come before it."""
        others = and_(board.c.task != place.task, not_(self.beyond(place)))
        if self.phases[place.phase].by_value:
            first, value = self.columns[0], place.values[0]
            by = first.column.sorted_by
            # Said by itself, the bound is what an index can begin at.
            return and_(by >= value if first.descending else by <= value, others)
        if len(self.columns) <= 1:
            return board.c.task > place.task if self.by_task.descending else board.c.task < place.task
        return others

    def _beyond(self, columns: Sequence[Ordering], values: Sequence[Any], task: int) -> Condition:
        same: list[Condition] = []
        alternatives: list[Condition] = []
        for ordering, value in zip(columns, values, strict=True):
            alternatives.append(and_(*same, ordering.after(value)))
            same.append(ordering.column.sorted_by.is_not_distinct_from(value))
        return or_(*alternatives, and_(*same, self.by_task.after(task)))

    def cursor(self, place: Place) -> str:
        """A place as text that means something to nobody else."""
        body = {"order": self.names, "phase": place.phase, "values": place.values, "task": place.task}
        return base64.urlsafe_b64encode(orjson.dumps(body)).decode().rstrip("=")

    def place(self, cursor: str | None) -> Place | None:
        """The place that a cursor of this order stands for."""
        if cursor is None:
            return None
        try:
            body = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
            found = Place(body["phase"], tuple(body["values"]), body["task"])
            known = body["order"] == list(self.names) and self._has(found)
        except (ValueError, KeyError, TypeError):
            known = False
        if not known:
            message = "is not a cursor of a page in this order"
            raise InvalidInput(f"cursor {message}", faults=[Fault("/cursor", message)])
        return found

    def _has(self, place: Place) -> bool:
        """Whether there can be such a place."""
        numbers = [value for value in (place.task, *place.values) if isinstance(value, int)]
        return (
            type(place.task) is int
            and type(place.phase) is int
            and 0 <= place.phase < len(self.phases)
            and len(place.values) == len(self.columns)
            and all(value is None or isinstance(value, int | float | str) for value in place.values)
            and all(abs(number) < 2**63 for number in numbers)
            and not (self.phases[place.phase].by_value and place.values[0] is None)
        )


def order_of(names: Sequence[str]) -> Order:
    """The order that the names ask for, `-` before a descending one."""
    if len(names) > MOST_COLUMNS:
        message = f"there may be {MOST_COLUMNS} columns to order by"
        raise InvalidInput(f"order: {message}", faults=[Fault("/order", message)])
    columns: list[Ordering] = []
    for index, name in enumerate(names):
        ordering = Ordering(column_of(name.removeprefix("-"), f"/order/{index}"), name.startswith("-"))
        if ordering.column.name == "task":
            # Ids are unique, so nothing after them can matter.
            return Order(tuple(names), tuple(columns), ordering)
        columns.append(ordering)
    descending = bool(columns) and columns[0].descending
    return Order(tuple(names), tuple(columns), Ordering(COLUMNS["task"], descending))
