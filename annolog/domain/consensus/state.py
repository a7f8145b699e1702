"""Which models of its people a project has had: what decides whether one more is news."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from annolog.domain.consensus.events import ConsensusModelFitted
from annolog.domain.event import Event
from annolog.domain.refusals import StaleVersion


@dataclass(frozen=True, slots=True)
class Consensus:
    """The latest version of the model of each dimension."""

    project: int
    versions: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def record(self, fitted: ConsensusModelFitted) -> list[Event]:
        """Take a model as the next one; refused when another came first."""
        if fitted.version != self.versions.get(fitted.dimension, 0) + 1:
            raise StaleVersion(f"Another model of {fitted.dimension!r} was fitted meanwhile.")
        return [fitted]


def evolve(consensus: Consensus, event: Event) -> Consensus:
    """The models once `event` has happened."""
    if not isinstance(event, ConsensusModelFitted):
        return consensus
    versions = {**consensus.versions, event.dimension: event.version}
    return replace(consensus, versions=MappingProxyType(versions))
