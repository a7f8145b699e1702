"""Everything that moves a task has a name and a reason in words."""

from __future__ import annotations

import pytest

from annolog.domain.project.lifecycle import WORDS as OF_PROJECTS
from annolog.domain.project.lifecycle import ProjectState, project_state
from annolog.domain.task import transitions
from annolog.domain.task.events import AnnotationSubmitted
from annolog.domain.task.kinds import TaskState
from annolog.domain.task.transitions import Transition, reason, transition_by_type, transition_of
from tests.story import reviewed, revised, submitted


def test_every_transition_and_state_has_words() -> None:
    assert set(transitions.WORDS) == set(Transition)
    assert set(transitions.THEN) == set(TaskState)
    assert set(OF_PROJECTS) == set(ProjectState)


def test_a_verdict_and_a_revision_are_named_after_what_they_meant() -> None:
    facts = [
        submitted(1),
        reviewed(1),
        reviewed(1, "fixed"),
        *(reviewed(1, "rejected", action) for action in ("remove", "return", "pass_on")),
        *(revised(1, because=because) for because in ("own_update", "returned", "fixed_in_review")),
    ]
    names = [
        "submitted",
        "accepted",
        "fixed",
        "removed",
        "returned",
        "passed_on",
        "revised",
        "return_answered",
        "fixed",
    ]
    assert [transition_of(fact) for fact in facts] == names


def test_what_is_known_by_its_type_alone_is_named_too() -> None:
    assert transition_by_type("SettingsChanged") is Transition.SETTINGS_CHANGED
    assert transition_by_type("ReviewRouted") is Transition.ROUTED
    assert transition_by_type(AnnotationSubmitted.type_name()) is Transition.OTHER


def test_a_task_that_is_not_sampled_says_why_it_is_done() -> None:
    done = reason(Transition.SUBMITTED, TaskState.COMPLETED, sampled=False)
    assert done == "an annotation was submitted: it is not among those that are reviewed"
    assert "nothing is left" in reason(Transition.ACCEPTED, TaskState.COMPLETED, sampled=True)


@pytest.mark.parametrize(
    ("tasks", "published", "configured", "state"),
    [
        ({}, False, False, "created"),
        ({}, False, True, "setup_in_progress"),
        ({TaskState.CREATED: 1}, False, False, "setup_in_progress"),
        ({TaskState.CREATED: 1}, False, True, "ready_to_publish"),
        ({TaskState.COMPLETED: 1}, False, True, "ready_to_publish"),
        ({}, True, True, "published"),
        ({TaskState.CREATED: 2}, True, True, "published"),
        ({TaskState.CREATED: 1, TaskState.COMPLETED: 5}, True, True, "annotation_in_progress"),
        ({TaskState.ANNOTATION_IN_PROGRESS: 1, TaskState.NEEDS_REVIEW: 5}, True, True, "annotation_in_progress"),
        ({TaskState.NEEDS_REVIEW: 1, TaskState.REVIEW_IN_PROGRESS: 1}, True, True, "needs_review"),
        ({TaskState.REVIEW_IN_PROGRESS: 1, TaskState.COMPLETED: 1}, True, True, "review_in_progress"),
        ({TaskState.COMPLETED: 1}, True, True, "completed"),
    ],
)
def test_a_project_is_as_far_as_its_least_advanced_task(
    tasks: dict[TaskState, int], published: bool, configured: bool, state: str
) -> None:
    assert project_state(tasks, published=published, configured=configured) == state
