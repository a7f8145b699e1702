"""Which recorded answer comes next: drawn by chance among those that a task really has."""

from __future__ import annotations

import numpy as np

from annolog.domain.consensus.ballots import Indexes
from annolog.domain.simulation.recording import Recording

NOBODY = -1


class Draws:
    """The answers given so far, and those that are left.

    The rows of each task are kept in an order whose beginning, `given` rows long, has been given. A draw shuffles
    what is left just as far as it looks (Fisher and Yates), so every person who is left is as likely as any other.
    """

    def __init__(self, recording: Recording, chance: np.random.Generator) -> None:
        self._recording, self._chance = recording, chance
        self._order = np.arange(recording.answers)
        self.given = np.zeros(recording.tasks, np.int64)

    @property
    def left(self) -> Indexes:
        """How many answers each task still has."""
        return self._recording.ballots.sizes - self.given

    @property
    def rows(self) -> Indexes:
        """The rows that were given, ascending."""
        tasks = self._recording.ballots.tasks
        places = np.arange(len(tasks)) - self._recording.starts[tasks]
        return np.sort(self._order[places < self.given[tasks]])

    def candidates(self, tasks: Indexes, many: int) -> Indexes:
        """So many rows of each task, drawn anew from those that are left; `NOBODY` where there are fewer."""
        first, left = (self._recording.starts + self.given)[tasks], self.left[tasks]
        drawn = np.full((len(tasks), many), NOBODY)
        for column in range(many):
            enough = left > column
            here = first[enough] + column
            there = here + (self._chance.random(len(here)) * (left[enough] - column)).astype(np.int64)
            self._order[here], self._order[there] = self._order[there], self._order[here]
            drawn[enough, column] = self._order[here]
        return drawn

    def take(self, tasks: Indexes, columns: Indexes) -> Indexes:
        """Give the chosen of the candidates that were drawn last, and return the rows."""
        here = (self._recording.starts + self.given)[tasks]
        there = here + columns
        self._order[here], self._order[there] = self._order[there], self._order[here]
        self.given[tasks] += 1
        return np.asarray(self._order[here])
