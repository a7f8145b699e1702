"""Comments as CSV (RFC 4180), a line a comment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from annolog.projections.comments.queries import COLUMNS
from annolog.projections.engine import csv


def header() -> str:
    """The first line."""
    return csv.header(COLUMNS)


def lines(rows: Iterable[Mapping[str, Any]]) -> str:
    """Comments; what is not there is empty, people who are mentioned are parted by blanks."""
    return csv.lines(COLUMNS, rows)
