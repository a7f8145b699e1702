"""What the confidence policy is for: as right with fewer answers, on a crowd that really worked."""

from __future__ import annotations

from functools import cache
from statistics import fmean

import pytest

from annolog.domain.policies.catalogue import policies
from annolog.domain.simulation.curve import accuracy_at, labels_for, points
from annolog.domain.simulation.outcome import Outcome, of_all_answers, outcome
from annolog.domain.simulation.recording import RecordedAnswer, Recording
from annolog.domain.simulation.replaying import replay
from tests.domain.consensus.crowds import recorded

SEEDS = range(2)


@cache
def crowd(name: str) -> Recording:
    answers, truth = recorded(name)
    return Recording.of((RecordedAnswer(*answer) for answer in answers), truth)


@cache
def found(name: str, policy: str, *parameters: float) -> list[Outcome]:
    recording = crowd(name)
    chosen = policies(policy, int(recording.ballots.sizes.max()), parameters)
    return [
        outcome(recording, stop, seed, recording.truths) for seed in SEEDS for stop in replay(recording, chosen, seed)
    ]


def line(name: str) -> list[tuple[float, float]]:
    some = (0.3, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
    return [(point.labels_per_task, point.accuracy) for point in points(found(name, "confidence", *some))]


def rule(name: str) -> tuple[float, float]:
    [point] = points(found(name, "rule", 0.75))
    return point.labels_per_task, point.accuracy


@pytest.mark.parametrize(("name", "labels", "right"), [("rte", 6.70, 0.891), ("zc_us", 4.10, 0.860)])
def test_the_rule_costs_and_reaches_what_was_measured_elsewhere(name: str, labels: float, right: float) -> None:
    assert rule(name) == (pytest.approx(labels, abs=0.2), pytest.approx(right, abs=0.008))


def test_as_right_as_the_majority_of_all_answers_with_a_quarter_of_them() -> None:
    recording = crowd("rte")
    share = labels_for(line("rte"), of_all_answers(recording)) / (recording.answers / recording.tasks)
    assert share <= 0.27


def test_as_right_as_the_rule_with_two_fifths_of_its_labels() -> None:
    labels, right = rule("rte")
    assert labels_for(line("rte"), right) / labels <= 0.39


def test_more_often_right_than_the_rule_for_as_many_labels_also_where_people_mislead_a_confusion_model() -> None:
    for name, least in (("rte", 0.02), ("zc_us", 0.0)):
        labels, right = rule(name)
        assert accuracy_at(line(name), labels) >= right + least


def test_the_busiest_are_those_who_are_right() -> None:
    """Routing prefers people whose answers tell most: they are more often right than people are on average."""
    recording = crowd("rte")
    ballots = recording.ballots
    right = ballots.answers == recording.truths[ballots.tasks]
    chosen = next(stop.rows for stop in replay(recording, policies("confidence", 10, [0.9]), SEEDS[0]))
    assert fmean(right[chosen].tolist()) > fmean(right.tolist()) + 0.03
