"""A dashboard as a file: a line or a row for each of its rows, or for the total where nothing is told apart."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from io import BytesIO
from typing import Any

from annolog.domain.measures.calendar import Span
from annolog.domain.measures.measure import BY_KEY, Aggregation, Unit
from annolog.domain.measures.question import LABEL, PERSON, PROJECT
from annolog.projections.engine.csv import harmless


class Format(StrEnum):
    """How a dashboard is written down."""

    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"


KINDS = {
    Format.JSON: "application/json",
    Format.CSV: "text/csv; charset=utf-8",
    Format.PARQUET: "application/vnd.apache.parquet",
}


def written(found: Mapping[str, Any], format: Format) -> bytes:
    """What `dashboard` found, as CSV (RFC 4180), or as Parquet with columns of types; empty where undefined."""
    # Dear to load, and no process needs it that writes no such file.
    import polars as pl

    types: dict[str, Any] = {}
    for name in found["by"]:
        if name == LABEL:
            types |= {"control": pl.String, "label": pl.String}
        else:
            types[name] = pl.Int64 if name in (PROJECT, PERSON) else pl.String
    for key in found["measures"]:
        whole = BY_KEY[key].unit is Unit.COUNT and BY_KEY[key].aggregation is not Aggregation.RATIO
        types[key] = pl.Int64 if whole else pl.Float64
    rows = found["rows"] if found["by"] else [found["total"]]
    columns = {name: [row[name] for row in rows] for name in types}
    frame = pl.DataFrame({name: pl.Series(name, values, types[name], strict=False) for name, values in columns.items()})
    file = BytesIO()
    if format is Format.CSV:
        words = frame.with_columns(pl.col(pl.String).map_elements(harmless, pl.String))
        words.write_csv(file, line_terminator="\r\n")
    else:
        days = [name for name in found["by"] if name in set(Span) and name != Span.HOUR]
        frame.with_columns(pl.col(name).str.to_date() for name in days).write_parquet(file)
    return file.getvalue()
