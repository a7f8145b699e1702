"""Several policies tried on one recording, as often as there are seeds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from annolog.domain.consensus.ballots import Indexes
from annolog.domain.policies.policy import Policy
from annolog.domain.refusals import Fault, InvalidInput
from annolog.domain.simulation.outcome import Outcome, outcome
from annolog.domain.simulation.recording import Recording
from annolog.domain.simulation.replaying import NOT_ROUTED, ROUTED, replay


@dataclass(frozen=True, slots=True)
class Trial:
    """The policies to try, each over its parameters, ascending. `budget` is answers a task on average."""

    policies: Sequence[Sequence[Policy]]
    seeds: int
    routed: bool = True
    budget: float | None = None

    @property
    def size(self) -> int:
        """How many outcomes there will be."""
        return self.seeds * sum(len(group) for group in self.policies)

    def outcomes(self, recording: Recording, references: Indexes) -> Iterator[Outcome]:
        """Every outcome, a policy and a seed at a time."""
        available = ROUTED if self.routed else NOT_ROUTED
        for group in self.policies:
            for seed in range(self.seeds):
                for stop in replay(recording, group, seed, available=available, budget=self.budget):
                    yield outcome(recording, stop, seed, references)

    def must_be_within(self, most: int, recording: Recording) -> None:
        """Refuse more work than that: answers looked at, over all outcomes. It names what there could be less of."""
        of_one_seed = self.size // self.seeds * recording.answers
        seeds = most // of_one_seed
        if self.seeds <= seeds:
            return
        if seeds:
            pointer, message = "/seeds", f"with {recording.answers:,} answers and so many parameters at most {seeds}"
        else:
            parameters = most // recording.answers
            pointer = "/policies"
            message = f"with {recording.answers:,} answers at most {parameters} parameters can be tried together"
        raise InvalidInput(f"{pointer}: {message}", faults=[Fault(pointer, message)])
