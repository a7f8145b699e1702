"""What can happen to a task on its way to a reviewer."""

from __future__ import annotations

from pydantic import AwareDatetime, Field

from annolog.domain.task.events import TaskEvent


class ReviewRoutingAwaited(TaskEvent):
    """The task is finished. Whether it is reviewed is decided once its agreement is known."""


class ReviewRouted(TaskEvent):
    """It was decided, once for this finishing, whether the task is reviewed.

    The first `n` tasks of a quota have floor(n * percent / 100) or one more of them sampled, whatever `n` is.
    """

    sampled: bool
    rule: int | None = Field(
        default=None, description="Which rule of the settings it met, from 0; None where it met none."
    )
    percent: int = Field(description="The share of the quota that is reviewed.")
    agreement: float | None = Field(default=None, description="What the rule compared, in [0, 1].")
    annotations: list[tuple[int, int]] = Field(
        default_factory=list, description="Annotation id and revision of every answer the agreement is of."
    )
    definition: int = Field(default=0, description="The definition of agreement it was measured by.")
    quota: str = Field(description="Names the quota: rules that say the same share one, also after other changes.")
    quota_tasks: int = Field(description="How many tasks the quota has had, this one included.")
    quota_sampled: int = Field(description="How many of them were sampled.")
    seed: int
    settings_version: int


class ReviewReserved(TaskEvent):
    """A reviewer has the task before them: until then it comes to no other."""

    reviewer: int
    annotation: int
    expires_at: AwareDatetime


class ReviewReleased(TaskEvent):
    """The reviewer left the task to others."""

    reviewer: int
