"""What is said of a task that needs somebody's attention, and what ends it: the one rule, for all who show it."""

from __future__ import annotations

from annolog.domain.event import Event
from annolog.domain.task import events as happened
from annolog.domain.task.kinds import WAITING

EXHAUSTED, INFEASIBLE, NONE = "exhausted", "infeasible", ""


def flag_after(flag: str, event: Event) -> str:
    """The flag once `event` has happened: exhausted, infeasible, or empty.

    Exhausted tasks are finished, infeasible ones are not; whatever ends that ends the flag.
    """
    match event:
        case happened.TaskExhausted():
            return EXHAUSTED
        case happened.TaskInfeasible():
            return INFEASIBLE
        case happened.SlotAdded() | happened.AgreementReached() | happened.TaskFeasible():
            return NONE
        case happened.TaskStateChanged(state=state):
            return NONE if flag == (EXHAUSTED if state in WAITING else INFEASIBLE) else flag
        case _:
            return flag
