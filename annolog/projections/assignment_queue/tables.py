"""The tables of the assignment queue. They live beside the log and move in the same transaction as the events."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Float, Index, Integer, MetaData, Table

from annolog.projections.engine.columns import Id, Text

metadata = MetaData()

queue_task = Table(
    "queue_task",
    metadata,
    Column("task", Id, primary_key=True, autoincrement=False),
    Column("project", BigInteger, nullable=False),
    Column("covered", Integer, nullable=False, comment="1 if it gets the project's overlap"),
    Column("stage", Integer, nullable=False, comment="0 started or open again, 1 fresh"),
    Column("rank", BigInteger, nullable=False, comment="fresh: the task; else the position that put it here"),
    Column("draw", BigInteger, nullable=False, comment="the task's draw, in units of 2**-53"),
    Column("score", Float, comment="of the latest prediction, if that has one"),
    Column("doubt", BigInteger, comment="the place by that score, see domain.task.uncertainty"),
    Column("open", Integer, nullable=False, comment="1 while a slot is free"),
    Column("slots", Integer, nullable=False),
    Column("taken", Integer, nullable=False, comment="people who fill a slot"),
    Column("touched", Integer, nullable=False, comment="people who have, or had, to do with it"),
    Column("additional", Integer, nullable=False, comment="slots that reassignment added"),
    Column("ground_truth", BigInteger, comment="the annotation that is the ground truth"),
    Column("deleted", Integer, nullable=False),
    Column("need", BigInteger, comment="doubted: how badly an answer is wanted, in trillionths"),
    Column("kept", Integer, nullable=False, comment="1 while the free slot is kept for certain people"),
    Column("kept_until", BigInteger, comment="when anybody may have it, in microseconds since 1970"),
)

queue_person = Table(
    "queue_person",
    metadata,
    Column("person", BigInteger, primary_key=True),
    Column("task", BigInteger, primary_key=True),
    Column("project", BigInteger, nullable=False),
    Column("standing", Text, nullable=False, comment="see projector.Has"),
    Column("rank", BigInteger, nullable=False, comment="position of the event that made it so"),
    Column("lease", BigInteger, comment="the lease held"),
    Column("expires_at", BigInteger, comment="when it runs out, in microseconds since 1970"),
    Column("assigned", Integer, nullable=False),
    sqlite_with_rowid=False,
)


def _partial(name: str, condition: ColumnElement[bool], *columns: Column[Any]) -> Index:
    return Index(name, *columns, sqlite_where=condition, postgresql_where=condition)


task, person = queue_task.c, queue_person.c
_partial("ix_queue_task_rank", task.open == 1, task.project, task.covered, task.stage, task.rank)
_partial("ix_queue_task_draw", (task.open == 1) & (task.stage == 1), task.project, task.covered, task.draw)
# Only of tasks with a score, so that projects without models do not pay for it.
_partial(
    "ix_queue_task_doubt",
    (task.open == 1) & (task.stage == 1) & task.doubt.is_not(None),
    task.project,
    task.covered,
    task.doubt,
)
_partial("ix_queue_task_ground_truth", task.ground_truth.is_not(None), task.project, task.task)
_partial("ix_queue_task_touched", task.open == 1, task.project, task.touched, task.task)
Index("ix_queue_task_project", task.project, task.task)
_partial("ix_queue_person_lease", person.lease.is_not(None), person.person, person.project, person.expires_at)
_partial("ix_queue_person_expiry", person.expires_at.is_not(None), person.expires_at)
_partial("ix_queue_person_assigned", person.assigned == 1, person.person, person.project, person.rank)
# SQLite takes a partial index only where the query repeats its condition word for word, hence one for each standing.
_partial("ix_queue_person_returned", person.standing == "returned", person.person, person.project, person.rank)
_partial("ix_queue_person_skipped", person.standing == "skipped", person.person, person.project, person.rank)

_partial("ix_queue_task_need", task.need.is_not(None), task.project, task.need)
_partial("ix_queue_task_kept_until", task.kept_until.is_not(None), task.kept_until)
_partial("ix_queue_task_kept", task.kept == 1, task.project, task.task)

queue_wanted = Table(
    "queue_wanted",
    metadata,
    Column("person", BigInteger, primary_key=True),
    Column("task", BigInteger, primary_key=True),
    Column("project", BigInteger, nullable=False),
    Column("rank", BigInteger, nullable=False, comment="position of the event that keeps a slot for the person"),
    sqlite_with_rowid=False,
)
Index("ix_queue_wanted_rank", queue_wanted.c.person, queue_wanted.c.project, queue_wanted.c.rank)

queue_work = Table(
    "queue_work",
    metadata,
    Column("project", BigInteger, primary_key=True),
    Column("person", BigInteger, primary_key=True),
    Column("submitted", Integer, nullable=False),
    sqlite_with_rowid=False,
)

queue_project = Table(
    "queue_project",
    metadata,
    Column("project", BigInteger, primary_key=True, autoincrement=False),
    Column("breadth_first", Integer, nullable=False),
    Column("predicted", BigInteger, nullable=False, comment="position of the latest prediction that moved a task"),
)

queue_pause = Table(
    "queue_pause",
    metadata,
    Column("project", BigInteger, primary_key=True),
    Column("person", BigInteger, primary_key=True),
    Column("pauses", Text, nullable=False, comment="JSON: cause and rule -> when it ends by itself"),
    Column("until", BigInteger, nullable=False, comment="when the first of them ends, in microseconds since 1970"),
    sqlite_with_rowid=False,
)
Index("ix_queue_pause_until", queue_pause.c.until)
