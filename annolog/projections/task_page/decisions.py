"""The decisions that were made about a task, with what each rested on, out of its history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from annolog.domain.event import Event
from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened

# What the rules decided by themselves, or somebody decided for a task; answers and reviews are in its history.
DECISIONS: frozenset[type[Event]] = frozenset(
    {
        happened.TaskImported,
        happened.TaskReserved,
        happened.ReservationReleased,
        happened.OverlapSet,
        happened.SlotAdded,
        happened.PreferenceEnded,
        happened.SlotKept,
        happened.TaskDoubted,
        happened.AgreementReached,
        happened.TaskExhausted,
        happened.TaskInfeasible,
        happened.TaskFeasible,
        happened.AnnotatorAssigned,
        happened.AnnotatorUnassigned,
        happened.SkipWithdrawn,
    }
)
# Of an import only what decided how many people are asked, and in what order.
LEFT_OUT = {"project", "task", "data", "meta"}


def decisions(history: Iterable[Recorded]) -> list[dict[str, Any]]:
    """Every decision, oldest first: what, when, by whom and because of what, and its reason or evidence as recorded."""
    return [
        {
            "position": recorded.position,
            "type": recorded.type,
            "at": recorded.recorded_at.isoformat(),
            "by": recorded.person,
            "caused_by": str(recorded.causation_id) if recorded.causation_id else None,
            **recorded.event.model_dump(mode="json", exclude=LEFT_OUT),
        }
        for recorded in history
        if type(recorded.event) in DECISIONS
    ]
