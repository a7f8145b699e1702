"""Which kind of model fits a project.

How likely a model makes the answers does not tell how often its consensus is right: on one of four recorded crowds
the full confusion model predicts held-out answers best by far and is the worst at the truth. How often the consensus
of the others is what a held-out person answered does follow the truth. So the kinds are compared by that, and by
ground truth where there is some.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from annolog.domain.consensus.ballots import Ballots, Indexes
from annolog.domain.consensus.expectation import Floats, added
from annolog.domain.consensus.fitting import Fit, fit, fits_into_memory
from annolog.domain.consensus.models import Kind
from annolog.domain.consensus.verdicts import TIE

FOLDS = 5
# Fewer known answers than this say nothing.
FEWEST_KNOWN = 10
# A kind takes the place of another when it is better by so many standard errors, on answers or on known ones. Who is
# best on 30 known answers is mostly chance: just taking it lost 1 to 3 points on the recorded crowds.
BETTER_ON_ANSWERS = 2.0
BETTER_ON_KNOWN = 1.5
# With fewer answers a task, one accuracy a person is too little to break ties between two.
ENOUGH_FOR_ONE_COIN = 2.5
# Comparing takes many fits; so many tasks are enough for it, and posteriors that still move this much.
MOST_TASKS = 10_000
TOLERANCE = 1e-3
MOST_KNOWN = 2_000


@dataclass(frozen=True, slots=True)
class Score:
    """How a kind did where its consensus had not seen the answer.

    `agreement` is the share of held-out answers that were the consensus of the others, `accuracy` that of known
    answers, found without them; ties share the credit. The leads are in standard errors of the paired difference over
    tasks: in agreement over the usual kind, in accuracy over the kind that the answers ask for. None is what could not
    be compared.
    """

    agreement: float | None
    agreement_lead: float
    accuracy: float | None
    accuracy_lead: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a kind was chosen: the usual one, the one that the answers alone ask for, and how all of them did."""

    usual: Kind
    on_answers: Kind
    scores: Mapping[Kind, Score]
    tasks: int
    known: int


def choose_kind(ballots: Ballots, known: Mapping[int, str] | None = None) -> tuple[Kind, Evidence]:
    """The kind of model that fits these answers, and why.

    The usual kind is one accuracy a person or, with very few answers a task, the confusion model. Another takes its
    place if it agrees clearly better with held-out answers; and yet another if it is better on ground truth, of which
    there must be `FEWEST_KNOWN` answered tasks. Folds depend on ids alone, so the same answers choose the same. Where
    there are too many labels for confusion matrices, that kind has no score and is not chosen.
    """
    ballots = ballots.with_labels((known or {}).values())
    truths = _answered(ballots, known or {})
    kinds = [kind for kind in Kind if kind is not Kind.DAWID_SKENE or fits_into_memory(ballots, kind)]
    ballots = _thinned(ballots, truths)
    few = not len(ballots.tasks) or ballots.sizes.mean() < ENOUGH_FOR_ONE_COIN
    usual = Kind.DAWID_SKENE if few and Kind.DAWID_SKENE in kinds else Kind.ONE_COIN
    agreements, asked = _agreements(ballots, kinds)
    on_answers = _leads(agreements, usual)
    chosen = _best(agreements, on_answers, usual, BETTER_ON_ANSWERS)
    accuracies = _accuracies(ballots, kinds, truths) if len(truths) >= FEWEST_KNOWN else {}
    on_known = _leads(accuracies, chosen)
    scores = {
        kind: Score(
            float(agreements[kind].sum()) / asked if agreements else None,
            on_answers[kind],
            float(accuracies[kind].mean()) if accuracies else None,
            on_known[kind],
        )
        for kind in kinds
    }
    best = _best(accuracies, on_known, chosen, BETTER_ON_KNOWN)
    return best, Evidence(usual, chosen, scores, len(ballots.task_ids), len(truths))


