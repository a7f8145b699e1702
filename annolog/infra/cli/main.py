"""`annolog`: the entry point. Exit codes: 0 done, 1 refused or a difference found, 2 wrong usage, 130 interrupted."""

from __future__ import annotations

import logging
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated

import typer

from annolog.domain.refusals import Refused
from annolog.infra.cli import log, projections, projects, replaying, serving, tasks
from annolog.infra.cli.console import INTERRUPTED, REFUSED, err, explain, out
from annolog.infra.replay.front_door import Turned

app = typer.Typer(
    name="annolog",
    help="Annotation, review and assignment as one immutable log.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(projects.app, name="project", help="Create, publish and look at projects.")
app.add_typer(tasks.app, name="tasks", help="Bring tasks in.")
app.add_typer(projections.app, name="projections", help="Read models: how far they are, building them anew, proof.")
app.add_typer(log.app, name="log", help="Read and follow the log.")
app.command("serve")(serving.serve)
app.command("demo")(serving.demo)
app.command("replay")(replaying.replay)


def _show_version(wanted: bool) -> None:
    if wanted:
        try:
            out.print(f"annolog {version('annolog')}")
        except PackageNotFoundError:
            out.print("annolog (not installed)")
        raise typer.Exit


@app.callback()
def main(
    show_version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Annotation, review and assignment as one immutable log."""
    del show_version
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")


def run() -> None:
    """Run the command line; whatever is refused is said in words, never as a trace."""
    try:
        app(standalone_mode=True)
    except (Refused, Turned) as refusal:
        explain(refusal, as_json="--json" in sys.argv)
        sys.exit(REFUSED)
    except KeyboardInterrupt:
        err.print("interrupted; what was acknowledged is kept")
        sys.exit(INTERRUPTED)
