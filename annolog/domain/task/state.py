"""What the rules need to know about one task, folded from its stream."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from annolog.domain.task.events import RejectAction, ResultItems, SkipMode, Standing, TaskState, Verdict
from annolog.domain.task.kinds import ReviewStage
from annolog.domain.time.attention import Watch

EMPTY: Mapping[Any, Any] = MappingProxyType({})


class Resolution(StrEnum):
    """What the reassignment rule made of the answers that are there now."""

    PENDING = "pending"
    REACHED = "reached"
    EXHAUSTED = "exhausted"
    INFEASIBLE = "infeasible"
    DOUBTED = "doubted"
    OVER_BUDGET = "over_budget"


# In these the policy asks for nobody else.
JUDGED = frozenset({Resolution.REACHED, Resolution.EXHAUSTED, Resolution.OVER_BUDGET})


@dataclass(frozen=True, slots=True)
class Lease:
    """A person's hold on a slot."""

    id: int
    person: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ReviewHold:
    """A reviewer's hold on the task: until it ends the task comes to no other reviewer."""

    reviewer: int
    annotation: int
    expires_at: datetime
    review: int | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """What an annotation says, and in which version of the labeling config."""

    result: ResultItems
    config_version: int


@dataclass(frozen=True, slots=True)
class Review:
    """A verdict on one revision of an annotation. `before` is what a fix was made of.

    A return is `given_up` once its author cannot answer it any more: then there is no verdict that holds.
    """

    id: int
    reviewer: int
    revision: int
    verdict: Verdict
    action: RejectAction | None
    fix_agreement: float | None = None
    adjudicates: int | None = None
    comment: str = ""
    region: str | None = None
    before: Text | None = None
    given_up: bool = False


@dataclass(frozen=True, slots=True)
class SecondVerdict:
    """What the second reviewer said, with the corrected result where they would have fixed it."""

    reviewer: int
    verdict: Verdict
    action: RejectAction | None
    result: ResultItems | None


@dataclass(frozen=True, slots=True)
class SecondReview:
    """A review that is given again: what was judged as it was then, what was said of it, and what is waited for.

    `stage` is None once nothing is waited for.
    """

    review: int
    annotation: int
    annotator: int
    reviewer: int
    verdict: Verdict
    revision: int
    text: Text
    adjudicated: bool = False
    stage: ReviewStage | None = ReviewStage.SECOND
    second: SecondVerdict | None = None


@dataclass(frozen=True, slots=True)
class Annotation:
    """One person's answer, in its latest revision."""

    id: int
    annotator: int
    result: ResultItems = field(default_factory=list)
    config_version: int = 0
    revision: int = 1
    surplus: bool = False
    deleted: bool = False
    standing: Standing = Standing.COUNTED
    reviews: tuple[Review, ...] = ()

    @property
    def text(self) -> Text:
        """What it says now."""
        return Text(self.result, self.config_version)

    @property
    def verdict(self) -> Verdict | None:
        """What the latest review says, as long as the annotation has not been revised by its author since."""
        if not self.reviews or self.reviews[-1].given_up:
            return None
        latest = self.reviews[-1]
        judged = latest.revision + (latest.verdict is Verdict.FIXED)
        return latest.verdict if judged >= self.revision else None


@dataclass(frozen=True, slots=True)
class Comment:
    """Something said about the task. `root` is the comment that began its thread; alone that can be resolved."""

    id: int
    author: int
    root: int
    annotation: int | None = None
    region: str | None = None
    draft: bool = False
    annotator: int | None = None
    mentions: frozenset[int] = frozenset()
    resolved: bool = False


@dataclass(frozen=True, slots=True)
class Times:
    """When the task came in, when each annotation was submitted, since when each person can have had each piece of
    work open, and what was heard of it: by person, and the annotation of somebody else that they judge or 0."""

    imported: datetime | None = None
    written: Mapping[int, datetime] = field(default_factory=lambda: EMPTY)
    opened: Mapping[tuple[int, int], datetime] = field(default_factory=lambda: EMPTY)
    watches: Mapping[tuple[int, int], Watch] = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True)
