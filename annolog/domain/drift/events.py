"""What happens when somebody's work changes."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from annolog.domain.project.events import ProjectEvent


class DriftDetected(ProjectEvent):
    """Somebody's work is not what it was, as the figures say."""

    alarm: int = Field(description="Counts the alarms of the project, from 1.")
    person: int
    measure: str = Field(description="accuracy, agreement or speed")
    direction: str = Field(description="rise or fall; of speed, which is in seconds an answer, a fall is haste")
    since: str = Field(description="The first day of the change, UTC.")
    until: str = Field(description="The day on which it was certain enough.")
    figures: list[dict[str, Any]] = Field(description="Every day looked at, oldest first: day, value, answers.")
    tasks: list[int] = Field(default_factory=list, description="What the person answered since, at most 1,000 of it.")


class DriftDismissed(ProjectEvent):
    """Somebody who manages the project has seen it, and nothing need follow."""

    alarm: int
    person: int
    reason: str = ""


class WindowRequeued(ProjectEvent):
    """What somebody answered on these days is to be answered anew; the services take it out task by task."""

    person: int
    since: str = Field(description="A day, UTC; both ends belong to it.")
    until: str
    reason: str = ""
