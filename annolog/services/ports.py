"""What services look at: committed states and read models, never to write through them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from annolog.domain.drift.detector import Figure, Measure
from annolog.domain.people.state import Directory
from annolog.domain.project.state import Project
from annolog.domain.rules.conduct import Conduct
from annolog.domain.skills.skill import Skill, Source
from annolog.domain.task.state import Task

if TYPE_CHECKING:
    from annolog.domain.policies.believing import Belief


@dataclass(frozen=True, slots=True)
class Measured:
    """A task's agreement as the read model has it, by which definition, and the answers it compares.

    It is complete unless a metric of the project's own has yet to look at those answers.
    """

    score: float | None
    annotations: Sequence[tuple[int, int]]
    definition: int = 0
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How often somebody agreed with the ground truth: the mean over so many tasks."""

    score: float
    tasks: int


class States(Protocol):
    """The committed states of tasks and projects."""

    def task(self, id: int) -> Task:
        """One task."""
        ...

    def tasks(self, ids: Sequence[int]) -> Mapping[int, Task]:
        """Several tasks, found together."""
        ...

    def project(self, id: int) -> Project:
        """One project."""
        ...

    def directory(self) -> Directory:
        """Everybody there is."""
        ...


class Memberships(Protocol):
    """Which projects there are in a workspace, and for a person."""

    def in_workspace(self, workspace: int) -> Sequence[int]:
        """The projects of a workspace, by id."""
        ...

    def joined_by(self, person: int) -> Sequence[int]:
        """The projects that somebody is a member of, by id."""
        ...


class Agreement(Protocol):
    """The agreement read model."""

    def of_tasks(self, tasks: Sequence[int]) -> Mapping[int, Measured]:
        """The agreement of each task that has any answer."""
        ...

    def by_dimension(self, task: int) -> Mapping[str, float | None]:
        """The agreement of a task by dimension, None where it is not defined."""
        ...

    def accuracy(self, project: int, people: Sequence[int]) -> Mapping[int, Accuracy]:
        """Each person's agreement with the ground truth of the project, for those who have any."""
        ...


class Skills(Protocol):
    """The measured skills of people, for rules that ask how well somebody answers."""

    def of(self, project: int, people: Sequence[int], source: Source, days: int | None) -> Mapping[int, Skill]:
        """Each person's skill over all controls, of all time or of the last so many days, for those who have any.

        The days end with the latest on which anybody answered in the project, so that a replay hears the same.
        """
        ...


@dataclass(frozen=True, slots=True)
class Scores:
    """What a metric of the project's own made of annotations: by pair of their places, and of all together."""

    pairs: Sequence[tuple[int, int, float | None, str | None]]
    score: float | None
    error: str | None


class Scoring(Protocol):
    """Runs metrics of projects' own, where they can harm nobody."""

    def score(self, digest: str, source: str, annotations: Sequence[Mapping[str, Any]]) -> Scores:
        """Scores in [0, 1] of annotations in Label Studio's shape; what fails is an error of that score alone."""
        ...


class Beliefs(Protocol):
    """What policies make of tasks, by the models of people."""

    def of_tasks(self, project: Project, tasks: Sequence[Task], now: datetime) -> Mapping[int, Belief]:
        """What is believed of each task, where the policy has what it needs: by model, once there is one."""
        ...


class Queue(Protocol):
    """The assignment queue, as long-running work reads it."""

    def tasks(self, project: int, after: int, limit: int) -> Sequence[int]:
        """The project's tasks by id."""
        ...

    def by_draw(self, project: int, *, covered: bool, descending: bool, limit: int) -> Sequence[int]:
        """Tasks inside or outside the coverage, in the order of their draw."""
        ...

    def flagged(self, project: int) -> Sequence[int]:
        """Tasks that nobody was left for when they were judged."""
        ...

    def full(self, project: int) -> Sequence[int]:
        """Tasks that are not finished though as many people as they have room for have dealt with them."""
        ...

    def exhausted(self, project: int) -> Sequence[int]:
        """Tasks that stay with the answers they have though they disagree."""
        ...

    def doubted(self, project: int, limit: int) -> Sequence[int]:
        """Tasks that wait for the label budget, those that need an answer most first."""
        ...

    def free(self, project: int, people: int, most: int) -> int:
        """How many tasks have a free slot, not kept for good, that fewer than `people` have been with; up to `most`."""
        ...

    def kept(self, project: int, after: int, limit: int) -> Sequence[int]:
        """Tasks whose free slot is kept for certain people for good, by id."""
        ...

    def waiting_for(self, project: int, person: int) -> Sequence[int]:
        """Tasks with something that waits for this person: a reservation, a skip to come back to, an assignment."""
        ...

    def projects(self) -> Sequence[int]:
        """Every project, by id."""
        ...

    def reviewed_by(self, project: int, person: int) -> Sequence[int]:
        """Tasks that this person is to review."""
        ...

    def touched(self, project: int, least: int, after: int, limit: int) -> Sequence[int]:
        """Tasks with a free slot that at least so many people have to do with, or had, by id."""
        ...

    def at_limit(self, project: int, limit: int) -> Set[int]:
        """Who has that many annotations in the project, or more."""
        ...


@dataclass(frozen=True, slots=True)
class Fired:
    """What a firing was to do, and about which answers to which tasks."""

    action: Mapping[str, Any]
    tasks: Sequence[int]
    annotations: Sequence[int]


class Drifts(Protocol):
    """Somebody's work day by day."""

    def begins_a_day(self, project: int, person: int, day: str, position: int) -> bool:
        """Whether the submission at this position of the log is the person's first on this day."""
        ...

    def figures(self, project: int, person: int, measure: Measure, after: str, before: str) -> Sequence[Figure]:
        """The figure of every day strictly between two on which there is one, oldest first."""
        ...

    def window(
        self, project: int, person: int, since: str, until: str, before: int | None = None
    ) -> Sequence[tuple[int, int]]:
        """Task and annotation of what somebody answered on these days and that was not deleted, oldest first.

        With `before` only what was submitted before that position of the log.
        """
        ...


class Conducts(Protocol):
    """What is known of people's work, and what rules made of it."""

    def of_people(self, project: int, people: Sequence[int]) -> Mapping[int, Conduct]:
        """What is known of each of these people in a project."""
        ...

    def firing(self, project: int, number: int) -> Fired | None:
        """A firing of a rule."""
        ...


class Awaited(Protocol):
    """The review queue."""

    def awaited(self, project: int, after: int, limit: int) -> Sequence[int]:
        """Tasks whose agreement has yet to say whether they are reviewed, by id."""
        ...
