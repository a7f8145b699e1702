"""The order of tasks by how unsure a model is of them, as one whole number each, so that a queue can be kept in it."""

from __future__ import annotations

# Every number is below 2**53, which any reader of JSON keeps exactly.
UNSCORED = 2**52
SCORE_STEPS = 2**19
TASKS = 2**33
DRAW_BITS = 53


def scored_place(score: float, task: int) -> int:
    """The place of a task by the score of its prediction, the lowest first; scores are taken as in [0, 1].

    Scores that are closer than two millionths are alike, and of tasks that are alike the older comes first.
    """
    step = min(int(min(max(score, 0.0), 1.0) * SCORE_STEPS), SCORE_STEPS - 1)
    return step * TASKS + task % TASKS


def unscored_place(draw: int) -> int:
    """The place of a task without a score: behind all that have one, by its draw in units of 2**-53."""
    return UNSCORED + (draw >> (DRAW_BITS - 52))
