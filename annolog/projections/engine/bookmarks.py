"""How far each projector has read, committed with the rows it accounts for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import BigInteger, Column, Connection, Integer, MetaData, String, Table

from annolog.projections.engine.projector import Projector
from annolog.projections.engine.statements import execute, upsert_rows

metadata = MetaData()

bookmark = Table(
    "bookmark",
    metadata,
    Column("projector", String, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("position", BigInteger, nullable=False),
)


def positions(connection: Connection) -> Mapping[str, tuple[int, int]]:
    """Version and position of every projector that has a bookmark."""
    rows = execute(connection, "SELECT projector, version, position FROM bookmark")
    return {name: (version, position) for name, version, position in rows}


def position_of(connection: Connection, projector: Projector) -> int:
    """How far a projector has read; one without a bookmark has read nothing."""
    return positions(connection).get(projector.name, (projector.version, 0))[1]


def move(connection: Connection, projectors: Iterable[Projector], position: int) -> None:
    """Set the bookmarks, in the transaction that writes the rows."""
    upsert_rows(connection, bookmark, [(projector.name, projector.version, position) for projector in projectors])
