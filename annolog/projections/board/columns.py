"""The columns of the board: what each is called, what kind of value it has, and how SQL finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import orjson
from sqlalchemy import ColumnElement, and_, func, literal, select, true

from annolog.domain.refusals import Fault, InvalidInput
from annolog.projections.board.dialects import (
    LONGEST_SORTED,
    AnyMember,
    IsNumber,
    IsText,
    NumberMember,
    SortedMember,
    TextMember,
    member_arguments,
)
from annolog.projections.board.tables import board
from annolog.projections.engine.moments import moment
from annolog.projections.stages.tables import stage_task


class Kind(StrEnum):
    """What kind of value a column has, which decides its operators."""

    NUMBER = "number"
    DATETIME = "datetime"
    BOOLEAN = "boolean"
    STRING = "string"
    LIST = "list"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """A column. Most rows of a sparse column have its `usual` value; its index holds all others, which are larger."""

    name: str
    kind: Kind
    expression: ColumnElement[Any]
    usual: int | str | None = None
    member: tuple[ColumnElement[Any], ...] = ()

    def against(self, value: object) -> ColumnElement[Any]:
        """What is compared with a value of this type."""
        if self.kind is Kind.STRING and self.name in JSON_COLUMNS:
            # SQLite would put a text that equals the whole document in its place elsewhere in the condition, and fail
            # where it looks into that: not for an expression.
            return self.expression.concat("")
        if self.kind is not Kind.OPEN:
            return self.expression
        return (TextMember if isinstance(value, str) else NumberMember)(*self.member)

    @property
    def unusual(self) -> ColumnElement[bool]:
        """What the index of a sparse column holds, said as the index says it: only then does SQLite take it."""
        plain = literal(self.usual, literal_execute=True)
        return self.expression != plain if self.kind is Kind.STRING else self.expression > plain

    @property
    def is_never_empty(self) -> bool:
        """Whether every row has a value."""
        return self.name in NEVER_EMPTY

    @property
    def sorted_by(self) -> ColumnElement[Any]:
        """What rows are ordered by: of long texts the beginning, because cursors carry it."""
        if self.kind is Kind.OPEN:
            return SortedMember(*self.member)
        if self.kind is Kind.LIST or self.name in JSON_COLUMNS:
            return func.substr(self.expression, 1, LONGEST_SORTED)
        return self.expression


NUMBERS = (
    "task project import_id line overlap additional_slots updated_by prediction_count prediction_score annotator_count"
    " reviewer_count reviews_accepted reviews_fixed ground_truth comment_count lead_time_total active_time_total"
    " review_time_total review_active_time_total agreement lead_time"
)
SPARSE_NUMBERS = "annotation_count unresolved_comment_count reviews_rejected skip_count"
TIMES = "created_at updated_at completed_at reviewed_at last_comment_at"
TRUTHS = "allow_skip reviewed deleted"
LISTS = "annotators assignees reviewers annotation_ids comment_authors model_versions labels held_by"
TEXTS = "state data meta results dimension_agreement"
JSON_COLUMNS = frozenset({*LISTS.split(), "data", "meta", "results", "dimension_agreement"})
NEVER_EMPTY = frozenset(column.name for column in board.columns if not column.nullable)


def _columns() -> Mapping[str, BoardColumn]:
    kinds = {
        Kind.NUMBER: NUMBERS,
        Kind.DATETIME: TIMES,
        Kind.BOOLEAN: TRUTHS,
        Kind.LIST: LISTS,
        Kind.STRING: TEXTS,
    }
    found = [BoardColumn(name, kind, board.c[name]) for kind, names in kinds.items() for name in names.split()]
    found += [BoardColumn(name, Kind.NUMBER, board.c[name], usual=0) for name in SPARSE_NUMBERS.split()]
    found += [BoardColumn("flag", Kind.STRING, board.c.flag, usual="")]
    return MappingProxyType({column.name: column for column in found})


COLUMNS = _columns()
# Asked of, not shown: since when a task is in its state is kept with the history of states.
STATE_SINCE = BoardColumn(
    "state_since",
    Kind.DATETIME,
    select(stage_task.c.since).where(stage_task.c.task == board.c.task).correlate(board).scalar_subquery(),
)


def column_of(name: str, pointer: str) -> BoardColumn:
    """The column of that name; `data.<key>` and `agreement.<dimension>` reach into objects, `state_since` elsewhere."""
    plain = name.removeprefix("filter:tasks:").removeprefix("tasks:")
    found = COLUMNS.get(plain)
    if found is not None:
        return found
    if plain == STATE_SINCE.name:
        return STATE_SINCE
    for prefix, column in (("data.", board.c.data), ("agreement.", board.c.dimension_agreement)):
        key = plain.removeprefix(prefix)
        if plain.startswith(prefix) and key and '"' not in key and len(key) <= 200:
            member = member_arguments(column, key)
            if prefix == "data.":
                return BoardColumn(plain, Kind.OPEN, AnyMember(*member), member=member)
            return BoardColumn(plain, Kind.NUMBER, NumberMember(*member))
    raise no_such_column(name, pointer)


def no_such_column(name: str, pointer: str) -> InvalidInput:
    """The refusal of a column that there is not, or that there is not for who asks."""
    known = ", ".join((*COLUMNS, STATE_SINCE.name, "data.<key>", "agreement.<dimension>"))
    message = f"there is no column {name!r}; a column is one of {known}"
    return InvalidInput(f"{pointer}: {message}", faults=[Fault(pointer, message)])


def comparable(column: BoardColumn, values: Iterable[object]) -> ColumnElement[bool]:
    """Whether an open value can be less or more than these: a number than numbers, a text than texts."""
    if column.kind is not Kind.OPEN:
        return true()
    kinds = {IsText if isinstance(value, str) else IsNumber for value in values}
    return and_(true(), *(kind(*column.member) for kind in kinds))


PRESENT: Mapping[Kind, Callable[[Any], Any]] = MappingProxyType(
    {
        Kind.DATETIME: lambda value: moment(value).isoformat(),
        Kind.BOOLEAN: bool,
        Kind.LIST: orjson.loads,
    }
)


def presented(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as JSON values: times as ISO 8601, lists as lists, truths as truths."""
    shown: dict[str, Any] = {}
    for name, column in COLUMNS.items():
        value = row[name]
        if value is not None and column.kind in PRESENT:
            value = PRESENT[column.kind](value)
        elif name in JSON_COLUMNS:
            value = orjson.loads(value)
        shown[name] = value
    return shown
