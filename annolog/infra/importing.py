"""Reading tasks from JSON, NDJSON, tables and text without holding them all, for the API and the command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

import orjson
from pydantic import ValidationError

from annolog.commands.importing import MOST_IN_ONE_COMMAND
from annolog.domain.faults import faults_of, refuse_nul
from annolog.domain.project.state import Project
from annolog.domain.refusals import Fault, InvalidInput, Malformed, TooLarge
from annolog.domain.task.importing import ImportedTask, faults_in
from annolog.infra.tables_of_text import DELIMITERS, PLAIN, USUAL_FIELD, Unreadable, numbered, rows_of

MOST_WRONG = 100
MOST_IN_ONE_ARRAY = 128 * 1024 * 1024
NDJSON = frozenset({"application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"})

Source = tuple[int, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """A task, and where it stood, from 1."""

    number: int
    task: ImportedTask


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a line."""

    line: int
    pointer: str
    message: str

    def shown(self) -> dict[str, Any]:
        """The same as JSON values."""
        return {"line": self.line, "pointer": self.pointer, "detail": self.message}


@dataclass(slots=True)
class Reading:
    """What a first look found. Only the first of the wrong lines are kept, all are counted."""

    lines: int = 0
    wrong: list[Wrong] = field(default_factory=list)
    wrong_count: int = 0

    def note(self, wrong: Wrong) -> None:
        """Another line is wrong."""
        self.wrong_count += 1
        if len(self.wrong) < MOST_WRONG:
            self.wrong.append(wrong)


def lines_of(file: IO[bytes], kind: str, field: str = USUAL_FIELD) -> Iterator[Source]:
    """The tasks of the file as they came, numbered from 1: NDJSON, tables and text by the line, a JSON array by its
    elements. `field` is what a line of plain text is called.
    """
    if kind in NDJSON:
        yield from numbered(file, "bytes")
        return
    if kind in DELIMITERS or kind == PLAIN:
        yield from rows_of(file, kind, field)
        return
    yield from enumerate(_array(file), start=1)


def _array(file: IO[bytes]) -> list[Any]:
    body = file.read(MOST_IN_ONE_ARRAY + 1)
    if len(body) > MOST_IN_ONE_ARRAY:
        raise TooLarge(f"A JSON array may have {MOST_IN_ONE_ARRAY:,} bytes; send more as NDJSON, one task a line.")
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Malformed(f"The body is not JSON: {error}") from error
    if isinstance(found, dict) and isinstance(found.get("tasks"), list):
        found = found["tasks"]
    if not isinstance(found, list):
        raise Malformed("The body is not an array of tasks.", faults=[Fault("/", "must be an array of tasks")])
    return found


class TaskReader:
    """Turns lines into tasks that fit the project, or says what is wrong with them."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def check(self, lines: Iterable[Source]) -> Reading:
        """Look at every line; keep what is wrong."""
        reading = Reading()
        for number, line in lines:
            reading.lines += 1
            found = self.read(number, line)
            if isinstance(found, Wrong):
                reading.note(found)
        return reading

    def tasks(self, lines: Iterable[Source]) -> Iterator[Line]:
        """The tasks of the lines that are right."""
        for number, line in lines:
            found = self.read(number, line)
            if isinstance(found, Line):
                yield found

    def read(self, number: int, line: Any) -> Line | Wrong:
        """The task of one line, or what is wrong with it."""
        found = parsed(number, line)
        return found if isinstance(found, Wrong) else self.misfit(found) or found

    def misfit(self, line: Line) -> Wrong | None:
        """Why a task does not fit the project, if it does not."""
        faults = faults_in(line.task, self._project)
        return Wrong(line.number, faults[0].pointer, faults[0].message) if faults else None


def parsed(number: int, line: Any) -> Line | Wrong:
    """The task of one line, whatever project it is for, or why it is none."""
    if isinstance(line, Unreadable):
        return Wrong(number, "/", str(line))
    try:
        members = orjson.loads(line) if isinstance(line, bytes) else line
        if isinstance(members, dict) and "data" not in members:
            # Label Studio takes bare data as well: every member is a field of the task.
            members = {"data": members}
        task = ImportedTask.model_validate(members)
        refuse_nul(members)
    except orjson.JSONDecodeError as error:
        return Wrong(number, "/", f"is not JSON: {error}")
    except (ValidationError, InvalidInput) as error:
        fault = (faults_of(error) if isinstance(error, ValidationError) else error).faults[0]
        return Wrong(number, fault.pointer, fault.message)
    return Line(number, task)


def plain_field(project: Project) -> str:
    """What a line of plain text is called: as the one field that the labeling config shows, if it is one."""
    variables = project.config.variables
    return next(iter(variables)) if len(variables) == 1 else USUAL_FIELD


def chunks(lines: Iterator[Line]) -> Iterator[list[Line]]:
    """Pieces of as many tasks as one command takes."""
    piece: list[Line] = []
    for line in lines:
        piece.append(line)
        if len(piece) == MOST_IN_ONE_COMMAND:
            yield piece
            piece = []
    if piece:
        yield piece
