"""Events as the log would hand them over, and a board to fold them into."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select

from annolog.domain.event import Event
from annolog.domain.project.events import LabelConfigRevised, ProjectCreated
from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.infra.databases import open_sqlite
from annolog.projections.board.projector import board
from annolog.projections.board.queries import Page, board_page
from annolog.projections.board.tables import metadata

START = datetime(2026, 11, 24, 12, tzinfo=UTC)
SOMEBODY, PROJECT = 7, 1
CONFIG = (
    '<View><Text name="text" value="$text"/><Choices name="label" toName="text">'
    '<Choice value="A"/><Choice value="B"/></Choices></View>'
)


def recorded(events: Sequence[Event], first: int = 1) -> list[Recorded]:
    """The events at consecutive positions, a second apart."""
    return [
        Recorded(
            position=position,
            id=UUID(int=position),
            stream="any",
            version=position,
            recorded_at=START + timedelta(seconds=position),
            actor=SOMEBODY,
            on_behalf_of=None,
            command_id=UUID(int=0),
            correlation_id=UUID(int=0),
            causation_id=None,
            project=PROJECT,
            event=event,
        )
        for position, event in enumerate(events, first)
    ]


def project_made(config: str = CONFIG) -> list[Event]:
    return [
        ProjectCreated.model_construct(project=PROJECT),
        LabelConfigRevised(project=PROJECT, version=1, label_config=config),
    ]


def imported(task: int, **data: Any) -> happened.TaskImported:
    return happened.TaskImported(
        project=PROJECT, task=task, data=data, import_id=1, line=task, slots=2, covered=True, draw=0.5, seed=0
    )


def submitted(task: int, annotation: int, annotator: int, result: Any = None) -> happened.AnnotationSubmitted:
    return happened.AnnotationSubmitted(
        project=PROJECT,
        task=task,
        annotation=annotation,
        annotator=annotator,
        result=choice("A") if result is None else result,
        config_version=1,
        lead_time=1.5,
    )


def choice(label: str) -> list[dict[str, Any]]:
    return [{"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": [label]}}]


class Board:
    """A board of its own, in a file."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._position = 0

    def fold(self, events: Sequence[Event], size: int = 2_000) -> None:
        for start in range(0, len(events), size):
            batch = recorded(events[start : start + size], self._position + 1)
            self._position += len(batch)
            with self.engine.begin() as connection:
                board.fold(connection, batch)

    def stored(self) -> list[list[tuple[Any, ...]]]:
        """Every column of every row of every table."""
        with self.engine.connect() as connection:
            tables = metadata.sorted_tables
            return [[tuple(row) for row in connection.execute(select(t).order_by(*t.primary_key))] for t in tables]

    def page(self, **query: Any) -> Page:
        with self.engine.connect() as connection:
            return board_page(connection, PROJECT, **query)

    def found(self, *items: Any, **query: Any) -> list[int]:
        """The tasks that meet all of these."""
        return [row["task"] for row in self.page(filters={"items": list(items)}, **query).rows]


@contextmanager
def board_in(folder: Path) -> Iterator[Board]:
    engine = open_sqlite(folder / "board.db", durable=False, writes=True)
    metadata.create_all(engine)
    yield Board(engine)
    engine.dispose()
