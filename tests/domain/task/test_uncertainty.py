"""The order of tasks by how unsure a model is of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annolog.domain.task.uncertainty import SCORE_STEPS, UNSCORED, scored_place, unscored_place

SCORES = st.floats(-1, 2) | st.sampled_from([0.0, 1.0, 0.5])
TASKS = st.integers(1, 2**33 - 1)
DRAWS = st.integers(0, 2**53 - 1)


@given(SCORES, TASKS, SCORES, TASKS)
def test_the_least_sure_comes_first_and_of_two_alike_the_older(
    one: float, first: int, other: float, second: int
) -> None:
    difference = min(max(one, 0), 1) - min(max(other, 0), 1)
    places = scored_place(one, first), scored_place(other, second)
    if difference < -1 / SCORE_STEPS:
        assert places[0] < places[1]
    if one == other:
        assert (places[0] < places[1], places[0] == places[1]) == (first < second, first == second)


@given(SCORES, TASKS, DRAWS, DRAWS)
def test_whatever_has_no_score_is_behind_in_the_order_of_its_draw(
    score: float, task: int, one: int, other: int
) -> None:
    assert 0 < scored_place(score, task) < UNSCORED <= unscored_place(one) < 2**53
    if one < other - 1:
        assert unscored_place(one) < unscored_place(other)
