"""What is true for a task: at most one annotation at a time."""

from __future__ import annotations

from annolog.domain.project.settings import Settings
from annolog.domain.task.annotating import live_annotation
from annolog.domain.task.events import GroundTruthCleared, GroundTruthSet, TaskEvent
from annolog.domain.task.lifecycle import settled
from annolog.domain.task.state import Task


def serves_as_evaluation(task: Task, settings: Settings) -> bool:
    """Whether the task tests people: it has a ground truth, and the project holds people against it."""
    return settings.evaluates and task.ground_truth is not None


def set_ground_truth(task: Task, annotation: int, settings: Settings) -> list[TaskEvent]:
    """Make this annotation the truth; the one before is cleared in the same append."""
    found = live_annotation(task, annotation)
    if task.ground_truth == found.id:
        return []
    truth = GroundTruthSet(project=task.project, task=task.id, annotation=found.id, annotator=found.annotator)
    return settled(task, [*_clearing(task, "replaced"), truth], settings)


def clear_ground_truth(task: Task, settings: Settings) -> list[TaskEvent]:
    """Leave the task without a ground truth. Its annotation stays and counts as an answer again."""
    return settled(task, _clearing(task, "manual"), settings)


def _clearing(task: Task, cause: str) -> list[TaskEvent]:
    if task.ground_truth is None:
        return []
    truth = task.annotations[task.ground_truth]
    return [
        GroundTruthCleared(
            project=task.project,
            task=task.id,
            annotation=truth.id,
            annotator=truth.annotator,
            cause=cause,
            standing=truth.standing,
        )
    ]
