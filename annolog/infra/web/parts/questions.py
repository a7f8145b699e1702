"""Dialogs that are waited for: what somebody is asked before something is done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nicegui import ui

from annolog.infra.web.parts.words import Words, block


@contextmanager
def question(title: str, classes: str = "") -> Iterator[ui.dialog]:
    """A dialog with a title, to be filled with what is asked; see `answer_to`."""
    # Not inside of what was pressed, which may be shown anew meanwhile.
    with ui.context.client.content, ui.dialog() as dialog, block("div", f"an-dialog {classes}".rstrip()):
        # Not as text of `props`, which reads what somebody may be called as more of them.
        dialog.props["aria-label"] = title
        Words("h2", title)
        yield dialog


async def answer_to(dialog: ui.dialog) -> Any:
    """Open it and wait for what is submitted; None where it is closed without. It is gone then."""
    found = await dialog
    if not dialog.is_deleted:
        dialog.delete()
    return found
