"""How well each person answers, with how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np

from annolog.domain.consensus.expectation import DawidSkene, Floats, rounded
from annolog.domain.consensus.fitting import Fit
from annolog.domain.consensus.models import Kind
from annolog.domain.consensus.verdicts import TIE

Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share with its 95% interval, and the count of answers it is a share of: expected, so it may be a fraction.

    The interval is Wilson's (1927, "Probable Inference, the Law of Succession, and Statistical Inference"), which
    stays within 0 and 1 and holds for few answers. It says how far chance in this person's answers may reach; that
    the consensus they are held against may be wrong is not in it.
    """

    share: float
    low: float
    high: float
    answers: float


@dataclass(frozen=True, slots=True)
class Skill:
    """How well one person answers.

    `labels` has their recall for each true label that tasks of theirs are expected to have. `confusion` is the
    expected count of answers by true and given label. `tasks` is how many tasks all of it rests on.
    """

    accuracy: Estimate
    labels: Mapping[str, Estimate]
    confusion: Mapping[tuple[str, str], float]
    tasks: int


def skills(fit: Fit, *, known_only: bool = False) -> dict[int, Skill]:
    """The skill of everybody of whom there is evidence: answers to tasks with other answers or with a known one.

    It is what was counted, without the shrinkage that a model judges with. A known answer counts whole, any other by
    the posteriors of the fit; with `known_only` nothing but known answers counts. Under the majority, whose
    posteriors are votes, the winner counts as right, and a tie counts by halves or less.
    """
    ballots = fit.ballots
    if not len(ballots.tasks):
        return {}
    evident = fit.known if known_only else fit.known | (ballots.sizes >= 2)
    steps = DawidSkene(ballots, evident, shrinkage=0.0)
    counted = rounded(steps.count(_credits(fit)))
    right, answers, confusions = counted.correct.tolist(), counted.answers.tolist(), steps.confusions(counted)
    return {
        person: _skill(ballots.labels, right[row], answers[row], confusions[row])
        for row, person in enumerate(ballots.person_ids.tolist())
        if answers[row]
    }


def wilson(right: float, answers: float, z: float = Z) -> Estimate:
    """Wilson's score interval; for no answers it is everything between 0 and 1, around one half."""
    if answers <= 0:
        return Estimate(0.5, 0.0, 1.0, 0.0)
    share = min(max(right / answers, 0.0), 1.0)
    middle = (share + z * z / (2 * answers)) / (1 + z * z / answers)
    reach = z / (1 + z * z / answers) * sqrt(share * (1 - share) / answers + z * z / (4 * answers * answers))
    return Estimate(share, max(min(middle - reach, share), 0.0), min(max(middle + reach, share), 1.0), answers)


def _credits(fit: Fit) -> Floats:
    if fit.model.kind is not Kind.MAJORITY:
        return fit.posteriors
    won = fit.posteriors >= fit.posteriors.max(axis=1, keepdims=True) - TIE
    return np.asarray(won / won.sum(axis=1, keepdims=True))


def _skill(labels: tuple[str, ...], right: float, answers: float, confusion: Mapping[tuple[int, int], float]) -> Skill:
    totals: dict[int, float] = {}
    for (true, _), count in sorted(confusion.items()):
        totals[true] = totals.get(true, 0.0) + count
    recalls = {labels[true]: wilson(confusion.get((true, true), 0.0), total) for true, total in totals.items()}
    named = {(labels[true], labels[given]): count for (true, given), count in sorted(confusion.items())}
    return Skill(wilson(right, answers), recalls, named, round(answers))
