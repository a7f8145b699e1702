"""What each person's answers are worth, with how sure that is."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import Connection

from annolog.domain.consensus.skills import Estimate, wilson
from annolog.domain.labeling import decode_value
from annolog.projections.consensus.queries import described, models


def skills_of(connection: Connection, project: int) -> list[dict[str, Any]]:
    """By dimension: the model, and for everybody of whom there is evidence accuracy, accuracy by label, confusions."""
    return [
        {
            **described(row),
            "people": [
                {"person": int(person), **_skill(confusion)}
                for person, confusion in orjson.loads(row["skills"]).items()
            ],
        }
        for row in models(connection, project)
    ]


def _skill(confusion: list[tuple[str, str, float]]) -> dict[str, Any]:
    totals: dict[str, float] = {}
    right: dict[str, float] = {}
    for true, given, count in confusion:
        totals[true] = totals.get(true, 0.0) + count
        right[true] = right.get(true, 0.0) + count * (true == given)
    return {
        "accuracy": _shown(wilson(sum(right.values()), sum(totals.values()))),
        "labels": [
            {"label": decode_value(label), **_shown(wilson(right[label], total))} for label, total in totals.items()
        ],
        "confusion": [
            {"true": decode_value(true), "given": decode_value(given), "answers": count}
            for true, given, count in confusion
        ],
    }


def _shown(estimate: Estimate) -> dict[str, Any]:
    return {"share": estimate.share, "interval": [estimate.low, estimate.high], "answers": estimate.answers}
