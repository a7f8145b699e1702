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
    policy: str = Field(default="agreement", description="The policy that asked.")
    policy_version: int = 1
    need: float | None = Field(default=None, description="How badly the policy says that an answer is wanted.")
    posterior: float | None = Field(default=None, description="Probability of the likeliest answer, by the model.")
    models: dict[str, int] = Field(default_factory=dict, description="Version of the model of each dimension.")
    disagreements: int = Field(default=0, description="Answers other than the most frequent one.")
    candidates: list[tuple[int, float]] = Field(
        default_factory=list, description="Whose answers are expected to tell most, and how much, in nats."
    )


class ReservationReason(Event):
    """Why this person was given this task."""

    policy: str = Field(description="Name of the ordering that chose it, such as sequential or ground_truth.")
    lane: str = Field(description="Which part of the queue it stood in.")
    rank: int | None = Field(default=None, description="Its place there.")
    seed: int | None = None
    score: float | None = Field(default=None, description="Of the prediction, where uncertainty chose it.")
    settings_version: int = 0


class Hint(Event):
    """What of an answer differs from the truth, without the truth."""

    controls: list[str] = Field(description="The controls whose answers differ; none where the answer is right.")
    missing_regions: int = Field(default=0, ge=0, description="How many more regions the truth has in these.")
    surplus_regions: int = Field(default=0, ge=0, description="How many fewer it has.")


class MeasuredPair(Event):
    """What a metric of the project's own made of two annotations: a score in [0, 1], or why there is none."""

    one: int
    other: int
    score: float | None = None
    error: str | None = None
