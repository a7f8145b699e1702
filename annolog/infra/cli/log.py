"""`annolog log …`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import Annotated, Any

import orjson
import typer

from annolog.domain.catalogue import EVENT_TYPES
from annolog.infra.cli.console import say, warn
from annolog.infra.cli.options import AsJson, DataDir, Token, Url, existing, server
from annolog.projections.task_page.page import presented

app = typer.Typer(no_args_is_help=True)

TOGETHER = 500
# Another process may be writing, whose doorbell does not ring here.
POLL_SECONDS = 0.2
LONGEST_BODY = 160

Page = Mapping[str, Any]
Read = Callable[[int], Sequence[Page]]


@app.callback()
def log() -> None:
    """Read and follow the log."""


@app.command()
def show(
    after: Annotated[int, typer.Option("--after", min=0, help="Begin after this position.")] = 0,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Most events.")] = None,
    project: Annotated[int | None, typer.Option("--project", min=1, help="Only events of this project.")] = None,
    stream: Annotated[str | None, typer.Option("--stream", help="Only events of this stream, such as task-7.")] = None,
    kind: Annotated[str | None, typer.Option("--type", help="Only events of this type.")] = None,
    follow: Annotated[bool, typer.Option("--follow", help="Go on as the log grows, until Ctrl-C.")] = False,
    data_dir: DataDir = None,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Show events, one a line, oldest first. With --json, one JSON object a line."""
    if kind is not None and kind not in EVENT_TYPES:
        raise typer.BadParameter(f"{kind!r} is none; there are {', '.join(sorted(EVENT_TYPES))}", param_hint="--type")
    show_one = _as_json if as_json else _as_text
    with _reading(data_dir, url, token, project) as read:
        shown, position = 0, after
        try:
            for event in _events(read, after, follow):
                position = event["position"]
                if (stream is None or event["stream"] == stream) and (kind is None or event["type"] == kind):
                    show_one(event)
                    shown += 1
                    if shown == limit:
                        return
        except KeyboardInterrupt:
            warn(f"stopped at position {position}; --after {position} goes on")
            raise


def _events(read: Read, position: int, follow: bool) -> Iterator[Page]:
    """The log beyond a position, and as it grows."""
    while (batch := read(position)) or follow:
        for event in batch:
            position = event["position"]
            yield event
        if not batch:
            sys.stdout.flush()
            sleep(POLL_SECONDS)


@contextmanager
def _reading(data_dir: Path | None, url: str | None, token: str | None, project: int | None) -> Iterator[Read]:
    if url is None:
        with existing(data_dir) as installation:
            yield lambda position: [presented(event) for event in installation.log.after(position, TOGETHER, project)]
        return
    path = "/v1/events" if project is None else f"/v1/projects/{project}/events"
    with server(url, token) as there:
        yield lambda position: there.ask("GET", path, params={"after": position, "limit": TOGETHER})["events"]


def _as_json(event: Page) -> None:
    sys.stdout.write(orjson.dumps(event).decode() + "\n")


def _as_text(event: Page) -> None:
    who = event["actor"] if event["on_behalf_of"] is None else f"{event['on_behalf_of']} by {event['actor']}"
    body = orjson.dumps(event["data"]).decode()
    short = body if len(body) <= LONGEST_BODY else f"{body[:LONGEST_BODY]}…"
    say(
        f"{event['position']:>8}  {event['recorded_at'][:23]}  {event['type']:<22} {event['stream']:<14} {who}  {short}"
    )
