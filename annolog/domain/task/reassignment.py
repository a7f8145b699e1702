"""Whether one more person is asked about a task on which people disagree."""

from __future__ import annotations

from annolog.domain.project.settings import Settings
from annolog.domain.refusals import StaleVersion
from annolog.domain.task.distribution import must_exist
from annolog.domain.task.events import AgreementReached, SlotAdded, TaskEvent, TaskExhausted, TaskInfeasible
from annolog.domain.task.evidence import Evidence
from annolog.domain.task.lifecycle import awaits_agreement, settled
from annolog.domain.task.state import Resolution, Task

LOW_AGREEMENT = "low_agreement"


def assess(task: Task, evidence: Evidence, eligible: int, settings: Settings, definition: int = 0) -> list[TaskEvent]:
    """Judge the answers by the agreement rule: enough, one more person, the limit reached, or nobody left to ask.

    `eligible` is how many members could still be given the task. The evidence must be about the answers that are there
    now, measured by the definition of agreement in force, or the judgement is refused: a newer one is on its way. What
    was judged before is judged again only when it failed for want of people.
    """
    must_exist(task)
    if not awaits_agreement(task, settings) or task.resolution in (Resolution.REACHED, Resolution.EXHAUSTED):
        return []
    if evidence.annotations != task.compared:
        raise StaleVersion(f"Task {task.id} has other answers than those that were judged.")
    if evidence.definition != definition:
        raise StaleVersion(f"Task {task.id} was measured by definition {evidence.definition}, which is not in force.")
    judgement = _judgement(task, evidence, eligible, settings)
    if isinstance(judgement, TaskInfeasible) and task.resolution is Resolution.INFEASIBLE:
        return []
    return settled(task, [judgement], settings)


def _judgement(task: Task, evidence: Evidence, eligible: int, settings: Settings) -> TaskEvent:
    place = {"project": task.project, "task": task.id}
    rule = settings.reassignment
    if evidence.score is None or evidence.score >= rule.threshold:
        return AgreementReached(**place, evidence=evidence)
    if task.additional >= rule.maximum_additional:
        return TaskExhausted(**place, limit=rule.maximum_additional, evidence=evidence)
    if eligible < 1:
        return TaskInfeasible(**place, eligible=eligible, slots_wanted=slots_with_one_more(task), evidence=evidence)
    return SlotAdded(**place, reason=LOW_AGREEMENT, slots=slots_with_one_more(task), evidence=evidence)


def slots_with_one_more(task: Task) -> int:
    """How many people the task needs for one more to be let in; answers beyond the slots leave no room in them."""
    return max(task.slots, len(task.answered())) + 1


def add_slot(task: Task, reason: str, settings: Settings) -> list[TaskEvent]:
    """Ask one more person because somebody said so."""
    must_exist(task)
    added = SlotAdded(project=task.project, task=task.id, reason=reason, slots=slots_with_one_more(task))
    return settled(task, [added], settings)
