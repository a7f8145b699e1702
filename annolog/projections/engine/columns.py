"""Types of columns that mean the same in every database."""

from __future__ import annotations

from sqlalchemy import BigInteger, Integer, types

# Ordered by code point, as SQLite does: the locale of a PostgreSQL database would order it another way.
Text = types.Text().with_variant(types.Text(collation="C"), "postgresql")

# The rowid of SQLite has to be INTEGER to be the primary key itself.
Id = BigInteger().with_variant(Integer(), "sqlite")
