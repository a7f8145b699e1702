"""Whether one more person is asked about a task, and who."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from annolog.domain.project.budget import labels_left
from annolog.domain.project.settings import AGREEMENT, CONFIDENCE, ReassignmentSettings, Settings
from annolog.domain.project.state import Project
from annolog.domain.refusals import StaleVersion
from annolog.domain.task.distribution import must_exist
from annolog.domain.task.events import (
    OVER_BUDGET,
    AgreementReached,
    SlotAdded,
    TaskDoubted,
    TaskEvent,
    TaskExhausted,
    TaskInfeasible,
)
from annolog.domain.task.evidence import Evidence
from annolog.domain.task.experts import experts
from annolog.domain.task.feasibility import able, anybody
from annolog.domain.task.lifecycle import awaits_agreement, settled
from annolog.domain.task.state import Resolution, Task

LOW_AGREEMENT = "low_agreement"
REASONS = {AGREEMENT: LOW_AGREEMENT, CONFIDENCE: "low_confidence"}
# A slot is kept for so many people: one alone may not be there.
MOST_WANTED = 3
# Saying it again would be no news.
KNOWN: Mapping[Resolution, type[TaskEvent]] = {
    Resolution.INFEASIBLE: TaskInfeasible,
    Resolution.DOUBTED: TaskDoubted,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom one more slot would be for: `people` until a time, None for good; anybody if there are none.

    `eligible` is how many could take it, at least: where it is for anybody the first is enough. `affordable` says
    whether the label budget, if there is one, has anything left.
    """

    eligible: int
    people: tuple[int, ...] = ()
    until: datetime | None = None
    affordable: bool = True


def whom_to_ask(task: Task, evidence: Evidence, project: Project, now: datetime, spent: Set[int]) -> Asked:
    """Experts alone once people disagreed often enough; else first whoever is expected to tell most."""
    rule = project.settings.reassignment
    affordable = labels_left(project) != 0
    if rule.expert_after is not None and evidence.disagreements >= rule.expert_after:
        those = frozenset(experts(task, project))
        there = sum(person in those for person in able(task, project, now, spent))
        return Asked(there, tuple(sorted(those)), affordable=affordable)
    if evidence.candidates and rule.preference_seconds:
        out = task.holders(now) | task.touched() | spent
        wanted = [person for person, _ in evidence.candidates if person not in out and project.is_at_work(person, now)]
        if wanted:
            until = now + timedelta(seconds=rule.preference_seconds)
            return Asked(len(wanted), tuple(wanted[:MOST_WANTED]), until, affordable)
    return Asked(int(anybody(task, project, now, spent)), affordable=affordable)


def assess(task: Task, evidence: Evidence, asked: Asked, settings: Settings, definition: int = 0) -> list[TaskEvent]:
    """Judge the answers by the project's policy: enough, one more person, the limit reached, or nobody left to ask.

    The evidence must be about the answers that are there now, measured by the definition of agreement in force, or the
    judgement is refused: a newer one is on its way. What was judged before is judged again only when it failed for want
    of people, waits for the budget, or when more people may be asked now.
    """
    must_exist(task)
    if not awaits_agreement(task, settings) or _is_over(task, asked, settings):
        return []
    _must_be_current(task, evidence, definition)
    judgement = _judgement(task, evidence, asked, settings, granted=settings.reassignment.budget is None)
    known = KNOWN.get(task.resolution)
    return [] if type(judgement) is known else settled(task, [judgement], settings)


def grant(task: Task, evidence: Evidence, asked: Asked, settings: Settings, definition: int = 0) -> list[TaskEvent]:
    """Let a task have the answer it waits for. What does not wait, was answered or is measured otherwise, gets none.

    It is one of several that are decided together, and the others shall not wait for it.
    """
    must_exist(task)
    current = (evidence.annotations, evidence.definition) == (task.compared, definition)
    if task.resolution is not Resolution.DOUBTED or not current:
        return []
    return settled(task, [_judgement(task, evidence, asked, settings, granted=True)], settings)


def give_in(task: Task, evidence: Evidence, settings: Settings) -> list[TaskEvent]:
    """The budget is used up: the task stays with the answers it has."""
    must_exist(task)
    if task.resolution is not Resolution.DOUBTED:
        return []
    exhausted = TaskExhausted(
        project=task.project, task=task.id, limit=task.additional, evidence=evidence, reason=OVER_BUDGET
    )
    return settled(task, [exhausted], settings)


def is_enough(evidence: Evidence, rule: ReassignmentSettings) -> bool:
    """Whether the policy asks for nobody else. Where there is nothing to go by there is nothing to ask."""
    if rule.policy == AGREEMENT:
        return evidence.score is None or evidence.score >= rule.threshold
    if rule.policy == CONFIDENCE:
        return evidence.posterior is None or evidence.posterior >= rule.confidence
    return evidence.need is None or evidence.need <= 0


def need_of(evidence: Evidence, rule: ReassignmentSettings) -> float:
    """How badly the task needs another answer, by the project's policy."""
    if evidence.need is not None:
        return evidence.need
    return rule.threshold - (evidence.score or 0.0)


def _is_over(task: Task, asked: Asked, settings: Settings) -> bool:
    if task.resolution is Resolution.EXHAUSTED:
        return task.additional >= settings.reassignment.maximum_additional
    if task.resolution is Resolution.OVER_BUDGET:
        return not asked.affordable
    return task.resolution is Resolution.REACHED


def _must_be_current(task: Task, evidence: Evidence, definition: int) -> None:
    if evidence.annotations != task.compared:
        raise StaleVersion(f"Task {task.id} has other answers than those that were judged.")
    if evidence.definition != definition:
        raise StaleVersion(f"Task {task.id} was measured by definition {evidence.definition}, which is not in force.")


def _judgement(task: Task, evidence: Evidence, asked: Asked, settings: Settings, *, granted: bool) -> TaskEvent:
    place = {"project": task.project, "task": task.id}
    rule = settings.reassignment
    if is_enough(evidence, rule):
        return AgreementReached(**place, evidence=evidence)
    if task.additional >= rule.maximum_additional:
        return TaskExhausted(project=task.project, task=task.id, limit=rule.maximum_additional, evidence=evidence)
    slots = slots_with_one_more(task)
    if asked.eligible < 1:
        return TaskInfeasible(**place, eligible=asked.eligible, slots_wanted=slots, evidence=evidence)
    if not granted:
        return TaskDoubted(**place, need=need_of(evidence, rule), evidence=evidence)
    return SlotAdded(
        project=task.project,
        task=task.id,
        reason=REASONS.get(rule.policy, rule.policy),
        slots=slots,
        evidence=evidence,
        wanted=list(asked.people),
        wanted_until=asked.until,
    )


def slots_with_one_more(task: Task) -> int:
    """How many people the task needs for one more to be let in; answers beyond the slots leave no room in them."""
    return max(task.slots, len(task.answered())) + 1


def add_slot(task: Task, reason: str, settings: Settings) -> list[TaskEvent]:
    """Ask one more person because somebody said so."""
    must_exist(task)
    added = SlotAdded(project=task.project, task=task.id, reason=reason, slots=slots_with_one_more(task))
    return settled(task, [added], settings)
