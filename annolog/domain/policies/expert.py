"""The expert tier: after so many disagreements only experts are asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from annolog.domain.policies.policy import Flags, Floats, Panel, Policy, Standing, Start


@dataclass(frozen=True, slots=True)
class Expert:
    """Another policy, under which a task on which people disagreed `after` times goes to experts only.

    Disagreements are answers other than the one that most people gave. An expert carries the tag, or is right with the
    probability `accuracy` at least; without it, only the tag counts.
    """

    policy: Policy
    after: int = 1
    accuracy: float | None = None

    @property
    def name(self) -> str:
        """The other policy's name, with the tier."""
        return f"{self.policy.name}+expert"

    @property
    def version(self) -> int:
        """That of the other policy: the tier itself has had one version."""
        return self.policy.version

    @property
    def ranks(self) -> bool:
        """As the other policy."""
        return self.policy.ranks

    @property
    def by_model(self) -> bool:
        """As the other policy."""
        return self.policy.by_model

    @property
    def parameter(self) -> float:
        """That of the other policy."""
        return self.policy.parameter

    @property
    def start(self) -> Start:
        """As the other policy."""
        return self.policy.start

    @property
    def most(self) -> int | None:
        """As the other policy."""
        return self.policy.most

    def needs(self, tasks: Standing) -> Floats:
        """As the other policy."""
        return self.policy.needs(tasks)

    def worth(self, tasks: Standing, panel: Panel) -> Floats:
        """As the other policy, and nobody but experts once people disagreed."""
        closed = self.escalated(tasks)[:, None] & ~self._experts(panel)[panel.people]
        return np.where(closed, -np.inf, self.policy.worth(tasks, panel))

    def reason(self, tasks: Standing, row: int) -> str:
        """As the other policy, and that experts are wanted."""
        reason = self.policy.reason(tasks, row)
        if not self.escalated(tasks)[row]:
            return reason
        return f"{reason}; {tasks.disagreements[row]:.0f} answers disagree, so it is for experts"

    def escalated(self, tasks: Standing) -> Flags:
        """Which tasks are for experts."""
        return np.asarray(tasks.disagreements >= self.after)

    def _experts(self, panel: Panel) -> Flags:
        if self.accuracy is None:
            return panel.tagged
        return np.asarray(panel.tagged | (panel.accuracies >= self.accuracy))
