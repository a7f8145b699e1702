"""How the command line speaks: results on standard output, everything else on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from annolog.domain.refusals import Refused
from annolog.infra.replay.front_door import Turned

OK, REFUSED, USAGE, INTERRUPTED = 0, 1, 2, 130

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def print_json(value: object) -> None:
    """One JSON value on standard output, and nothing else there."""
    body = orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS, default=str)
    sys.stdout.write(body.decode() + "\n")


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table for people."""
    table = Table(title=title, title_justify="left", header_style="bold")
    for index, column in enumerate(columns):
        table.add_column(column, justify="left" if index == 0 else "right")
    for row in rows:
        table.add_row(*(shown(value) for value in row))
    out.print(table)


def shown(value: object) -> str:
    """A value for people: numbers rounded, nothing as a dash."""
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.4f}" if abs(value) < 10 else f"{value:,.1f}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def explain(error: Refused | Turned, as_json: bool) -> None:
    """Say why something was refused, in words or as a problem."""
    if isinstance(error, Turned):
        members: Mapping[str, Any] = {"code": error.code, "detail": str(error)}
    else:
        errors = [{"pointer": fault.pointer, "detail": fault.message} for fault in error.faults]
        members = {"code": error.code, "detail": error.detail, "errors": errors, **error.facts}
    if as_json:
        print_json(members)
        return
    err.print(f"[bold red]{members['code']}[/]: {members['detail']}", soft_wrap=True)
    for fault in members.get("errors", [])[1:]:
        err.print(f"  {fault['pointer']}: {fault['detail']}", soft_wrap=True)


@contextmanager
def progress_bar(what: str, quiet: bool = False, total: int | None = None) -> Iterator[Any]:
    """A bar on standard error, where that is a terminal; gives a function of done and, if it changes, total."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, disable=quiet or not err.is_terminal) as progress:
        task = progress.add_task(what, total=total)
        yield lambda done, of=total: progress.update(task, completed=done, total=of)
