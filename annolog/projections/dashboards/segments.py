"""What rows of a dashboard are told apart by, in SQL and in what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Table, literal_column

from annolog.domain.measures.calendar import beginning
from annolog.domain.measures.question import LABEL, PERSON, PROJECT, Question
from annolog.projections.dashboards.parts import Part

# Values of the segments asked for, in their order; that of a label is a pair, its control first.
Segment = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """What somebody may see of a project: everybody's work, or one person's."""

    project: int
    person: int | None = None


def groups_of(table: Table, asked: Question, quarter: ColumnElement[int], part: Part) -> list[ColumnElement[Any]]:
    """What rows are told apart by, in the order of the segments; projects are looked at one by one."""
    groups: list[ColumnElement[Any]] = []
    for name in asked.by:
        if name == LABEL:
            groups += [table.c.control, table.c.label]
        elif name == PERSON:
            groups.append(table.c.person)
        elif asked.span is not None and name == asked.span and part.begins is None:
            # Numbers in the text: parameters would make each use of the expression another one to PostgreSQL.
            groups.append((quarter + number(part.stretch.offset)) // number(asked.span.quarters))
    return groups


def number(value: int) -> ColumnElement[int]:
    """A number as part of the statement."""
    return literal_column(str(value), BigInteger())


def segment_of(row: Sequence[Any], scope: Scope, asked: Question, part: Part) -> Segment:
    """The segment of a row that begins with the values of its groups."""
    values = iter(row)
    segment: list[Any] = []
    for name in asked.by:
        if name == PROJECT:
            segment.append(scope.project)
        elif name == LABEL:
            segment.append((str(next(values)), str(next(values))))
        elif asked.span is not None and name == asked.span:
            segment.append(part.begins or beginning(asked.span, next(values), part.stretch))
        else:
            segment.append(next(values))
    return tuple(segment)
