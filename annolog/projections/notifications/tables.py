"""The tables of notifications, and what has to be known to tell whom. What was read is kept beside the log."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table

from annolog.projections.engine.columns import Text

metadata = MetaData()

notification = Table(
    "notification",
    metadata,
    Column("person", BigInteger, primary_key=True, comment="who is told"),
    Column("cause", Text, primary_key=True, comment="the position, or the command that made many of a kind"),
    Column("position", BigInteger, nullable=False, comment="of the event, or the first of them"),
    Column("project", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("task", BigInteger),
    Column("tasks", Integer, nullable=False, comment="how many tasks it is about"),
    Column("annotation", BigInteger),
    Column("comment", BigInteger),
    Column("firing", BigInteger),
    Column("actor", BigInteger, nullable=False, comment="who brought it about"),
    Column("words", Text, nullable=False, comment="of a review, an appeal, an overruling; comments have their own"),
    Column("at", BigInteger, nullable=False, comment="microseconds since 1970, UTC"),
)
Index("ix_notification_position", notification.c.person, notification.c.position)

notification_members = Table(
    "notification_members",
    metadata,
    Column("project", BigInteger, primary_key=True, autoincrement=False),
    Column("roles", Text, nullable=False, comment="JSON: person -> role, empty for who has left"),
)

notification_conversation = Table(
    "notification_conversation",
    metadata,
    Column("task", BigInteger, primary_key=True),
    Column("annotation", BigInteger, primary_key=True, comment="0 for the task itself and drafts of it"),
    Column("project", BigInteger, nullable=False),
    Column("authors", Text, nullable=False, comment="JSON: conversation -> who wrote in it"),
)

notification_thread = Table(
    "notification_thread",
    metadata,
    Column("comment", BigInteger, primary_key=True, autoincrement=False),
    Column("project", BigInteger, nullable=False),
    Column("root", BigInteger, nullable=False, comment="the comment that began the thread"),
    Column("beginner", BigInteger, nullable=False, comment="who wrote that"),
    Column("people", Text, nullable=False, comment="JSON: who wrote or was mentioned in the thread, until then"),
)
