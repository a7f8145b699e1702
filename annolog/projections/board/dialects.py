"""What each database calls the same thing: members of JSON text, elements of JSON lists, patterns, small letters.

SQLite takes a value as it is, number or text. PostgreSQL wants to know beforehand which of the two is compared.
"""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import BigInteger, ColumnElement, Double, Float, Text, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from annolog.projections.board.patterns import parse
from annolog.projections.board.regular import regular_expression
from annolog.projections.board.searching import LONGEST_SEARCHED

LONGEST_SORTED = 100
HEX, MIRRORED = "0123456789abcdef", "fedcba9876543210"
LARGEST = "1.7e308"


class AnyMember(FunctionElement[str]):
    """A member of an object in JSON text, null if there is none. PostgreSQL gives it as text."""

    name = "any_member"
    type = Text()
    inherit_cache = True


class WrittenMember(FunctionElement[str]):
    """The member as text, to be searched: numbers as they were written."""

    name = "written_member"
    type = Text()
    inherit_cache = True


class NumberMember(FunctionElement[float]):
    """The member, where it is a number, or a truth, which counts as 1 or 0."""

    name = "number_member"
    type = Float()
    inherit_cache = True


class TextMember(FunctionElement[str]):
    """The member, where it is text, a list or an object."""

    name = "text_member"
    type = Text()
    inherit_cache = True


class SortedMember(FunctionElement[Any]):
    """What rows are ordered by: numbers before texts, of long texts the beginning."""

    name = "sorted_member"
    inherit_cache = True


class IsNumber(FunctionElement[bool]):
    """Whether a member is a number."""

    name = "is_number"
    inherit_cache = True


class IsText(FunctionElement[bool]):
    """Whether a member is text."""

    name = "is_text"
    inherit_cache = True


class Holds(FunctionElement[bool]):
    """Whether a JSON list has an element."""

    name = "holds"
    inherit_cache = True


class Matches(FunctionElement[bool]):
    """Whether text has something that fits a pattern."""

    name = "matches"
    inherit_cache = True


class Small(FunctionElement[str]):
    """Text with the letters from A to Z made small, and no others."""

    name = "small"
    type = Text()
    inherit_cache = True


def member_arguments(column: ColumnElement[Any], key: str) -> tuple[ColumnElement[Any], ...]:
    """How a member is named: by its key in PostgreSQL, by a path in SQLite."""
    return column, literal(key, Text()), literal(f'$."{key}"', Text())


def holds(column: ColumnElement[Any], value: object) -> ColumnElement[bool]:
    """Whether a JSON list has this element."""
    return Holds(column, bound(value), literal(orjson.dumps(value).decode(), Text()))


def matches(text: ColumnElement[Any], pattern: str) -> ColumnElement[bool]:
    """Whether the text has something that fits the pattern, which has been found to be one."""
    return Matches(text, literal(pattern, Text()), literal(regular_expression(*parse(pattern)), Text()))


def bound(value: Any) -> ColumnElement[Any]:
    """A value with a type that holds it, whatever the type of the column that it is compared with."""
    if isinstance(value, str):
        return literal(value, Text())
    return literal(value, BigInteger() if isinstance(value, int) else Double())


@compiles(AnyMember, "sqlite")
@compiles(NumberMember, "sqlite")
@compiles(TextMember, "sqlite")
def _extracted(element: Any, compiler: Any, **more: Any) -> str:
    column, _, path = element.clauses
    return f"json_extract({compiler.process(column, **more)}, {compiler.process(path, **more)})"


@compiles(WrittenMember, "sqlite")
def _written(element: Any, compiler: Any, **more: Any) -> str:
    column, _, path = element.clauses
    place = f"{compiler.process(column, **more)}, {compiler.process(path, **more)}"
    written = f"{compiler.process(column, **more)} -> {compiler.process(path, **more)}"
    other = f"CAST({_extracted(element, compiler, **more)} AS TEXT)"
    return f"(CASE json_type({place}) WHEN 'real' THEN {written} ELSE {other} END)"


@compiles(SortedMember, "sqlite")
def _sorted_as_it_is(element: Any, compiler: Any, **more: Any) -> str:
    found = _extracted(element, compiler, **more)
    again = _extracted(element, compiler, **more)
    third = _extracted(element, compiler, **more)
    return f"CASE WHEN (typeof({found}) = 'text') THEN substr({again}, 1, {LONGEST_SORTED}) ELSE {third} END"


