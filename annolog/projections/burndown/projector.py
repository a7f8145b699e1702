"""How events move tasks between states, by the quarter of an hour."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Table

from annolog.domain.measures.calendar import QUARTER_MICROSECONDS
from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.domain.task.events import TaskState
from annolog.projections.burndown.tables import burndown_change, burndown_task
from annolog.projections.engine.moments import microseconds
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.rows import Key, Rows


def touches(recorded: Recorded) -> Iterator[tuple[Table, Key]]:
    """The task; sums are added to without a look."""
    event = recorded.event
    if isinstance(event, happened.TaskEvent) and not isinstance(event, happened.TaskImported):
        yield burndown_task, (event.task,)


def apply(rows: Rows, recorded: Recorded) -> None:
    """Take the task out of its state, and into the next."""
    event = recorded.event
    if isinstance(event, happened.TaskImported):
        state = TaskState.CREATED.value
        rows.put(burndown_task, {"task": event.task, "project": event.project, "state": state, "deleted": 0})
        _add(rows, recorded, state, 1)
        return
    assert isinstance(event, happened.TaskEvent)
    task = rows.change(burndown_task, event.task)
    if task is None:
        return
    match event:
        case happened.TaskStateChanged(state=state):
            if not task["deleted"] and state.value != task["state"]:
                _add(rows, recorded, task["state"], -1)
                _add(rows, recorded, state.value, 1, entered=1)
            task["state"] = state.value
        case happened.TaskDeleted() | happened.TaskRestored():
            deleted = int(isinstance(event, happened.TaskDeleted))
            if deleted != task["deleted"]:
                _add(rows, recorded, task["state"], -1 if deleted else 1)
            task["deleted"] = deleted


def _add(rows: Rows, recorded: Recorded, state: str, step: int, entered: int = 0) -> None:
    quarter = microseconds(recorded.recorded_at) // QUARTER_MICROSECONDS
    came, went = (step, 0) if step > 0 else (0, -step)
    rows.add(burndown_change, (recorded.project, quarter, state), (came, went, entered))


burndown = Projector(
    name="burndown",
    version=1,
    tables=(burndown_task, burndown_change),
    interests=frozenset(
        {happened.TaskImported, happened.TaskDeleted, happened.TaskRestored, happened.TaskStateChanged}
    ),
    touches=touches,
    apply=apply,
)
