"""`annolog events …`."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Annotated, Any

import typer

from annolog.domain.refusals import Fault, InvalidInput
from annolog.infra.cli.console import REFUSED, print_json, print_table, say, warn
from annolog.infra.cli.options import AsJson, DataDir, existing, looking, patiently
from annolog.infra.retrying import retry_parked
from annolog.projections.engine.moments import moment
from annolog.projections.engine.parking import Parked, all_parked

app = typer.Typer(no_args_is_help=True)


@app.callback()
def events() -> None:
    """See and retry events that a read model or a reaction could not deal with."""


@app.command()
def parked(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List what is parked, with the reason. Exits 1 if there is anything."""
    with looking(data_dir) as onlooker, onlooker.read_engine.connect() as connection:
        found = all_parked(connection)
    if as_json:
        print_json({"parked": [_shown(one) for one in found]})
    elif found:
        names = ("reader", "position", "place", "type", "error", "waits", "attempts", "parked_at")
        print_table("Parked", names, [[_shown(one)[name] for name in names] for one in found])
    else:
        say("nothing is parked")
    if found:
        raise typer.Exit(REFUSED)


def _shown(one: Parked) -> dict[str, Any]:
    return {**asdict(one), "waits": bool(one.waits), "parked_at": moment(one.parked_at).isoformat()}


@app.command()
def retry(
    positions: Annotated[
        list[int] | None, typer.Argument(help="Positions of parked events; all of them if none is named.")
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Try parked events again, each with what waited behind it. Exits 1 if anything is still parked."""
    with existing(data_dir) as installation:
        with installation.read_engine.connect() as connection:
            found = all_parked(connection)
        unknown = set(positions or ()) - {one.position for one in found}
        if unknown:
            message = f"nothing is parked at {', '.join(map(str, sorted(unknown)))}"
            raise InvalidInput(message, faults=[Fault("POSITIONS", message)])
        chosen = [one for one in found if not positions or one.position in positions]
        done = [one for one in chosen if patiently(partial(retry_parked, installation, one))]
        with installation.read_engine.connect() as connection:
            left = all_parked(connection)
    if as_json:
        print_json({"retried": len(chosen), "done": len(done), "parked": [_shown(one) for one in left]})
    else:
        say(f"{len(done)} of {len(chosen)} parked events are dealt with")
        for one in left:
            warn(f"{one.reader} still has {one.type} at {one.position}: {one.error}")
    if left:
        raise typer.Exit(REFUSED)
