"""When a task is finished, when it is done, and the event that says so."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

from annolog.domain.project.settings import Distribution, ReviewSettings, Settings
from annolog.domain.task import preferences
from annolog.domain.task.events import Standing, TaskEvent, TaskState, TaskStateChanged, Verdict
from annolog.domain.task.evolve import fold
from annolog.domain.task.state import JUDGED, Annotation, Task

IN_REVIEW = frozenset({TaskState.NEEDS_REVIEW, TaskState.REVIEW_IN_PROGRESS})


def settled(task: Task, events: Sequence[TaskEvent], settings: Settings) -> list[TaskEvent]:
    """The events, and the change of state they bring about, if any."""
    if not events:
        return []
    happened = [*preferences.ended(task, events), *events]
    after = fold(task, happened)
    happened += preferences.overtaken(after, events[-1].type_name())
    return [*happened, *restated(after, events[-1].type_name(), settings)]


def restated(task: Task, cause: str, settings: Settings) -> list[TaskEvent]:
    """The change of state that is due, if the task is not where it should be."""
    state = state_of(task, settings)
    if state is task.state:
        return []
    return [TaskStateChanged(project=task.project, task=task.id, previous=task.state, state=state, cause=cause)]


def state_of(task: Task, settings: Settings) -> TaskState:
    """How far the task is."""
    started = bool(task.skips) or any(annotation.id != task.ground_truth for annotation in task.live)
    if not is_finished(task, settings):
        return TaskState.ANNOTATION_IN_PROGRESS if started else TaskState.CREATED
    if any(annotation.standing is Standing.RETURNED for annotation in task.counted):
        return TaskState.ANNOTATION_IN_PROGRESS
    if not needs_review(task, settings.review) or is_reviewed(task, settings.review):
        return TaskState.COMPLETED
    under_way = settings.review.criteria == "all" and any(is_judged(a) for a in task.counted)
    return TaskState.REVIEW_IN_PROGRESS if under_way else TaskState.NEEDS_REVIEW


def is_finished(task: Task, settings: Settings) -> bool:
    """Whether no further annotation is waited for.

    With automatic distribution as many people answered as there are slots, and the reassignment rule, where it is on,
    asks for nobody else. With manual distribution everybody assigned has answered.
    """
    answered = task.answered()
    if settings.assignment.distribution is Distribution.MANUAL:
        return bool(answered) and task.assigned <= answered
    if len(answered) < task.slots:
        return False
    return not awaits_agreement(task, settings) or task.resolution in JUDGED


def awaits_agreement(task: Task, settings: Settings) -> bool:
    """Whether the reassignment rule has a say: the slots are full, and there are answers to compare."""
    enough = len(task.answered()) >= task.slots and len(task.compared) >= settings.least_compared
    return settings.reassigns and enough


def needs_review(task: Task, review: ReviewSettings) -> bool:
    """Whether the task is among those that are reviewed.

    Where only those whom a task is assigned to review, one without reviewers waits for nobody. Otherwise that was
    decided when it was finished, if there was anything to decide. Otherwise it goes by the settings: who is in
    review stays in it as long as anything is reviewed, and tasks that were done before there were decisions have the
    place in the share that they had then.
    """
    if not task.counted:
        return False
    if review.only_assigned and not task.reviewers:
        return False
    if task.sampled is not None:
        return task.sampled
    if task.awaits_routing or (review.samples and task.state in IN_REVIEW):
        return True
    digest = blake2b(f"review:{task.project}:{task.id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % 100 < review.sample_percent


def is_reviewed(task: Task, review: ReviewSettings) -> bool:
    """Whether review is over: one annotation judged for good, or all of them, as the project asks."""
    judged = [is_judged(annotation) for annotation in task.counted]
    return all(judged) if review.criteria == "all" else any(judged)


def is_judged(annotation: Annotation) -> bool:
    """Whether the latest verdict is for good."""
    return annotation.verdict in (Verdict.ACCEPTED, Verdict.FIXED) or (
        annotation.verdict is Verdict.REJECTED and annotation.standing is Standing.REMOVED
    )
