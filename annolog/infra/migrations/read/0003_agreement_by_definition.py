"""Agreement by definition, with patterns of answers and figures by label: built anew at the next start."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annolog.projections.engine.columns import Id, Text

revision = "0003"
down_revision = "0002"

BEFORE = ("coincidence", "pair", "person", "project", "task", "total")


def upgrade() -> None:
    """What the tables held comes back from the log, so nothing of it is carried over."""
    # With the tables go their indexes, whose names tell whether they were built anew since.
    for name in BEFORE:
        op.drop_table(f"agreement_{name}")
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("performance_person", "performance", comment="trillionths; sum over review actions")
    op.create_table(
        "agreement_label",
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("definition", sa.Integer(), nullable=False),
        sa.Column("dimension", Text, nullable=False),
        sa.Column("label", Text, nullable=False),
        sa.Column("tasks", sa.Integer(), nullable=False, comment="tasks in which anybody used the label"),
        sa.Column("score", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("project", "definition", "dimension", "label"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "agreement_pair",
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("definition", sa.Integer(), nullable=False),
        sa.Column("dimension", Text, nullable=False, comment="empty for all of them, weighted"),
        sa.Column("one", sa.BigInteger(), nullable=False, comment="the person with the lower id"),
        sa.Column("other", sa.BigInteger(), nullable=False),
        sa.Column("tasks", sa.Integer(), nullable=False, comment="tasks both answered"),
        sa.Column("score", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("project", "definition", "dimension", "one", "other"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "agreement_pattern",
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("dimension", Text, nullable=False),
        sa.Column("day", Text, nullable=False, comment="of the latest answer, in UTC"),
        sa.Column("pattern", Text, nullable=False, comment="JSON: every answer and how many gave it"),
        sa.Column("units", sa.Integer(), nullable=False, comment="tasks that were answered like this"),
        sa.PrimaryKeyConstraint("project", "dimension", "day", "pattern"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "agreement_person",
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("definition", sa.Integer(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("consensus_tasks", sa.Integer(), nullable=False, comment="tasks with at least two answers"),
        sa.Column("consensus", sa.BigInteger(), nullable=False, comment="how much of the majority this person was"),
        sa.Column("truth_tasks", sa.Integer(), nullable=False, comment="tasks with a ground truth"),
        sa.Column("truth", sa.BigInteger(), nullable=False, comment="agreement with it"),
        sa.Column("pairs", sa.Integer(), nullable=False, comment="other answers this person's were compared with"),
        sa.Column("pairwise", sa.BigInteger(), nullable=False, comment="agreement with them"),
        sa.PrimaryKeyConstraint("project", "definition", "person"),
    )
    op.create_table(
        "agreement_project",
        sa.Column("project", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("label_config", Text, nullable=False),
        sa.Column("label_config_before", Text, nullable=False, comment="before the latest change"),
        sa.Column("definition", sa.Integer(), nullable=False, comment="the one in force"),
        sa.Column("settings", Text, nullable=False, comment="its settings, as JSON"),
        sa.Column("definitions", sa.Integer(), nullable=False, comment="how many there were"),
        sa.Column("proposal", sa.Integer(), nullable=True, comment="the definition that is proposed"),
        sa.Column("proposal_settings", Text, nullable=True, comment="its settings, as JSON"),
        sa.Column("proposal_computed", sa.BigInteger(), nullable=False, comment="up to which task"),
        sa.Column("answers", sa.Integer(), nullable=False, comment="answers that are compared, over all tasks"),
        sa.Column("changed", sa.BigInteger(), nullable=False, comment="position of their latest change"),
        sa.Column("history", Text, nullable=False, comment="JSON: every definition there was"),
        sa.PrimaryKeyConstraint("project"),
    )
    op.create_table(
        "agreement_task",
        sa.Column("task", Id, autoincrement=False, nullable=False),
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("answers", Text, nullable=False, comment="JSON: annotation -> what is known of it"),
        sa.Column("predictions", Text, nullable=False, comment="JSON: model version -> values"),
        sa.Column("measured", Text, nullable=False, comment="JSON: definition -> what its own metric said"),
        sa.Column("truth", sa.BigInteger(), nullable=True, comment="the annotation that is the ground truth"),
        sa.Column("compared", sa.Integer(), nullable=False, comment="answers that are compared"),
        sa.Column("day", Text, nullable=False, comment="of the latest change of what is compared, in UTC"),
        sa.Column("winners", Text, nullable=False, comment="JSON: dimension -> what most people said"),
        sa.Column("definition", sa.Integer(), nullable=True, comment="of the scores that follow"),
        sa.Column("pairwise", sa.BigInteger(), nullable=True, comment="trillionths; null under two answers"),
        sa.Column("consensus", sa.BigInteger(), nullable=True, comment="trillionths; null where it is not defined"),
        sa.Column("score", sa.BigInteger(), nullable=True, comment="trillionths, by the methodology of the definition"),
        sa.Column("other_definition", sa.Integer(), nullable=True),
        sa.Column("other_pairwise", sa.BigInteger(), nullable=True),
        sa.Column("other_consensus", sa.BigInteger(), nullable=True),
        sa.Column("other_score", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("task"),
    )
    op.create_index("ix_agreement_task_project", "agreement_task", ["project", "task"], unique=False)
    op.create_table(
        "agreement_total",
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("definition", sa.Integer(), nullable=False),
        sa.Column("dimension", Text, nullable=False, comment="empty for all of them, weighted"),
        sa.Column("tasks", sa.Integer(), nullable=False, comment="tasks with at least two answers"),
        sa.Column("pairwise", sa.BigInteger(), nullable=False),
        sa.Column("consensus_tasks", sa.Integer(), nullable=False),
        sa.Column("consensus", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("project", "definition", "dimension"),
    )
    op.create_table(
        "consensus_model",
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("dimension", Text, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", Text, nullable=False),
        sa.Column("parameters", Text, nullable=False, comment="JSON"),
        sa.Column("tasks", sa.Integer(), nullable=False, comment="tasks it was fitted on"),
        sa.Column("answers", sa.Integer(), nullable=False, comment="answers it was fitted on"),
        sa.Column("known", sa.Integer(), nullable=False, comment="tasks with a ground truth among them"),
        sa.Column("position", sa.BigInteger(), nullable=False, comment="of the log, up to which it looked"),
        sa.Column("fitted_at", sa.BigInteger(), nullable=False, comment="microseconds since 1970, UTC"),
        sa.Column("skills", Text, nullable=False, comment="JSON: person -> true label, label given, expected count"),
        sa.Column("evidence", Text, nullable=False, comment="JSON: why this kind"),
        sa.PrimaryKeyConstraint("project", "dimension"),
        sqlite_with_rowid=False,
    )
