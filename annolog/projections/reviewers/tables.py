"""The tables of reviewers' figures."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table

from annolog.projections.engine.columns import Id, Text

metadata = MetaData()

reviewer_verdicts = Table(
    "reviewer_verdicts",
    metadata,
    Column("project", BigInteger, primary_key=True),
    Column("reviewer", BigInteger, primary_key=True),
    Column("annotator", BigInteger, primary_key=True),
    Column("accepted", Integer, nullable=False, comment="first reviews that were not withdrawn, by verdict"),
    Column("fixed", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
)

reviewer_figures = Table(
    "reviewer_figures",
    metadata,
    Column("project", BigInteger, primary_key=True),
    Column("reviewer", BigInteger, primary_key=True),
    Column("second_reviews", Integer, nullable=False, comment="second reviews they gave"),
    Column("second_reviewed", Integer, nullable=False, comment="their first reviews that were given again"),
    Column("agreed", Integer, nullable=False, comment="of both, those with two like verdicts"),
    Column("adjudicated", Integer, nullable=False, comment="of both, those that a third person settled"),
    Column("overturned", Integer, nullable=False, comment="of these, those with another verdict than theirs"),
    Column("adjudications", Integer, nullable=False, comment="what they settled for others"),
)

reviewer_pair = Table(
    "reviewer_pair",
    metadata,
    Column("project", BigInteger, primary_key=True),
    Column("one", BigInteger, primary_key=True, comment="the lower id"),
    Column("other", BigInteger, primary_key=True),
    Column("verdict", Text, primary_key=True, comment="of the one"),
    Column("other_verdict", Text, primary_key=True),
    Column("reviews", Integer, nullable=False),
    sqlite_with_rowid=False,
)

second_review = Table(
    "second_review",
    metadata,
    Column("review", Id, primary_key=True, autoincrement=False, comment="the first one"),
    Column("project", BigInteger, nullable=False),
    Column("task", BigInteger, nullable=False),
    Column("annotation", BigInteger, nullable=False),
    Column("annotator", BigInteger, nullable=False),
    Column("waiting", Text, nullable=False, comment="second, adjudication, or empty where nothing is waited for"),
    Column("reviewer", BigInteger, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("second_reviewer", BigInteger, nullable=False, comment="0 before there is one"),
    Column("second_verdict", Text, nullable=False),
    Column("adjudicator", BigInteger, nullable=False, comment="0 before there is one"),
    Column("adjudicated_verdict", Text, nullable=False),
)
Index("ix_second_review_task", second_review.c.task, second_review.c.waiting)
Index("ix_second_review_project", second_review.c.project, second_review.c.waiting)
