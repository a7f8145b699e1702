"""What can happen to a task. A newcomer who reads this file knows the product."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import AwareDatetime, Field

from annolog.domain.event import Event
from annolog.domain.task.evidence import Evidence, Hint, MeasuredPair, ReservationReason
from annolog.domain.task.kinds import (
    COMPARED,
    STANDING_AFTER,
    RejectAction,
    ReleaseReason,
    RevisionCause,
    SkipMode,
    Standing,
    TaskState,
    Verdict,
)
from annolog.domain.time.notes import Timed

__all__ = (
    "COMPARED",
    "STANDING_AFTER",
    "RejectAction",
    "ReleaseReason",
    "RevisionCause",
    "SkipMode",
    "Standing",
    "TaskState",
    "Verdict",
)

ResultItems = list[dict[str, Any]]


class TaskEvent(Event):
    """A fact about one task of one project."""

    project: int
    task: int


class TaskImported(TaskEvent):
    """The task came in. `slots` is how many people it needs; `draw` its place in the seeded order of its import."""

    data: dict[str, Any]
    meta: dict[str, Any] = Field(default_factory=dict)
    allow_skip: bool = True
    import_id: int
    line: int = Field(description="Where in the import it stood, from 1.")
    slots: int
    covered: bool = Field(description="Whether it is in the share of tasks that get the project's overlap.")
    draw: float = Field(description="In [0, 1): decides coverage and uniform order; never drawn again.")
    seed: int = Field(description="What `draw` was drawn with.")


class TaskDeleted(TaskEvent):
    """The task is out of the project's work. Its history stays."""

    reason: str = ""


class TaskRestored(TaskEvent):
    """A deletion was taken back."""


class TaskDataRevised(TaskEvent):
    """The task has other data; `digest` is the SHA-256 of the data it replaces, as canonical JSON."""

    data: dict[str, Any]
    digest: str


class OverlapSet(TaskEvent):
    """The task needs another number of people: overlap or coverage changed, or somebody said so."""

    slots: int
    previous: int
    covered: bool
    cause: str


class SlotAdded(TaskEvent):
    """One more person is asked. With `evidence` this is reassignment by rule."""

    schema_version: ClassVar[int] = 3

    reason: str = Field(description="low_agreement, or manual")
    slots: int = Field(description="How many people the task needs from now on.")
    evidence: Evidence | None = None
    wanted: list[int] = Field(default_factory=list, description="Whom the slot is kept for; anybody if empty.")
    wanted_until: AwareDatetime | None = Field(default=None, description="When anybody may have it; None for never.")


class PreferenceEnded(TaskEvent):
    """The slot that was kept for these people is so no longer: it is filled, or open to anybody."""

    people: list[int]
    cause: str = Field(description="answered, lapsed, experts, or the type of the event that changed the slots")


class SlotKept(TaskEvent):
    """The free slot is for these people from now on, the experts there are, and for nobody else, also if it is empty.

    Whom it was kept for before is said by the `PreferenceEnded` beside it.
    """

    people: list[int]


class TaskDoubted(TaskEvent):
    """One more answer is wanted. Whether and when it is asked for is a matter of the project's label budget."""

    need: float = Field(description="How badly, to be compared between tasks under the same policy.")
    evidence: Evidence


class AgreementReached(TaskEvent):
    """The reassignment rule looked at the answers and asks for nobody else."""

    schema_version: ClassVar[int] = 3

    evidence: Evidence


OVER_BUDGET = "budget"


class TaskExhausted(TaskEvent):
    """The answers disagree still, and the limit of additional people is reached, or the label budget used up."""

    schema_version: ClassVar[int] = 3

    limit: int
    evidence: Evidence
    reason: str = Field(default="maximum", description="maximum, or budget")


class TaskInfeasible(TaskEvent):
    """The task needs somebody else, and the project has nobody who could be asked."""

    schema_version: ClassVar[int] = 4

    eligible: int
    slots_wanted: int
    evidence: Evidence | None = Field(default=None, description="Set where answers disagree; else people were missing.")


class TaskFeasible(TaskEvent):
    """There is somebody again who can be asked about the task."""


class TaskReserved(TaskEvent):
    """The person holds a slot until `expires_at`."""

    schema_version: ClassVar[int] = 2

    person: int
    lease: int
    expires_at: AwareDatetime
    why: ReservationReason


class ReservationExtended(TaskEvent):
    """The person is still at work."""

    person: int
    lease: int
    expires_at: AwareDatetime


class ReservationReleased(TaskEvent):
    """The slot is free again without an answer."""

    person: int
    lease: int
    reason: ReleaseReason


class AnnotatorAssigned(TaskEvent):
    """By manual distribution the task is this person's to annotate."""

    person: int


class AnnotatorUnassigned(TaskEvent):
    """The task is no longer this person's to annotate."""

    person: int


class ReviewerAssigned(TaskEvent):
    """The task is this person's to review."""

    person: int


class ReviewerUnassigned(TaskEvent):
    """The task is no longer this person's to review."""

    person: int


