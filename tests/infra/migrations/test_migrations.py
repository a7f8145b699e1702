"""Databases of every age are brought up to date, by however many processes at once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from pydantic import SecretStr
from sqlalchemy import Column, Connection, Engine, MetaData, Table, delete, insert, inspect, select, text

from annolog.domain.refusals import InvalidInput
from annolog.infra.composition import NOTHING, Installation, scratch_engine
from annolog.infra.databases import database_url, open_database
from annolog.infra.event_log.log import HOT
from annolog.infra.migrations.histories import (
    FIRST,
    KEYS_HISTORY,
    LOG_HISTORY,
    READ_HISTORY,
    History,
    _config,
    check,
    prepare,
    upgrade,
)
from annolog.infra.read_models import ALL_PROJECTORS, PROJECTORS
from annolog.infra.settings import InstallationSettings
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.renewal import outdated
from tests import servers
from tests.projections.engine.history import live_through
from tests.world import world_in

HISTORIES = (LOG_HISTORY, READ_HISTORY, KEYS_HISTORY)
ROOT = Path(__file__).parents[3]


@pytest.fixture(
    params=[
        pytest.param("sqlite", id="sqlite"),
        pytest.param("postgresql", id="postgresql", marks=pytest.mark.services),
    ]
)
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Where empty databases are."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            yield {history.name: f"sqlite:///{tmp_path / history.name}.db" for history in HISTORIES}
        else:
            yield {history.name: stack.enter_context(servers.database()) for history in HISTORIES}


def engine_of(url: str) -> Engine:
    return open_database(database_url(url, "url"), durable=False).writer


def revisions(history: History) -> list[str]:
    """From the first to the last."""
    script = ScriptDirectory.from_config(_config(None, history))  # type: ignore[arg-type]
    return [revision.revision for revision in script.walk_revisions()][::-1]


def described(history: History) -> MetaData:
    """What the code says the database is."""
    found = MetaData()
    for metadata in history.metadata:
        for table in metadata.tables.values():
            table.to_metadata(found)
    return found


def differences(engine: Engine, history: History) -> list[object]:
    with engine.connect() as connection:
        ours = {"include_object": lambda _, name, kind, *__: not (kind == "table" and name == history.version_table)}
        context = MigrationContext.configure(connection, opts=ours)
        return compare_metadata(context, described(history))


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history.name)
def test_the_code_knows_the_latest_revision(history: History) -> None:
    assert revisions(history)[-1] == history.head
    assert revisions(history)[0] == FIRST


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history.name)
def test_revision_by_revision_an_empty_database_becomes_what_the_code_describes(
    history: History, urls: dict[str, str]
) -> None:
    engine = engine_of(urls[history.name])
    for revision in revisions(history):
        with engine.begin() as connection:
            upgrade(connection, history, revision)
    assert differences(engine, history) == []
    engine.dispose()


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history.name)
def test_an_empty_database_is_made_as_the_code_describes(history: History, urls: dict[str, str]) -> None:
    engine = engine_of(urls[history.name])
    prepare(engine, history)
    assert differences(engine, history) == []
    prepare(engine, history)
    engine.dispose()


EARLIER = [
    pytest.param({history.name: revision}, stamped, id=f"{history.name} {revision}{'' if stamped else ' unstamped'}")
    for history in HISTORIES
    for revision in revisions(history)[:-1]
    # Before there were migrations nothing said which revision it was.
    for stamped in ([True, False] if revision == FIRST else [True])
]


@pytest.mark.parametrize(("earlier", "stamped"), EARLIER)
def test_an_installation_of_an_earlier_revision_goes_on_with_what_it_holds(
    tmp_path: Path, urls: dict[str, str], earlier: dict[str, str], stamped: bool
) -> None:
    with world_in(tmp_path / "world") as world:
        live_through(world, 60, seed=21)
        head = world.installation.log.head()
        sources = (world.installation.log_reader, world.installation.read_engine)
        reshaped: set[str] = set()
        for history, source in zip((LOG_HISTORY, READ_HISTORY), sources, strict=True):
            engine = engine_of(urls[history.name])
            with engine.begin() as connection:
                upgrade(connection, history, earlier.get(history.name, history.head))
            reshaped |= copy(source, engine, head)
            if not stamped and history.name in earlier:
                with engine.begin() as connection:
                    connection.execute(text(f"DROP TABLE {history.version_table}"))
            prepare(engine, history)
            assert differences(engine, history) == []
            engine.dispose()
    settings = InstallationSettings(data_dir=tmp_path, log_url=SecretStr(urls["log"]), read_url=SecretStr(urls["read"]))
    with Installation(settings, parts=NOTHING) as installation:
        # What the latest revision has no old rows for comes back from the log, as it does when a server starts.
        assert {projector.name for projector in outdated(installation.read_engine, PROJECTORS)} == reshaped
        installation.projections.catch_up()
        assert installation.projections.position == head
        for projector in ALL_PROJECTORS:
            scratch = scratch_engine(tmp_path)
            assert installation.verify(projector, scratch) == []
            scratch.dispose()


def test_whoever_knows_fewer_revisions_than_the_database_refuses_it(urls: dict[str, str]) -> None:
    engine = engine_of(urls["log"])
    prepare(engine, LOG_HISTORY)
    older = replace(LOG_HISTORY, head=FIRST)
    for look in (prepare, check):
        with pytest.raises(InvalidInput, match="run the newer one"):
            look(engine, older)
    engine.dispose()


def copy(source: Engine, target: Engine, head: int) -> set[str]:
    """Fill the tables of an earlier revision with what a lived installation holds; the read models shaped otherwise.

    Such a one is of an older version, since whoever reshapes a read model raises its version. Its old rows are made up
    where they had something that is no more.
    """
    earlier = MetaData()
    with target.connect() as connection:
        earlier.reflect(connection)
    projectors = [one for one in ALL_PROJECTORS if any(table.name in earlier.tables for table in one.tables)]
    reshaped = {one.name for one in projectors if any(is_other(earlier, table) for table in one.tables)}
    with source.connect() as reading, target.begin() as writing:
        present = inspect(reading).get_table_names()
        for table in earlier.tables.values():
            if table.name.startswith("revision_"):
                continue
            rows: list[dict[str, Any]] = [{}]
            if table.name == "bookmark":
                rows = [bookmark(projector, head, older=projector.name in reshaped) for projector in projectors]
            elif table.name == "hot_version":
                # A revision that brought in a hot projector has said so already.
                writing.execute(table.delete())
                rows = [{"reader": hot.name, "version": hot.version - (hot.name in reshaped)} for hot in HOT]
            elif table.name in present:
                columns = Table(table.name, MetaData(), autoload_with=reading)
                rows = [dict(row) for row in reading.execute(select(columns)).mappings()]
            # Some revisions put rows of their own into new tables.
            writing.execute(delete(table))
            put(writing, table, rows)
    return reshaped - {projector.name for projector in HOT}


def is_other(earlier: MetaData, table: Table) -> bool:
    """Whether a table was not there, or had other columns."""
    return table.name not in earlier.tables or shape(earlier.tables[table.name]) != shape(table)


def shape(table: Table) -> set[str]:
    return {column.name for column in table.columns}


def bookmark(projector: Projector, head: int, *, older: bool) -> dict[str, Any]:
    """As it was before there were partitions, and since."""
    version = projector.version - older
    return {
        "projector": projector.name,
        "reader": projector.name,
        "partition": -1,
        "version": version,
        "position": head,
    }


def put(writing: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Each once by its key, with something in every column."""
    whole = [{column.name: row.get(column.name, made_up(column)) for column in table.columns} for row in rows]
    keys = [column.name for column in table.primary_key.columns]
    once = {tuple(row[name] for name in keys): row for row in whole}
    if once:
        writing.execute(insert(table), list(once.values()))


def made_up(column: Column[Any]) -> Any:
    if column.nullable:
        return None
    kind = column.type.python_type
    return b"" if kind is bytes else "" if kind is str else 0


@pytest.mark.services
@pytest.mark.fault
def test_many_processes_that_start_at_once_prepare_the_databases_together() -> None:
    script = (
        "import sys; from annolog.infra.composition import Installation, NOTHING\n"
        "from annolog.infra.settings import InstallationSettings\n"
        "with Installation(InstallationSettings(log_url=sys.argv[1]), parts=NOTHING) as found: print(found.log.head())"
    )
    with servers.database() as url:
        starting = [
            subprocess.Popen(
                [sys.executable, "-c", script, url],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={"ANNOLOG_BOOTSTRAP_TOKEN": "annolog_first", "PYTHONPATH": str(ROOT)},
                text=True,
            )
            for _ in range(6)
        ]
        ended = [process.communicate(timeout=60) for process in starting]
        assert [process.returncode for process in starting] == [0] * 6, ended
        assert {out.strip() for out, _ in ended} == {"2"}
