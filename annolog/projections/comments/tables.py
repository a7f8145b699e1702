"""The tables of comments."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, MetaData, Table

from annolog.projections.engine.columns import Text

metadata = MetaData()

MOMENT = "microseconds since 1970, UTC"

comment = Table(
    "comment",
    metadata,
    Column("comment", BigInteger, primary_key=True, autoincrement=False),
    Column("project", BigInteger, nullable=False),
    Column("task", BigInteger, nullable=False),
    Column("author", BigInteger, nullable=False),
    Column("annotation", BigInteger),
    Column("annotator", BigInteger, comment="whose annotation or draft it is about"),
    Column("draft", Boolean, nullable=False),
    Column("region", Text),
    Column("root", BigInteger, nullable=False, comment="what began its thread"),
    Column("mentions", Text, nullable=False, comment="JSON"),
    Column("classification", Text),
    Column("text", Text, nullable=False),
    Column("resolved", Boolean, nullable=False, comment="of what began a thread; answers never are"),
    Column("resolved_by", BigInteger),
    Column("resolved_at", BigInteger, comment=MOMENT),
    Column("created_at", BigInteger, nullable=False, comment=MOMENT),
    Column("edited_at", BigInteger, comment=MOMENT),
)
Index("ix_comment_project", comment.c.project, comment.c.comment)
Index("ix_comment_root", comment.c.root)

comment_mention = Table(
    "comment_mention",
    metadata,
    Column("person", BigInteger, primary_key=True),
    Column("comment", BigInteger, primary_key=True),
    Column("project", BigInteger, nullable=False),
)
