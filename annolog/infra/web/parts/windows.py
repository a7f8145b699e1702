"""Windows over a page: forms that are filled in and closed, and what is shown once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from nicegui import ui

from annolog.infra.web.parts.sending import button
from annolog.infra.web.parts.words import Words, block

LONGEST_LABEL = 200


class Window:
    """An open window, to be closed by what is in it."""

    def __init__(self, dialog: ui.dialog) -> None:
        self._dialog = dialog

    def close(self) -> None:
        """Close it; it is gone then."""
        if not self._dialog.is_deleted:
            # One may also wait for what somebody chooses in a dialog. Nobody does here.
            _ = self._dialog.close()

    def ending(self, yes: str, on_yes: Callable[[], Any], kind: str = "primary") -> ui.button:
        """The buttons at its end: one that leaves it at that, and the one that does what it is about."""
        with block("div", "an-actions an-dialog-actions"):
            button("Cancel", self.close, kind="quiet")
            return button(yes, on_yes, kind=kind)


@contextmanager
def window(
    title: str, note: str = "", classes: str = "", *, wide: bool = False, stays: bool = False
) -> Iterator[Window]:
    """A window that opens once it is filled, and is gone when it is closed; one that `stays` is closed by its own
    button alone.
    """
    # Not inside of what is pressed, which may be gone before the window is.
    with (
        ui.context.client.content,
        ui.dialog() as dialog,
        block("div", f"an-dialog {'an-dialog-wide' if wide else ''} {classes}"),
    ):
        # At once: what is in it may be waited for, and it is shown as it is meanwhile.
        _ = dialog.on("hide", dialog.delete)
        dialog.props["aria-label"] = title[:LONGEST_LABEL]
        if stays:
            dialog.props["persistent"] = True
        Words("h2", title)
        if note:
            Words("p", note, "an-note")
        yield Window(dialog)
    _ = dialog.open()


def shown_once(title: str, words: str, secret: str, label: str, then: Callable[[], Any] = lambda: None) -> None:
    """Show what nobody is told a second time, with a button to copy it; `then` follows once it is put away."""
    with window(title, stays=True) as dialog:

        def done() -> None:
            dialog.close()
            then()

        Words("p", words)
        with block("div", "an-once"):
            place = Words("code", secret, "an-once-text")
            place.props["aria-label"] = label
            place.props["tabindex"] = "0"
            with block("button", "an-copy", type="button", data_copy=place.html_id):
                Words("span", "Copy")
        with block("div", "an-actions an-dialog-actions"):
            button("Done", done, kind="primary")


def field(label: str, value: str = "", *, kind: str = "text", note: str = "", most: int | None = None) -> ui.input:
    """A line to write in, with its label."""
    found = ui.input(label, value=value, placeholder=note or None).props(f"outlined dense type={kind}")
    if note:
        # The label would stand on the note.
        found.props["stack-label"] = True
    if most is not None:
        found.props["maxlength"] = most
    return found
