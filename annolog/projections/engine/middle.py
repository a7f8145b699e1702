"""The middle one of many numbers, found along an index: only as many entries are passed over as come before it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, select


def middle(connection: Connection, column: Column[Any], *where: ColumnElement[bool], count: int) -> float | None:
    """The median of `count` numbers, those of the rows that are meant; of two in the middle their mean.

    None of no numbers. Quick where an index has the conditions first and the column after them.
    """
    if count <= 0:
        return None
    query = select(column).where(*where).order_by(column).limit(2 - count % 2).offset((count - 1) // 2)
    found: list[int] = [number for (number,) in connection.execute(query)]
    return sum(found) / len(found) if found else None


def middle_of(numbers: list[int]) -> float | None:
    """The median of numbers at hand; of two in the middle their mean, None of none."""
    if not numbers:
        return None
    ordered, half = sorted(numbers), len(numbers) // 2
    both = ordered[half : half + 1] if len(numbers) % 2 else ordered[half - 1 : half + 1]
    return sum(both) / len(both)
