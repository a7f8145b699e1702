"""What is wrong with an event or a statement is said without what it holds: it is logged, parked and shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from annolog.commands.projects import ReviseInstructions
from annolog.domain.event import Unreadable
from annolog.domain.task.events import TaskDataRevised
from annolog.infra.databases import open_sqlite
from annolog.infra.event_log.codec import decode
from annolog.projections.board.tables import board_project, metadata

CANARY = "canary"


@pytest.mark.parametrize(
    "body",
    [
        f'{{"project": 1, "task": 2, "data": "{CANARY}", "digest": "x"}}',
        f'{{"project": 1, "task": 2, "data": {{}}, "digest": ["{CANARY}"]}}',
        f'{{"project": 1, "task": 2, "data": {{"text": "{CANARY}"}}}}',
        f'{{"project": 1, "task": 2, "data": {{"text": "{CANARY}}}}}',
    ],
)
def test_an_event_that_cannot_be_read_says_why_and_not_what_is_in_it(body: str) -> None:
    found = decode(TaskDataRevised.type_name(), TaskDataRevised.schema_version, body.encode())
    assert isinstance(found, Unreadable)
    assert found.reason
    assert CANARY not in found.reason


def test_nor_does_a_command_that_is_none() -> None:
    with pytest.raises(ValidationError) as error:
        ReviseInstructions.model_validate({"project": CANARY, "instructions": [CANARY]})
    assert CANARY not in repr(error.value)


def test_a_statement_that_fails_is_named_without_its_values(tmp_path: Path) -> None:
    engine = open_sqlite(tmp_path / "x.db", durable=False, writes=True)
    metadata.create_all(engine)
    row = {"project": 1, "label_config": CANARY, "settings": CANARY, "fields": CANARY}
    with engine.begin() as connection, pytest.raises(IntegrityError) as error:
        connection.execute(insert(board_project), [row, row])
    engine.dispose()
    assert "board_project" in str(error.value)
    assert CANARY not in str(error.value)
