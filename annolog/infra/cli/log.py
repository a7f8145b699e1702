"""`annolog log …`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import sleep
from typing import Annotated, Any

import orjson
import typer

from annolog.domain.recorded import Recorded
from annolog.infra.cli.console import out
from annolog.infra.cli.options import DataDir, existing
from annolog.projections.task_page.page import presented

app = typer.Typer(no_args_is_help=True)

TOGETHER = 500
# Another process may be writing, whose doorbell does not ring here.
POLL_SECONDS = 0.2
LONGEST_BODY = 160


@app.callback()
def log() -> None:
    """Read and follow the log."""


@app.command()
def show(
    after: Annotated[int, typer.Option("--after", min=0, help="Begin after this position.")] = 0,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Most events.")] = None,
    project: Annotated[int | None, typer.Option("--project", help="Only events of this project.")] = None,
    stream: Annotated[str | None, typer.Option("--stream", help="Only events of this stream, such as task-7.")] = None,
    kind: Annotated[str | None, typer.Option("--type", help="Only events of this type.")] = None,
    follow: Annotated[bool, typer.Option("--follow", help="Go on as the log grows.")] = False,
    data_dir: DataDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Show events, one a line, oldest first."""

    def wanted(recorded: Recorded) -> bool:
        return (stream is None or recorded.stream == stream) and (kind is None or recorded.type == kind)

    show_one = _as_json if as_json else _as_text
    with existing(data_dir) as installation:
        position, left = after, limit
        while left is None or left > 0:
            batch = installation.log.after(position, TOGETHER, project)
            for recorded in batch:
                position = recorded.position
                if wanted(recorded):
                    show_one(presented(recorded))
                    left = None if left is None else left - 1
                    if left == 0:
                        return
            if batch:
                continue
            if not follow:
                return
            sys.stdout.flush()
            sleep(POLL_SECONDS)


Show = Callable[[dict[str, Any]], None]


def _as_json(event: dict[str, Any]) -> None:
    sys.stdout.write(orjson.dumps(event).decode() + "\n")
    sys.stdout.flush()


def _as_text(event: dict[str, Any]) -> None:
    who = event["actor"] if event["on_behalf_of"] is None else f"{event['on_behalf_of']} by {event['actor']}"
    body = orjson.dumps(event["data"]).decode()
    short = body if len(body) <= LONGEST_BODY else f"{body[:LONGEST_BODY]}…"
    line = (
        f"{event['position']:>8}  {event['recorded_at'][:23]}  {event['stream']:<14} {event['type']:<22} {who}  {short}"
    )
    out.print(line, markup=False, soft_wrap=True)
