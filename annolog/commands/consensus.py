"""What may be asked about a project's consensus."""

from __future__ import annotations

from typing import Any

from annolog.commands.command import Append, Decision, handles
from annolog.commands.projects import ProjectCommand
from annolog.commands.scope import Scope
from annolog.domain.access.permissions import Permission
from annolog.domain.consensus.events import ConsensusModelFitted
from annolog.domain.consensus.state import Consensus
from annolog.domain.ids import consensus_stream


class RecordConsensusModel(ProjectCommand):
    """Weigh the answers of a dimension by this model from now on. Sent by the service that fits them."""

    dimension: str
    version: int
    kind: str
    parameters: dict[str, Any]
    tasks: int
    answers: int
    known: int
    position: int
    skills: dict[str, list[tuple[str, str, float]]]
    evidence: dict[str, Any]


@handles(RecordConsensusModel)
def record_model(command: RecordConsensusModel, scope: Scope) -> Decision:
    """One model after the other, so that everybody can say which one they looked at."""
    scope.must_be_system()
    project = scope.project(command.project, Permission.CONFIGURE)
    stream = consensus_stream(project.id)
    consensus: Consensus = scope.states.get(stream).state
    events = consensus.record(ConsensusModelFitted(**command.model_dump()))
    return Decision([Append(stream, events)], {"project": project.id, "version": command.version})
