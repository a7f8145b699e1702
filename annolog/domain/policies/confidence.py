"""The confidence rule: ask where the consensus is least sure, and whoever is expected to tell most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from annolog.domain.policies.policy import Floats, Panel, Standing, Start
from annolog.domain.policies.value import expected_information

# A quarter of the tasks with three answers each shows well enough who is who; everything else starts with one answer.
START = Start(answers=1, pilot_share=0.25, pilot_answers=3)


@dataclass(frozen=True, slots=True)
class Confidence:
    """A task has enough answers when its likeliest label is held to be right with the probability `posterior`.

    Until then it needs another in the measure of its doubt. Doubt is ranked anew whenever answers come, and no task is
    closed for good: a better knowledge of people may open it again. A posterior of 1 asks for every answer there is.
    It is how sure the model is, which is more than how often it is right.
    """

    name: ClassVar[str] = "confidence"
    version: ClassVar[int] = 1
    ranks: ClassVar[bool] = True
    by_model: ClassVar[bool] = True

    posterior: float
    start: Start = START
    limit: int | None = None

    @property
    def parameter(self) -> float:
        """The probability that is enough."""
        return self.posterior

    @property
    def most(self) -> int | None:
        """Most answers, if there is a limit."""
        return self.limit

    def needs(self, tasks: Standing) -> Floats:
        """The probability that the likeliest label is wrong, where that is too much."""
        doubts = doubt(tasks.posteriors)
        if self.posterior >= 1:
            return np.maximum(doubts, np.finfo(np.float64).tiny)
        return np.where(doubts > 1 - self.posterior, doubts, 0.0)

    def worth(self, tasks: Standing, panel: Panel) -> Floats:
        """The information that each candidate's answer is expected to bring, in nats."""
        worth = np.full(panel.people.shape, -np.inf)
        if len(tasks.posteriors) < len(panel.people.T):
            for row, people in enumerate(panel.people):
                there = people >= 0
                posteriors = np.broadcast_to(tasks.posteriors[row], (int(there.sum()), tasks.posteriors.shape[1]))
                worth[row, there] = expected_information(posteriors, panel.confusions[people[there]])
            return worth
        for column, people in enumerate(panel.people.T):
            there = people >= 0
            worth[there, column] = expected_information(tasks.posteriors[there], panel.confusions[people[there]])
        return worth

    def reason(self, tasks: Standing, row: int) -> str:
        """How sure the consensus is against how sure it should be."""
        found = tasks.posteriors[row].max()
        return f"its consensus is held to be right with {found:.3f}, and {self.posterior:g} is enough"


def doubt(posteriors: Floats) -> Floats:
    """The probability that the likeliest label of each task is wrong, as exact as sums of small shares are."""
    others = np.sort(posteriors, axis=1)[:, :-1]
    return np.asarray(others.sum(axis=1))
