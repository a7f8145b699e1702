"""The tables of who is in which project."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table

from annolog.projections.engine.columns import Text

metadata = MetaData()

access_project = Table(
    "access_project",
    metadata,
    Column("project", BigInteger, primary_key=True, autoincrement=False),
    Column("organization", BigInteger, nullable=False),
    Column("workspace", BigInteger, nullable=False, comment="0 for none"),
    Column("published", Integer, nullable=False),
)

Index("ix_access_project_organization", access_project.c.organization, access_project.c.project)
Index("ix_access_project_workspace", access_project.c.workspace, access_project.c.project)

access_member = Table(
    "access_member",
    metadata,
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("project", BigInteger, primary_key=True, autoincrement=False),
    Column("role", Text, nullable=False),
    Column("source", Text, nullable=False, comment="project, workspace or groups"),
)
