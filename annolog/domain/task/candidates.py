"""A task on its way to somebody, before the task itself has agreed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Lane(StrEnum):
    """Why somebody is offered a task, the most urgent reason first."""

    RETURNED = "returned"
    HELD = "held"
    ASSIGNED = "assigned"
    GROUND_TRUTH = "ground_truth"
    WANTED = "wanted"
    STARTED = "started"
    FRESH = "fresh"
    SKIPPED = "skipped"
    PICKED = "picked"

    @property
    def shown(self) -> Lane:
        """What the person who gets the task is told: new work looks alike, else it would tell who is being tested."""
        return Lane.FRESH if self in (Lane.GROUND_TRUTH, Lane.WANTED, Lane.STARTED) else self


@dataclass(frozen=True, slots=True)
class Candidate:
    """A task that might be handed out, and its place in its lane. The task itself has the last word.

    `score` is that of the prediction by which it has this place, if that is why.
    """

    task: int
    lane: Lane
    rank: int
    score: float | None = None
