"""How the command line speaks: results on standard output, everything else on standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from annolog.domain.refusals import Refused

# A name that is no longer is never broken over lines.
LONGEST_NAME = 16
OK, REFUSED, USAGE, INTERRUPTED, TERMINATED = 0, 1, 2, 130, 143

# A file or a pipe has no width to break tables to.
WIDE = None if "COLUMNS" in os.environ or sys.stdout.isatty() else 160

# Titles, labels and handles are other people's words: nothing in them is markup.
out = Console(highlight=False, markup=False, width=WIDE)
err = Console(stderr=True, highlight=False, markup=False)


def say(text: str, style: str = "") -> None:
    """A line for people, never broken to the width of the terminal, so that it can be copied."""
    out.print(text, style=style or None, soft_wrap=True)


def warn(text: str, style: str = "") -> None:
    """A line for people on standard error."""
    err.print(text, style=style or None, soft_wrap=True)


def print_json(value: object) -> None:
    """One JSON value on standard output, and nothing else there."""
    body = orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS, default=str)
    sys.stdout.write(body.decode() + "\n")


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table for people. On a narrow terminal the widest columns are folded, and nothing is cut off."""
    table = Table(title=Text(title), title_justify="left", header_style="bold")
    for index, column in enumerate(columns):
        first = index == 0
        whole = first and max((len(shown(row[0])) for row in rows), default=0) <= LONGEST_NAME
        table.add_column(Text(column), justify="left" if first else "right", overflow="fold", no_wrap=whole)
    for row in rows:
        table.add_row(*(Text(shown(value)) for value in row))
    out.print(table)


def shown(value: object) -> str:
    """A value for people: numbers rounded, nothing as a dash."""
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.4f}" if abs(value) < 10 else f"{value:,.1f}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def explain(refusal: Refused, *, as_json: bool) -> None:
    """Say why something was refused: in words, or as the problem that the API would answer with."""
    if as_json:
        print_json(problem(refusal))
        return
    warn(f"{refusal.code}: {refusal.detail}", "bold red")
    for fault in refusal.faults[1:]:
        warn(f"  {fault.pointer}: {fault.message}")


def problem(refusal: Refused) -> Mapping[str, Any]:
    """The problem details (RFC 9457) of a refusal."""
    return {
        "type": f"/problems/{refusal.code}",
        "title": refusal.summary,
        "status": refusal.status,
        "detail": refusal.detail,
        "code": refusal.code,
        "errors": [{"pointer": fault.pointer, "detail": fault.message} for fault in refusal.faults],
        **refusal.facts,
    }


class Advance(Protocol):
    """Moves a bar."""

    def __call__(self, done: int, of: int | None = None, /) -> None:
        """So much is done, of so much if that has changed."""
        ...


@contextmanager
def progress_bar(what: str, quiet: bool = False, total: int | None = None) -> Iterator[Advance]:
    """A bar on standard error, where that is a terminal."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, disable=quiet or not err.is_terminal) as progress:
        task = progress.add_task(what, total=total)
        yield lambda done, of=None: progress.update(task, completed=done, total=total if of is None else of)
