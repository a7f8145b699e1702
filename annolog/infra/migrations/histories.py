"""The three histories, and bringing a database up to date, however many processes try at once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import VARCHAR, Column, Connection, Engine, MetaData, Table, inspect, text

from annolog.domain.refusals import InvalidInput
from annolog.infra.event_log import schema
from annolog.infra.event_log.log import HOT
from annolog.infra.personal import schema as personal
from annolog.infra.read_models import PROJECTORS
from annolog.infra.webhooks import deliveries
from annolog.projections.engine import bookmarks, parking
from annolog.projections.engine.statements import execute, insert_rows, is_postgresql
from annolog.projections.engine.tables import create_tables

if TYPE_CHECKING:
    from alembic.config import Config

logger = logging.getLogger(__name__)

FOLDER = Path(__file__).parent
# What was there before there were migrations.
FIRST = "0001"
PREPARING = 0x616E6E6F_6D696772


@dataclass(frozen=True, slots=True)
class History:
    """The revisions of one database. `head` is the latest of them and what `metadata` describes."""

    name: str
    head: str
    metadata: Sequence[MetaData]
    oldest_table: str

    @property
    def version_table(self) -> str:
        """Where a database says at which revision it is."""
        return f"revision_{self.name}"


LOG_HISTORY = History(
    "log", "0013", (schema.metadata, *dict.fromkeys(projector.metadata for projector in HOT)), "event"
)
READ_HISTORY = History(
    "read",
    "0017",
    (
        bookmarks.metadata,
        parking.metadata,
        deliveries.metadata,
        *dict.fromkeys(projector.metadata for projector in PROJECTORS),
    ),
    "bookmark",
)
KEYS_HISTORY = History("keys", FIRST, (personal.metadata,), "vault_secret")


def prepare(engine: Engine, history: History) -> None:
    """Bring a database up to the latest revision. An empty one gets it as a whole, any other one step by step."""
    with engine.begin() as connection:
        if is_postgresql(connection):
            # However long another process takes to upgrade it.
            execute(connection, "SET LOCAL lock_timeout = 0")
            execute(connection, "SELECT pg_advisory_xact_lock(?)", (PREPARING,))
            execute(connection, "SET LOCAL lock_timeout TO DEFAULT")
        found = revision_of(connection, history)
        if found == history.head:
            return
        _refuse_newer(history, found)
        if found is None:
            for metadata in history.metadata:
                create_tables(connection, metadata)
            stamp(connection, history, history.head)
            return
        logger.warning("database is upgraded", extra={"history": history.name, "from": found, "to": history.head})
        upgrade(connection, history)


def check(engine: Engine, history: History) -> None:
    """Refuse a database that is not at the latest revision, for those who only look and change nothing."""
    with engine.connect() as connection:
        found = revision_of(connection, history)
    _refuse_newer(history, found)
    if found != history.head:
        stands = "is empty" if found is None else f"is at revision {found} and this program at {history.head}"
        raise InvalidInput(f"the database {history.name} {stands}: the next process that starts brings it up to date")


def _refuse_newer(history: History, found: str | None) -> None:
    """Revisions are numbered with leading zeros."""
    if found is not None and found > history.head:
        raise InvalidInput(
            f"the database {history.name} is at revision {found}, and this program knows revisions up to"
            f" {history.head}: run the newer one that has upgraded it"
        )


def revision_of(connection: Connection, history: History) -> str | None:
    """The revision that a database is at, None for one that is empty."""
    tables = inspect(connection).get_table_names()
    if history.version_table in tables:
        row = connection.execute(text(f"SELECT version_num FROM {history.version_table}")).fetchone()  # noqa: S608
        if row is not None:
            revision: str = row[0]
            return revision
    return FIRST if history.oldest_table in tables else None


def stamp(connection: Connection, history: History, revision: str) -> None:
    """Note which revision a database is at."""
    versions = Table(history.version_table, MetaData(), Column("version_num", VARCHAR(32), primary_key=True))
    versions.create(connection, checkfirst=True)
    insert_rows(connection, versions, [(revision,)])


def upgrade(connection: Connection, history: History, revision: str = "head") -> None:
    """Run the revisions that are missing, in the caller's transaction."""
    from alembic import command

    if history.version_table not in inspect(connection).get_table_names():
        found = revision_of(connection, history)
        if found is not None:
            stamp(connection, history, found)
    command.upgrade(_config(connection, history), revision)


def _config(connection: Connection, history: History) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("version_locations", str(FOLDER / history.name).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes |= {"connection": connection, "version_table": history.version_table}
    return config
