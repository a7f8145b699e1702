"""The tables of the log's database. All of them but the events serve the writing of events."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Table, UniqueConstraint

from annolog.projections.engine.columns import Id, Text

metadata = MetaData()

event = Table(
    "event",
    metadata,
    Column("position", Id, primary_key=True, autoincrement=False),
    Column("stream", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("schema_version", Integer, nullable=False),
    Column("id", LargeBinary(16), nullable=False),
    Column("project", BigInteger),
    Column("recorded_at", BigInteger, nullable=False, comment="microseconds since 1970, UTC"),
    Column("actor", BigInteger, nullable=False),
    Column("on_behalf_of", BigInteger),
    Column("command_id", LargeBinary(16), nullable=False),
    Column("correlation_id", LargeBinary(16), nullable=False),
    Column("causation_id", LargeBinary(16)),
    Column("body", LargeBinary, nullable=False, comment="the event as JSON"),
    UniqueConstraint("stream", "version", name="uq_event_stream_version"),
)

project_order = Index("ix_event_project_position", event.c.project, event.c.position)

command_result = Table(
    "command_result",
    metadata,
    Column("command_id", LargeBinary(16), primary_key=True),
    Column("fingerprint", LargeBinary(32), nullable=False),
    Column("actor", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("answer", LargeBinary, nullable=False, comment="the first answer, as JSON"),
    sqlite_with_rowid=False,
)

id_sequence = Table(
    "id_sequence",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("next", BigInteger, nullable=False),
)

hot_version = Table(
    "hot_version",
    metadata,
    Column("reader", Text, primary_key=True),
    Column("version", Integer, nullable=False, comment="of the projector that wrote the tables"),
)

relay_note = Table(
    "relay_note",
    metadata,
    Column("topic", Text, primary_key=True),
    Column("position", BigInteger, nullable=False, comment="every partition has everything up to it"),
    Column("moved_at", BigInteger, nullable=False, comment="microseconds since 1970, UTC"),
)

webhook_secret = Table(
    "webhook_secret",
    metadata,
    Column("webhook", BigInteger, primary_key=True, autoincrement=False),
    Column("secret", Text, nullable=False, comment="what it signs with; events only name its fingerprint"),
)

notification_mark = Table(
    "notification_mark",
    metadata,
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False, comment="the person has read what they were told up to here"),
)

password = Table(
    "password",
    metadata,
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", Text, nullable=False, comment="Argon2id, with its parameters"),
    Column("changed_at", BigInteger, nullable=False, comment="microseconds since 1970, UTC"),
)

session = Table(
    "session",
    metadata,
    Column("digest", Text, primary_key=True, comment="SHA-256 of what the browser sends, in hex"),
    Column("person", BigInteger, nullable=False),
    Column("method", Text, nullable=False),
    Column("provider", Text, nullable=False, comment="empty unless an identity provider said who it is"),
    Column("provider_session", Text, nullable=False, comment="what the provider calls its own, empty if it says none"),
    Column("begun_at", BigInteger, nullable=False, comment="microseconds since 1970, UTC"),
    Column("seen_at", BigInteger, nullable=False, comment="when something was last asked with it, about"),
)

Index("ix_session_person", session.c.person)

draft = Table(
    "draft",
    metadata,
    Column("task", BigInteger, primary_key=True),
    Column("person", BigInteger, primary_key=True),
    Column("project", BigInteger, nullable=False),
    Column("result", Text, nullable=False),
    Column("lead_time", Text),
    Column("reason", Text, nullable=False, comment="autosaved, or the refusal that kept the work"),
    Column("saved_at", BigInteger, nullable=False),
)

Index("ix_draft_person", draft.c.person)
