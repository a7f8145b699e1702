"""`annolog status`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import DBAPIError

from annolog.domain.refusals import Refused
from annolog.infra.cli.console import REFUSED, print_json, print_table, warn
from annolog.infra.cli.options import AsJson, DataDir, looking
from annolog.infra.condition import Condition, condition_of


def status(
    most_lag: Annotated[
        int | None, typer.Option("--most-lag", min=0, help="Exit 1 if anything is more events behind than this.")
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Show how far everything is, without touching it.

    Exits 1 when an event is parked, something is further behind than asked, or a database cannot be read.
    """
    condition = _condition(data_dir, as_json)
    late = [reader.name for reader in condition.readers if most_lag is not None and reader.lag_events > most_lag]
    if as_json:
        print_json({"trouble": None, **condition.shown(), "late": late})
    else:
        names = ("reader", "standing", "position", "behind", "seconds", "parked", "moved")
        rows = [
            [
                reader.name,
                reader.standing.value,
                f"{reader.position:,}",
                f"{reader.lag_events:,}",
                f"{reader.lag_seconds:.1f}",
                reader.parked,
                reader.since or "",
            ]
            for reader in condition.readers
        ]
        print_table(f"The log is at {condition.position:,}", names, rows)
        for reason in condition.reasons():
            warn(reason)
        for name in late:
            warn(f"{name} is more than {most_lag:,} events behind", "bold red")
    if condition.parked or late:
        raise typer.Exit(REFUSED)


def _condition(data_dir: Path | None, as_json: bool) -> Condition:
    try:
        with looking(data_dir) as onlooker:
            return condition_of(onlooker)
    except (DBAPIError, Refused) as error:
        if not as_json:
            raise
        trouble = error.detail if isinstance(error, Refused) else f"a database cannot be read: {error.orig}"
        print_json({"trouble": trouble, "reasons": [trouble]})
        raise typer.Exit(REFUSED) from error
