"""How a model is learnt from a project's answers, and what it then says of each task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from annolog.domain.consensus.ballots import Ballots
from annolog.domain.consensus.expectation import Counted, DawidSkene, Flags, Floats, OneCoin, normalised, rounded
from annolog.domain.consensus.models import Kind, Model, PersonSkill
from annolog.domain.consensus.shares import FLOOR
from annolog.domain.consensus.voting import agreement_with_others, vote_shares
from annolog.domain.refusals import Fault, InvalidInput, TooLarge

SHRINKAGE = 10.0
TOLERANCE = 1e-5
ITERATIONS = 200
# With fewer answers a task, a prior that is estimated as well drifts towards one label.
FEW_ANSWERS = 8.0
# From so many known answers on they show where to start from, and a start that misses most of them is a wrong one.
ENOUGH_KNOWN = 10
MOST_MISSED = 0.5
# Posteriors and confusion matrices hold at most so many numbers each (400 MB).
MOST_NUMBERS = 50_000_000


class Prior(StrEnum):
    """How frequent the labels are taken to be: as often as they were given, or as it fits the tasks best.

    `AUTOMATIC` estimates with at least `FEW_ANSWERS` answers a task.
    """

    AUTOMATIC = "automatic"
    ANSWERED = "answered"
    ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A model, and what it says of each task it was fitted on.

    A row of `posteriors` belongs to a task of `ballots`, whose labels are the columns. It sums to 1 and is what the
    model, rounded as it is, says; a known answer has 1. `log_likelihood` is that of the answers in nats, and None for
    the majority, which has no idea of how answers come about. Not converged means that a posterior still moved by
    more than the tolerance when the iterations were used up.
    """

    model: Model
    ballots: Ballots
    posteriors: Floats
    known: NDArray[np.bool_]
    iterations: int
    log_likelihood: float | None
    converged: bool


def fit(
    ballots: Ballots,
    kind: Kind,
    known: Mapping[int, str] | None = None,
    start: Model | None = None,
    *,
    shrinkage: float = SHRINKAGE,
    prior: Prior = Prior.AUTOMATIC,
    tolerance: float = TOLERANCE,
    iterations: int = ITERATIONS,
) -> Fit:
    """Fit a model of one kind to the answers.

    `known` are ground truths. Their posteriors are fixed, and their answers are evidence about people; a task without
    ground truth that has one answer is none, since it could only confirm itself.

    `start` is an earlier model, from which fewer iterations lead to the same optimum, or with many labels to one
    beside it. One that has other labels, no people, or most known answers wrong is passed over. Then the start is
    what known answers show of people, so that a crowd that is mostly wrong does not hide it, or else the votes.
    `shrinkage=0` with `Prior.ESTIMATED` is the method as Dawid and Skene wrote it.
    """
    _refuse_nonsense(shrinkage, tolerance, iterations)
    ballots = ballots.with_labels((known or {}).values())
    _refuse_too_large(ballots, kind)
    learning = _Learning(ballots, kind, known or {}, shrinkage, prior)
    if not len(ballots.tasks):
        return learning.untaught()
    if kind is Kind.MAJORITY:
        return learning.by_majority()
    if kind is Kind.WEIGHTED:
        return learning.by_weight()
    return learning.by_turns(start, tolerance, iterations)


