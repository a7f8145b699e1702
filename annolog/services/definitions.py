"""A proposed definition of agreement is carried to every task, some at a time, and takes over if it was told to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from annolog.commands.defining import ActivateAgreementDefinition, RecomputeAgreement
from annolog.domain.project.events import AgreementDefinitionProposed, AgreementRecomputed
from annolog.domain.recorded import Recorded
from annolog.services.ports import States
from annolog.services.reaction import Ask, Reaction


def definitions(states: States) -> Reaction:
    """One step follows from the one before, so that other work goes on between them and a restart goes on with it."""

    def react(batch: Sequence[Recorded]) -> Iterator[tuple[Recorded, Ask]]:
        for recorded in batch:
            event = recorded.event
            assert isinstance(event, AgreementDefinitionProposed | AgreementRecomputed)
            proposal = states.project(event.project).proposal
            if proposal is None or proposal.version != event.version:
                continue
            if not proposal.complete:
                yield recorded, Ask(RecomputeAgreement(project=event.project, version=event.version))
            elif proposal.activate:
                yield recorded, Ask(ActivateAgreementDefinition(project=event.project, version=event.version))

    return Reaction("definitions", frozenset({AgreementDefinitionProposed, AgreementRecomputed}), react)
