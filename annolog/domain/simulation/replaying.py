"""Asking for recorded answers by the order of a policy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from annolog.domain.consensus.ballots import Indexes
from annolog.domain.consensus.mixing import KINDS
from annolog.domain.consensus.models import Kind
from annolog.domain.policies.policy import Flags, Panel, Policy, Standing, Start, allowed
from annolog.domain.simulation.beliefs import Beliefs
from annolog.domain.simulation.drawing import Draws
from annolog.domain.simulation.recording import Recording

# Whoever comes is one person at a time; routing chooses the best of so many who are there.
ROUTED, NOT_ROUTED = 3, 1
# So many tasks are asked about between two looks at who is neediest, as a share of all tasks.
BATCH = 0.02
# The model is fitted anew when there are so many more answers.
GROWTH = 0.05
# A pilot has at least so many tasks, of those that there are.
SMALLEST_PILOT = 50
# Candidates are weighed in portions of so many numbers.
PORTION = 2_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Stop:
    """Where a replay stands when a policy has enough answers everywhere, or the budget is spent.

    `rows` of the recording were given. `wanting` tasks would have been asked about once more, but nobody is recorded
    who answered them as well; `spent` says that the budget ended it.
    """

    policy: Policy
    rows: Indexes
    wanting: int
    spent: bool


def replay(
    recording: Recording,
    policies: Sequence[Policy],
    seed: int,
    *,
    available: int = ROUTED,
    budget: float | None = None,
    kinds: Sequence[Kind] = KINDS,
) -> Iterator[Stop]:
    """Where each of the policies stops, in this order; the same seed gives the same stops.

    The policies are of one kind, the least demanding first. Those that rank share one replay, since the neediest tasks
    of a demanding one are those of all others: each stops where it first has enough. Any others are replayed one by
    one from the same seed. `available` people, drawn among those recorded who are left, are weighed for an answer.
    `budget` is answers a task on average.
    """
    most = recording.answers if budget is None else int(budget * recording.tasks + 1e-9)
    together = [list(policies)] if policies and policies[0].ranks else [[policy] for policy in policies]
    for group in together:
        yield from _Replay(recording, group[-1], seed, available, most, kinds).stops(group)


class _Replay:
    """One replay: the answers given, and what is believed because of them."""

    def __init__(
        self, recording: Recording, policy: Policy, seed: int, available: int, most: int, kinds: Sequence[Kind]
    ) -> None:
        self._recording, self._policy, self._available, self._most = recording, policy, available, most
        self._chance = np.random.default_rng(seed)
        self._draws = Draws(recording, self._chance)
        self._beliefs = Beliefs(recording, kinds)
        self._lots = self._chance.permutation(recording.tasks)
        self._votes = np.zeros((recording.tasks, len(recording.ballots.labels)))
        self._closed = np.zeros(recording.tasks, np.bool_)
        self._given = self._fitted = 0

    def stops(self, policies: Sequence[Policy]) -> Iterator[Stop]:
        """Each policy's stop."""
        self._begin(self._policy.start)
        waiting = list(policies)
        batch = max(round(BATCH * self._recording.tasks), 1) if self._policy.ranks else self._recording.tasks
        while waiting:
            tasks = self._standing()
            spent = self._given >= self._most
            while waiting and (spent or not self._open(waiting[0], tasks).any()):
                wanting = int((waiting[0].needs(tasks) > 0).sum())
                yield Stop(waiting.pop(0), self._draws.rows, wanting, spent)
            if waiting:
                self._ask(self._neediest(tasks, min(batch, self._most - self._given)))

    def _begin(self, start: Start) -> None:
        """The first answers: those of the pilot, from which people are known, and then everybody else's."""
        pilot = min(max(round(start.pilot_share * len(self._lots)), SMALLEST_PILOT), len(self._lots))
        if start.pilot_answers:
            for _ in range(start.pilot_answers):
                self._ask(self._answerable(self._lots[:pilot], start.pilot_answers), routed=False)
            self._learn()
        for _ in range(start.answers):
            self._ask(self._answerable(self._lots, start.answers), routed=start.pilot_answers > 0)
        self._learn()

    def _answerable(self, tasks: Indexes, answers: int) -> Indexes:
        """Of these tasks those that have fewer answers than that and could have one more, as far as the budget goes."""
        able = (self._draws.left[tasks] > 0) & (self._draws.given[tasks] < answers)
        return np.sort(tasks[able][: max(self._most - self._given, 0)])

    def _standing(self) -> Standing:
        return Standing(self._votes, self._beliefs.posteriors, self._draws.left)

    def _open(self, policy: Policy, tasks: Standing) -> Flags:
        return (policy.needs(tasks) > 0) & allowed(policy, tasks) & (tasks.eligible > 0) & ~self._closed

    def _neediest(self, tasks: Standing, many: int) -> Indexes:
        """So many open tasks; those that need an answer as badly come by lot."""
        needs = np.where(self._open(self._policy, tasks), self._policy.needs(tasks), 0.0)
        order = np.lexsort((self._lots, -needs))[:many]
        return np.sort(order[needs[order] > 0])

    def _ask(self, tasks: Indexes, *, routed: bool = True) -> None:
        if not len(tasks):
            return
        available = self._available if routed and self._policy.by_model else NOT_ROUTED
        drawn = self._draws.candidates(tasks, available)
        best = self._best(tasks, drawn)
        # Of the people who came nobody may be asked: the task stays as it is.
        self._closed[tasks[best < 0]] = True
        rows = self._draws.take(tasks[best >= 0], best[best >= 0])
        ballots = self._recording.ballots
        self._votes[ballots.tasks[rows], ballots.answers[rows]] += 1
        self._given += len(rows)
        if self._policy.by_model and self._fitted:
            self._beliefs.hear(rows)
            if self._policy.ranks and self._given >= self._fitted * (1 + GROWTH):
                self._learn()

    def _best(self, tasks: Indexes, drawn: Indexes) -> Indexes:
        """Which candidate is asked about each task: the first of those who promise most, or -1 for nobody."""
        if drawn.shape[1] == 1:
            return np.zeros(len(tasks), np.int64)
        people = np.where(drawn >= 0, self._recording.ballots.people[drawn], -1)
        step = max(PORTION // self._votes.shape[1] ** 2, 1)
        return np.concatenate(
            [self._worth(tasks[at : at + step], people[at : at + step]) for at in range(0, len(tasks), step)]
        )

    def _worth(self, tasks: Indexes, people: Indexes) -> Indexes:
        standing = self._standing()
        some = Standing(standing.votes[tasks], standing.posteriors[tasks], standing.eligible[tasks])
        nobody = np.zeros(len(self._beliefs.accuracies), np.bool_)
        panel = Panel(people, self._beliefs.accuracies, nobody, self._beliefs.confusions)
        worth = self._policy.worth(some, panel)
        return np.where(worth.max(axis=1) > -np.inf, worth.argmax(axis=1), -1)

    def _learn(self) -> None:
        if self._policy.by_model:
            self._beliefs.learn(self._draws.rows)
            self._fitted = self._given
