"""CSV files as people really have them, and errors that say where: file, line and column."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from annolog.domain.refusals import Fault, InvalidInput

LONGEST_FIELD = 16 * 1024 * 1024
# Labels and handles become XML and JSON, which cannot hold these.
_UNUSABLE = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def unreadable(file: str, message: str) -> InvalidInput:
    """The refusal of a file."""
    return InvalidInput(f"{file}: {message}", faults=[Fault(file, message)])


@dataclass(frozen=True, slots=True)
class Row:
    """A row by the names of its columns, and the line of the file that it begins in."""

    file: str
    line: int
    values: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values[column]

    def wrong(self, column: str, message: str) -> InvalidInput:
        """The refusal of one value."""
        return unreadable(self.file, f"line {self.line}, column {column}: {message}")


def rows(path: Path, needed: Sequence[str]) -> Iterator[Row]:
    """The rows of a CSV file in UTF-8, with a byte order mark or without, and with any line ends.

    The needed columns must be there and filled in every row; white space around their values does not count.
    """
    csv.field_size_limit(LONGEST_FIELD)
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = _lines(path, file)
        first, names = next(lines, (1, []))
        columns = [name.strip() for name in names]
        _must_have(path, columns, needed)
        for line, values in lines:
            if len(values) != len(columns):
                raise unreadable(path.name, f"line {line}: has {len(values)} fields, line {first} has {len(columns)}")
            yield _filled(Row(path.name, line, dict(zip(columns, values, strict=True))), needed)


def _lines(path: Path, file: TextIO) -> Iterator[tuple[int, list[str]]]:
    """Every row that is not blank, with the number of the line it begins in."""
    reader = csv.reader(file, strict=True)
    line = 1
    try:
        for values in reader:
            if values:
                yield line, values
            line = reader.line_num + 1
    except csv.Error as error:
        raise unreadable(path.name, f"line {line}: is not CSV: {error}") from error
    except UnicodeDecodeError as error:
        raise unreadable(path.name, f"is not UTF-8, at line {line} or later: {error.reason}") from error


def _must_have(path: Path, columns: Sequence[str], needed: Sequence[str]) -> None:
    if not columns:
        raise unreadable(path.name, "is empty")
    for name, times in Counter(columns).items():
        if times > 1 and name in needed:
            raise unreadable(path.name, f"line 1, column {name}: is there {times} times")
    for name in needed:
        if name not in columns:
            raise unreadable(path.name, f"line 1: has no column {name!r}, only {', '.join(columns)}")


def _filled(row: Row, needed: Sequence[str]) -> Row:
    values = {**row.values, **{name: row[name].strip() for name in needed}}
    for name in needed:
        if not values[name]:
            raise row.wrong(name, "is empty")
        if found := _UNUSABLE.search(values[name]):
            raise row.wrong(name, f"holds the control character {found[0]!r}")
    return Row(row.file, row.line, values)
