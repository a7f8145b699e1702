"""Windows before a page, in which something is asked or looked at closely."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from nicegui import ui

from annolog.infra.web.parts.words import Words, block


@contextmanager
def window(title: str, note: str = "", classes: str = "") -> Iterator[Callable[[], None]]:
    """A window that opens with what is put into it and is gone once it is closed; gives what closes it."""
    with ui.dialog() as dialog, block("div", f"an-dialog {classes}"):
        dialog.props["aria-label"] = title[:200]
        Words("h2", title)
        if note:
            Words("p", note, "an-note")

        def close() -> None:
            if not dialog.is_deleted:
                dialog.value = False

        yield close
    _ = dialog.on("hide", dialog.delete)
    dialog.value = True
