"""Filters of the board: groups of conditions with `and` or `or`, nested, compiled to SQL with bound values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, true

from annolog.domain.refusals import Fault, InvalidInput
from annolog.projections.board.columns import JSON_COLUMNS, BoardColumn, Kind, column_of, comparable
from annolog.projections.board.dialects import Small, WrittenMember, bound, holds, matches
from annolog.projections.board.patterns import Unsupported
from annolog.projections.board.searching import found, search_for
from annolog.projections.engine.moments import microseconds

DEEPEST = 5
MOST_ITEMS = 100
MOST_IN_LIST = 1_000
LONGEST_TEXT = 10_000
MOST_VALUES = 5_000

Condition = ColumnElement[bool]
Filter = Mapping[str, Any]

ORDERED = ("equal", "not_equal", "less", "greater", "less_or_equal", "greater_or_equal")
RANGES = ("in", "not_in")
MEMBERS = ("in_list", "not_in_list")
TEXTUAL = ("contains", "not_contains", "regex")
OPERATORS: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {
        Kind.NUMBER: (*ORDERED, *RANGES, *MEMBERS, "empty"),
        Kind.DATETIME: (*ORDERED, *RANGES, "empty"),
        Kind.BOOLEAN: ("equal", "not_equal", "empty"),
        Kind.STRING: ("equal", "not_equal", *MEMBERS, *TEXTUAL, "empty"),
        Kind.LIST: ("contains", "not_contains", "empty"),
        Kind.OPEN: (*ORDERED, *RANGES, *MEMBERS, *TEXTUAL, "empty"),
    }
)


@dataclass(frozen=True, slots=True)
class Compiled:
    """The condition that a filter stands for, and the names of the columns it speaks of."""

    condition: Condition
    columns: frozenset[str]


def compile_filters(filters: Filter | None) -> Compiled:
    """What a filter means; refused with a pointer at what is wrong with it."""
    compiler = _Compiler()
    condition = compiler.group(filters, "/filters", 1) if filters else true()
    return Compiled(condition, frozenset(compiler.columns))


def register_functions(connection: Any) -> None:
    """Teach a SQLite connection the functions that filters use."""
    connection.create_function("regexp", 2, found, deterministic=True)


class _Compiler:
    """Walks a filter and counts its items, so that none is too long or too deep."""

    def __init__(self) -> None:
        self.columns: set[str] = set()
        self._items = 0
        self._values = 0

    def group(self, group: object, pointer: str, depth: int) -> Condition:
        if depth > DEEPEST:
            raise _wrong(pointer, f"groups may be nested {DEEPEST} deep")
        if not isinstance(group, Mapping):
            raise _wrong(pointer, "must be an object with conjunction and items")
        conjunction, items = group.get("conjunction", "and"), group.get("items", [])
        if conjunction not in ("and", "or"):
            raise _wrong(f"{pointer}/conjunction", "must be and, or or")
        if not isinstance(items, list):
            raise _wrong(f"{pointer}/items", "must be a list")
        conditions = [self._item(item, f"{pointer}/items/{index}", depth) for index, item in enumerate(items)]
        if not conditions:
            return true()
        return and_(*conditions) if conjunction == "and" else or_(*conditions)

    def _item(self, item: object, pointer: str, depth: int) -> Condition:
        self._items += 1
        if self._items > MOST_ITEMS:
            raise _wrong(pointer, f"a filter may have {MOST_ITEMS} items")
        if not isinstance(item, Mapping):
            raise _wrong(pointer, "must be an object")
        condition = self.group(item, pointer, depth + 1) if "items" in item else self._condition(item, pointer)
        children = item.get("child_filters")
        if children:
            return and_(condition, self.group(children, f"{pointer}/child_filters", depth + 1))
        return condition

    def _condition(self, item: Filter, pointer: str) -> Condition:
        name, operator, value = item.get("filter"), item.get("operator"), item.get("value")
        if not isinstance(name, str):
            raise _wrong(f"{pointer}/filter", "must name a column")
        column = column_of(name, f"{pointer}/filter")
        self.columns.add(column.name)
        if not isinstance(operator, str) or operator not in OPERATORS[column.kind]:
            raise _wrong(f"{pointer}/operator", f"{name} takes one of {', '.join(OPERATORS[column.kind])}")
        self._values += len(value) if isinstance(value, list) else 1
        if self._values > MOST_VALUES:
            raise _wrong(f"{pointer}/value", f"a filter may have {MOST_VALUES} values, those in lists counted")
        condition = COMPILED[operator](column, value, f"{pointer}/value")
        return and_(column.unusual, condition) if _leaves_out_usual(column, operator, value) else condition


def _leaves_out_usual(column: BoardColumn, operator: str, value: Any) -> bool:
    """Whether the filter finds none of a sparse column's usual values, so that its index holds all that it finds."""
    usual = column.usual
    if usual is None:
        return False
    match operator:
        case "equal":
            return bool(value != usual)
        case "greater":
            return bool(value >= usual)
        case "greater_or_equal":
            return bool(value > usual)
        case "in":
            return value.get("min") is not None and bool(value["min"] > usual)
        case "in_list":
            return usual not in value
        case _:
            return False


