"""Accuracy over answers a task: what a policy reaches for how much work, over its parameters and seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import TypeAlias

import numpy as np

from annolog.domain.policies.policy import Floats
from annolog.domain.simulation.outcome import Outcome

# Labels a task, and the accuracy that they give.
Line: TypeAlias = "Sequence[tuple[float, float]]"


@dataclass(frozen=True, slots=True)
class Point:
    """A policy with one parameter: means over the seeds, and how much answers and accuracy vary with them.

    The deviations are those of single seeds (n - 1), and 0 for a single one.
    """

    policy: str
    parameter: float
    seeds: int
    labels_per_task: float
    labels_deviation: float
    accuracy: float
    accuracy_deviation: float
    by_model: float
    by_majority: float
    people: float
    seconds: float
    wanting: float


def points(outcomes: Sequence[Outcome]) -> list[Point]:
    """A point for each policy and parameter, in the order they come in."""
    groups: dict[tuple[str, float], list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault((outcome.policy, outcome.parameter), []).append(outcome)
    return [_point(group) for group in groups.values()]


def accuracy_at(line: Line, budget: float) -> float:
    """The accuracy for so many labels a task, on straight lines between what is known, and outside as at the end."""
    budgets, accuracies = _ascending(line)
    return float(np.interp(budget, budgets, accuracies))


def labels_for(line: Line, accuracy: float) -> float:
    """The fewest labels a task that give this accuracy, on straight lines; nan where it is not reached."""
    budgets, accuracies = _ascending(line)
    enough = np.flatnonzero(accuracies >= accuracy)
    if not len(enough):
        return float("nan")
    at = int(enough[0])
    if at == 0:
        return float(budgets[0])
    step = (accuracy - accuracies[at - 1]) / (accuracies[at] - accuracies[at - 1])
    return float(budgets[at - 1] + step * (budgets[at] - budgets[at - 1]))


def _ascending(line: Line) -> tuple[Floats, Floats]:
    found = sorted(set(line))
    return np.array([budget for budget, _ in found]), np.array([accuracy for _, accuracy in found])


def _point(group: Sequence[Outcome]) -> Point:
    labels = [outcome.labels_per_task for outcome in group]
    accuracies = [outcome.accuracy.share for outcome in group]
    return Point(
        group[0].policy,
        group[0].parameter,
        len(group),
        fmean(labels),
        stdev(labels) if len(labels) > 1 else 0.0,
        fmean(accuracies),
        stdev(accuracies) if len(accuracies) > 1 else 0.0,
        fmean(outcome.by_model for outcome in group),
        fmean(outcome.by_majority for outcome in group),
        fmean(float((outcome.asked > 0).sum()) for outcome in group),
        fmean(outcome.seconds for outcome in group),
        fmean(outcome.wanting for outcome in group),
    )
