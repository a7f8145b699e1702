"""Two reviewers and a third, in short words."""

from __future__ import annotations

from typing import Any

from annolog.commands.review_stream import RequestReview
from annolog.commands.second_review import AdjudicateReview, GiveSecondReview
from annolog.domain.refusals import NoWork
from annolog.domain.task.events import Verdict
from tests.world import World

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


def disagreed(world: World) -> int:
    annotation = world.submit("ann", 1)
    world.review("rev", 1, annotation, "rejected", action="return")
    again(world, "sue", "accepted")
    return annotation