def _answered(ballots: Ballots, known: Mapping[int, str]) -> dict[int, str]:
    """The known answers to tasks that people answered, or evenly spread ones of very many."""
    tasks = sorted(known.keys() & set(ballots.task_ids.tolist())) if known else []
    return {task: known[task] for task in tasks[:: -(-len(tasks) // MOST_KNOWN) or 1]}


def _thinned(ballots: Ballots, truths: Mapping[int, str]) -> Ballots:
    """The ballots, or those of evenly spread tasks of very many, and of known ones."""
    step = -(-len(ballots.task_ids) // MOST_TASKS)
    if step <= 1:
        return ballots
    kept = np.isin(ballots.task_ids, list(truths))
    kept[::step] = True
    return ballots.only(kept[ballots.tasks])


def _agreements(ballots: Ballots, kinds: Sequence[Kind]) -> tuple[dict[Kind, Floats], int]:
    """For each kind and task, how many of its answers were the consensus without them; and how many were asked.

    Only tasks with two answers or more are asked: of a single one nothing is left.
    """
    compared = ballots.only((ballots.sizes >= 2)[ballots.tasks])
    if not len(compared.tasks):
        return {}, 0
    starts = np.cumsum(compared.sizes) - compared.sizes
    places = np.arange(len(compared.tasks)) - starts[compared.tasks]
    folds = (places + compared.tasks) % FOLDS
    return {kind: _agreement(compared, kind, folds) for kind in kinds}, len(compared.tasks)


def _agreement(ballots: Ballots, kind: Kind, folds: Indexes) -> Floats:
    credit = np.zeros(len(ballots.tasks))
    for fold in range(FOLDS):
        held = folds == fold
        if held.any() and not held.all():
            fitted = fit(ballots.only(~held), kind, tolerance=TOLERANCE)
            credit[held] = _credit(fitted, ballots.task_ids[ballots.tasks[held]], ballots.answers[held])
    return added(ballots.tasks, credit, len(ballots.task_ids))


def _accuracies(ballots: Ballots, kinds: Sequence[Kind], truths: Mapping[int, str]) -> dict[Kind, Floats]:
    """For each kind and known task, whether the consensus is right that knows the other known tasks only."""
    tasks = np.array(sorted(truths))
    places = np.array([ballots.labels.index(truths[task]) for task in tasks.tolist()])
    credits = {kind: np.zeros(len(tasks)) for kind in kinds}
    for fold in range(FOLDS):
        held = np.arange(len(tasks)) % FOLDS == fold
        others = {task: truths[task] for task in tasks[~held].tolist()}
        for kind, credit in credits.items():
            credit[held] = _credit(fit(ballots, kind, others, tolerance=TOLERANCE), tasks[held], places[held])
    return credits


def _credit(fitted: Fit, tasks: Indexes, labels: Indexes) -> Floats:
    """1 where this label is the consensus on the task, a share of it where it ties, and else 0."""
    ids = fitted.ballots.task_ids
    rows = np.minimum(np.searchsorted(ids, tasks), len(ids) - 1)
    posteriors = fitted.posteriors[rows]
    won = posteriors >= posteriors.max(axis=1, keepdims=True) - TIE
    credit = won[np.arange(len(rows)), labels] / won.sum(axis=1)
    return np.where(ids[rows] == tasks, credit, 0.0)


def _leads(credits: Mapping[Kind, Floats], reference: Kind) -> dict[Kind, float]:
    """By how many standard errors each kind is better than this one, by the differences over tasks."""
    leads = dict.fromkeys(Kind, 0.0)
    for kind, credit in credits.items():
        differences = credit - credits[reference]
        if (error := sqrt(float((differences**2).sum()))) > 0:
            leads[kind] = float(differences.sum()) / error
    return leads


def _best(credits: Mapping[Kind, Floats], leads: Mapping[Kind, float], usual: Kind, least: float) -> Kind:
    """The kind with most credit among those that lead clearly, or the usual one. Of equals, the simpler."""
    clear = [kind for kind in Kind if leads[kind] > least]
    return max(clear, key=lambda kind: float(credits[kind].sum()), default=usual)
