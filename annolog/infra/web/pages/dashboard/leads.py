"""Where a bar leads: the board, with a filter that finds just the tasks that the bar counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import orjson

TENTHS = 10


def item(column: str, operator: str, value: Any) -> dict[str, Any]:
    """One condition in the API's language of filters."""
    return {"filter": column, "operator": operator, "value": value}


def in_states(*states: str) -> list[dict[str, Any]]:
    """Tasks in one of these states."""
    if len(states) == 1:
        return [item("state", "equal", states[0])]
    return [item("state", "in_list", list(states))]


def in_tenth(number: int) -> list[dict[str, Any]]:
    """Tasks whose agreement is in one of ten buckets, of which the last holds full agreement as well."""
    items = [item("agreement", "greater_or_equal", number / TENTHS)]
    return items if number == TENTHS - 1 else [*items, item("agreement", "less", (number + 1) / TENTHS)]


def under(threshold: float) -> list[dict[str, Any]]:
    """Tasks whose agreement is under a threshold."""
    return [item("agreement", "less", threshold)]


def with_labels(*labels: str) -> list[dict[str, Any]]:
    """Tasks with annotations that carry all of these."""
    return [item("labels", "contains", label) for label in labels]


def done_between(begin: datetime, end: datetime) -> list[dict[str, Any]]:
    """Tasks that became completed in this time and still are."""
    first, last = (moment.astimezone(UTC).isoformat() for moment in (begin, end))
    when = [item("state_since", "greater_or_equal", first), item("state_since", "less", last)]
    return [*in_states("completed"), *when]


def board(project: int, items: Sequence[dict[str, Any]]) -> str:
    """The address of the board of these tasks."""
    written = orjson.dumps({"conjunction": "and", "items": list(items)}).decode()
    return f"/projects/{project}/tasks?filters={quote(written)}"
