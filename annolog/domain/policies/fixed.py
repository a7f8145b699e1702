"""The same number of answers for every task."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from annolog.domain.policies.policy import Floats, Panel, Standing, Start, anybody


@dataclass(frozen=True, slots=True)
class Fixed:
    """Every task gets so many answers, whatever they are, and the majority decides."""

    name: ClassVar[str] = "fixed"
    version: ClassVar[int] = 1
    ranks: ClassVar[bool] = False
    by_model: ClassVar[bool] = False

    answers: int

    @property
    def parameter(self) -> float:
        """How many answers."""
        return float(self.answers)

    @property
    def start(self) -> Start:
        """All of them at once."""
        return Start(self.answers)

    @property
    def most(self) -> int | None:
        """No more than that."""
        return self.answers

    def needs(self, tasks: Standing) -> Floats:
        """How many answers are missing."""
        return np.maximum(self.answers - tasks.answers, 0.0)

    def worth(self, tasks: Standing, panel: Panel) -> Floats:
        """Anybody will do."""
        return anybody(panel)

    def reason(self, tasks: Standing, row: int) -> str:
        """How many there are of how many."""
        return f"it has {tasks.answers[row]:.0f} of the {self.answers} answers that every task gets"
