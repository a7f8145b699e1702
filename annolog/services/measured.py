"""What judgements rest on: agreement as the read model has it, and beliefs where the policy goes by them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from annolog.domain.project.settings import AGREEMENT
from annolog.domain.project.state import Project
from annolog.domain.task.evidence import Evidence
from annolog.domain.task.state import Task
from annolog.services.ports import Agreement, Beliefs, Measured

if TYPE_CHECKING:
    from annolog.domain.policies.believing import Belief


def evidence_of(
    project: Project, tasks: Sequence[Task], agreement: Agreement, beliefs: Beliefs, now: datetime
) -> Iterator[tuple[int, Evidence]]:
    """The evidence on each task of a project, for which all is there: others are judged when it is."""
    rule = project.settings.reassignment
    measured = agreement.of_tasks([task.id for task in tasks])
    by_model = rule.policy != AGREEMENT or rule.expert_after is not None
    believed = beliefs.of_tasks(project, tasks, now) if by_model else {}
    for task in tasks:
        found = measured.get(task.id)
        if found is None or not found.complete or (by_model and task.id not in believed):
            continue
        yield task.id, _evidence(project, found, believed.get(task.id))


def _evidence(project: Project, found: Measured, belief: Belief | None) -> Evidence:
    settings = project.settings
    evidence = Evidence(
        score=found.score,
        threshold=settings.reassignment.threshold,
        methodology=settings.agreement.methodology.value,
        annotations=list(found.annotations),
        settings_version=project.settings_version,
        definition=found.definition,
        policy=settings.reassignment.policy,
    )
    if belief is None:
        return evidence
    return evidence.model_copy(
        update={
            "need": belief.need if settings.reassignment.policy != AGREEMENT else None,
            "posterior": belief.posterior,
            "policy_version": belief.policy_version,
            "models": dict(belief.models),
            "disagreements": belief.disagreements,
            "candidates": list(belief.candidates) if settings.reassignment.policy != AGREEMENT else [],
        }
    )