@compiles(IsNumber, "sqlite")
def _is_number(element: Any, compiler: Any, **more: Any) -> str:
    return f"typeof({_extracted(element, compiler, **more)}) IN ('integer', 'real')"


@compiles(IsText, "sqlite")
def _is_text(element: Any, compiler: Any, **more: Any) -> str:
    return f"typeof({_extracted(element, compiler, **more)}) IN ('text')"


@compiles(IsNumber, "postgresql")
@compiles(IsText, "postgresql")
def _is_told_by_null(element: Any, compiler: Any, **more: Any) -> str:
    return "TRUE"


@compiles(Holds, "sqlite")
def _has_element(element: Any, compiler: Any, **more: Any) -> str:
    column, value, _ = (compiler.process(clause, **more) for clause in element.clauses)
    return f"EXISTS (SELECT 1 FROM json_each({column}) AS element WHERE element.value = {value})"


@compiles(Matches, "sqlite")
def _regexp(element: Any, compiler: Any, **more: Any) -> str:
    text, pattern, _ = (compiler.process(clause, **more) for clause in element.clauses)
    return f"{text} REGEXP {pattern}"


@compiles(Small, "sqlite")
def _lower(element: Any, compiler: Any, **more: Any) -> str:
    return f"lower({compiler.process(element.clauses, **more)})"


def _member(element: Any, compiler: Any, **more: Any) -> tuple[str, str]:
    """The member as JSON, and as text. JSON keeps it as it was written, which JSONB would not."""
    column, key, _ = element.clauses
    value = f"(CAST({compiler.process(column, **more)} AS JSON) -> {compiler.process(key, **more)})"
    return value, f"({value} #>> '{{}}')"


@compiles(AnyMember, "postgresql")
@compiles(WrittenMember, "postgresql")
def _any(element: Any, compiler: Any, **more: Any) -> str:
    value, text = _member(element, compiler, **more)
    truth = f"CASE {text} WHEN 'true' THEN '1' ELSE '0' END"
    return f"(CASE json_typeof({value}) WHEN 'boolean' THEN {truth} ELSE {text} END COLLATE \"C\")"


@compiles(NumberMember, "postgresql")
def _number(element: Any, compiler: Any, **more: Any) -> str:
    value, text = _member(element, compiler, **more)
    truth = f"CASE {text} WHEN 'true' THEN 1 ELSE 0 END"
    return f"(CASE json_typeof({value}) WHEN 'number' THEN CAST({text} AS NUMERIC) WHEN 'boolean' THEN {truth} END)"


@compiles(TextMember, "postgresql")
def _text(element: Any, compiler: Any, **more: Any) -> str:
    value, text = _member(element, compiler, **more)
    return f"(CASE WHEN json_typeof({value}) IN ('string', 'array', 'object') THEN {text} END COLLATE \"C\")"


@compiles(SortedMember, "postgresql")
def _sorted_as_text(element: Any, compiler: Any, **more: Any) -> str:
    """As text that is ordered as the values are: numbers by their bits, those of negative ones the other way round."""
    number, text = _number(element, compiler, **more), _text(element, compiler, **more)
    float8 = f"CAST(least(greatest({number}, -{LARGEST}), {LARGEST}) AS DOUBLE PRECISION) + 0"
    bits = f"encode(float8send({float8}), 'hex')"
    negative = f"'0' || translate({bits}, '{HEX}', '{MIRRORED}')"
    return (
        f"(CASE WHEN {number} < 0 THEN {negative} WHEN {number} >= 0 THEN '1' || {bits}"
        f" ELSE '2' || substr({text}, 1, {LONGEST_SORTED}) END COLLATE \"C\")"
    )


@compiles(Holds, "postgresql")
def _contains(element: Any, compiler: Any, **more: Any) -> str:
    column, _, value = (compiler.process(clause, **more) for clause in element.clauses)
    return f"CAST({column} AS JSONB) @> CAST({value} AS JSONB)"


@compiles(Matches, "postgresql")
def _advanced(element: Any, compiler: Any, **more: Any) -> str:
    text, _, expression = (compiler.process(clause, **more) for clause in element.clauses)
    return f'(substr({text}, 1, {LONGEST_SEARCHED}) COLLATE pg_catalog."default") ~ {expression}'


@compiles(Small, "postgresql")
def _lower_in_ascii(element: Any, compiler: Any, **more: Any) -> str:
    return f'lower(({compiler.process(element.clauses, **more)}) COLLATE "C")'
