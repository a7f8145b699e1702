"""Two reviewers and a third: what is reviewed twice, who is asked, what stands, and that nothing waits for ever."""

from __future__ import annotations

from typing import Any

import pytest

from annolog.commands.annotating import DeleteAnnotation
from annolog.commands.distributing import AssignTasks, DeleteTasks, RestoreTasks
from annolog.commands.projects import PauseMember, RemoveMember
from annolog.commands.review_stream import RequestReview, ReviewTasks
from annolog.commands.reviewing import SetGroundTruth, WithdrawReview
from annolog.commands.second_review import AdjudicateReview, GiveSecondReview
from annolog.domain.project.events import PauseKind, ProjectRole
from annolog.domain.refusals import Forbidden, InvalidInput, NotFound, NoWork, OwnWork, WrongState
from annolog.domain.task.events import Verdict
from tests.world import World, result

EVERY = {"second_review_percent": 100, "adjudication": "on_disagreement"}


def asked(world: World, who: str) -> dict[str, Any]:
    return dict(world.run(RequestReview(project=world.project), who).value)


def has_nothing(world: World, who: str) -> bool:
    try:
        asked(world, who)
    except NoWork:
        return True
    return False


def again(world: World, who: str, verdict: str, **more: Any) -> dict[str, Any]:
    """Take what comes next, which must be a second review, and give it."""
    found = asked(world, who)
    assert found["stage"] == "second"
    world.run(GiveSecondReview(task=found["task"], review=found["review"], verdict=Verdict(verdict), **more), who)
    return found


def adjudicated(world: World, who: str, verdict: str, **more: Any) -> dict[str, Any]:
    found = asked(world, who)
    assert found["stage"] == "adjudication"
    world.run(AdjudicateReview(task=found["task"], review=found["review"], verdict=Verdict(verdict), **more), who)
    return found


def set_up(world: World, tasks: int = 1, reviewers: str = "rev sue tom", **review: Any) -> None:
    world.set_up(tasks=tasks, reviewers=reviewers, review={**EVERY, **review})


def test_two_reviewers_disagree_and_a_third_person_has_the_last_word(world: World) -> None:
    set_up(world)
    annotation = world.submit("ann", 1)
    assert asked(world, "rev")["stage"] == "first"
    review = world.review("rev", 1, annotation, "accepted")
    assert world.task().state == "completed"
    assert has_nothing(world, "rev")
    second = again(world, "sue", "rejected", action="return", comment="B, clearly")
    assert (second["annotation"], second["result"], second["review"]) == (annotation, result("A"), review)
    assert world.task().state == "completed", "a second review changes nothing by itself"
    assert has_nothing(world, "rev")
    assert has_nothing(world, "sue")
    third = adjudicated(world, "tom", "rejected", action="return")
    assert [said["verdict"] for said in third["verdicts"]] == ["accepted", "rejected"]
    assert world.task().state == "annotation_in_progress"
    assert world.next("ann") == 1
    world.revise("ann", 1, annotation, "B")
    assert world.task().state == "needs_review"
    assert world.types("task-1")[3:] == [
        "AnnotationReviewed", "TaskStateChanged", "SecondReviewRequested",
        "ReviewReserved", "SecondReviewGiven", "AdjudicationRequested",
        "ReviewReserved", "ReviewAdjudicated", "AnnotationReviewed", "TaskStateChanged",
        *world.types("task-1")[13:],
    ]  # fmt: skip
