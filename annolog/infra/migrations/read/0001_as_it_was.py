"""The read models as they were before there were migrations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annolog.projections.engine.columns import Id, Text

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "agreement_coincidence",
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("dimension", Text, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False, comment="answers of the task"),
        sa.Column("one", Text, nullable=False, comment="an answer, as canonical JSON"),
        sa.Column("other", Text, nullable=False, comment="another answer to the same task"),
        sa.Column("pairs", sa.Integer(), nullable=False, comment="ordered pairs"),
        sa.PrimaryKeyConstraint("project", "dimension", "size", "one", "other"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "agreement_pair",
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("dimension", Text, nullable=False, comment="empty for all of them, weighted"),
        sa.Column("one", sa.BigInteger(), nullable=False, comment="the person with the lower id"),
        sa.Column("other", sa.BigInteger(), nullable=False),
        sa.Column("tasks", sa.Integer(), nullable=False, comment="tasks both answered"),
        sa.Column("score", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("project", "dimension", "one", "other"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "agreement_person",
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("consensus_tasks", sa.Integer(), nullable=False, comment="tasks with at least two answers"),
        sa.Column("consensus", sa.BigInteger(), nullable=False, comment="how much of the majority this person was"),
        sa.Column("truth_tasks", sa.Integer(), nullable=False, comment="tasks with a ground truth"),
        sa.Column("truth", sa.BigInteger(), nullable=False, comment="agreement with it"),
        sa.Column("pairs", sa.Integer(), nullable=False, comment="other answers this person's were compared with"),
        sa.Column("pairwise", sa.BigInteger(), nullable=False, comment="agreement with them"),
        sa.PrimaryKeyConstraint("project", "person"),
    )
    op.create_table(
        "agreement_project",
        sa.Column("project", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("label_config", Text, nullable=False),
        sa.Column("settings", Text, nullable=False, comment="the agreement settings, as JSON"),
        sa.Column("label_config_before", Text, nullable=False, comment="before the latest change"),
        sa.Column("settings_before", Text, nullable=False, comment="before the latest change"),
        sa.PrimaryKeyConstraint("project"),
    )
    op.create_table(
        "agreement_task",
        sa.Column("task", Id, autoincrement=False, nullable=False),
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("answers", Text, nullable=False, comment="JSON: annotation -> annotator, revision, counts, values"),
        sa.Column("truth", sa.BigInteger(), nullable=True, comment="the annotation that is the ground truth"),
        sa.Column("compared", sa.Integer(), nullable=False, comment="answers that are compared"),
        sa.Column("pairwise", sa.BigInteger(), nullable=True, comment="billionths; null under two answers"),
        sa.Column("consensus", sa.BigInteger(), nullable=True, comment="billionths; null where it is not defined"),
        sa.Column("score", sa.BigInteger(), nullable=True, comment="billionths, by the project's methodology"),
        sa.Column("winners", Text, nullable=False, comment="JSON: dimension -> what most people said"),
        sa.PrimaryKeyConstraint("task"),
    )
    op.create_index("ix_agreement_task_project", "agreement_task", ["project", "task"], unique=False)
    op.create_table(
        "agreement_total",
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("dimension", Text, nullable=False, comment="empty for all of them, weighted"),
        sa.Column("tasks", sa.Integer(), nullable=False, comment="tasks with at least two answers"),
        sa.Column("pairwise", sa.BigInteger(), nullable=False),
        sa.Column("consensus_tasks", sa.Integer(), nullable=False),
        sa.Column("consensus", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("project", "dimension"),
    )
    op.create_table(
        "board",
        sa.Column("task", Id, autoincrement=False, nullable=False),
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("state", Text, nullable=False),
        sa.Column("flag", Text, nullable=False, comment="empty, exhausted or infeasible"),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False, comment="where it stood in its import"),
        sa.Column("data", Text, nullable=False),
        sa.Column("meta", Text, nullable=False),
        sa.Column("allow_skip", sa.Integer(), nullable=False),
        sa.Column("overlap", sa.Integer(), nullable=False, comment="people the task needs"),
        sa.Column("additional_slots", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.BigInteger(), nullable=True),
        sa.Column("updated_by", sa.BigInteger(), nullable=True),
        sa.Column("completed_at", sa.BigInteger(), nullable=True, comment="the last annotation"),
        sa.Column("annotation_count", sa.Integer(), nullable=False),
        sa.Column("skip_count", sa.Integer(), nullable=False),
        sa.Column("prediction_count", sa.Integer(), nullable=False),
        sa.Column("prediction_score", sa.Float(), nullable=True, comment="mean"),
        sa.Column("model_versions", Text, nullable=False),
        sa.Column("annotators", Text, nullable=False),
        sa.Column(
            "annotator_count", sa.Integer(), nullable=False, comment="who annotated, or is assigned and has not yet"
        ),
        sa.Column("assignees", Text, nullable=False),
        sa.Column("reviewers", Text, nullable=False),
        sa.Column("reviewer_count", sa.Integer(), nullable=False),
        sa.Column("annotation_ids", Text, nullable=False),
        sa.Column("results", Text, nullable=False, comment="all live results"),
        sa.Column("labels", Text, nullable=False, comment="the distinct answers"),
        sa.Column("agreement", sa.Float(), nullable=True),
        sa.Column("dimension_agreement", Text, nullable=False),
        sa.Column("reviewed", sa.Integer(), nullable=False),
        sa.Column("reviews_accepted", sa.Integer(), nullable=False),
        sa.Column("reviews_fixed", sa.Integer(), nullable=False),
        sa.Column("reviews_rejected", sa.Integer(), nullable=False),
        sa.Column("reviewed_at", sa.BigInteger(), nullable=True),
        sa.Column("ground_truth", sa.BigInteger(), nullable=True, comment="the annotation"),
        sa.Column("comment_count", sa.Integer(), nullable=False),
        sa.Column("unresolved_comment_count", sa.Integer(), nullable=False),
        sa.Column("comment_authors", Text, nullable=False),
        sa.Column("last_comment_at", sa.BigInteger(), nullable=True),
        sa.Column("lead_time", sa.Float(), nullable=True, comment="mean seconds of an annotation"),
        sa.Column("lead_time_total", sa.Float(), nullable=False),
        sa.Column("active_time_total", sa.Float(), nullable=False),
        sa.Column("review_time_total", sa.Float(), nullable=False),
        sa.Column("held_by", Text, nullable=False, comment="people with a reservation"),
        sa.Column("deleted", sa.Integer(), nullable=False),
        sa.Column("work", Text, nullable=False, comment="what the fold needs: annotations and comments by id"),
        sa.PrimaryKeyConstraint("task"),
    )
    op.create_index(
        "ix_board_agreement",
        "board",
        ["project", "agreement", "task"],
        unique=False,
        sqlite_where=sa.text("agreement IS NOT NULL"),
        postgresql_where=sa.text("agreement IS NOT NULL"),
    )
    op.create_index(
        "ix_board_annotation_count",
        "board",
        ["project", "annotation_count", "task"],
        unique=False,
        sqlite_where=sa.text("annotation_count > 0"),
        postgresql_where=sa.text("annotation_count > 0"),
    )
    op.create_index(
        "ix_board_completed_at",
        "board",
        ["project", "completed_at", "task"],
        unique=False,
        sqlite_where=sa.text("completed_at IS NOT NULL"),
        postgresql_where=sa.text("completed_at IS NOT NULL"),
    )
    op.create_index(
        "ix_board_flag",
        "board",
        ["project", "flag", "task"],
        unique=False,
        sqlite_where=sa.text("flag != ''"),
        postgresql_where=sa.text("flag != ''"),
    )
    op.create_index(
        "ix_board_lead_time",
        "board",
        ["project", "lead_time", "task"],
        unique=False,
        sqlite_where=sa.text("lead_time IS NOT NULL"),
        postgresql_where=sa.text("lead_time IS NOT NULL"),
    )
    op.create_index(
        "ix_board_reviews_rejected",
        "board",
        ["project", "reviews_rejected", "task"],
        unique=False,
        sqlite_where=sa.text("reviews_rejected > 0"),
        postgresql_where=sa.text("reviews_rejected > 0"),
    )
    op.create_index(
        "ix_board_skip_count",
        "board",
        ["project", "skip_count", "task"],
        unique=False,
        sqlite_where=sa.text("skip_count > 0"),
        postgresql_where=sa.text("skip_count > 0"),
    )
    op.create_index("ix_board_state", "board", ["project", "state", "task"], unique=False)
    op.create_index("ix_board_task", "board", ["project", "task"], unique=False)
    op.create_index(
        "ix_board_unresolved_comment_count",
        "board",
        ["project", "unresolved_comment_count", "task"],
        unique=False,
        sqlite_where=sa.text("unresolved_comment_count > 0"),
        postgresql_where=sa.text("unresolved_comment_count > 0"),
    )
    op.create_index("ix_board_updated_at", "board", ["project", "updated_at", "task"], unique=False)
    op.create_table(
        "board_project",
        sa.Column("project", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("label_config", Text, nullable=False),
        sa.Column("settings", Text, nullable=False, comment="the agreement settings, as JSON"),
        sa.PrimaryKeyConstraint("project"),
    )
    op.create_table(
        "bookmark",
        sa.Column("projector", Text, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("projector"),
    )
    op.create_table(
        "performance_annotation",
        sa.Column("annotation", Id, autoincrement=False, nullable=False),
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("live", sa.Integer(), nullable=False),
        sa.Column("timed", sa.Integer(), nullable=False),
        sa.Column(
            "lead_time", sa.BigInteger(), nullable=False, comment="microseconds over all revisions by the annotator"
        ),
        sa.Column("active_time", sa.BigInteger(), nullable=False),
        sa.Column("verdict", Text, nullable=False, comment="the latest, empty for none"),
        sa.PrimaryKeyConstraint("annotation"),
    )
    op.create_index(
        "ix_performance_annotation_lead_time",
        "performance_annotation",
        ["project", "person", "lead_time"],
        unique=False,
    )
    op.create_table(
        "performance_person",
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("submitted", sa.Integer(), nullable=False, comment="live annotations"),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("revised", sa.Integer(), nullable=False),
        sa.Column("lead_time", sa.BigInteger(), nullable=False, comment="microseconds over live annotations"),
        sa.Column("active_time", sa.BigInteger(), nullable=False, comment="microseconds over live annotations"),
        sa.Column("timed", sa.Integer(), nullable=False, comment="live annotations with a lead time"),
        sa.Column("reviewed", sa.Integer(), nullable=False, comment="annotations whose latest verdict stands"),
        sa.Column("accepted", sa.Integer(), nullable=False, comment="by latest verdict"),
        sa.Column("fixed", sa.Integer(), nullable=False, comment="by latest verdict"),
        sa.Column("rejected", sa.Integer(), nullable=False, comment="by latest verdict"),
        sa.Column("review_actions", sa.Integer(), nullable=False, comment="reviews of this person's work, all of them"),
        sa.Column("performance", sa.BigInteger(), nullable=False, comment="billionths; sum over review actions"),
        sa.Column("reviews_given", sa.Integer(), nullable=False),
        sa.Column("review_time", sa.BigInteger(), nullable=False, comment="microseconds spent reviewing"),
        sa.Column("last_active_at", sa.BigInteger(), nullable=False, comment="microseconds since 1970, UTC"),
        sa.PrimaryKeyConstraint("project", "person"),
    )
    op.create_table(
        "progress_day",
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("day", Text, nullable=False, comment="UTC, as 2026-11-24"),
        sa.Column("tasks_completed", sa.Integer(), nullable=False),
        sa.Column("submitted", sa.Integer(), nullable=False),
        sa.Column("revised", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("fixed", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("lead_time", sa.BigInteger(), nullable=False, comment="microseconds"),
        sa.PrimaryKeyConstraint("project", "day"),
    )
    op.create_table(
        "progress_project",
        sa.Column("project", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("title", Text, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="microseconds since 1970, UTC"),
        sa.Column("published", sa.Integer(), nullable=False),
        sa.Column("configured", sa.Integer(), nullable=False, comment="1 once the labeling config asks something"),
        sa.Column("tasks", sa.Integer(), nullable=False, comment="deleted ones not counted"),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("annotation_in_progress", sa.Integer(), nullable=False),
        sa.Column("needs_review", sa.Integer(), nullable=False),
        sa.Column("review_in_progress", sa.Integer(), nullable=False),
        sa.Column("completed", sa.Integer(), nullable=False),
        sa.Column("annotations", sa.Integer(), nullable=False, comment="live ones"),
        sa.Column("skips", sa.Integer(), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("reassigned", sa.Integer(), nullable=False, comment="tasks that got a slot for low agreement"),
        sa.Column("exhausted", sa.Integer(), nullable=False, comment="tasks at the limit of additional people"),
        sa.Column("infeasible", sa.Integer(), nullable=False, comment="tasks that nobody is left for"),
        sa.PrimaryKeyConstraint("project"),
    )
    op.create_table(
        "progress_task",
        sa.Column("task", Id, autoincrement=False, nullable=False),
        sa.Column("project", sa.BigInteger(), nullable=False),
        sa.Column("state", Text, nullable=False),
        sa.Column("deleted", sa.Integer(), nullable=False),
        sa.Column("reassigned", sa.Integer(), nullable=False),
        sa.Column("flag", Text, nullable=False, comment="empty, exhausted or infeasible"),
        sa.PrimaryKeyConstraint("task"),
    )
    op.create_index(
        "ix_progress_task_flag",
        "progress_task",
        ["project", "flag", "task"],
        unique=False,
        sqlite_where=sa.text("flag != ''"),
        postgresql_where=sa.text("flag != ''"),
    )
