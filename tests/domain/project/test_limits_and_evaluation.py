"""How much one person may do, and when somebody falls short of the ground truth."""

from __future__ import annotations

import pytest

from annolog.domain.project.evaluation import Standing, fails
from annolog.domain.project.limits import limit_of
from annolog.domain.project.settings import EvaluationMode
from annolog.domain.project.state import Project
from tests.story import settings


@pytest.mark.parametrize(
    ("count", "percent", "tasks", "limit"),
    [(None, None, 10, None), (3, None, 10, 3), (None, 25, 10, 3), (3, 50, 10, 3), (7, 50, 10, 5), (None, 1, 10, 0)],
)
def test_of_a_count_and_a_share_the_smaller_binds(
    count: int | None, percent: int | None, tasks: int, limit: int | None
) -> None:
    rules = settings(assignment={"limit_count": count, "limit_percent": percent})
    assert limit_of(Project(1, title="x", settings=rules, tasks=tasks)) == limit


@pytest.mark.parametrize(
    ("score", "tasks", "failing"), [(0.69, 3, True), (0.7, 3, False), (0.69, 2, False), (0.0, 99, True)]
)
def test_falling_short_takes_a_score_under_the_minimum_over_enough_tasks(
    score: float, tasks: int, failing: bool
) -> None:
    rules = {"enabled": True, "minimum_tasks": 3, "minimum_score": 0.7}
    assert fails(settings(evaluation=rules), score, tasks) is failing
    assert not fails(settings(evaluation={**rules, "enabled": False}), score, tasks)
    assert not fails(settings(evaluation={**rules, "pause_on_failure": False}), score, tasks)
    assert not fails(settings(evaluation=rules, assignment={"distribution": "manual"}), score, tasks)


@pytest.mark.parametrize("reviewed", range(1, 201))
def test_a_share_that_is_exactly_the_minimum_does_not_fall_short(reviewed: int) -> None:
    for accepted in range(reviewed + 1):
        standing = Standing.of_reviews(EvaluationMode.ACCEPTANCE_SCORE, reviewed, reviewed - accepted)
        assert standing is not None
        assert standing.score == accepted / reviewed
        assert standing.score >= float(f"{accepted / reviewed}")
