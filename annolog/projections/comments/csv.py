"""Comments as CSV (RFC 4180), a line a comment."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from annolog.projections.comments.queries import COLUMNS


def header() -> str:
    """The first line."""
    return _lines([COLUMNS])


def lines(rows: Iterable[Mapping[str, Any]]) -> str:
    """Comments; what is not there is empty, people who are mentioned are parted by blanks."""
    return _lines([_cell(row[name]) for name in COLUMNS] for row in rows)


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return " ".join(map(str, value)) if isinstance(value, list) else value


def _lines(rows: Iterable[Iterable[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
