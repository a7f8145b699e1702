"""The tables of the keys. They are in a database of their own, apart from what the keys open."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, LargeBinary, MetaData, Table

from annolog.projections.engine.columns import Id, Text

metadata = MetaData()

person_key = Table(
    "person_key",
    metadata,
    Column("person", Id, primary_key=True, autoincrement=False),
    Column("key", LargeBinary, comment="as `keyring` keeps it; none once it is destroyed"),
    Column("created_at", BigInteger, nullable=False, comment="in microseconds since 1970"),
    Column("forgotten_at", BigInteger, comment="when the key was destroyed, in microseconds since 1970"),
)

vault_secret = Table(
    "vault_secret",
    metadata,
    Column("name", Text, primary_key=True),
    Column("key", LargeBinary, nullable=False, comment="as `keyring` keeps it"),
)
