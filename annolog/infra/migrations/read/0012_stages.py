"""States of tasks and projects with their causes, and how annotations fared in review: filled at the next start."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annolog.projections.engine.columns import Id, Text

revision = "0012"
down_revision = "0011"

MOMENT = "microseconds since 1970, UTC"
MONOTONE = "the same, never before an earlier one of its kind"


def upgrade() -> None:
    """Seven tables that were not there."""
    _states()
    _review()


def _states() -> None:
    op.create_table(
        "stage_change",
        sa.Column("position", Id, autoincrement=False, nullable=False, comment="of the change in the log"),
        sa.Column("task", sa.BigInteger(), nullable=False),
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("state", Text, nullable=False),
        sa.Column("previous", Text, comment="empty at the beginning"),
        sa.Column("previous_since", sa.BigInteger(), comment="since when it was so; empty where it was not there"),
        sa.Column("transition", Text, nullable=False),
        sa.Column("reason", Text, nullable=False, comment="in words"),
        sa.Column("cause", Text, nullable=False, comment="type of the event that caused it"),
        sa.Column("cause_position", sa.BigInteger(), comment="of that event; empty if it is of another stream"),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False, comment=MOMENT),
        sa.Column("since", sa.BigInteger(), nullable=False, comment=MONOTONE),
        sa.PrimaryKeyConstraint("position"),
    )
    op.create_index("ix_stage_change_project", "stage_change", ["project", "since"], unique=False)
    op.create_index("ix_stage_change_task", "stage_change", ["task", "position"], unique=False)
    op.create_table(
        "stage_task",
        sa.Column("task", Id, autoincrement=False, nullable=False),
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("state", Text, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False, comment=MONOTONE),
        sa.Column("deleted", sa.Integer(), nullable=False),
        sa.Column("sampled", sa.Integer(), comment="whether it is reviewed, where that was decided"),
        sa.Column("routed_position", sa.BigInteger(), comment="of the event that decided it"),
        sa.Column("latest", Text, nullable=False, comment="type of the latest event that may move it"),
        sa.Column("latest_transition", Text, nullable=False),
        sa.Column("latest_position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("task"),
    )
    op.create_index("ix_stage_task_project", "stage_task", ["project", "task"], unique=False)
    op.create_table(
        "stage_project_change",
        sa.Column("position", Id, autoincrement=False, nullable=False, comment="of the event that brought it about"),
        sa.Column("task", sa.BigInteger(), comment="the task that the event is about, if any"),
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("state", Text, nullable=False),
        sa.Column("previous", Text, comment="empty at the beginning"),
        sa.Column("previous_since", sa.BigInteger(), comment="since when it was so; empty where it was not there"),
        sa.Column("transition", Text, nullable=False),
        sa.Column("reason", Text, nullable=False, comment="in words"),
        sa.Column("cause", Text, nullable=False, comment="type of the event that caused it"),
        sa.Column("cause_position", sa.BigInteger(), comment="of that event; empty if it is of another stream"),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False, comment=MOMENT),
        sa.Column("since", sa.BigInteger(), nullable=False, comment=MONOTONE),
        sa.PrimaryKeyConstraint("position"),
    )
    op.create_index("ix_stage_project_change", "stage_project_change", ["project", "position"], unique=False)
    op.create_table(
        "stage_project",
        sa.Column("project", Id, autoincrement=False, nullable=False),
        sa.Column("published", sa.Integer(), nullable=False),
        sa.Column("configured", sa.Integer(), nullable=False, comment="1 once the labeling config asks something"),
        sa.Column("created", sa.Integer(), nullable=False, comment="tasks in that state, deleted ones not counted"),
        sa.Column("annotation_in_progress", sa.Integer(), nullable=False),
        sa.Column("needs_review", sa.Integer(), nullable=False),
        sa.Column("review_in_progress", sa.Integer(), nullable=False),
        sa.Column("completed", sa.Integer(), nullable=False),
        sa.Column("state", Text, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False, comment=MONOTONE),
        sa.PrimaryKeyConstraint("project"),
    )


def _review() -> None:
    op.create_table(
        "stage_annotation",
        sa.Column("annotation", Id, autoincrement=False, nullable=False),
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("task", sa.BigInteger(), nullable=False),
        sa.Column("annotator", sa.BigInteger(), nullable=False),
        sa.Column("live", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("standing", Text, nullable=False),
        sa.Column("outcome", Text, nullable=False),
        sa.Column(
            "returns",
            sa.Integer(),
            nullable=False,
            comment="how often it went back to its author, by verdicts that stand",
        ),
        sa.Column("first_verdict", Text, comment="of those that stand; empty without any"),
        sa.Column("first_reviewer", sa.BigInteger()),
        sa.Column("first_at", sa.BigInteger(), comment=MOMENT),
        sa.Column("waiting_since", sa.BigInteger(), comment="for its author; empty if it does not"),
        sa.Column("latest_at", sa.BigInteger(), nullable=False, comment=MONOTONE),
        sa.Column("verdicts", Text, nullable=False, comment="JSON: those that stand, the oldest first"),
        sa.Column("returned", Text, nullable=False, comment="JSON: rows of stage_return, the oldest first"),
        sa.PrimaryKeyConstraint("annotation"),
    )
    op.create_index("ix_stage_annotation_first", "stage_annotation", ["project", "first_at"], unique=False)
    op.create_index("ix_stage_annotation_waiting", "stage_annotation", ["project", "waiting_since"], unique=False)
    op.create_table(
        "stage_return",
        sa.Column("review", Id, autoincrement=False, nullable=False),
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("task", sa.BigInteger(), nullable=False),
        sa.Column("annotation", sa.BigInteger(), nullable=False),
        sa.Column("annotator", sa.BigInteger(), nullable=False),
        sa.Column("reviewer", sa.BigInteger(), nullable=False),
        sa.Column(
            "number",
            sa.Integer(),
            nullable=False,
            comment="how many times the annotation had come back, this one included",
        ),
        sa.Column("revision", sa.Integer(), nullable=False, comment="that was judged"),
        sa.Column("comment", Text, nullable=False),
        sa.Column("region", Text),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False, comment=MOMENT),
        sa.Column("answered_revision", sa.Integer()),
        sa.Column("answered_at", sa.BigInteger(), comment=MOMENT),
        sa.Column("withdrawn", sa.Integer(), nullable=False),
        sa.Column("status", Text, nullable=False, comment="waiting, answered, closed or withdrawn"),
        sa.PrimaryKeyConstraint("review"),
    )
    op.create_index("ix_stage_return_annotation", "stage_return", ["annotation"], unique=False)
    op.create_index("ix_stage_return_project", "stage_return", ["project", "position"], unique=False)
    op.create_table(
        "stage_wait",
        sa.Column("position", Id, autoincrement=False, nullable=False, comment="of the event that ended it"),
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("task", sa.BigInteger(), nullable=False),
        sa.Column("annotation", sa.BigInteger(), nullable=False),
        sa.Column("annotator", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False, comment=MONOTONE),
        sa.Column("until", sa.BigInteger(), nullable=False, comment=MONOTONE),
        sa.PrimaryKeyConstraint("position"),
    )
    op.create_index("ix_stage_wait_project", "stage_wait", ["project", "until"], unique=False)