class Task:
    """One task as the rules see it. A task that does not exist has no slots and no data.

    `wanted` are the people whom the free slot is kept for: None is for anybody, empty for nobody who is there.
    `feedback` is how often each person was told whether their answer is right.
    """

    id: int
    project: int = 0
    data: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    allow_skip: bool = True
    deleted: bool = False
    slots: int = 0
    covered: bool = True
    draw: float = 0.0
    additional: int = 0
    leases: Mapping[int, Lease] = field(default_factory=lambda: EMPTY)
    lapsed: frozenset[int] = frozenset()
    assigned: frozenset[int] = frozenset()
    reviewers: frozenset[int] = frozenset()
    annotations: Mapping[int, Annotation] = field(default_factory=lambda: EMPTY)
    skips: Mapping[int, SkipMode] = field(default_factory=lambda: EMPTY)
    locked_out: frozenset[int] = frozenset()
    ground_truth: int | None = None
    comments: Mapping[int, Comment] = field(default_factory=lambda: EMPTY)
    feedback: Mapping[int, int] = field(default_factory=lambda: EMPTY)
    wanted: frozenset[int] | None = None
    wanted_until: datetime | None = None
    resolution: Resolution = Resolution.PENDING
    sampled: bool | None = None
    awaits_routing: bool = False
    review_hold: ReviewHold | None = None
    second_reviews: Mapping[int, SecondReview] = field(default_factory=lambda: EMPTY)
    state: TaskState = TaskState.CREATED
    times: Times = field(default_factory=Times)

    @property
    def exists(self) -> bool:
        """Whether the task was imported and not deleted."""
        return self.slots > 0 and not self.deleted

    @property
    def live(self) -> Iterable[Annotation]:
        """The annotations that have not been deleted, oldest first."""
        return (annotation for annotation in self.annotations.values() if not annotation.deleted)

    @property
    def counted(self) -> list[Annotation]:
        """The answers that fill a slot: not deleted, not the ground truth, not passed on to somebody else."""
        return [a for a in self.live if a.id != self.ground_truth and a.standing is not Standing.PASSED_ON]

    @property
    def compared(self) -> list[tuple[int, int]]:
        """Annotation id and revision of every answer that agreement compares, by id."""
        return sorted((a.id, a.revision) for a in self.counted if a.standing is not Standing.REMOVED)

    def annotation_of(self, person: int) -> Annotation | None:
        """What this person answered, unless it was deleted."""
        return next((a for a in self.live if a.annotator == person), None)

    def touched(self) -> set[int]:
        """Everybody to whom the task must never be handed anew."""
        skipped = {person for person, mode in self.skips.items() if mode is not SkipMode.REQUEUE_FOR_ME}
        return {*self.locked_out, *skipped, *(annotation.annotator for annotation in self.live)}

    def has_touched(self, person: int) -> bool:
        """Whether the task must never be handed to this person anew. A skip that is to come back does not count."""
        return (
            person in self.locked_out
            or self.skips.get(person) not in (None, SkipMode.REQUEUE_FOR_ME)
            or self.annotation_of(person) is not None
        )

    def answered(self) -> set[int]:
        """The people whose answer, or final skip, counts toward the overlap."""
        people = {annotation.annotator for annotation in self.counted}
        return people | {person for person, mode in self.skips.items() if mode is SkipMode.IGNORE}

    def holders(self, now: datetime) -> set[int]:
        """The people who fill a slot now: by an answer, a live lease, or a skip they will come back to."""
        people = self.answered()
        people |= {lease.person for lease in self.leases.values() if lease.expires_at > now}
        return people | {person for person, mode in self.skips.items() if mode is SkipMode.REQUEUE_FOR_ME}

    def has_room_for(self, person: int, now: datetime) -> bool:
        """Whether a slot is free for this person; their own hold does not stand in their way."""
        return len(self.holders(now) - {person}) < self.slots and self.admits(person, now)

    def admits(self, person: int, now: datetime) -> bool:
        """Whether the free slot is not kept for others."""
        over = self.wanted_until is not None and self.wanted_until <= now
        return self.wanted is None or over or person in self.wanted

    @property
    def wanted_for_good(self) -> frozenset[int] | None:
        """Who alone may have the free slot, however long it takes; None where anybody may, now or some time."""
        return self.wanted if self.wanted_until is None else None

    def with_annotation(self, annotation: Annotation) -> Task:
        """The task with this annotation in place of the one with its id."""
        return replace(self, annotations={**self.annotations, annotation.id: annotation})
