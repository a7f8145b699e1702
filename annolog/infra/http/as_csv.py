"""Whether somebody wants JSON or CSV."""

from __future__ import annotations

from enum import StrEnum

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
