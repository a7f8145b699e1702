"""The latest model of each dimension of each project."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
from sqlalchemy import Table

from annolog.domain.consensus.events import ConsensusModelFitted
from annolog.domain.recorded import Recorded
from annolog.projections.consensus.tables import consensus_model
from annolog.projections.engine.moments import microseconds
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.rows import Key, Rows


def touches(recorded: Recorded) -> Iterator[tuple[Table, Key]]:
    """Nothing: a model replaces the one before whole."""
    return iter(())


def apply(rows: Rows, recorded: Recorded) -> None:
    """Put the model in the place of the one before."""
    event = recorded.event
    assert isinstance(event, ConsensusModelFitted)
    rows.put(
        consensus_model,
        {
            "project": event.project,
            "dimension": event.dimension,
            "version": event.version,
            "kind": event.kind,
            "parameters": orjson.dumps(event.parameters).decode(),
            "tasks": event.tasks,
            "answers": event.answers,
            "known": event.known,
            "position": event.position,
            "fitted_at": microseconds(recorded.recorded_at),
            "skills": orjson.dumps(event.skills).decode(),
            "evidence": orjson.dumps(event.evidence).decode(),
        },
    )


consensus = Projector(
    name="consensus",
    version=1,
    tables=(consensus_model,),
    interests=frozenset({ConsensusModelFitted}),
    touches=touches,
    apply=apply,
)
