"""Which finished tasks are reviewed: exact quotas, so that a share is kept by every run of tasks and not on average.

Systematic sampling with a seeded start: of the first n tasks of a quota floor((n * percent + start) / 100) are sampled,
with a start in [0, 100) drawn from the seed. Reference: Cochran, Sampling Techniques, 3rd ed. 1977, chapter 8.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from annolog.domain.project.settings import ReviewSettings, RoutingRule
from annolog.domain.project.state import Project
from annolog.domain.refusals import StaleVersion
from annolog.domain.task.events import TaskEvent, TaskState, TaskStateChanged
from annolog.domain.task.evolve import evolve, fold
from annolog.domain.task.kinds import WAITING
from annolog.domain.task.lifecycle import restated
from annolog.domain.task.review_events import ReviewRouted, ReviewRoutingAwaited
from annolog.domain.task.state import Task

# How many tasks a quota of the project has had so far.
Counted = Callable[[str], int]
COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
    "eq": operator.eq,
}


@dataclass(frozen=True, slots=True)
class AgreementOfTask:
    """What was measured: overall and by dimension, in [0, 1], None where it is not defined, and of which answers."""

    overall: float | None = None
    dimensions: Mapping[str, float | None] = field(default_factory=dict)
    annotations: Sequence[tuple[int, int]] = ()
    definition: int = 0

    def of(self, rule: RoutingRule) -> float | None:
        """What the rule compares."""
        return self.overall if rule.dimension is None else self.dimensions.get(rule.dimension)


NOT_MEASURED = AgreementOfTask()


def sampled_of_first(tasks: int, percent: int, start: int) -> int:
    """How many of the first so many tasks of a quota are sampled."""
    return (tasks * percent + start) // 100


@dataclass(frozen=True, slots=True)
class Place:
    """The place of one more in a quota: which it is, from 1, whether it is sampled, and how many are with it."""

    number: int
    sampled: bool
    sampled_so_far: int


def next_place(before: int, percent: int, start: int) -> Place:
    """The place of what comes after so many."""
    earlier, after = (sampled_of_first(count, percent, start) for count in (before, before + 1))
    return Place(before + 1, after > earlier, after)


def start_of(project: int, quota: str) -> int:
    """Where a quota begins, in [0, 100). The seed is part of the quota's name."""
    digest = blake2b(f"review-quota:{project}:{quota}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % 100


def rule_for(review: ReviewSettings, agreement: AgreementOfTask) -> int | None:
    """The first rule that a task with such agreement meets. One that is not defined meets no comparison."""
    for number, rule in enumerate(review.routing):
        if rule.operator is None:
            return number
        found = agreement.of(rule)
        if found is not None and rule.threshold is not None and COMPARISONS[rule.operator](found, rule.threshold):
            return number
    return None


def quota_of(review: ReviewSettings, number: int | None) -> str:
    """The name of a rule's quota: what it says and the seed, so that a change elsewhere does not begin it anew."""
    rule = RoutingRule(sample_percent=review.sample_percent) if number is None else review.routing[number]
    if rule.operator is None:
        return f"every:{rule.sample_percent}:{review.seed}"
    return f"{rule.operator}:{rule.threshold}:{rule.sample_percent}:{review.seed}:{rule.dimension or ''}"


def route(task: Task, agreement: AgreementOfTask, project: Project, counted: Counted) -> ReviewRouted:
    """Decide whether the task is reviewed, by the quota of the rule it meets."""
    review = project.settings.review
    number = rule_for(review, agreement)
    percent = review.sample_percent if number is None else review.routing[number].sample_percent
    quota = quota_of(review, number)
    place = next_place(counted(quota), percent, start_of(task.project, quota))
    return ReviewRouted(
        project=task.project,
        task=task.id,
        sampled=place.sampled,
        rule=number,
        percent=percent,
        agreement=agreement.overall if number is None else agreement.of(review.routing[number]),
        annotations=list(agreement.annotations),
        definition=agreement.definition,
        quota=quota,
        quota_tasks=place.number,
        quota_sampled=place.sampled_so_far,
        seed=review.seed,
        settings_version=project.settings_version,
    )


def finishes(events: Sequence[object]) -> bool:
    """Whether a task becomes finished by these events."""
    return any(isinstance(event, TaskStateChanged) and _is_finishing(event.previous, event.state) for event in events)


def _is_finishing(previous: TaskState, state: TaskState) -> bool:
    return previous in WAITING and state not in WAITING


def with_routing(task: Task, events: Sequence[TaskEvent], project: Project, counted: Counted) -> list[TaskEvent]:
    """The events of a decision, with what they bring about in review where the task becomes finished by them.

    Without rules that look at agreement, or without two answers to compare, it is decided at once. Otherwise the task
    needs review until its agreement is known.
    """
    review = project.settings.review
    happened: list[TaskEvent] = []
    for event in events:
        if not isinstance(event, TaskStateChanged):
            task = evolve(task, event)
            happened.append(event)
            continue
        following: list[TaskEvent] = []
        if _is_finishing(task.state, event.state) and review.samples and task.sampled is None and task.counted:
            here = {"project": task.project, "task": task.id}
            waits = review.routes_by_agreement and len(task.compared) > 1
            following = [ReviewRoutingAwaited(**here) if waits else route(task, NOT_MEASURED, project, counted)]
            task = fold(task, following)
            following += restated(task, event.cause, project.settings)
        elif event.state is not task.state:
            following = [event.model_copy(update={"previous": task.state})]
        happened += following
        task = fold(task, [moved for moved in following if isinstance(moved, TaskStateChanged)])
    return happened


def route_by_agreement(task: Task, agreement: AgreementOfTask, project: Project, counted: Counted) -> list[TaskEvent]:
    """Decide about a task that waits for it. Refused where the agreement is of other answers than there are now."""
    if not task.exists or not task.awaits_routing:
        return []
    if list(agreement.annotations) != task.compared:
        raise StaleVersion(f"Task {task.id} has other answers than those that were measured.")
    if agreement.definition != project.definition:
        raise StaleVersion(f"Task {task.id} was measured by definition {agreement.definition}, which is not in force.")
    routed = route(task, agreement, project, counted)
    return [routed, *restated(fold(task, [routed]), routed.type_name(), project.settings)]
