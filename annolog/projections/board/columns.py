"""The columns of the board: what each is called, what kind of value it has, and how SQL finds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import orjson
from sqlalchemy import ColumnElement, exists, func, select

from annolog.domain.refusals import Fault, InvalidInput
from annolog.projections.board.tables import board
from annolog.projections.engine.moments import moment


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
    """A column. `rest` is the condition that most rows of a sparse column meet; the index holds all others."""

    name: str
    kind: Kind
    expression: ColumnElement[Any]
    rest: ColumnElement[bool] | None = None
    rest_is_null: bool = False


NUMBERS = (
    "task project import_id line overlap additional_slots updated_by prediction_count prediction_score annotator_count"
    " reviewer_count reviews_accepted reviews_fixed ground_truth comment_count lead_time_total active_time_total"
    " review_time_total"
)
SPARSE_NUMBERS = "annotation_count unresolved_comment_count reviews_rejected skip_count"
NULLABLE_NUMBERS = "agreement lead_time"
TIMES = "created_at updated_at reviewed_at last_comment_at"
TRUTHS = "allow_skip reviewed deleted"
LISTS = "annotators assignees reviewers annotation_ids comment_authors model_versions labels held_by"
TEXTS = "state data meta results dimension_agreement"
JSON_COLUMNS = frozenset({*LISTS.split(), "data", "meta", "results", "dimension_agreement"})


def _columns() -> Mapping[str, BoardColumn]:
    kinds = {
        Kind.NUMBER: NUMBERS,
        Kind.DATETIME: TIMES,
        Kind.BOOLEAN: TRUTHS,
        Kind.LIST: LISTS,
        Kind.STRING: TEXTS,
    }
    found = [BoardColumn(name, kind, board.c[name]) for kind, names in kinds.items() for name in names.split()]
    found += [BoardColumn(name, Kind.NUMBER, board.c[name], board.c[name] == 0) for name in SPARSE_NUMBERS.split()]
    found += [_nullable(name, Kind.NUMBER) for name in NULLABLE_NUMBERS.split()]
    found += [_nullable("completed_at", Kind.DATETIME)]
    found += [BoardColumn("flag", Kind.STRING, board.c.flag, board.c.flag == "")]
    return MappingProxyType({column.name: column for column in found})


def _nullable(name: str, kind: Kind) -> BoardColumn:
    return BoardColumn(name, kind, board.c[name], board.c[name].is_(None), rest_is_null=True)


COLUMNS = _columns()


def column_of(name: str, pointer: str) -> BoardColumn:
    """The column of that name; `data.<key>` and `agreement.<dimension>` reach into objects."""
    plain = name.removeprefix("filter:tasks:").removeprefix("tasks:")
    found = COLUMNS.get(plain)
    if found is not None:
        return found
    for prefix, column in (("data.", board.c.data), ("agreement.", board.c.dimension_agreement)):
        key = plain.removeprefix(prefix)
        if plain.startswith(prefix) and key and '"' not in key and len(key) <= 200:
            kind = Kind.OPEN if prefix == "data." else Kind.NUMBER
            return BoardColumn(plain, kind, func.json_extract(column, f'$."{key}"'))
    known = ", ".join((*COLUMNS, "data.<key>", "agreement.<dimension>"))
    message = f"there is no column {name!r}; a column is one of {known}"
    raise InvalidInput(f"{pointer}: {message}", faults=[Fault(pointer, message)])


def holds(column: ColumnElement[Any], value: object) -> ColumnElement[bool]:
    """Whether a JSON list has this element."""
    element = func.json_each(column).table_valued("value")
    return exists(select(element.c.value).where(element.c.value == value))


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
