"""What can happen to a task on its way to a reviewer."""

from __future__ import annotations

from typing import ClassVar

from pydantic import AwareDatetime, Field

from annolog.domain.task.events import RejectAction, ResultItems, TaskEvent, Verdict
from annolog.domain.task.kinds import ReviewStage
from annolog.domain.time.notes import Timed


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

    schema_version: ClassVar[int] = 2

    reviewer: int
    annotation: int
    expires_at: AwareDatetime
    review: int | None = Field(
        default=None, description="The first review, where a second or an adjudication is asked."
    )
    stage: ReviewStage = ReviewStage.FIRST


class ReviewReleased(TaskEvent):
    """The reviewer left the task to others."""

    reviewer: int


class ReturnGivenUp(TaskEvent):
    """Who is to answer a return has left the project. The annotation goes back to review, to be judged as it is."""

    review: int = Field(description="The review that returned it. As a verdict that was given it stays.")
    annotation: int
    annotator: int


class SecondReviewRequested(TaskEvent):
    """A review is in the sample of those that another reviewer gives again, without seeing it.

    Of any `n` reviews of the project in a row floor(n * percent / 100) or one more are, as long as the share stays.
    """

    review: int = Field(description="The review that is given again; all that follows from it names it.")
    annotation: int
    annotator: int
    revision: int = Field(description="The revision that was judged and is judged again, before any fix.")
    reviewer: int = Field(description="Who gave the first review.")
    verdict: Verdict
    percent: int
    quota: str = Field(description="Names the quota; the seed is part of it.")
    quota_reviews: int = Field(description="How many reviews the project has had, this one included.")
    quota_sampled: int = Field(description="How many of them this share comes to.")
    seed: int
    settings_version: int


class SecondReviewGiven(TaskEvent, Timed):
    """Another reviewer judged the same revision. By itself it changes nothing about the annotation."""

    schema_version: ClassVar[int] = 2

    review: int
    annotation: int
    annotator: int
    revision: int
    first_reviewer: int
    first_verdict: Verdict
    reviewer: int = Field(description="Who gave the second review.")
    verdict: Verdict
    agrees: bool = Field(description="Whether both verdicts are the same word; what a fix says is not compared.")
    action: RejectAction | None = None
    comment: str = ""
    region: str | None = Field(default=None, description="The region of what was judged that the comment is about.")
    result: ResultItems | None = Field(default=None, description="With a fix: what it would have said.")
    started_at: AwareDatetime | None = None
    review_time: float | None = Field(default=None, ge=0, description="Seconds from opening to judging.")
    active_time: float | None = Field(default=None, ge=0, description="Seconds of it with the reviewer at work.")


class AdjudicationRequested(TaskEvent):
    """A third person is to settle what two reviewers said."""

    review: int
    annotation: int
    annotator: int
    reviewer: int
    second_reviewer: int
    agree: bool
    settings_version: int


class ReviewAdjudicated(TaskEvent, Timed):
    """A third person settled what two reviewers said; their verdict stands.

    Where it overturns the first and that still can be, the review by which the annotation goes from now on is in the
    same append, with this review as what it `adjudicates`, and with the time that judging took.
    """

    schema_version: ClassVar[int] = 2

    review: int
    annotation: int
    annotator: int
    reviewer: int
    first_verdict: Verdict
    second_reviewer: int
    second_verdict: Verdict
    adjudicator: int
    verdict: Verdict
    action: RejectAction | None = None
    comment: str = ""
    region: str | None = Field(default=None, description="The region of what was judged that the comment is about.")
    result: ResultItems | None = Field(default=None, description="With a fix: what it says.")
    started_at: AwareDatetime | None = None
    review_time: float | None = Field(default=None, ge=0, description="Seconds from opening to judging.")
    active_time: float | None = Field(default=None, ge=0, description="Seconds of it with the adjudicator at work.")
    overturns: bool = Field(description="Whether it says otherwise: another verdict, another fix, another action.")
    applied: bool = Field(description="Whether the annotation goes by it: not where its slot went to somebody else.")


class SecondReviewCalledOff(TaskEvent):
    """What was still to be said of a review need not be said: there is nothing left that it could be about."""

    review: int
    annotation: int
    stage: ReviewStage
    cause: str = Field(description="Type of the event after which there is nothing left.")
