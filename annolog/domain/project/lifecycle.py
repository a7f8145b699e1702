"""How far a project is: while it is set up by what it has, and once published by its least advanced task."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from annolog.domain.task.kinds import TaskState


class ProjectState(StrEnum):
    """How far a project is, in the order in which it advances."""

    CREATED = "created"
    SETUP_IN_PROGRESS = "setup_in_progress"
    READY_TO_PUBLISH = "ready_to_publish"
    PUBLISHED = "published"
    ANNOTATION_IN_PROGRESS = "annotation_in_progress"
    NEEDS_REVIEW = "needs_review"
    REVIEW_IN_PROGRESS = "review_in_progress"
    COMPLETED = "completed"


# What each state says, for people who read a history.
WORDS: Mapping[ProjectState, str] = {
    ProjectState.CREATED: "the project asks nothing yet and has no tasks",
    ProjectState.SETUP_IN_PROGRESS: "the project has tasks or a labeling config, not both",
    ProjectState.READY_TO_PUBLISH: "the project has tasks and a labeling config",
    ProjectState.PUBLISHED: "nobody has begun a task",
    ProjectState.ANNOTATION_IN_PROGRESS: "tasks wait for answers",
    ProjectState.NEEDS_REVIEW: "no task waits for answers, and some wait for a reviewer",
    ProjectState.REVIEW_IN_PROGRESS: "every task that is not done is being reviewed",
    ProjectState.COMPLETED: "every task is done",
}


def project_state(tasks: Mapping[TaskState, int], *, published: bool, configured: bool) -> ProjectState:
    """The state of a project with so many tasks in each state, deleted ones not counted.

    After publishing it is that of the least advanced task, where one that nobody has begun counts as annotating once
    any other has been begun. `configured` is whether the labeling config asks something.
    """
    existing = sum(tasks.values())
    if not published:
        if existing and configured:
            return ProjectState.READY_TO_PUBLISH
        return ProjectState.SETUP_IN_PROGRESS if existing or configured else ProjectState.CREATED
    untouched = tasks.get(TaskState.CREATED, 0)
    if existing == untouched:
        return ProjectState.PUBLISHED
    least = next(state for state in TaskState if tasks.get(state))
    return ProjectState.ANNOTATION_IN_PROGRESS if least is TaskState.CREATED else ProjectState(least.value)