def _value(column: BoardColumn, value: object, pointer: str) -> Any:
    """The value as the database holds it."""
    match column.kind:
        case Kind.BOOLEAN:
            if isinstance(value, bool):
                return int(value)
            raise _wrong(pointer, "must be true or false")
        case Kind.DATETIME:
            return _moment(value, pointer)
        case Kind.NUMBER:
            return _number(value, pointer)
        case Kind.STRING:
            return _text(value, pointer)
        case _ if isinstance(value, bool):
            # As the database reads it out of JSON.
            return int(value)
        case _:
            return _number(value, pointer) if isinstance(value, int | float) else _text(value, pointer)


def _number(value: object, pointer: str) -> float | int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or abs(value) >= 2**63:
        raise _wrong(pointer, "must be a number")
    return value


def _text(value: object, pointer: str) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or "\x00" in value:
        raise _wrong(pointer, f"must be text of at most {LONGEST_TEXT} characters, none of them NUL")
    return value


def _moment(value: object, pointer: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63:
        return value
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise _wrong(pointer, "must be a time with its zone, such as 2026-11-24T12:00:00Z")
    return microseconds(found)


Compile = Callable[[BoardColumn, object, str], Condition]


def _compared(compare: Callable[[ColumnElement[Any], Any], Condition]) -> Compile:
    def compiled(column: BoardColumn, value: object, pointer: str) -> Condition:
        wanted = _value(column, value, pointer)
        return and_(comparable(column, [wanted]), compare(column.against(wanted), bound(wanted)))

    return compiled


def _equal(column: BoardColumn, value: object, pointer: str) -> Condition:
    wanted = _value(column, value, pointer)
    equal: Condition = column.against(wanted) == bound(wanted)
    return equal


def _unequal(column: BoardColumn, value: object, pointer: str) -> Condition:
    """Not equal, which an empty value is."""
    wanted = _value(column, value, pointer)
    return column.against(wanted).is_distinct_from(bound(wanted))


def _within(column: BoardColumn, value: object, pointer: str) -> Condition:
    if not isinstance(value, Mapping) or not {"min", "max"} & set(value):
        raise _wrong(pointer, "must be an object with min, max, or both")
    low, high = (
        None if value.get(end) is None else _value(column, value[end], f"{pointer}/{end}") for end in ("min", "max")
    )
    ends: list[Condition] = [comparable(column, [end for end in (low, high) if end is not None])]
    if low is not None:
        ends.append(column.against(low) >= bound(low))
    if high is not None:
        ends.append(column.against(high) <= bound(high))
    return and_(true(), *ends)


def _among(column: BoardColumn, value: object, pointer: str) -> Condition:
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > MOST_IN_LIST:
        raise _wrong(pointer, f"must be a list of at most {MOST_IN_LIST} values")
    members = [_value(column, member, f"{pointer}/{index}") for index, member in enumerate(value)]
    texts = [member for member in members if isinstance(member, str)]
    others = [member for member in members if not isinstance(member, str)]
    alike = [column.against(some[0]).in_([bound(member) for member in some]) for some in (texts, others) if some]
    return or_(false(), *alike)


def _containing(column: BoardColumn, value: object, pointer: str) -> Condition:
    if column.kind is Kind.LIST:
        if not isinstance(value, int | str) or isinstance(value, bool):
            raise _wrong(pointer, "must be a number or text")
        return holds(column.expression, value if isinstance(value, str) else _number(value, pointer))
    wanted = _text(value, pointer)
    for special in ("/", "%", "_"):
        wanted = wanted.replace(special, f"/{special}")
    # Both sides by the database: what it takes for a small letter is not what Python does.
    return Small(_as_text(column)).like(Small(bound(f"%{wanted}%")), escape="/")


def _matching(column: BoardColumn, value: object, pointer: str) -> Condition:
    pattern = _text(value, pointer)
    try:
        search_for(pattern)
    except Unsupported as error:
        raise _wrong(pointer, f"is not a pattern that can be searched for: {error}") from error
    return matches(_as_text(column), pattern)


def _as_text(column: BoardColumn) -> ColumnElement[str]:
    return WrittenMember(*column.member) if column.kind is Kind.OPEN else column.expression


def _empty(column: BoardColumn, value: object, pointer: str) -> Condition:
    if not isinstance(value, bool):
        raise _wrong(pointer, "must be true or false")
    nothing: Condition = column.expression.is_(None)
    if column.kind is Kind.LIST:
        nothing = column.expression == "[]"
    elif column.name in JSON_COLUMNS:
        nothing = column.expression.in_(("[]", "{}"))
    elif column.kind in (Kind.STRING, Kind.OPEN):
        nothing = or_(nothing, _as_text(column) == "")
    return nothing if value else not_(nothing)


def _negated(compiled: Compile) -> Compile:
    """The opposite, which holds for an empty value too."""
    return lambda column, value, pointer: not_(func.coalesce(compiled(column, value, pointer), false()))


COMPILED: Mapping[str, Compile] = MappingProxyType(
    {
        "equal": _equal,
        "not_equal": _unequal,
        "less": _compared(lambda column, value: column < value),
        "greater": _compared(lambda column, value: column > value),
        "less_or_equal": _compared(lambda column, value: column <= value),
        "greater_or_equal": _compared(lambda column, value: column >= value),
        "in": _within,
        "not_in": _negated(_within),
        "in_list": _among,
        "not_in_list": _negated(_among),
        "contains": _containing,
        "not_contains": _negated(_containing),
        "regex": _matching,
        "empty": _empty,
    }
)


def _wrong(pointer: str, message: str) -> InvalidInput:
    return InvalidInput(f"{pointer}: {message}", faults=[Fault(pointer, message)])
