"""Reviewers as CSV (RFC 4180), a line a reviewer."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from annolog.projections.reviewers.queries import COLUMNS


def document(rows: Sequence[dict[str, Any]]) -> str:
    """A header and the reviewers; what is not defined is empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
