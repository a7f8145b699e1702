"""Parameters that many operations share."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import Path, Query

from annolog.domain.ids import LARGEST_ID
from annolog.domain.refusals import Fault, InvalidInput

Id = Annotated[int, Path(ge=1, le=LARGEST_ID)]
MinPosition = Annotated[
    int, Query(ge=0, le=LARGEST_ID, description="Wait until the read models have reached this position of the log.")
]
Limit = Annotated[int, Query(ge=1, le=1000, description="Most rows of a page.")]
After = Annotated[int, Query(ge=0, le=LARGEST_ID, description="Begin after this id or position.")]
Definition = Annotated[
    int | None, Query(ge=0, le=LARGEST_ID, description="A definition of agreement; the one in force if none.")
]
Filters = Annotated[str | None, Query(description="A filter as JSON; see the operation that takes a body.")]
AcceptInfeasible = Annotated[bool, Query(description="Also if the project has too few people for these settings.")]
AsOf = Annotated[
    str | None, Query(description="As it was at a position of the log, or at a time (RFC 3339).", max_length=64)
]


def moment_or_position(text: str | None) -> int | datetime | None:
    """What `as_of` means."""
    if text is None:
        return None
    if text.isascii() and text.isdigit():
        return min(int(text[:20]), LARGEST_ID)
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        message = "is a position of the log or a time with its zone, such as 2026-11-24T12:00:00Z"
        raise InvalidInput(f"as_of {message}", faults=[Fault("query/as_of", message)])
    return moment


def parsed_filters(filters: str | None) -> dict[str, Any] | None:
    """A filter of the board as a parameter of a query has it."""
    if filters is None:
        return None
    try:
        found = orjson.loads(filters)
    except orjson.JSONDecodeError as error:
        raise InvalidInput(f"filters is not JSON: {error}", faults=[Fault("query/filters", str(error))]) from error
    if not isinstance(found, dict):
        raise InvalidInput("filters is not a JSON object", faults=[Fault("query/filters", "must be a JSON object")])
    return found
