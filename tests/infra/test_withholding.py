"""What leaves the log goes by the rules that are in it, whoever wrote them and however lately."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from annolog.commands.importing import ImportTasks
from annolog.commands.projects import ChangeSettings
from annolog.domain.event import UnreadableEvent
from annolog.domain.task.importing import ImportedTask
from annolog.infra.event_log.log import COLUMNS
from annolog.infra.withholding import Withholding
from tests.world import World, world_in

CANARY = "canary"


def bring_in(world: World) -> int:
    one = ImportedTask(data={"text": "t", "iban": CANARY}, meta={"iban": CANARY, "source": "x"})
    first: int = world.run(ImportTasks(project=world.project, tasks=[one])).value["first_task"]
    return first


def rows_of(world: World) -> list[Any]:
    with world.installation.log_reader.connect() as connection:
        return list(connection.exec_driver_sql(f"SELECT {COLUMNS} FROM event ORDER BY position").fetchall())


def hide(world: World, *names: str) -> None:
    fields = {name: {"sensitive": True} for name in names}
    world.run(ChangeSettings(project=world.project, group="data_fields", changes={"fields": fields}))


def test_a_rule_holds_for_whatever_leaves_once_it_is_in_the_log(tmp_path: Path) -> None:
    with world_in(tmp_path) as world:
        world.set_up(tasks=0, publish=False)
        bring_in(world)
        withholding = Withholding(world.installation.log)
        before = rows_of(world)
        assert withholding.from_rows(before) == before
        assert CANARY in repr(before)
        hide(world, "iban")
        bring_in(world)
        leaving = withholding.from_rows(rows_of(world))
        assert CANARY not in repr([row for row in leaving if row[1].startswith("task-")])
        [*_, imported] = [json.loads(row[-1]) for row in leaving if row[3] == "TaskImported"]
        assert (imported["data"], imported["meta"]) == ({"text": "t"}, {"source": "x"})
        hide(world)
        bring_in(world)
        assert CANARY in repr(withholding.from_rows(rows_of(world))[-2:])


def test_projects_go_by_their_own_rules_and_what_belongs_to_none_as_it_is(tmp_path: Path) -> None:
    with world_in(tmp_path) as world:
        world.set_up(tasks=0, publish=False)
        hide(world, "iban")
        bring_in(world)
        hiding = world.project
        world.set_up(tasks=0, publish=False, annotators="", reviewers="")
        bring_in(world)
        rows = rows_of(world)
        leaving = Withholding(world.installation.log).from_rows(rows)
        assert {row[6] for row in leaving if CANARY in repr(row)} == {world.project}
        assert [row for row in leaving if row[6] != hiding] == [row for row in rows if row[6] != hiding]
        assert [row[:-1] for row in leaving] == [row[:-1] for row in rows]


def test_nothing_leaves_where_a_rule_cannot_be_read(tmp_path: Path) -> None:
    """A newer version may have said that a field is sensitive, in a shape that this one does not know."""
    with world_in(tmp_path) as world:
        world.set_up(tasks=0, publish=False)
        hide(world, "iban")
        bring_in(world)
        with world.installation.log_writer.begin() as connection:
            connection.execute(text("UPDATE event SET schema_version = 99 WHERE type = 'SettingsChanged'"))
        with pytest.raises(UnreadableEvent):
            Withholding(world.installation.log).from_rows(rows_of(world))
