"""Rows as CSV (RFC 4180), a line a row, that a spreadsheet may open: no words of anybody are run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

# What spreadsheets take for the beginning of a formula, or leave out before one.
RUN = ("=", "+", "-", "@", "\t", "\r")


def document(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """The first line and the others."""
    return header(columns) + lines(columns, rows)


def header(columns: Sequence[str]) -> str:
    """The first line."""
    return _lines([columns])


def lines(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """What is not there is empty, items of a list are parted by blanks."""
    return _lines([_cell(row.get(name)) for name in columns] for row in rows)


def harmless(words: str) -> str:
    """Words as they are, save that those which a spreadsheet would run have an apostrophe before them."""
    return f"'{words}" if words.startswith(RUN) else words


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return harmless(value)
    return " ".join(map(str, value)) if isinstance(value, list) else value


def _lines(rows: Iterable[Iterable[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
