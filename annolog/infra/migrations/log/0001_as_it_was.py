"""The log's database as it was before there were migrations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annolog.projections.engine.columns import Id, Text

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "bookmark",
        sa.Column("projector", Text, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("projector"),
    )
    op.create_table(
        "command_result",
        sa.Column("command_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=32), nullable=False),
        sa.Column("actor", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False, comment="the first answer, as JSON"),
        sa.PrimaryKeyConstraint("command_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "draft",
        sa.Column("task", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("result", Text, nullable=False),
        sa.Column("lead_time", Text, nullable=True),
        sa.Column("reason", Text, nullable=False, comment="autosaved, or the refusal that kept the work"),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("task", "person"),
    )
    op.create_table(
        "event",
        sa.Column("position", Id, autoincrement=False, nullable=False),
        sa.Column("stream", Text, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("type", Text, nullable=False),
        sa.Column("schema_version", sa.Integer(), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("project", sa.BigInteger(), nullable=True),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False, comment="microseconds since 1970, UTC"),
        sa.Column("actor", sa.BigInteger(), nullable=False),
        sa.Column("on_behalf_of", sa.BigInteger(), nullable=True),
        sa.Column("command_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("correlation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("causation_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="the event as JSON"),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("stream", "version", name="uq_event_stream_version"),
    )
    op.create_index("ix_event_project_position", "event", ["project", "position"], unique=False)
    op.create_table(
        "id_sequence",
        sa.Column("kind", Text, nullable=False),
        sa.Column("next", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind"),
    )
    op.create_table(
        "queue_person",
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("task", sa.BigInteger(), nullable=False),
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("standing", Text, nullable=False, comment="see projector.Has"),
        sa.Column("rank", sa.BigInteger(), nullable=False, comment="position of the event that made it so"),
        sa.Column("lease", sa.BigInteger(), nullable=True, comment="the lease held"),
        sa.Column("expires_at", sa.BigInteger(), nullable=True, comment="when it runs out, in microseconds since 1970"),
        sa.Column("assigned", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("person", "task"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_queue_person_assigned",
        "queue_person",
        ["person", "project", "rank"],
        unique=False,
        sqlite_where=sa.text("assigned = 1"),
        postgresql_where=sa.text("assigned = 1"),
    )
    op.create_index(
        "ix_queue_person_expiry",
        "queue_person",
        ["expires_at"],
        unique=False,
        sqlite_where=sa.text("expires_at IS NOT NULL"),
        postgresql_where=sa.text("expires_at IS NOT NULL"),
    )
    op.create_index(
        "ix_queue_person_lease",
        "queue_person",
        ["person", "project", "expires_at"],
        unique=False,
        sqlite_where=sa.text("lease IS NOT NULL"),
        postgresql_where=sa.text("lease IS NOT NULL"),
    )
    op.create_index(
        "ix_queue_person_returned",
        "queue_person",
        ["person", "project", "rank"],
        unique=False,
        sqlite_where=sa.text("standing = 'returned'"),
        postgresql_where=sa.text("standing = 'returned'"),
    )
    op.create_index(
        "ix_queue_person_skipped",
        "queue_person",
        ["person", "project", "rank"],
        unique=False,
        sqlite_where=sa.text("standing = 'skipped'"),
        postgresql_where=sa.text("standing = 'skipped'"),
    )
    op.create_table(
        "queue_project",
        sa.Column("project", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("breadth_first", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("project"),
    )
    op.create_table(
        "queue_task",
        sa.Column("task", Id, autoincrement=False, nullable=False),
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("covered", sa.Integer(), nullable=False, comment="1 if it gets the project's overlap"),
        sa.Column("stage", sa.Integer(), nullable=False, comment="0 started or open again, 1 fresh"),
        sa.Column(
            "rank", sa.BigInteger(), nullable=False, comment="fresh: the task; else the position that put it here"
        ),
        sa.Column("draw", sa.BigInteger(), nullable=False, comment="the task's draw, in units of 2**-53"),
        sa.Column("open", sa.Integer(), nullable=False, comment="1 while a slot is free"),
        sa.Column("slots", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False, comment="people who fill a slot"),
        sa.Column("additional", sa.Integer(), nullable=False, comment="slots that reassignment added"),
        sa.Column("ground_truth", sa.BigInteger(), nullable=True, comment="the annotation that is the ground truth"),
        sa.Column("deleted", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("task"),
    )
    op.create_index(
        "ix_queue_task_draw",
        "queue_task",
        ["project", "covered", "draw"],
        unique=False,
        sqlite_where=sa.text("open = 1 AND stage = 1"),
        postgresql_where=sa.text("open = 1 AND stage = 1"),
    )
    op.create_index(
        "ix_queue_task_ground_truth",
        "queue_task",
        ["project", "task"],
        unique=False,
        sqlite_where=sa.text("ground_truth IS NOT NULL"),
        postgresql_where=sa.text("ground_truth IS NOT NULL"),
    )
    op.create_index("ix_queue_task_project", "queue_task", ["project", "task"], unique=False)
    op.create_index(
        "ix_queue_task_rank",
        "queue_task",
        ["project", "covered", "stage", "rank"],
        unique=False,
        sqlite_where=sa.text("open = 1"),
        postgresql_where=sa.text("open = 1"),
    )
    op.create_table(
        "queue_work",
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("submitted", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("project", "person"),
        sqlite_with_rowid=False,
    )
