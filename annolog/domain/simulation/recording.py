"""Recorded answers that can be asked for again, wherever they were recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from annolog.domain.consensus.ballots import Ballots, Indexes
from annolog.domain.consensus.expectation import Floats

UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class RecordedAnswer:
    """What a person answered, and how many seconds that took, if it was recorded."""

    task: int
    person: int
    label: str
    seconds: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """The answers as ballots, and for each row the seconds it took, nan where that is not known.

    `truths` has the place of each task's true label among the labels, or `UNKNOWN`. The rows of a task stand together,
    from `starts` on.
    """

    ballots: Ballots
    seconds: Floats
    truths: Indexes
    starts: Indexes

    @classmethod
    def of(cls, answers: Iterable[RecordedAnswer], truths: Mapping[int, str]) -> Recording:
        """The recording of these answers; of two by one person to one task the last counts."""
        found = {(answer.task, answer.person): answer for answer in answers}
        ballots = Ballots.of(
            ((task, person, answer.label) for (task, person), answer in found.items()), truths.values()
        )
        durations = {key: answer.seconds for key, answer in found.items() if answer.seconds is not None}
        tasks, people = ballots.task_ids[ballots.tasks].tolist(), ballots.person_ids[ballots.people].tolist()
        seconds = np.array([durations.get(key, np.nan) for key in zip(tasks, people, strict=True)], np.float64)
        places = {label: place for place, label in enumerate(ballots.labels)}
        known = [places[truths[task]] if task in truths else UNKNOWN for task in ballots.task_ids.tolist()]
        starts = np.cumsum(ballots.sizes) - ballots.sizes
        return cls(ballots, seconds, np.array(known, np.int64), starts)

    @property
    def tasks(self) -> int:
        """How many tasks have answers."""
        return len(self.ballots.task_ids)

    @property
    def answers(self) -> int:
        """How many answers there are."""
        return len(self.ballots.tasks)
