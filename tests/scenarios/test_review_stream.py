"""What comes to whom for review, in which order, and what is judged in bulk."""

from __future__ import annotations

import pytest

from annolog.commands.distributing import AssignTasks
from annolog.commands.review_stream import ReleaseReview, RequestReview, ReviewTasks
from annolog.domain.project.events import ProjectRole
from annolog.domain.refusals import Forbidden, InvalidInput, NotFound, NoWork, WrongState
from annolog.domain.task.events import Verdict
from tests.world import World

TWO = {"overlap": 2}


def asked(world: World, who: str) -> tuple[int, int]:
    found = world.run(RequestReview(project=world.project), who).value
    return found["task"], found["annotation"]


def judged(world: World, who: str, verdict: str = "accepted") -> int:
    task, annotation = asked(world, who)
    world.review(who, task, annotation, verdict)
    return task


def in_bulk(world: World, who: str, tasks: list[int], verdict: Verdict = Verdict.ACCEPTED, **more: object) -> dict:
    return dict(world.run(ReviewTasks(project=world.project, tasks=tasks, verdict=verdict, **more), who).value)


def has_nothing(world: World, who: str) -> bool:
    try:
        asked(world, who)
    except NoWork as refusal:
        return refusal.facts["reason"] == "nothing_to_review"
    return False


def test_annotations_come_one_by_one_in_order_and_only_of_finished_tasks(world: World) -> None:
    world.set_up(tasks=3, assignment=TWO, review={"criteria": "all"})
    first, second = world.submit("bob", 2), world.submit("ann", 2)
    world.submit("ann", 1)
    assert asked(world, "rev") == (2, first)
    assert asked(world, "rev") == (2, first)
    world.review("rev", 2, first, "accepted")
    assert asked(world, "rev") == (2, second)
    world.review("rev", 2, second, "accepted")
    assert has_nothing(world, "rev")
    world.change("review", only_finished=False)
    assert asked(world, "rev")[0] == 1


def test_two_reviewers_get_different_tasks_until_one_leaves_or_half_an_hour_is_over(world: World) -> None:
    world.set_up(tasks=2, reviewers="rev sue")
    for _ in range(2):
        world.work("ann")
    assert [asked(world, "rev")[0], asked(world, "sue")[0]] == [1, 2]
    world.run(ReleaseReview(task=1), "rev")
    world.review("sue", 2, world.task(2).counted[0].id, "accepted")
    assert asked(world, "sue")[0] == 1
    assert has_nothing(world, "rev")
    world.clock.forward(30 * 60 + 1)
    assert asked(world, "rev")[0] == 1


def test_nobody_is_given_their_own_work_to_review(world: World) -> None:
    world.set_up(tasks=2)
    world.submit("rev", 1)
    assert has_nothing(world, "rev")
    world.submit("ann", 2)
    assert asked(world, "rev")[0] == 2
    assert in_bulk(world, "rev", [1, 2])["reviewed"] == 1


def test_a_task_with_reviewers_comes_to_them_alone_and_with_only_assigned_no_other_comes_to_anybody(
    world: World,
) -> None:
    world.set_up(tasks=3, reviewers="rev sue")
    for _ in range(3):
        world.work("ann")
    world.run(AssignTasks(project=1, tasks=[1], people=[world.people["sue"]], as_reviewers=True))
    assert asked(world, "rev")[0] == 2
    assert judged(world, "sue") == 1
    assert asked(world, "sue")[0] == 3
    world.change("review", only_assigned=True)
    assert has_nothing(world, "rev")
    world.run(AssignTasks(project=1, tasks=[3], people=[world.people["rev"]], as_reviewers=True))
    world.run(ReleaseReview(task=3), "sue")
    assert asked(world, "rev")[0] == 3


def test_by_annotator_all_of_one_person_comes_before_the_next(world: World) -> None:
    world.set_up(tasks=6, review={"order": "by_annotator"})
    for task in range(1, 7):
        world.submit("ann" if task % 2 else "bob", task)
    assert [judged(world, "rev") for _ in range(6)] == [1, 3, 5, 2, 4, 6]


def test_in_random_order_every_task_comes_once_and_not_in_the_order_they_came_in(world: World) -> None:
    world.set_up(tasks=12, review={"order": "random"})
    for _ in range(12):
        world.work("ann")
    found = [judged(world, "rev") for _ in range(12)]
    assert sorted(found) == list(range(1, 13)) != found


def test_a_task_that_is_not_sampled_never_comes(world: World) -> None:
    world.set_up(tasks=10, review={"sample_percent": 20})
    for _ in range(10):
        world.work("ann")
    assert len({judged(world, "rev"), judged(world, "rev")}) == 2
    assert has_nothing(world, "rev")


def test_in_bulk_all_that_waits_is_judged_and_no_comment_is_asked_for(world: World) -> None:
    world.set_up(tasks=3, assignment=TWO, review={"criteria": "all", "comment_on_reject": True})
    for task in (1, 2):
        world.submit("ann", task)
        world.submit("bob", task)
    with pytest.raises(InvalidInput, match="comment"):
        world.review("rev", 1, world.task(1).counted[0].id, "rejected")
    found = in_bulk(world, "rev", [1, 2, 3], Verdict.REJECTED)
    assert {name: found[name] for name in ("tasks", "changed", "reviewed", "left")} == {
        "tasks": 3, "changed": 2, "reviewed": 4, "left": 1,
    }  # fmt: skip
    assert [world.task(task).state.value for task in (1, 2, 3)] == ["completed", "completed", "created"]
    assert in_bulk(world, "rev", [1, 2, 3])["reviewed"] == 0


def test_a_bulk_that_sends_work_back_sends_back_all_of_it(world: World) -> None:
    world.set_up(tasks=1, assignment=TWO)
    world.submit("ann", 1)
    world.submit("bob", 1)
    assert in_bulk(world, "rev", [1], Verdict.REJECTED, action="return")["reviewed"] == 2
    assert world.next("ann") == world.next("bob") == 1


def test_what_another_reviewer_has_before_them_is_left_out_of_a_bulk(world: World) -> None:
    world.set_up(tasks=2, reviewers="rev sue")
    for _ in range(2):
        world.work("ann")
    asked(world, "rev")
    found = in_bulk(world, "sue", [1, 2])
    assert (found["reviewed"], found["held"]) == (1, 1)
    assert [(one["task"], one["code"]) for one in found["refused"]] == [(1, WrongState.code)]


def test_who_may_not_review_is_refused(world: World) -> None:
    world.set_up(tasks=1)
    world.work("ann")
    with pytest.raises(Forbidden):
        asked(world, "ann")
    with pytest.raises(Forbidden):
        in_bulk(world, "ann", [1])
    with pytest.raises(NotFound):
        in_bulk(world, "rev", [99])
    world.join("max", ProjectRole.MANAGER)
    assert asked(world, "max")[0] == 1
