"""How databases are opened: SQLite files with write-ahead log, or PostgreSQL; durable where it matters."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from annolog.domain.refusals import Fault, InvalidInput
from annolog.projections.board.filters import register_functions

BUSY_MILLISECONDS = 10_000
# A process that hangs in the middle of a transaction keeps others waiting no longer than this. No transaction of ours
# rests half as long between two statements.
IDLE_MILLISECONDS = 20_000
DRIVERS = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg", "sqlite": "sqlite"}
# A server that is gone without a word is noticed after ten seconds: on Linux tcp_user_timeout counts, also where
# something is on its way, and the number of probes does not.
KEEPALIVE = {
    "connect_timeout": 5,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 8,
    "tcp_user_timeout": 10_000,
}
# A client that is gone is noticed after five seconds, unless it was being sent something: then when the server's system
# says so, since a client may also be slow to take what it asked for.
SERVER_KEEPALIVE = "-c tcp_keepalives_idle=2 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=3"
# The session that others wait for to end is given up sooner, and whatever it was being sent.
SERVER_KEEPALIVE_OF_A_LEADER = (
    "-c tcp_keepalives_idle=1 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=2 -c tcp_user_timeout=3000"
)


@dataclass(frozen=True, slots=True)
class Database:
    """One database and how it is used: by whom it is written, and by whom only read."""

    writer: Engine
    reader: Engine

    @property
    def is_postgresql(self) -> bool:
        """Whether others may be writing it from elsewhere."""
        return self.writer.dialect.name == "postgresql"

    def dispose(self) -> None:
        """Let go of every connection."""
        self.writer.dispose()
        self.reader.dispose()


def database_url(text: str, setting: str) -> URL:
    """The URL with the driver that is used here; a path is a SQLite file. Refused if it is none, naming the setting."""
    if "://" not in text:
        return URL.create("sqlite", database=text)
    try:
        url = make_url(text)
        return url.set(drivername=DRIVERS[url.get_backend_name()])
    except (ArgumentError, KeyError) as error:
        message = "must be a URL like postgresql://user:password@host/database or sqlite:///folder/file.db"
        raise InvalidInput(f"{setting} {message}", faults=[Fault(setting, message)]) from error


def open_database(url: URL, *, durable: bool, writer_lock: int | None = None) -> Database:
    """Open a database. `durable` makes every commit survive the loss of power; what can be rebuilt does without.

    With a `writer_lock` there is one writing transaction at a time, as SQLite has it anyway.
    """
    if url.get_backend_name() == "sqlite":
        file = Path(url.database or "")
        return Database(
            open_sqlite(file, durable=durable, writes=True, cache_megabytes=64),
            open_sqlite(file, durable=durable, writes=False),
        )
    writer = open_postgresql(url, durable=durable, writes=True, writer_lock=writer_lock)
    return Database(writer, open_postgresql(url, durable=durable))


def open_reader(url: URL) -> Engine:
    """An engine for looking at a database that is there already, without changing anything in it."""
    if url.get_backend_name() == "postgresql":
        return open_postgresql(url, durable=False)
    file = Path(url.database or "")
    if not file.exists():
        raise InvalidInput(f"there is no database {file}: a server that starts makes it")
    return open_sqlite(file, durable=False, writes=False)


def open_postgresql(url: URL, *, durable: bool, writes: bool = False, writer_lock: int | None = None) -> Engine:
    """An engine on PostgreSQL. Readers see one snapshot a transaction and cannot write."""
    options = SERVER_KEEPALIVE
    if writes:
        # Statements by key, of any number of keys: planning them anew each time costs more than running them.
        options += " -c plan_cache_mode=force_generic_plan"
    if writes and not durable:
        options += " -c synchronous_commit=off"
    if writes:
        # Whoever waits for longer is told, and tries again where that is safe.
        options += f" -c lock_timeout={BUSY_MILLISECONDS} -c idle_in_transaction_session_timeout={IDLE_MILLISECONDS}"
    engine = create_engine(
        url,
        # What is wrong with a statement is logged, and people's data has no place there.
        hide_parameters=True,
        pool_size=4,
        max_overflow=28,
        # Readers notice a connection that a restart of the server has cut before they use it. Writers try again anyway,
        # and asking would cost each of their transactions a fifth of a millisecond.
        pool_pre_ping=not writes,
        isolation_level="READ COMMITTED" if writes else "REPEATABLE READ",
        connect_args={**KEEPALIVE, "options": options, "prepare_threshold": 2},
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if writer_lock is not None:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({writer_lock})")

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _: Any) -> None:
        connection.read_only = not writes

    return engine


def open_sqlite(path: Path, *, durable: bool, writes: bool, cache_megabytes: int = 16) -> Engine:
    """An engine on a SQLite file.

    `durable` makes every commit survive the loss of power (synchronous=FULL); what can be rebuilt does without.
    `writes` makes every transaction take the writer lock at its start, so that it cannot fail half way for want of it.
    """
    url = URL.create("sqlite", database=str(path))
    engine = create_engine(
        url,
        hide_parameters=True,
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=28,
        connect_args={"check_same_thread": False, "timeout": BUSY_MILLISECONDS / 1000, "cached_statements": 512},
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _: Any) -> None:
        # The driver's own transaction control would begin late and commit early; ours says BEGIN itself.
        connection.isolation_level = None
        register_functions(connection)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
        connection.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        connection.execute(f"PRAGMA cache_size=-{cache_megabytes * 1024}")
        connection.execute("PRAGMA temp_store=MEMORY")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
