"""How many tasks were in which state, how many were finished, and when the last will be."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from annolog.domain.forecast.completion import MOST_DAYS, Forecast, NoForecast, forecast
from annolog.domain.measures.calendar import QUARTER
from annolog.domain.task.events import TaskState
from annolog.projections.burndown.buckets import Size, begin_of, buckets
from annolog.projections.burndown.tables import burndown_change
from annolog.projections.engine.moments import EPOCH

STATES = [state.value for state in TaskState]
DONE = TaskState.COMPLETED.value


@dataclass(frozen=True, slots=True)
class Change:
    """What a quarter of an hour did to the number of tasks in one state."""

    at: datetime
    state: str
    net: int
    entered: int


def changes(connection: Connection, project: int) -> list[Change]:
    """All there were in a project, the first first."""
    table = burndown_change
    query = select(table.c.quarter, table.c.state, table.c.came - table.c.went, table.c.entered)
    query = query.where(table.c.project == project)
    return [
        Change(EPOCH + quarter * QUARTER, state, net, entered)
        for quarter, state, net, entered in connection.execute(query.order_by(table.c.quarter, table.c.state))
    ]


def rows_of(
    found: Sequence[Change], zone: ZoneInfo, first: datetime, last: datetime, size: Size, most: int
) -> list[dict[str, Any]]:
    """A row a bucket: tasks by state at its end, how many are not completed, and how many were completed in it.

    `completed_in` counts a task as often as it was completed; `net_completed` takes off those that were reopened.
    """
    edges = buckets(first, last, zone, size, most)
    starts = [edge.astimezone(UTC) for edge in edges]
    net = [Counter[str]() for _ in edges]
    entered: Counter[int] = Counter()
    states: Counter[str] = Counter()
    for change in found:
        place = bisect_right(starts, change.at) - 1
        if place < 0:
            states[change.state] += change.net
        else:
            net[place][change.state] += change.net
            entered[place] += change.entered if change.state == DONE else 0
    rows = []
    for place, begin in enumerate(edges[:-1]):
        for state, step in net[place].items():
            states[state] += step
        rows.append(
            {
                "begin": begin.isoformat(),
                "end": edges[place + 1].isoformat(),
                **{state: states[state] for state in STATES},
                "remaining": sum(states[state] for state in STATES if state != DONE),
                "completed_in": entered[place],
                "net_completed": net[place][DONE],
            }
        )
    return rows


def completion(found: Sequence[Change], zone: ZoneInfo, now: datetime, seed: int) -> dict[str, Any]:
    """The forecast as of the beginning of the zone's day, or why there is none."""
    today = begin_of(now, zone, Size.DAY)
    past = [change for change in found if change.at <= now]
    before = [change for change in past if change.at < today.astimezone(UTC)]
    first = next((change.at for change in before if change.state == DONE and change.entered), None)
    finished: list[int] = []
    if first is not None:
        since = max(first, now - timedelta(days=2 * MOST_DAYS))
        days = rows_of(before, zone, since, today.astimezone(UTC) - timedelta(seconds=1), Size.DAY, 3 * MOST_DAYS)
        # The first day began with work that was finished later in it: half a day at best.
        finished = [row["net_completed"] for row in days[0 if since > first else 1 :]]
    remaining = sum(change.net for change in before if change.state != DONE)
    left = sum(change.net for change in past if change.state != DONE)
    came_in = sum(change.net for change in past) - sum(change.net for change in before)
    found_out = forecast(finished, remaining + came_in if left > 0 else 0, today.date(), seed)
    shown: dict[str, Any] = {"remaining": left, "as_of": today.date().isoformat()}
    if isinstance(found_out, NoForecast):
        return {**shown, "reason": found_out.reason}
    return {**shown, **_shown(found_out)}


def _shown(found: Forecast) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in asdict(found).items()}
