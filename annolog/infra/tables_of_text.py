"""Tasks out of tables and plain text: a row or a line each, one at a time, numbered by the line it begins on."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import TextIOWrapper
from typing import IO, Any, AnyStr

from annolog.domain.refusals import Malformed, TooLarge

CSV, TSV, PLAIN = "text/csv", "text/tab-separated-values", "text/plain"
DELIMITERS = {CSV: ",", TSV: "\t"}
# Where a labeling config does not say what a line of plain text is called.
USUAL_FIELD = "text"
MOST_IN_ONE_LINE = 16 * 1024 * 1024


class Unreadable(Exception):
    """A row that is no task, with what is wrong with it."""


Row = tuple[int, "dict[str, Any] | Unreadable"]


def rows_of(file: IO[bytes], kind: str, field: str = USUAL_FIELD) -> Iterator[Row]:
    """Every row as bare data of a task. Values stay the texts they are: nobody guesses that `007` is a number."""
    text = TextIOWrapper(file, "utf-8-sig", newline="")
    try:
        yield from _lines(text, field) if kind == PLAIN else _table(text, DELIMITERS[kind])
    except UnicodeDecodeError as error:
        raise Malformed("The file is not text in UTF-8. Save it as UTF-8 and send it again.") from error
    finally:
        # The file belongs to who gave it, and is read once more.
        text.detach()


def numbered(file: IO[AnyStr], unit: str) -> Iterator[tuple[int, AnyStr]]:
    """The lines that are not blank, by their number from 1; none is longer than so many bytes or characters."""
    number = 0
    while line := file.readline(MOST_IN_ONE_LINE + 1):
        number += 1
        if len(line) > MOST_IN_ONE_LINE:
            raise TooLarge(f"Line {number} is longer than {MOST_IN_ONE_LINE:,} {unit}.")
        if line.strip():
            yield number, line


def _lines(text: TextIOWrapper, field: str) -> Iterator[Row]:
    for number, line in numbered(text, "characters"):
        yield number, {field: line.rstrip("\r\n")}


def _table(text: TextIOWrapper, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(MOST_IN_ONE_LINE)
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    names = _header(reader)
    begins = reader.line_num + 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # What follows cannot be told apart from it any more.
            yield begins, Unreadable(f"is not a row of a table: {error}")
            return
        if cells:
            yield begins, _row(names, cells)
        begins = reader.line_num + 1


def _header(reader: Any) -> list[str]:
    try:
        names = [name.strip() for name in next(reader, [])]
    except csv.Error as error:
        raise Malformed(f"The first line does not name the columns: {error}.") from error
    if not names or not all(names):
        raise Malformed("The first line names the columns, and every column needs a name.")
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise Malformed(f"Two columns are called {twice[0][:100]!r}.")
    return names


def _row(names: list[str], cells: list[str]) -> dict[str, Any] | Unreadable:
    if len(cells) != len(names):
        return Unreadable(f"has {len(cells)} values, and there are {len(names)} columns")
    return dict(zip(names, cells, strict=True))
