"""Lists as CSV: whether that is wanted, and the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from fastapi import Response

from annolog.projections.engine import csv

CSV = "text/csv"


class Format(StrEnum):
    """As what a list comes."""

    JSON = "json"
    CSV = "csv"


def wants_csv(format: Format | None, accept: str) -> bool:
    """Whether CSV is what is asked for, by the parameter or by what is accepted first."""
    return format is Format.CSV or (format is None and _first(accept) == CSV)


def _first(accept: str) -> str:
    return accept.partition(",")[0].partition(";")[0].strip().lower()


def attached(name: str) -> dict[str, str]:
    """The header that has a browser keep the answer as a file."""
    return {"Content-Disposition": f'attachment; filename="{name}.csv"'}


def as_csv(name: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Response:
    """Rows as a file."""
    return Response(csv.document(columns, rows), media_type=CSV, headers=attached(name))
