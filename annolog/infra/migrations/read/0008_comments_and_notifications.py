"""What was said, and who was told of what: filled from the log at the next start."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annolog.projections.engine.columns import Text

revision = "0008"
down_revision = "0007"

MOMENT = "microseconds since 1970, UTC"


def upgrade() -> None:
    """Five tables that were not there."""
    _comments()
    _notifications()


def _comments() -> None:
    op.create_table(
        "comment",
        sa.Column("comment", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("task", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.BigInteger(), nullable=False),
        sa.Column("annotation", sa.BigInteger()),
        sa.Column("annotator", sa.BigInteger(), comment="whose annotation or draft it is about"),
        sa.Column("draft", sa.Boolean(), nullable=False),
        sa.Column("region", Text),
        sa.Column("root", sa.BigInteger(), nullable=False, comment="what began its thread"),
        sa.Column("mentions", Text, nullable=False, comment="JSON"),
        sa.Column("classification", Text),
        sa.Column("text", Text, nullable=False),
        sa.Column("resolved", sa.Boolean(), nullable=False, comment="of what began a thread; answers never are"),
        sa.Column("resolved_by", sa.BigInteger()),
        sa.Column("resolved_at", sa.BigInteger(), comment=MOMENT),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment=MOMENT),
        sa.Column("edited_at", sa.BigInteger(), comment=MOMENT),
    )
    op.create_index("ix_comment_project", "comment", ["project", "comment"], unique=False)
    op.create_index("ix_comment_root", "comment", ["root"], unique=False)
    op.create_table(
        "comment_mention",
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("comment", sa.BigInteger(), nullable=False),
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person", "comment"),
    )


def _notifications() -> None:
    op.create_table(
        "notification",
        sa.Column("person", sa.BigInteger(), nullable=False, comment="who is told"),
        sa.Column("cause", Text, nullable=False, comment="the position, or the command that made many of a kind"),
        sa.Column("position", sa.BigInteger(), nullable=False, comment="of the event, or the first of them"),
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("reason", Text, nullable=False),
        sa.Column("task", sa.BigInteger()),
        sa.Column("tasks", sa.Integer(), nullable=False, comment="how many tasks it is about"),
        sa.Column("annotation", sa.BigInteger()),
        sa.Column("comment", sa.BigInteger()),
        sa.Column("firing", sa.BigInteger()),
        sa.Column("actor", sa.BigInteger(), nullable=False, comment="who brought it about"),
        sa.Column(
            "words", Text, nullable=False, comment="of a review, an appeal, an overruling; comments have their own"
        ),
        sa.Column("at", sa.BigInteger(), nullable=False, comment=MOMENT),
        sa.PrimaryKeyConstraint("person", "cause"),
    )
    op.create_index("ix_notification_position", "notification", ["person", "position"], unique=False)
    op.create_table(
        "notification_members",
        sa.Column("project", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("roles", Text, nullable=False, comment="JSON: person -> role, empty for who has left"),
    )
    op.create_table(
        "notification_conversation",
        sa.Column("task", sa.BigInteger(), nullable=False),
        sa.Column("annotation", sa.BigInteger(), nullable=False, comment="0 for the task itself and drafts of it"),
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("authors", Text, nullable=False, comment="JSON: conversation -> who wrote in it"),
        sa.PrimaryKeyConstraint("task", "annotation"),
    )
    op.create_table(
        "notification_thread",
        sa.Column("comment", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.BigInteger(), nullable=False, comment="the comment that began the thread"),
        sa.Column("beginner", sa.BigInteger(), nullable=False, comment="who wrote that"),
        sa.Column("people", Text, nullable=False, comment="JSON: who wrote or was mentioned in the thread, until then"),
    )
