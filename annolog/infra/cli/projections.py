"""`annolog projections …`."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from annolog.domain.refusals import Fault, InvalidInput
from annolog.infra.cli.console import REFUSED, print_json, print_table, progress_bar, say
from annolog.infra.cli.options import AsJson, DataDir, existing, looking, patiently
from annolog.infra.composition import scratch_engine
from annolog.infra.event_log.log import HOT
from annolog.infra.event_log.recorder import SqlRecorder
from annolog.infra.read_models import ALL_PROJECTORS, PROJECTORS
from annolog.projections.engine import bookmarks
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.proof import Difference

app = typer.Typer(no_args_is_help=True)
Names = Annotated[
    list[str] | None, typer.Argument(help="Read models; all of them if none is named.", metavar="[NAME]...")
]
All = Annotated[bool, typer.Option("--all", help="All of them.")]


def _chosen(names: list[str] | None, every: bool) -> list[Projector]:
    if names and every:
        raise typer.BadParameter("name read models or say --all, not both", param_hint="--all")
    known = {projector.name: projector for projector in ALL_PROJECTORS}
    for name in names or []:
        if name not in known:
            message = f"there is no read model {name!r}; there are {', '.join(known)}"
            raise InvalidInput(message, faults=[Fault("NAME", message)])
    return [known[name] for name in dict.fromkeys(names)] if names else list(ALL_PROJECTORS)


@app.command()
def status(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Show how far each read model is, and how many events it is behind the log."""
    with looking(data_dir) as onlooker:
        with onlooker.log_reader.connect() as connection:
            head = SqlRecorder.head(connection)
        with onlooker.read_engine.connect() as connection:
            known = bookmarks.read(connection)
    rows: list[dict[str, Any]] = [
        {"projection": projector.name, "version": projector.version, "position": head, "lag": 0} for projector in HOT
    ]
    for projector in PROJECTORS:
        marks = known.get(projector.name, {})
        position = bookmarks.least(marks)
        version = min((mark.version for mark in marks.values()), default=projector.version)
        lag = max(0, head - position)
        rows.append({"projection": projector.name, "version": version, "position": position, "lag": lag})
    if as_json:
        print_json({"position": head, "projections": rows})
        return
    print_table(f"The log is at {head:,}", ("projection", "version", "position", "lag"), [[*r.values()] for r in rows])


@app.command()
def rebuild(names: Names = None, every: All = False, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Build read models anew beside the live ones, and swap them in. Queries and work go on meanwhile."""
    chosen = _chosen(names, every)
    with existing(data_dir) as installation:
        names_shown = ", ".join(projector.name for projector in chosen)
        with progress_bar(f"rebuilding {names_shown}", as_json, installation.log.head()) as advance:
            position = installation.renewed(chosen, advance)
    reached = {projector.name: position for projector in chosen}
    if as_json:
        print_json({"rebuilt": reached})
    else:
        print_table("Rebuilt", ("projection", "position"), list(reached.items()))


@app.command()
def verify(names: Names = None, every: All = False, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Build read models in an empty database and compare them with the live ones. Exits 1 if they differ."""
    chosen = _chosen(names, every)
    differences: list[Difference] = []
    with existing(data_dir) as installation, TemporaryDirectory() as folder:
        patiently(installation.projections.catch_up)
        for projector in chosen:
            with progress_bar(f"verifying {projector.name}", as_json, installation.log.head()) as advance:
                scratch = scratch_engine(Path(folder))
                differences += installation.verify(projector, scratch, advance)
                scratch.dispose()
    found = [{"table": d.table, "live": d.live, "rebuilt": d.rebuilt} for d in differences]
    if as_json:
        print_json({"equal": not found, "projections": [p.name for p in chosen], "differences": found})
    elif found:
        print_table("Differences", ("table", "live", "rebuilt"), [[*difference.values()] for difference in found])
    else:
        say(f"{', '.join(projector.name for projector in chosen)}: live and rebuilt are equal, row by row")
    if found:
        raise typer.Exit(REFUSED)
