"""Making tables where there are none."""

from __future__ import annotations

from functools import cache

from sqlalchemy import Connection, Dialect, MetaData
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement, SetColumnComment, SetTableComment

from annolog.projections.engine.statements import is_postgresql


def create_tables(connection: Connection, metadata: MetaData) -> None:
    """Make every table of an empty database, or what is missing of them, with their indexes.

    On PostgreSQL an index that is there already has its table locked for a moment: not for tables that are in use.
    """
    dialect = postgresql.dialect if is_postgresql(connection) else sqlite.dialect
    for statement in _statements(metadata, dialect):
        connection.exec_driver_sql(statement)


@cache
def _statements(metadata: MetaData, kind: type[Dialect]) -> tuple[str, ...]:
    """Writing them takes longer than running them, and some hundred are needed again for every proof."""
    dialect, tables = kind(), metadata.sorted_tables
    indexes = [index for table in tables for index in sorted(table.indexes, key=lambda index: str(index.name))]
    elements: list[ExecutableDDLElement] = [CreateTable(table, if_not_exists=True) for table in tables]
    elements += [CreateIndex(index, if_not_exists=True) for index in indexes]
    if dialect.supports_comments and not dialect.inline_comments:
        elements += [SetTableComment(table) for table in tables if table.comment]
        elements += [SetColumnComment(column) for table in tables for column in table.columns if column.comment]
    return tuple(str(element.compile(dialect=dialect)) for element in elements)
