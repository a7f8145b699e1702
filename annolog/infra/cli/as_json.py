"""The option that every command has: answers for programs. It is apart so that it can be had without a database."""

from __future__ import annotations

from typing import Annotated

import typer

JSON = "annolog.json"


def _note(context: typer.Context, value: bool) -> bool:
    context.meta[JSON] = value
    return value


AsJson = Annotated[bool, typer.Option("--json", callback=_note, help="Print one JSON value and nothing else.")]
