"""What a policy came to: how many answers, how often right, whose, and how long they took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from annolog.domain.consensus.ballots import Ballots, Indexes
from annolog.domain.consensus.expectation import Floats
from annolog.domain.consensus.mixing import KINDS
from annolog.domain.consensus.models import Kind
from annolog.domain.consensus.skills import Estimate, wilson
from annolog.domain.consensus.verdicts import TIE
from annolog.domain.consensus.voting import vote_shares
from annolog.domain.simulation.beliefs import Beliefs
from annolog.domain.simulation.recording import UNKNOWN, Recording
from annolog.domain.simulation.replaying import Stop

# What an answer is taken to last in a recording without durations.
ASSUMED_SECONDS = 30.0


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What a policy came to at its stop.

    `accuracy` is of the policy's own consensus: that of the models where it asks by them, else the majority's; nan
    where no answer is known. Accuracies are shares of the tasks whose answer is known, and answers that tie share the
    credit. `asked` counts answers by the places of people. `seconds` is the work of all people together;
    `assumed_share` of the answers had no duration and count as much as those that have one do on average, or
    `ASSUMED_SECONDS`. `imputed_share` of the answers was not recorded but made up: none, as nobody is asked but whose
    answer is recorded; `wanting` tasks would have been.
    """

    policy: str
    version: int
    parameter: float
    seed: int
    answers: int
    labels_per_task: float
    accuracy: Estimate
    by_model: float
    by_majority: float
    asked: Indexes
    seconds: float
    assumed_share: float
    imputed_share: float
    wanting: int
    spent: bool


def outcome(recording: Recording, stop: Stop, seed: int, references: Indexes, kinds: Sequence[Kind] = KINDS) -> Outcome:
    """What this stop came to, held against the references: places of labels, `UNKNOWN` where there is none."""
    policy, rows = stop.policy, stop.rows
    beliefs = Beliefs(recording, kinds)
    beliefs.learn(rows)
    by_model = accuracy(beliefs.posteriors, references)
    by_majority = accuracy(_votes(recording.ballots, rows), references)
    known = int((references != UNKNOWN).sum())
    right = by_model if policy.by_model else by_majority
    seconds, assumed = _seconds(recording.seconds, rows)
    return Outcome(
        policy.name,
        policy.version,
        policy.parameter,
        seed,
        len(rows),
        len(rows) / recording.tasks,
        wilson(right * known, known) if known else Estimate(float("nan"), 0.0, 1.0, 0.0),
        by_model,
        by_majority,
        np.bincount(recording.ballots.people[rows], minlength=len(recording.ballots.person_ids)),
        seconds,
        assumed,
        0.0,
        stop.wanting,
        stop.spent,
    )


def references_of(recording: Recording) -> tuple[Indexes, str]:
    """What to hold a consensus against, and its name: the truth or, where none is known, the consensus of all answers.

    Where all answers tie, there is none.
    """
    if (recording.truths != UNKNOWN).any():
        return recording.truths, "truth"
    beliefs = Beliefs(recording)
    beliefs.learn(np.arange(recording.answers))
    posteriors = beliefs.posteriors
    won = posteriors >= posteriors.max(axis=1, keepdims=True) - TIE
    return np.where(won.sum(axis=1) == 1, posteriors.argmax(axis=1), UNKNOWN), "consensus"


def accuracy(shares: Floats, references: Indexes) -> float:
    """How often the label with the largest share is the reference; labels that tie share the credit."""
    known = np.flatnonzero(references != UNKNOWN)
    if not len(known):
        return float("nan")
    most = shares[known]
    won = most >= most.max(axis=1, keepdims=True) - TIE
    return float((won[np.arange(len(known)), references[known]] / won.sum(axis=1)).mean())


def of_all_answers(recording: Recording) -> float:
    """How often the majority of all recorded answers is true."""
    return accuracy(vote_shares(recording.ballots), recording.truths)


def _votes(ballots: Ballots, rows: Indexes) -> Floats:
    tasks, classes = len(ballots.task_ids), len(ballots.labels)
    cells = np.bincount(ballots.tasks[rows] * classes + ballots.answers[rows], minlength=tasks * classes)
    return cells.reshape(tasks, classes).astype(np.float64)


def _seconds(seconds: Floats, rows: Indexes) -> tuple[float, float]:
    measured = seconds[np.isfinite(seconds)]
    usual = float(measured.mean()) if len(measured) else ASSUMED_SECONDS
    taken = seconds[rows]
    unknown = ~np.isfinite(taken)
    share = float(unknown.mean()) if len(rows) else 0.0
    return float(np.where(unknown, usual, taken).sum()), share
