"""What decisions about a task rested on: parts of its events, never stored by themselves."""

from __future__ import annotations

from pydantic import Field

from annolog.domain.event import Event


class Evidence(Event):
    """What an automatic decision about a task rested on."""

    score: float | None = Field(description="The task's agreement when it was judged, in [0, 1].")
    threshold: float
    methodology: str
    annotations: list[tuple[int, int]] = Field(description="Annotation id and revision of every answer compared.")
    settings_version: int = Field(description="Version of the project's settings in force.")
    definition: int = Field(default=0, description="Version of the project's definition of agreement in force.")


class ReservationReason(Event):
    """Why this person was given this task."""

    policy: str = Field(description="Name of the ordering that chose it, such as sequential or ground_truth.")
    lane: str = Field(description="Which part of the queue it stood in.")
    rank: int | None = Field(default=None, description="Its place there.")
    seed: int | None = None
    score: float | None = Field(default=None, description="Of the prediction, where uncertainty chose it.")
    settings_version: int = 0


class MeasuredPair(Event):
    """What a metric of the project's own made of two annotations: a score in [0, 1], or why there is none."""

    one: int
    other: int
    score: float | None = None
    error: str | None = None
