"""Votes without a model of people, and how often each person agrees with the majority of the others."""

from __future__ import annotations

import numpy as np

from annolog.domain.consensus.ballots import Ballots
from annolog.domain.consensus.expectation import Counted, Flags, Floats, added


def tallies(ballots: Ballots) -> Floats:
    """How many people gave each label to each task."""
    tasks, classes = len(ballots.task_ids), len(ballots.labels)
    cells = np.bincount(ballots.tasks * classes + ballots.answers, minlength=tasks * classes)
    return cells.reshape(tasks, classes).astype(np.float64)


def vote_shares(ballots: Ballots) -> Floats:
    """The share of its votes that each label of a task has."""
    return tallies(ballots) / ballots.sizes[:, None]


def agreement_with_others(ballots: Ballots, certain: Floats, fixed: Flags, evident: Flags) -> Counted:
    """How often each person gave the known answer or, where there is none, the majority answer of the others.

    Where the majority of the others ties, agreeing with one of n labels counts 1 / n. Leaving the person out matters:
    with few answers a task everybody agrees with a majority that they are a part of.
    """
    votes = tallies(ballots)
    most = votes.max(axis=1, keepdims=True)
    alone = (votes == most).sum(axis=1) == 1
    lesser = np.where(votes == most, -1.0, votes)
    second = lesser.max(axis=1, keepdims=True)
    ties = np.where(second == most - 1, (lesser == second).sum(axis=1, keepdims=True), 0)[:, 0]
    rows = evident[ballots.tasks]
    tasks, people, answers = ballots.tasks[rows], ballots.people[rows], ballots.answers[rows]
    # Only who votes for the sole winner still agrees once their own vote is taken away.
    agrees = np.where((votes[tasks, answers] == most[tasks, 0]) & alone[tasks], 1 / (1 + ties[tasks]), 0.0)
    credit = np.where(fixed[tasks], certain[tasks, answers], agrees)
    everybody = len(ballots.person_ids)
    given = np.bincount(people, minlength=everybody).astype(np.float64)
    return Counted(added(people, credit, everybody), given)
