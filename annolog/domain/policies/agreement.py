"""The agreement rule: one more person while people agree too little."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from annolog.domain.policies.policy import Floats, Panel, Standing, Start, anybody

# The same shares in another order of sums differ by about as much.
TIE = 1e-12


@dataclass(frozen=True, slots=True)
class Agreement:
    """One more person while fewer than `threshold` of the pairs of answers agree, and the majority decides.

    With a single answer there is no pair, and nothing to disagree about.
    """

    name: ClassVar[str] = "rule"
    version: ClassVar[int] = 1
    ranks: ClassVar[bool] = False
    by_model: ClassVar[bool] = False

    threshold: float
    first: int = 3
    limit: int | None = None

    @property
    def parameter(self) -> float:
        """Agreement that is enough."""
        return self.threshold

    @property
    def start(self) -> Start:
        """The overlap."""
        return Start(self.first)

    @property
    def most(self) -> int | None:
        """The overlap and the most further people."""
        return self.limit

    def needs(self, tasks: Standing) -> Floats:
        """How far agreement is below the threshold."""
        short = self.threshold - pairwise_agreement(tasks.votes)
        return np.where(short > TIE, short, 0.0)

    def worth(self, tasks: Standing, panel: Panel) -> Floats:
        """Anybody will do."""
        return anybody(panel)

    def reason(self, tasks: Standing, row: int) -> str:
        """Agreement against the threshold."""
        found = float(pairwise_agreement(tasks.votes[row : row + 1])[0])
        side = "below" if self.threshold - found > TIE else "at least"
        return f"{found:.0%} of its pairs of answers agree, {side} the {self.threshold:.0%} that are enough"


def pairwise_agreement(votes: Floats) -> Floats:
    """Of the pairs of answers to each task, the share that are equal; 1 where there is no pair."""
    answers = votes.sum(axis=1)
    equal, pairs = (votes * (votes - 1)).sum(axis=1), answers * (answers - 1)
    return np.where(pairs > 0, equal / np.maximum(pairs, 1.0), 1.0)