class AnnotationSubmitted(TaskEvent, Timed):
    """Somebody answered. The submission ends the reservation it used."""

    schema_version: ClassVar[int] = 2

    annotation: int
    annotator: int
    result: ResultItems
    config_version: int
    lease: int | None = Field(default=None, description="The reservation used; none when submitted directly.")
    started_at: AwareDatetime | None = None
    lead_time: float | None = Field(default=None, ge=0, description="Seconds from opening to answer, idle included.")
    active_time: float | None = Field(default=None, ge=0, description="Seconds of it with the person at work.")
    prediction: int | None = Field(default=None, description="The prediction shown before, when one was.")
    surplus: bool = Field(default=False, description="Submitted beyond the slots, where overlap is not strict.")
    origin: str = Field(default="manual", description="manual or import")


class AnnotationRevised(TaskEvent, Timed):
    """The annotation says something else now. Earlier revisions stay in history."""

    schema_version: ClassVar[int] = 2

    annotation: int
    annotator: int = Field(description="Whose annotation it is.")
    revision: int
    result: ResultItems
    by: int = Field(description="Who revised it: the annotator, or a reviewer who fixed it.")
    because: RevisionCause
    config_version: int
    lead_time: float | None = Field(default=None, ge=0, description="Seconds spent on this revision alone.")
    active_time: float | None = Field(default=None, ge=0)
    review: int | None = Field(default=None, description="The review that it answers, or in which it was made.")


class AnnotationSkipped(TaskEvent, Timed):
    """The person could not or would not answer."""

    schema_version: ClassVar[int] = 2

    person: int
    mode: SkipMode
    comment: str = ""
    lead_time: float | None = Field(default=None, ge=0)


class SkipWithdrawn(TaskEvent):
    """Somebody who was to come back to a task they skipped will not. The slot that was kept for them is free."""

    person: int


class AnnotationDeleted(TaskEvent):
    """The annotation counts for nothing any more. Its history stays."""

    annotation: int
    annotator: int
    reason: str = ""


class AnnotationRestored(TaskEvent):
    """A deletion was taken back."""

    annotation: int
    annotator: int
    standing: Standing = Field(default=Standing.COUNTED, description="What the annotation counts for again.")


class AnnotationReviewed(TaskEvent, Timed):
    """A reviewer judged one revision. A fix is a revision of its own in the same append."""

    schema_version: ClassVar[int] = 2

    review: int
    annotation: int
    annotator: int
    revision: int = Field(description="The revision judged, before any fix.")
    reviewer: int
    verdict: Verdict
    action: RejectAction | None = Field(default=None, description="Set with a rejection.")
    comment: str = ""
    region: str | None = Field(default=None, description="The region of the result that the comment is about.")
    started_at: AwareDatetime | None = None
    review_time: float | None = Field(default=None, ge=0, description="Seconds from opening to judging.")
    active_time: float | None = Field(default=None, ge=0, description="Seconds of it with the reviewer at work.")
    fix_agreement: float | None = Field(default=None, description="With a fix: how much of the original it kept.")
    adjudicates: int | None = Field(default=None, description="The review that it overturns, as an adjudication.")


class ReviewWithdrawn(TaskEvent):
    """A review was taken back, and its fix undone by a revision in the same append."""

    schema_version: ClassVar[int] = 2

    review: int
    annotation: int
    annotator: int
    reviewer: int = Field(description="Whose verdict it was.")
    verdict: Verdict
    fix_agreement: float | None = None
    standing: Standing = Field(description="What the annotation counts for without it.")
    previous: Verdict | None = Field(default=None, description="The latest verdict that was given before, if any.")
    stands: bool = Field(default=False, description="Whether that judges what the annotation says now.")


class GroundTruthSet(TaskEvent):
    """The annotation is what is true for this task."""

    annotation: int
    annotator: int
    cause: str = "manual"


class GroundTruthCleared(TaskEvent):
    """The annotation is no longer the ground truth."""

    annotation: int
    annotator: int
    cause: str = "manual"
    standing: Standing = Field(default=Standing.COUNTED, description="What the annotation counts for again.")


class FeedbackGiven(TaskEvent):
    """Who is being introduced was told whether an answer is right, and if not what differs."""

    person: int
    attempt: int = Field(ge=1, description="1 for the answer as it was submitted, then one more with every revision.")
    right: bool
    hint: Hint


class PredictionRecorded(TaskEvent):
    """A model version answered. Earlier predictions stay."""

    prediction: int
    model_version: str
    result: ResultItems
    score: float | None = None


class AgreementMeasured(TaskEvent):
    """A metric of the project's own looked at the answers. Recorded, since foreign code may say otherwise next time."""

    definition: int = Field(description="The definition of agreement that asks for the metric.")
    digest: str = Field(description="Which source was run.")
    annotations: list[tuple[int, int]] = Field(description="Annotation id and revision of every answer compared.")
    pairs: list[MeasuredPair]
    score: float | None = Field(default=None, description="The task's score: the mean of the pairs, or of the group.")
    error: str | None = None


class TaskStateChanged(TaskEvent):
    """The task moved on, or back; decided together with the event that caused it."""

    previous: TaskState
    state: TaskState
    cause: str = Field(description="Type of the event that moved it.")
