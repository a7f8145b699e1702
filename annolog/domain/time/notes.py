"""What was done to a time that somebody claimed: part of the event, so that an auditor sees it."""

from __future__ import annotations

from enum import StrEnum

from pydantic import AwareDatetime, Field

from annolog.domain.event import Event


class TimeRule(StrEnum):
    """Why the time in an event is not the one that was claimed."""

    MEASURED = "measured"
    LONGER_THAN_OPEN = "longer_than_open"
    LONGER_THAN_LEAD_TIME = "longer_than_lead_time"
    IN_THE_FUTURE = "in_the_future"
    BEFORE_THE_TASK = "before_the_task"
    OUT_OF_BOUNDS = "out_of_bounds"
    OTHER_CLOCK = "other_clock"


class TimeNote(Event):
    """One field whose value is another than was claimed: measured from interactions, or held to what is possible."""

    field: str
    rule: TimeRule
    seconds: float | None = Field(default=None, description="What was claimed, where that is a duration.")
    moment: AwareDatetime | None = Field(default=None, description="What was claimed, where that is a moment.")


class Timed(Event):
    """A fact that says how long something took."""

    time_notes: list[TimeNote] = Field(default_factory=list, description="Which times are not as they were claimed.")