class _Learning:
    """One fit: what stays the same while posteriors and counts take turns."""

    def __init__(self, ballots: Ballots, kind: Kind, known: Mapping[int, str], shrinkage: float, prior: Prior) -> None:
        self.ballots, self.kind, self.shrinkage = ballots, kind, shrinkage
        self.certain, self.fixed = _certainties(ballots, known)
        self.evident = self.fixed | (ballots.sizes >= 2)
        enough = len(ballots.tasks) > 0 and ballots.sizes.mean() >= FEW_ANSWERS
        wanted = prior is Prior.ESTIMATED or (prior is Prior.AUTOMATIC and enough)
        self.estimates_prior = wanted and bool(self.evident.any())
        # One pseudo-task, so that a label that nobody gave is rare and not impossible.
        self.smoothing = 1.0 if shrinkage else 0.0

    def untaught(self) -> Fit:
        """What holds before anybody answered."""
        return self._fitted({}, self._even(), self.certain)

    def by_majority(self) -> Fit:
        """Shares of votes."""
        posteriors = self._held(vote_shares(self.ballots))
        return self._fitted({}, self._answered(), posteriors)

    def by_weight(self) -> Fit:
        """One look at how often people agree with the majority of the others, and then a weighted vote.

        A vote weighs log(p (K - 1) / (1 - p)) for K labels, with p how often they agree, shrunk towards the crowd. With
        two labels that is the optimum of Nitzan and Paroush 1982, "Optimal Decision Rules in Uncertain Dichotomous
        Choice Situations". The posterior is that of one coin with labels that are equally frequent.
        """
        steps = OneCoin(self.ballots, self.evident, self.shrinkage)
        counted = rounded(agreement_with_others(self.ballots, self.certain, self.fixed, self.evident))
        prior = self._even()
        posteriors, likelihood = self._judged(steps, counted, prior)
        return self._fitted(self._people(steps, counted), prior, posteriors, 1, likelihood)

    def by_turns(self, start: Model | None, tolerance: float, iterations: int) -> Fit:
        """Expectation and maximisation until no posterior moves."""
        steps = self._steps(self.kind)
        posteriors = self._first(start)
        converged = False
        done = 1
        while done < iterations and not converged:
            before = posteriors
            posteriors, _ = self._judged(steps, steps.count(before), self._prior(before))
            converged = bool(np.abs(posteriors - before).max() < tolerance)
            done += 1
        counted, prior = rounded(steps.count(posteriors)), self._prior(posteriors)
        posteriors, likelihood = self._judged(steps, counted, prior)
        return self._fitted(self._people(steps, counted), prior, posteriors, done, likelihood, converged)

    def _steps(self, kind: Kind) -> OneCoin | DawidSkene:
        steps = DawidSkene if kind is Kind.DAWID_SKENE else OneCoin
        return steps(self.ballots, self.evident, self.shrinkage)

    def _first(self, start: Model | None) -> Floats:
        """What an earlier model says of the tasks, or people as ground truth shows them, or the shares of the votes."""
        if start is not None and start.people and start.labels == self.ballots.labels:
            alike = self.kind is start.kind is Kind.DAWID_SKENE
            steps = self._steps(Kind.DAWID_SKENE if alike else Kind.ONE_COIN)
            joint = steps.evidence(steps.recalled(start)) + np.log(start.prior)
            missed = self.certain[self.fixed, joint[self.fixed].argmax(axis=1)] == 0
            if not len(missed) or missed.mean() <= MOST_MISSED:
                return self._held(normalised(joint)[0])
        if self.fixed.sum() >= ENOUGH_KNOWN:
            shown = OneCoin(self.ballots, self.fixed, self.shrinkage).count(self.certain)
            return self._judged(self._steps(Kind.ONE_COIN), shown, self._answered())[0]
        return self._held(vote_shares(self.ballots))

    def _judged(self, steps: OneCoin | DawidSkene, counted: Counted, prior: Floats) -> tuple[Floats, float]:
        joint = steps.evidence(counted) + np.log(prior)
        # A known label leaves nothing to sum over.
        joint[self.fixed] = np.where(self.certain[self.fixed] > 0, joint[self.fixed], -np.inf)
        posteriors, likelihoods = normalised(joint)
        return posteriors, float(likelihoods.sum())

    def _held(self, posteriors: Floats) -> Floats:
        return np.where(self.fixed[:, None], self.certain, posteriors)

    def _prior(self, posteriors: Floats) -> Floats:
        if not self.estimates_prior:
            return self._answered()
        return _distribution(posteriors[self.evident].sum(axis=0), self.smoothing)

    def _answered(self) -> Floats:
        given = np.bincount(self.ballots.answers, minlength=len(self.ballots.labels))
        return _distribution(given.astype(np.float64), self.smoothing)

    def _even(self) -> Floats:
        classes = len(self.ballots.labels)
        return np.full(classes, 1 / max(classes, 1))

    def _people(self, steps: OneCoin | DawidSkene, counted: Counted) -> dict[int, PersonSkill]:
        """Everybody of whom there is evidence."""
        confusions = steps.confusions(counted)
        people = zip(
            self.ballots.person_ids.tolist(),
            counted.correct.tolist(),
            counted.answers.tolist(),
            confusions,
            strict=True,
        )
        return {person: PersonSkill(right, total, counts) for person, right, total, counts in people if total}

    def _fitted(
        self,
        people: Mapping[int, PersonSkill],
        prior: Floats,
        posteriors: Floats,
        iterations: int = 0,
        log_likelihood: float | None = None,
        converged: bool = True,
    ) -> Fit:
        ballots = self.ballots
        shares, tasks, answers = tuple(prior.tolist()), len(ballots.task_ids), len(ballots.tasks)
        model = Model(self.kind, ballots.labels, shares, people, self.shrinkage, tasks, answers)
        return Fit(model, ballots, posteriors, self.fixed, iterations, log_likelihood, converged)


def _certainties(ballots: Ballots, known: Mapping[int, str]) -> tuple[Floats, Flags]:
    """A row with a 1 for each task whose answer is known, and which tasks those are."""
    places = {label: place for place, label in enumerate(ballots.labels)}
    rows = {task: row for row, task in enumerate(ballots.task_ids.tolist())} if known else {}
    certain = np.zeros((len(ballots.task_ids), len(ballots.labels)))
    fixed = np.zeros(len(ballots.task_ids), np.bool_)
    for task, label in known.items():
        if (row := rows.get(task)) is not None:
            certain[row, places[label]] = 1.0
            fixed[row] = True
    return certain, fixed


def _distribution(counts: Floats, smoothing: float) -> Floats:
    weights = counts + smoothing / max(len(counts), 1) + FLOOR
    return np.asarray(weights / weights.sum())


def _refuse_nonsense(shrinkage: float, tolerance: float, iterations: int) -> None:
    for name, right, message in (
        ("shrinkage", 0 <= shrinkage < np.inf, "shrinkage must be a number of pseudo-labels, 0 or more"),
        ("tolerance", 0 <= tolerance < np.inf, "tolerance must be 0 or more"),
        ("iterations", iterations >= 1, "iterations must be at least 1"),
    ):
        if not right:
            raise InvalidInput(f"/{name}: {message}", faults=[Fault(f"/{name}", message)])


def fits_into_memory(ballots: Ballots, kind: Kind) -> bool:
    """Whether there are not too many labels for so many tasks or, in confusion matrices, so many people."""
    classes = len(ballots.labels)
    cells = min(len(ballots.tasks), len(ballots.person_ids) * classes) if kind is Kind.DAWID_SKENE else 0
    return max(len(ballots.task_ids), cells) * classes <= MOST_NUMBERS


def _refuse_too_large(ballots: Ballots, kind: Kind) -> None:
    if not fits_into_memory(ballots, kind):
        classes = len(ballots.labels)
        raise TooLarge(f"{len(ballots.task_ids)} tasks with {classes} labels are more than a {kind.value} model takes")
