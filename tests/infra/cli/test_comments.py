"""`annolog comments export`, on a folder and on a server."""

from __future__ import annotations

import csv
import io
from typing import Any

from annolog.projections.comments.queries import COLUMNS
from tests.infra.cli.terminal import annolog, answer


def test_comments_as_csv_and_as_json(place: dict[str, Any]) -> None:
    shown = annolog("comments", "export", 1, **place)
    assert shown.exit_code == 0
    [header, *rows] = csv.reader(io.StringIO(shown.stdout, newline=""))
    assert header == list(COLUMNS)
    assert len(rows) == len(answer("comments", "export", 1, **place)["comments"])


def test_of_what_is_not_there_nothing_is_written(place: dict[str, Any]) -> None:
    result = annolog("comments", "export", 999_999, **place)
    assert result.exit_code == 1
    assert result.stderr.startswith("not-found: ")
    assert result.stdout == ""
