"""The orders in which a lane of the queue can be gone through: each a column with an index of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from annolog.domain.project.settings import Sampling
from annolog.domain.task.candidates import Lane
from annolog.domain.task.uncertainty import unscored_place
from annolog.projections.assignment_queue.projector import FRESH, STARTED


@dataclass(frozen=True, slots=True)
class Order:
    """Tasks of a stage by a column, maybe only some of them.

    Where new tasks or predictions may come in anywhere, a place that was reached does not hold after them. `rank` makes
    of a place in the column one in the lane, where several orders follow each other in it.
    """

    stage: int
    lane: Lane
    column: str
    condition: str = ""
    new_tasks: bool = False
    new_predictions: bool = False
    rank: Callable[[int], int] = int


STARTED_FIRST = Order(STARTED, Lane.STARTED, "rank")
SEQUENTIAL = Order(FRESH, Lane.FRESH, "rank")
UNIFORM = Order(FRESH, Lane.FRESH, "draw", new_tasks=True)
SCORED = Order(FRESH, Lane.FRESH, "doubt", " AND q.doubt IS NOT NULL", new_tasks=True, new_predictions=True)
UNSCORED = replace(SCORED, column="draw", condition=" AND q.doubt IS NULL", rank=unscored_place)
ORDERS = (STARTED_FIRST, SEQUENTIAL, UNIFORM, SCORED, UNSCORED)

FRESH_BY: dict[Sampling, Sequence[Order]] = {
    Sampling.SEQUENTIAL: (SEQUENTIAL,),
    Sampling.UNIFORM: (UNIFORM,),
    Sampling.UNCERTAINTY: (SCORED, UNSCORED),
}


def orders(stage: int, sampling: Sampling) -> Sequence[Order]:
    """How a stage is gone through: one order after the other."""
    return FRESH_BY[sampling] if stage == FRESH else (STARTED_FIRST,)
