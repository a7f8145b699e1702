"""What the command side needs from the outside, in its own words. infra keeps these promises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from annolog.domain.ids import IdSource
from annolog.domain.people.sessions import Session
from annolog.domain.project.settings import ReviewSettings
from annolog.domain.project.state import Project
from annolog.domain.recorded import Recorded
from annolog.domain.task.candidates import Candidate
from annolog.domain.task.kinds import ReviewStage


class StreamMoved(Exception):
    """Somebody else appended to a stream in between. The command is decided again on the newer history."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """The first answer to a command, kept for whoever sends it again."""

    command_id: UUID
    fingerprint: bytes
    actor: int
    position: int
    answer: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """Unfinished or refused work. Not history: the latest replaces the one before."""

    project: int
    task: int
    person: int
    result: list[dict[str, Any]]
    lead_time: float | None
    reason: str
    # Said by the log of what it keeps.
    saved_at: datetime | None = None


class AssignmentQueue(Protocol):
    """Which task comes next, as of the last committed command."""

    def leased(self, project: int, person: int, now: datetime) -> Sequence[int]:
        """The tasks that the person holds a live lease on, the one that ends first before others."""
        ...

    def returned(self, project: int, person: int) -> Iterable[Candidate]:
        """Annotations that reviewers sent back to this person, oldest first."""
        ...

    def assigned(self, project: int, person: int) -> Iterable[Candidate]:
        """Tasks manually assigned to the person that they have not answered, oldest assignment first."""
        ...

    def ground_truth(self, project: int, person: int) -> Iterable[Candidate]:
        """Tasks with a ground truth that the person has not touched."""
        ...

    def wanted(self, project: int, person: int) -> Iterable[Candidate]:
        """Tasks with a free slot that is kept for this person among others, the one kept longest first."""
        ...

    def open(self, project: Project, person: int, *, tests: bool = True) -> Iterable[Candidate]:
        """Tasks with a free slot that the person has not touched, in the project's order; without `tests` only those
        of which no truth is known. Whose truth was cleared may be found with `tests` alone.
        """
        ...

    def skipped(self, project: int, person: int) -> Iterable[Candidate]:
        """Tasks the person skipped and is to see again, oldest skip first."""
        ...

    def submitted(self, project: int, person: int) -> int:
        """How many annotations the person has in the project, deleted ones not counted."""
        ...

    def at_limit(self, project: int, limit: int) -> Set[int]:
        """Who has that many annotations in the project, or more."""
        ...

    def evaluated(self, project: int, person: int) -> int:
        """How many tasks with a ground truth the person has answered."""
        ...

    def overdue(self, project: int, now: datetime) -> Iterable[Candidate]:
        """Tasks of the project with a lease that has run out and was not ended yet, the longest overdue first."""
        ...

    def is_open(self, project: int) -> bool:
        """Whether any task has a free slot."""
        ...

    def next_expiry(self, project: int, now: datetime) -> datetime | None:
        """When the first of the project's reservations runs out, None where there are none."""
        ...

    def lapsed_pauses(self, now: datetime, limit: int) -> Sequence[int]:
        """Projects in which the time of somebody's pause is over and the pause was not ended yet."""
        ...

    def kept_until(self, project: int) -> tuple[bool, datetime | None]:
        """Whether any free slot is kept for certain people, and when the first of them is anybody's, if ever."""
        ...

    def lapsed_preferences(self, now: datetime, limit: int) -> Sequence[int]:
        """Tasks whose slot was kept for certain people until a time that is over."""
        ...

    def lapsed(self, now: datetime, limit: int) -> Sequence[int]:
        """Tasks with a lease that has run out, the longest overdue first."""
        ...

    def tasks(self, project: int, after: int, limit: int) -> Sequence[int]:
        """The project's tasks by id."""
        ...


class ReviewQueue(Protocol):
    """Which task comes next to whom for review, as of the last committed command."""

    def held(self, project: int, reviewer: int, now: datetime) -> Sequence[tuple[str, int]]:
        """The tasks that the reviewer has before them and at which stage, the one that ends first before others."""
        ...

    def to_review_again(self, project: int, reviewer: int, stage: ReviewStage, now: datetime) -> Iterable[int]:
        """Tasks with something that waits at a later stage and might come to the reviewer, what waits longest first."""
        ...

    def to_review(self, project: int, reviewer: int, rules: ReviewSettings, now: datetime) -> Iterable[int]:
        """Tasks that might come to the reviewer, in the project's order; finished ones before others."""
        ...

    def quota(self, project: int, name: str) -> int:
        """How many tasks, or reviews, a quota of the project has had."""
        ...


