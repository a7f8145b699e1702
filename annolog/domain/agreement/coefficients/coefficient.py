"""What a coefficient is, and why there may be none."""

from __future__ import annotations

from dataclasses import dataclass

NO_PAIR = "no task has two answers"
ONE_CATEGORY = "everybody gave one and the same answer, so chance explains it all"
NEGATIVE = "some answers are below zero, so the ratio level has no meaning"


def not_numbers(scale: str) -> str:
    """The reason why a scale that needs numbers says nothing about answers that are none."""
    return f"the answers are not numbers, so the {scale} has no meaning"


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient, or the reason in words why there is none.

    `answers` counts the answers that had a companion and `units` the units that they belong to. `interval` is where
    the value lies at the level of confidence that was asked for; None where nobody asked or chance allows none.
    `pairs` is how many pairs of answers were compared for what chance would do, where answers are compared one by one;
    `sampled` says that they were drawn from among all.
    """

    value: float | None
    reason: str | None = None
    answers: int = 0
    units: int = 0
    interval: tuple[float, float] | None = None
    pairs: int | None = None
    sampled: bool = False
