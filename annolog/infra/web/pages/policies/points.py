"""What simulations came to, put together by policy and parameter, and in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev
from typing import Any

from annolog.infra.web.parts.words import share

NAMES = {"rule": "Agreement rule", "confidence": "Confidence", "fixed": "Fixed number of answers"}
PARAMETERS = {
    "rule": "agreement that is enough",
    "confidence": "probability that is enough",
    "fixed": "answers a task",
}


@dataclass(frozen=True, slots=True)
class Point:
    """A policy with one parameter: means over the replays, and the mean bounds of accuracy's 95 % interval."""

    policy: str
    parameter: float
    labels: float
    accuracy: float
    low: float
    high: float
    deviation: float
    people: float
    busiest: float
    hours: float
    wanting: float
    replays: int

    @property
    def key(self) -> str:
        """Tells points apart."""
        return f"{self.policy} {self.parameter:g}"

    @property
    def name(self) -> str:
        """What it is called."""
        return f"{NAMES.get(self.policy, self.policy)} {self.parameter:g}"


def points_of(outcomes: Iterable[Mapping[str, Any]]) -> list[Point]:
    """A point for each policy and parameter of which the accuracy is known."""
    groups: dict[tuple[str, float], list[Mapping[str, Any]]] = {}
    for outcome in outcomes:
        if outcome["accuracy"] is not None:
            groups.setdefault((outcome["policy"], outcome["parameter"]), []).append(outcome)
    return [_point(policy, parameter, group) for (policy, parameter), group in groups.items()]


def _point(policy: str, parameter: float, group: Sequence[Mapping[str, Any]]) -> Point:
    def mean(name: str) -> float:
        return fmean(float(one[name]) for one in group)

    accuracies = [float(one["accuracy"]) for one in group]
    return Point(
        policy,
        parameter,
        mean("labels_per_task"),
        fmean(accuracies),
        mean("accuracy_low"),
        mean("accuracy_high"),
        stdev(accuracies) if len(group) > 1 else 0.0,
        mean("people"),
        mean("labels_of_busiest"),
        mean("seconds") / 3600,
        mean("wanting_tasks"),
        len(group),
    )


def current(settings: Mapping[str, Any]) -> tuple[str, float] | None:
    """The policy that decides in a project now, with its parameter; None for one that is not simulated."""
    rule = settings["reassignment"]
    if not rule["enabled"] or settings["assignment"]["distribution"] != "automatic":
        return "fixed", float(settings["assignment"]["overlap"])
    if rule["policy"] == "agreement":
        return "rule", float(rule["threshold"])
    return ("confidence", float(rule["confidence"])) if rule["policy"] == "confidence" else None


def cheaper(now: Point, points: Sequence[Point]) -> Point | None:
    """The one with the fewest labels among those as often right as the policy that decides now."""
    found = [point for point in points if point.accuracy >= now.accuracy and point.labels < now.labels]
    return min(found, key=lambda point: point.labels, default=None)


def better(now: Point, points: Sequence[Point]) -> Point | None:
    """The one that is most often right among those that take no more labels than the policy that decides now."""
    found = [point for point in points if point.labels <= now.labels and point.accuracy > now.accuracy]
    return max(found, key=lambda point: point.accuracy, default=None)


def summary(now: Point | None, points: Sequence[Point]) -> list[str]:
    """The outcome in a few sentences."""
    if not points:
        return ["Nothing could be compared: no task has an answer to hold others against."]
    if now is None:
        best = max(points, key=lambda point: (point.accuracy, -point.labels))
        return [f"The most accurate is {best.name}: {share(best.accuracy, 1)} for {best.labels:.2f} labels a task."]
    said = [
        f"The policy in force, {now.name}, is right for {share(now.accuracy, 1)} at {now.labels:.2f} labels a task."
    ]
    if found := cheaper(now, points):
        saved = 1 - found.labels / now.labels
        said.append(f"{found.name} is as often right with {found.labels:.2f} labels: {share(saved)} fewer.")
    if found := better(now, points):
        gain = 100 * (found.accuracy - now.accuracy)
        noise = " That is within what replays vary by." if gain < 100 * _noise(now, found) else ""
        said.append(
            f"For no more labels {found.name} is right for {share(found.accuracy, 1)}: {gain:+.1f} points.{noise}"
        )
    if len(said) == 1:
        said.append("None of the policies tried is cheaper at its accuracy, or more accurate at its cost.")
    return said


def _noise(one: Point, other: Point) -> float:
    return 2 * sqrt((one.deviation**2 + other.deviation**2) / max(1, min(one.replays, other.replays)))
