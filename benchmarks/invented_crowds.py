"""Invented crowds, each hard in a way of its own: how a policy does where nobody has tuned it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from annolog.domain.simulation.recording import RecordedAnswer, Recording


@dataclass(frozen=True, slots=True)
class Crowd:
    """How tasks, people and answers come about.

    `skill` has the parameters of the beta distribution of accuracies, `own` how much each person's accuracy differs by
    label (a deviation in logits), and `lean` how everybody's does. `confused` has the weights of errors. Shares of the
    people guess, or nearly always give the same label, or are nearly always wrong; a share of the tasks is misleading.
    Some people do far more than others unless all are `equally_busy`.
    """

    tasks: int
    people: int
    answers: int
    prior: Sequence[float] = (0.5, 0.5)
    skill: tuple[float, float] = (8.0, 3.0)
    own: float = 0.0
    lean: Sequence[float] | float = 0.0
    confused: Sequence[Sequence[float]] | None = None
    guessing: float = 0.0
    monotonous: float = 0.0
    contrary: float = 0.0
    misleading: float = 0.0
    equally_busy: bool = False


PAIRS = ((0, 8, 1, 1), (8, 0, 1, 1), (1, 1, 0, 8), (1, 1, 8, 0))
CROWDS = {
    "everybody good": Crowd(1000, 50, 5, skill=(40, 1)),
    "everybody alike": Crowd(600, 200, 7, (1 / 3,) * 3, skill=(60, 25)),
    "few answers": Crowd(1500, 300, 3),
    "three labels, long tail": Crowd(1000, 400, 5, (1 / 3,) * 3, skill=(6, 3)),
    "eight people": Crowd(300, 8, 8, own=0.5, equally_busy=True),
    "rare label": Crowd(1500, 100, 6, (0.97, 0.03), skill=(8, 2), own=0.5),
    "rare label, often missed": Crowd(1500, 100, 8, (0.88, 0.12), skill=(6, 2.5), own=0.7, lean=(0.0, -0.8)),
    "40 % guess": Crowd(800, 100, 8, guessing=0.4),
    "15 % contrary": Crowd(800, 80, 8, contrary=0.15),
    "25 % monotonous": Crowd(800, 60, 6, monotonous=0.25),
    "guessing, monotonous, 4 labels": Crowd(600, 80, 8, (0.25,) * 4, skill=(6, 4), guessing=0.3, monotonous=0.15),
    "pairs confused": Crowd(800, 100, 9, (0.25,) * 4, skill=(6, 4), own=0.6, confused=PAIRS),
    "pairs confused one way": Crowd(
        800, 100, 9, (0.25,) * 4, skill=(6, 4), own=0.6, lean=(1, -1, 1, -1), confused=PAIRS
    ),
    "12 labels": Crowd(600, 80, 7, tuple(range(12, 0, -1)), skill=(5, 4), own=0.7),
    "30 % misleading": Crowd(800, 100, 10, skill=(9, 2), misleading=0.3),
    "30 % misleading, 5 labels": Crowd(400, 80, 15, (3, 3, 2, 1, 1), skill=(7, 2.5), own=0.6, misleading=0.3),
    "all answer all": Crowd(108, 39, 39, skill=(6, 3), own=1.0, lean=(-0.5, 0.5), misleading=0.15, equally_busy=True),
    "all lean to one label": Crowd(800, 80, 10, skill=(8, 4), own=1.0, lean=(1.2, -1.2)),
}


def invented(crowd: Crowd, seed: int) -> Recording:
    """The answers of such a crowd; the same seed gives the same ones."""
    chance = np.random.default_rng(seed)
    prior = np.asarray(crowd.prior, np.float64) / sum(crowd.prior)
    classes = len(prior)
    truths = chance.choice(classes, crowd.tasks, p=prior)
    lures = (truths + 1 + chance.integers(classes - 1, size=crowd.tasks)) % classes
    misleading = chance.random(crowd.tasks) < crowd.misleading
    matrices = _matrices(crowd, classes, chance)
    # Nobody does so much that a crowd is but a few people.
    busy = np.ones(crowd.people) if crowd.equally_busy else np.minimum(chance.pareto(1.0, crowd.people) + 0.05, 4.0)
    answers = []
    for task, true in enumerate(truths):
        for person in chance.choice(crowd.people, min(crowd.answers, crowd.people), replace=False, p=busy / busy.sum()):
            shares = matrices[person, true]
            if misleading[task]:
                shares = (shares + matrices[person, lures[task]]) / 2
            label = chance.choice(classes, p=shares / shares.sum())
            answers.append(RecordedAnswer(task, int(person), f"{label:02}"))
    return Recording.of(answers, {task: f"{true:02}" for task, true in enumerate(truths)})


def _matrices(crowd: Crowd, classes: int, chance: np.random.Generator) -> np.ndarray:
    """A confusion matrix a person."""
    accuracy = np.clip(chance.beta(*crowd.skill, crowd.people), 0.01, 0.99)
    logits = np.log(accuracy / (1 - accuracy))[:, None] + crowd.own * chance.standard_normal((crowd.people, classes))
    right = 1 / (1 + np.exp(-(logits + np.asarray(crowd.lean))))
    own = np.eye(classes)
    errors = 1 - own if crowd.confused is None else np.asarray(crowd.confused, np.float64)
    errors = errors / errors.sum(axis=1, keepdims=True)
    matrices = right[:, :, None] * own + (1 - right)[:, :, None] * errors
    lots = chance.random(crowd.people)
    guessing = lots < crowd.guessing
    monotonous = ~guessing & (lots < crowd.guessing + crowd.monotonous)
    contrary = ~guessing & ~monotonous & (lots < crowd.guessing + crowd.monotonous + crowd.contrary)
    matrices[guessing] = 1 / classes
    for person in np.flatnonzero(monotonous):
        matrices[person] = 0.95 * own[chance.integers(classes)] + 0.05 / classes
    matrices[contrary] = 0.1 * own + 0.9 * errors
    return matrices
