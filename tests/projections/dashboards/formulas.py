"""Every measure as the documents define it, written down once more: nothing here looks at how the product does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Row = dict[str, Any]
SECOND, WHOLE_SCORE = 10**6, 10**12


def _share(top: float, of: float) -> Any:
    return pytest.approx(top / of) if of else None


def _seconds(microseconds: float | None) -> Any:
    return None if microseconds is None else pytest.approx(microseconds / SECOND, rel=1e-12)


def _annotations(row: Row) -> int:
    found: int = row["submitted"] + row["updated"] + row["accepted"] + row["fixed_and_accepted"] + row["rejected"]
    return found


def _judged(row: Row) -> int:
    found: int = row["verdict_accepted"] + row["verdict_fixed"] + row["verdict_rejected"]
    return found


def _received(row: Row) -> int:
    found: int = row["received_accepted"] + row["received_fixed"] + row["received_rejected"]
    return found


def _itself(name: str) -> Callable[[Row], Any]:
    return lambda row: row[name]


FORMULAS: dict[str, Callable[[Row], Any]] = {
    "annotations": _annotations,
    "submitted": _itself("submitted"),
    "updated": _itself("updated"),
    "fixed_and_accepted": _itself("fixed_and_accepted"),
    "accepted": _itself("accepted"),
    "rejected": _itself("rejected"),
    "reviewed": _judged,
    "unreviewed": lambda row: _annotations(row) - _judged(row),
    "acceptance_score": lambda row: _share(row["verdict_accepted"] + row["verdict_fixed"], _judged(row)),
    "lead_time": lambda row: _seconds(row["lead_time"]),
    "mean_lead_time": lambda row: _share(row["lead_time"] / SECOND, row["timed"]),
    "median_lead_time": lambda row: _seconds(row["one_time"]),
    "active_time": lambda row: _seconds(row["active_time"]),
    "mean_active_time": lambda row: _share(row["active_time"] / SECOND, row["active_timed"]),
    "regions": _itself("regions"),
    "regions_per_annotation": lambda row: _share(row["regions"], _annotations(row)),
    "submissions": _itself("submissions"),
    "revisions": _itself("revisions"),
    "skips": _itself("skips"),
    "regions_created": _itself("regions_created"),
    "annotating_time": lambda row: _seconds(row["annotating_time"]),
    "annotating_active_time": lambda row: _seconds(row["annotating_active_time"]),
    "reviews_received": _received,
    "reviews_accepted": _itself("received_accepted"),
    "reviews_fixed": _itself("received_fixed"),
    "reviews_rejected": _itself("received_rejected"),
    "performance_score": lambda row: _share(row["worth"] / WHOLE_SCORE, _received(row)),
    "reviews_given": lambda row: row["given_accepted"] + row["given_fixed"] + row["given_rejected"],
    "given_accepted": _itself("given_accepted"),
    "given_fixed": _itself("given_fixed"),
    "given_rejected": _itself("given_rejected"),
    "review_time": lambda row: _seconds(row["review_time"]),
    "mean_review_time": lambda row: _share(row["review_time"] / SECOND, row["reviews_timed"]),
    "median_review_time": lambda row: _seconds(row["one_review_time"]),
    "review_active_time": lambda row: _seconds(row["review_active_time"]),
    "mean_review_active_time": lambda row: _share(row["review_active_time"] / SECOND, row["reviews_active_timed"]),
    "tasks_done": _itself("tasks_done"),
    "time_per_task": lambda row: _share((row["annotating_time"] + row["review_time"]) / SECOND, row["tasks_done"]),
    "labelled": _itself("labelled"),
    "label_uses": _itself("uses"),
    "time_per_use": lambda row: _share(row["lead_time"] / SECOND, row["uses"]),
}
