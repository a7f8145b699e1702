"""What a requeued window would take out."""

from __future__ import annotations

from datetime import date
from typing import Any

from annolog.domain.drift.decisions import must_be_window, taken_out
from annolog.infra.composition import Installation
from annolog.infra.read_side import DriftReader


def preview(installation: Installation, project: int, person: int, since: date, until: date) -> dict[str, Any]:
    """How many answers of somebody on these days would be taken out, and of which tasks."""
    must_be_window(since, until)
    reader = DriftReader(installation.read_engine)
    answers = reader.window(project, person, since.isoformat(), until.isoformat())
    states = installation.states.tasks([task for task, _ in answers])
    tasks = [task for task, annotation in answers if taken_out(states[task], annotation) is not None]
    return {
        "project": project,
        "person": person,
        "since": since.isoformat(),
        "until": until.isoformat(),
        "answers": len(tasks),
        "tasks": tasks,
    }
