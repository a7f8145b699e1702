"""What pages tell about the people who work with them."""

from __future__ import annotations

from pydantic import AwareDatetime, Field

from annolog.domain.task.events import TaskEvent
from annolog.domain.time.notes import Timed


class InteractionsRecorded(TaskEvent, Timed):
    """A page told what somebody did with the task since it last did so. From these active time is worked out."""

    person: int
    session: str = Field(description="Names the page, from its opening to its end.")
    sequence: int = Field(ge=0, description="Which batch of the session: a number comes once, and none after a later.")
    annotation: int | None = Field(default=None, description="What the page shows, if it was submitted before.")
    interactions: list[tuple[str, int]] = Field(
        description="Kind of each, and how many milliseconds before the batch was sent it took place."
    )
    client_clock: AwareDatetime | None = Field(default=None, description="What the page's clock said at sending.")
