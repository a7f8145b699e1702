"""`annolog`: the entry point. Exit codes: 0 done, 1 refused or a difference found, 2 wrong usage, 130 interrupted."""

from __future__ import annotations

import logging
import signal
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated, Any

import typer
from sqlalchemy.exc import DBAPIError
from typer.core import TyperGroup

from annolog.domain.refusals import Refused
from annolog.infra.cli import (
    accounts,
    activity,
    agreement,
    comments,
    dashboard,
    evaluation,
    events,
    groups,
    inviting,
    joining,
    log,
    organizations,
    permissions,
    personal,
    processes,
    projections,
    projects,
    replaying,
    roles,
    rules,
    serving,
    simulating,
    skills,
    status,
    tasks,
    tokens,
    webhooks,
    why,
    workspaces,
)
from annolog.infra.cli.as_json import JSON
from annolog.infra.cli.console import INTERRUPTED, REFUSED, TERMINATED, explain, say, warn
from annolog.projections.engine.parking import TooManyParked


class Commands(TyperGroup):
    """Says in words what was refused, what the machine could not do, and that somebody pressed Ctrl-C."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command; a trace is left to defects."""
        try:
            return super().invoke(ctx)
        except Refused as refusal:
            explain(refusal, as_json=ctx.meta.get(JSON, False))
        except BrokenPipeError:
            raise
        except (OSError, TooManyParked) as trouble:
            warn(str(trouble), "bold red")
        except DBAPIError as trouble:
            warn(f"the database failed: {trouble.orig}", "bold red")
        except KeyboardInterrupt:
            warn("interrupted; what was acknowledged is kept")
            raise typer.Exit(INTERRUPTED) from None
        raise typer.Exit(REFUSED)


app = typer.Typer(
    name="annolog",
    cls=Commands,
    help="Annotation, review and assignment as one immutable log.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(projects.app, name="project", help="Create, publish and look at projects.")
app.add_typer(tasks.app, name="tasks", help="Bring tasks in.")
app.add_typer(rules.app, name="rules", help="Rules of a project: what they look at, and what they did.")
projects.app.command("move")(workspaces.move)
app.add_typer(organizations.app, name="organizations", help="Who shares the installation and knows nothing of others.")
# Rooms whose commands are on the group of people.
PEOPLE = (accounts, inviting, personal)
app.add_typer(accounts.app, name="people", help="Who there is, who is invited, kept out or erased.")
app.add_typer(workspaces.app, name="workspaces", help="Projects that some people work on together.")
app.add_typer(roles.app, name="roles", help="Roles of the organization's own.")
app.add_typer(tokens.app, name="tokens", help="What speaks for people.")
app.add_typer(groups.app, name="groups", help="What groups of identity providers are worth here.")
app.add_typer(permissions.app, name="permissions", help="What every role may do, and changing it.")
app.add_typer(activity.app, name="activity", help="Who did what, when, from where and on whose behalf.")
app.add_typer(comments.app, name="comments", help="What was said in a project.")
app.add_typer(evaluation.app, name="evaluation", help="Work held against the truth, and changes in it.")
app.add_typer(projections.app, name="projections", help="Read models: how far they are, building them anew, proof.")
app.add_typer(log.app, name="log", help="Read and follow the log.")
app.add_typer(events.app, name="events", help="Events that could not be dealt with.")
app.add_typer(webhooks.app, name="webhooks", help="Where what happens in a project is sent.")
app.add_typer(why.app, name="why", help="Why a task is with whom it is, and why somebody is given what.")
app.command("status")(status.status)
app.command("serve")(serving.serve)
app.command("api")(processes.api)
app.command("pages")(processes.pages)
app.command("relay")(processes.relay)
app.command("projector")(processes.projector)
app.command("reactor")(processes.reactor)
app.command("join")(joining.join)
app.command("demo")(serving.demo)
app.command("replay")(replaying.replay)
app.command("simulate")(simulating.simulate)
app.command("agreement")(agreement.agreement)
app.command("skills")(skills.skills)
app.command("dashboard")(dashboard.show)


def _show_version(wanted: bool) -> None:
    if wanted:
        try:
            say(f"annolog {version('annolog')}")
        except PackageNotFoundError:
            say("annolog, run from its sources")
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
    # It tells at length, by request, that a broker is gone; whoever uses it tells it once.
    logging.getLogger("kafka").setLevel(logging.CRITICAL)


def run() -> None:
    """Run the command line."""
    # Otherwise a termination would leave temporary folders behind and skip what closing writes.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    app()