@dataclass(slots=True)
class Credentials:
    """What a command says of what people come in with: hashes of passwords by person, None to drop one, and digests
    of sessions.
    """

    passwords: dict[int, str | None] = field(default_factory=dict)
    begun: list[Session] = field(default_factory=list)
    seen: dict[str, datetime] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    # Of whom every session ends.
    ended_of: set[int] = field(default_factory=set)
    # Of whom every session ends that had begun by then.
    ended_by: dict[int, datetime] = field(default_factory=dict)
    # Providers, with what each calls a session of its own that ended.
    ended_there: set[tuple[str, str]] = field(default_factory=set)
    # Sessions that were not seen since the first, or began before the second, are forgotten.
    lapsed: tuple[datetime, datetime] | None = None

    @property
    def says_nothing(self) -> bool:
        """Whether there is nothing to keep."""
        ended = self.ended or self.ended_of or self.ended_by or self.ended_there
        return not (self.passwords or self.begun or self.seen or ended)


class Transaction(Protocol):
    """One durable unit of writing, held by one writer at a time."""

    queue: AssignmentQueue
    reviews: ReviewQueue

    @property
    def head(self) -> int:
        """The position of the latest event."""
        ...

    def streams(self, names: Sequence[str]) -> Mapping[str, Sequence[Recorded]]:
        """The whole history of each stream, in order; an unknown stream has none."""
        ...

    def moved_since(self, position: int) -> Iterable[str]:
        """The streams that have events beyond a position."""
        ...

    def remembered(self, ids: Sequence[UUID]) -> Mapping[UUID, Remembered]:
        """The commands among these that were answered before."""
        ...

    def append(self, events: Sequence[Recorded]) -> None:
        """Record events numbered from the head on, and fold them into the hot read models; raises `StreamMoved`."""
        ...

    def remember(self, results: Sequence[Remembered]) -> None:
        """Keep answers, in the same unit as the events they speak of."""
        ...

    def keep_drafts(self, drafts: Sequence[Draft], at: datetime) -> None:
        """Keep work that is not history."""
        ...

    def forget_drafts(self, of: Sequence[tuple[int, int]]) -> None:
        """Drop the drafts of these (task, person) pairs, whose work was submitted."""
        ...

    def keep_webhook_secrets(self, secrets: Mapping[int, str | None]) -> None:
        """Keep what webhooks sign with, by webhook, in the same unit as the events; drop it where there is none."""
        ...

    def keep_credentials(self, said: Sequence[Credentials], at: datetime) -> None:
        """Keep what commands said of passwords and sessions, in the same unit as the events."""
        ...

    def keep_read_marks(self, marks: Mapping[int, int]) -> None:
        """Keep up to which position people have read their notifications, unless they have read further."""
        ...


class EventLog(Protocol):
    """Append-only. A reader that has passed a position never finds a new event at or below it."""

    @property
    def ids(self) -> IdSource:
        """Where ids come from."""
        ...

    def transaction(self) -> AbstractContextManager[Transaction]:
        """A unit that commits on leaving, durably, or not at all.

        `Overloaded` if others hold the log for too long, `Unavailable` if it cannot be reached; then it may be that the
        commit took place and its acknowledgement was lost. `Superseded` if a newer version of this program has taken
        over.
        """
        ...

    def streams(self, names: Sequence[str]) -> Mapping[str, Sequence[Recorded]]:
        """The committed history of each stream."""
        ...

    def after(self, position: int, limit: int) -> Sequence[Recorded]:
        """The committed log beyond a position, in order."""
        ...

    def newer_versions(self, position: int) -> tuple[int, Mapping[str, int]]:
        """The head of the log, and the versions of the streams that have events beyond a position."""
        ...

    def announce(self) -> None:
        """Wake whoever follows the log."""
        ...


class Clock(Protocol):
    """Tells the time."""

    def __call__(self) -> datetime:
        """Now, in UTC."""
        ...


class Observer(Protocol):
    """Is told how the bus does. What it does with that must be quick and never fail."""

    def answered(self, command: str, outcome: str, seconds: float) -> None:
        """A command got its answer: `done`, `repeated`, `failed`, or `refused:` and the code."""
        ...

    def committed(self, commands: int, events: Sequence[Recorded], seconds: float) -> None:
        """A batch became durable."""
        ...

    def conflicted(self) -> None:
        """A batch has to be decided again because somebody else was quicker."""
        ...


class Unobserved:
    """Nobody is told."""

    def answered(self, command: str, outcome: str, seconds: float) -> None:
        """Nothing happens."""

    def committed(self, commands: int, events: Sequence[Recorded], seconds: float) -> None:
        """Nothing happens."""

    def conflicted(self) -> None:
        """Nothing happens."""
