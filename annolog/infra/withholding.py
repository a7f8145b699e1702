"""What of the log does not leave for Kafka or a webhook: sensitive fields of tasks, and what regions quote of them."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Any, Protocol

import orjson

from annolog.domain.event import Unreadable
from annolog.domain.project.data_fields import Concealment, TaskFields
from annolog.domain.project.state import Project, fold
from annolog.domain.recorded import Recorded

MOST_PROJECTS = 1_000
OF_TASKS = "task-"
# Places in a row of the log.
STREAM, PROJECT = 1, 6

Row = Sequence[Any]


class Log(Protocol):
    """The log, as it is asked for the rules of a project."""

    def configured(self, project: int, version: int) -> tuple[int, Sequence[Recorded]]:
        """The version of a project's stream, and what was said of its labeling config and settings beyond another."""
        ...


class Withholding:
    """Goes by the rules that hold when it is asked, which are never older than what it is given.

    So nothing that was recorded after a field became sensitive leaves with it, whoever wrote it and however far behind
    this process is. Warm states are not asked: they may be older.
    """

    def __init__(self, log: Log) -> None:
        self._log = log
        self._known: dict[int, tuple[int, TaskFields]] = {}
        self._lock = Lock()

    def from_rows(self, rows: Sequence[Row]) -> list[Row]:
        """Rows of the log as they may leave. Whatever a task's event holds is looked through."""
        withheld = {project: self._of(project) for project in {row[PROJECT] for row in rows if _is_of_task(row)}}
        return [_without(row, withheld[row[PROJECT]]) if _is_of_task(row) else row for row in rows]

    def _of(self, project: int) -> Concealment:
        with self._lock:
            version, fields = self._known.get(project, (0, TaskFields()))
        reached, events = self._log.configured(project, version)
        if reached > version:
            for recorded in events:
                # Rather nothing leaves than what a rule that cannot be read might keep.
                if isinstance(recorded.event, Unreadable):
                    recorded.event.refuse()
            fields = fold(Project(project, fields=fields), (recorded.event for recorded in events)).fields
            with self._lock:
                if len(self._known) >= MOST_PROJECTS:
                    self._known.clear()
                self._known[project] = (reached, fields)
        return fields.without_sensitive()


def _is_of_task(row: Row) -> bool:
    return row[PROJECT] is not None and str(row[STREAM]).startswith(OF_TASKS)


def _without(row: Row, withheld: Concealment) -> Row:
    if not withheld.fields:
        return row
    *envelope, body = row
    return (*envelope, orjson.dumps(withheld.of(orjson.loads(body))))
