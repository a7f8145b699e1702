"""How long a receiver that fails is tried, how often, and what of an event it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from annolog.domain.task.events import TaskDataRevised, TaskImported

MOST_WAIT_SECONDS = 300.0
GIVE_UP_AFTER = timedelta(days=1)
GONE = 410
# Which members of an event are a task's own data, by its type: they are sent only where that is asked for.
TASK_DATA: Mapping[str, tuple[str, ...]] = {
    TaskImported.type_name(): ("data", "meta"),
    TaskDataRevised.type_name(): ("data",),
}


def accepted(status: int) -> bool:
    """Whether a receiver took what was sent. A redirection is not followed, and so is none."""
    return 200 <= status < 300


def wait_before(attempt: int, first_seconds: float, draw: float, asked_seconds: float = 0.0) -> float:
    """Seconds to wait after so many failed attempts: twice as long each time, up to five minutes.

    `draw` in [0, 1) takes up to half of it away, so that receivers of one server are not all tried at once. A receiver
    that asks for more time gets it, within the same bound.
    """
    doubled = min(first_seconds * 2.0 ** min(attempt - 1, 32), MOST_WAIT_SECONDS)
    return max(doubled * (1 - draw / 2), min(asked_seconds, MOST_WAIT_SECONDS))


def why_given_up(status: int | None, error: str, failing_since: datetime, now: datetime) -> str | None:
    """Why a webhook is tried no more, if so: the receiver says that it is gone for good, or a day of nothing else."""
    if status == GONE:
        return "the receiver says that it is gone (410)"
    if now - failing_since >= GIVE_UP_AFTER:
        return f"nothing but failures since {failing_since.isoformat()}, the last of them: {error}"
    return None
