"""The tables of the task board. Times are microseconds since 1970, UTC; truths 0 or 1; lists and objects JSON text."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, Index, Integer, MetaData, Table

from annolog.projections.engine.columns import Id, Text

metadata = MetaData()


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


def _time(name: str) -> Column[int]:
    return Column(name, BigInteger)


def _list(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


board = Table(
    "board",
    metadata,
    Column("task", Id, primary_key=True, autoincrement=False),
    Column("project", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("flag", Text, nullable=False, comment="empty, exhausted or infeasible"),
    _count("import_id"),
    Column("line", Integer, nullable=False, comment="where it stood in its import"),
    _list("data"),
    _list("meta"),
    _count("allow_skip"),
    Column("overlap", Integer, nullable=False, comment="people the task needs"),
    _count("additional_slots"),
    _time("created_at"),
    _time("updated_at"),
    Column("updated_by", BigInteger),
    Column("completed_at", BigInteger, comment="the last annotation"),
    _count("annotation_count"),
    _count("skip_count"),
    _count("prediction_count"),
    Column("prediction_score", Float, comment="mean"),
    _list("model_versions"),
    _list("annotators"),
    Column("annotator_count", Integer, nullable=False, comment="who annotated, or is assigned and has not yet"),
    _list("assignees"),
    _list("reviewers"),
    _count("reviewer_count"),
    _list("annotation_ids"),
    Column("results", Text, nullable=False, comment="all live results"),
    Column("labels", Text, nullable=False, comment="the distinct answers"),
    Column("agreement", Float),
    Column("dimension_agreement", Text, nullable=False),
    _count("reviewed"),
    _count("reviews_accepted"),
    _count("reviews_fixed"),
    _count("reviews_rejected"),
    _time("reviewed_at"),
    Column("ground_truth", BigInteger, comment="the annotation"),
    _count("comment_count"),
    _count("unresolved_comment_count"),
    _list("comment_authors"),
    _time("last_comment_at"),
    Column("lead_time", Float, comment="mean seconds of an annotation"),
    Column("lead_time_total", Float, nullable=False),
    Column("active_time_total", Float, nullable=False),
    Column("review_time_total", Float, nullable=False),
    Column("review_active_time_total", Float, nullable=False),
    Column("held_by", Text, nullable=False, comment="people with a reservation"),
    _count("deleted"),
    Column("work", Text, nullable=False, comment="what the fold needs: annotations and comments by id"),
)

# Each index costs every import; these are the columns that lists of very many tasks are ordered and filtered by.
row = board.c
Index("ix_board_task", row.project, row.task)
Index("ix_board_state", row.project, row.state, row.task)
Index("ix_board_updated_at", row.project, row.updated_at, row.task)
for _name in ("agreement", "completed_at", "lead_time"):
    _column = row[_name]
    Index(
        f"ix_board_{_name}",
        row.project,
        _column,
        row.task,
        sqlite_where=_column.is_not(None),
        postgresql_where=_column.is_not(None),
    )
for _name in ("annotation_count", "unresolved_comment_count", "reviews_rejected", "skip_count"):
    _column = row[_name]
    Index(
        f"ix_board_{_name}",
        row.project,
        _column,
        row.task,
        sqlite_where=_column > 0,
        postgresql_where=_column > 0,
    )
Index("ix_board_flag", row.project, row.flag, row.task, sqlite_where=row.flag != "", postgresql_where=row.flag != "")

board_project = Table(
    "board_project",
    metadata,
    Column("project", BigInteger, primary_key=True, autoincrement=False),
    Column("label_config", Text, nullable=False),
    Column("settings", Text, nullable=False, comment="the agreement settings, as JSON"),
    Column("fields", Text, nullable=False, comment="which fields are sensitive, and what shows them, as JSON"),
)
