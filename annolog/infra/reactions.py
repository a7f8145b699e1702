"""What happens by itself: every reaction, with what it looks at. A new one is a line here and in `REACTIONS`."""

from __future__ import annotations

from sqlalchemy import Engine

from annolog.infra.beliefs import BeliefReader
from annolog.infra.read_side import (
    REACTIONS,
    AgreementReader,
    ConductReader,
    DriftReader,
    MembershipReader,
    QueueReader,
    SkillReader,
)
from annolog.services.definitions import definitions
from annolog.services.departures import departures
from annolog.services.drift import drift_reactions
from annolog.services.erasure import erasure
from annolog.services.evaluation import evaluation
from annolog.services.experts import experts
from annolog.services.feasibility import feasibility
from annolog.services.measuring import measuring
from annolog.services.memberships import memberships
from annolog.services.overlap import overlap
from annolog.services.planning import planning
from annolog.services.ports import Scoring, States
from annolog.services.provisioning import provisioning
from annolog.services.reaction import Reaction
from annolog.services.reassignment import reassignment
from annolog.services.review_routing import review_routing
from annolog.services.rules import rule_consequences, rules
from annolog.services.standing import standing


def all_reactions(states: States, log_reader: Engine, read_engine: Engine, scoring: Scoring) -> list[Reaction]:
    """All of them, in the order in which they run."""
    queue = QueueReader(log_reader, read_engine)
    measured, beliefs, conducts = AgreementReader(read_engine), BeliefReader(read_engine), ConductReader(read_engine)
    found = [
        memberships(states, MembershipReader(read_engine)),
        provisioning(states),
        reassignment(states, measured, beliefs, queue),
        planning(states, measured, beliefs, queue),
        definitions(states),
        measuring(states, queue, scoring),
        review_routing(states, measured, queue),
        evaluation(states, measured, conducts),
        overlap(states, queue),
        standing(queue),
        departures(states, queue),
        erasure(states, queue),
        experts(states, queue),
        feasibility(states, queue),
        rules(states, conducts, SkillReader(read_engine)),
        rule_consequences(conducts),
        *drift_reactions(states, DriftReader(read_engine)),
    ]
    assert tuple(reaction.name for reaction in found) == REACTIONS
    return found
