"""The tables of states, and of what came back.

A change of state is a row that never changes again: it also says since when the state before it had lasted. What lasts
still is on the row of the task or project itself.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table

from annolog.projections.engine.columns import Id, Text

metadata = MetaData()

MOMENT = "microseconds since 1970, UTC"
MONOTONE = "the same, never before an earlier one of its kind"


def change_columns() -> list[Column[Any]]:
    """What tasks and projects tell alike about a change of state."""
    return [
        Column("project", BigInteger, nullable=False),
        Column("state", Text, nullable=False),
        Column("previous", Text, comment="empty at the beginning"),
        Column("previous_since", BigInteger, comment="since when it was so; empty where it was not there"),
        Column("transition", Text, nullable=False),
        Column("reason", Text, nullable=False, comment="in words"),
        Column("cause", Text, nullable=False, comment="type of the event that caused it"),
        Column("cause_position", BigInteger, comment="of that event; empty if it is of another stream"),
        Column("by", BigInteger, nullable=False),
        Column("at", BigInteger, nullable=False, comment=MOMENT),
        Column("since", BigInteger, nullable=False, comment=MONOTONE),
    ]


stage_change = Table(
    "stage_change",
    metadata,
    Column("position", Id, primary_key=True, autoincrement=False, comment="of the change in the log"),
    Column("task", BigInteger, nullable=False),
    *change_columns(),
)
Index("ix_stage_change_task", stage_change.c.task, stage_change.c.position)
Index("ix_stage_change_project", stage_change.c.project, stage_change.c.since)

stage_task = Table(
    "stage_task",
    metadata,
    Column("task", Id, primary_key=True, autoincrement=False),
    Column("project", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("since", BigInteger, nullable=False, comment=MONOTONE),
    Column("deleted", Integer, nullable=False),
    Column("sampled", Integer, comment="whether it is reviewed, where that was decided"),
    Column("routed_position", BigInteger, comment="of the event that decided it"),
    Column("latest", Text, nullable=False, comment="type of the latest event that may move it"),
    Column("latest_transition", Text, nullable=False),
    Column("latest_position", BigInteger, nullable=False),
)
Index("ix_stage_task_project", stage_task.c.project, stage_task.c.task)

stage_project_change = Table(
    "stage_project_change",
    metadata,
    Column("position", Id, primary_key=True, autoincrement=False, comment="of the event that brought it about"),
    Column("task", BigInteger, comment="the task that the event is about, if any"),
    *change_columns(),
)
Index("ix_stage_project_change", stage_project_change.c.project, stage_project_change.c.position)

stage_project = Table(
    "stage_project",
    metadata,
    Column("project", Id, primary_key=True, autoincrement=False),
    Column("published", Integer, nullable=False),
    Column("configured", Integer, nullable=False, comment="1 once the labeling config asks something"),
    Column("created", Integer, nullable=False, comment="tasks in that state, deleted ones not counted"),
    Column("annotation_in_progress", Integer, nullable=False),
    Column("needs_review", Integer, nullable=False),
    Column("review_in_progress", Integer, nullable=False),
    Column("completed", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("since", BigInteger, nullable=False, comment=MONOTONE),
)

stage_annotation = Table(
    "stage_annotation",
    metadata,
    Column("annotation", Id, primary_key=True, autoincrement=False),
    Column("project", BigInteger, nullable=False),
    Column("task", BigInteger, nullable=False),
    Column("annotator", BigInteger, nullable=False),
    Column("live", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("standing", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("returns", Integer, nullable=False, comment="how often it went back to its author, by verdicts that stand"),
    Column("first_verdict", Text, comment="of those that stand; empty without any"),
    Column("first_reviewer", BigInteger),
    Column("first_at", BigInteger, comment=MOMENT),
    Column("waiting_since", BigInteger, comment="for its author; empty if it does not"),
    Column("latest_at", BigInteger, nullable=False, comment=MONOTONE),
    Column("verdicts", Text, nullable=False, comment="JSON: those that stand, the oldest first"),
    Column("returned", Text, nullable=False, comment="JSON: rows of stage_return, the oldest first"),
)
Index("ix_stage_annotation_first", stage_annotation.c.project, stage_annotation.c.first_at)
Index("ix_stage_annotation_waiting", stage_annotation.c.project, stage_annotation.c.waiting_since)

stage_return = Table(
    "stage_return",
    metadata,
    Column("review", Id, primary_key=True, autoincrement=False),
    Column("project", BigInteger, nullable=False),
    Column("task", BigInteger, nullable=False),
    Column("annotation", BigInteger, nullable=False),
    Column("annotator", BigInteger, nullable=False),
    Column("reviewer", BigInteger, nullable=False),
    Column("number", Integer, nullable=False, comment="how many times the annotation had come back, this one included"),
    Column("revision", Integer, nullable=False, comment="that was judged"),
    Column("comment", Text, nullable=False),
    Column("region", Text),
    Column("position", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False, comment=MOMENT),
    Column("answered_revision", Integer),
    Column("answered_at", BigInteger, comment=MOMENT),
    Column("withdrawn", Integer, nullable=False),
    Column("status", Text, nullable=False, comment="waiting, answered, closed or withdrawn"),
)
Index("ix_stage_return_project", stage_return.c.project, stage_return.c.position)
Index("ix_stage_return_annotation", stage_return.c.annotation)

stage_wait = Table(
    "stage_wait",
    metadata,
    Column("position", Id, primary_key=True, autoincrement=False, comment="of the event that ended it"),
    Column("project", BigInteger, nullable=False),
    Column("task", BigInteger, nullable=False),
    Column("annotation", BigInteger, nullable=False),
    Column("annotator", BigInteger, nullable=False),
    Column("since", BigInteger, nullable=False, comment=MONOTONE),
    Column("until", BigInteger, nullable=False, comment=MONOTONE),
)
Index("ix_stage_wait_project", stage_wait.c.project, stage_wait.c.until)
