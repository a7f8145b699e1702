"""How pages send commands: refused or done, whoever pressed the button is told, and nothing is sent twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from nicegui import ui
from nicegui.elements.mixins.validation_element import ValidationElement

from annolog.infra.web.door import Refusal
from annolog.infra.web.parts.questions import answer_to, question
from annolog.infra.web.parts.words import Words, block


def say(text: str) -> None:
    """Tell in passing what was done."""
    ui.notify(text, type="positive", position="bottom", close_button="Dismiss", timeout=4_000)


def refuse(refusal: Refusal) -> None:
    """Tell what was refused and why; who is not signed in any more is led to where one signs in."""
    if refusal.status == 401:
        _ = ui.run_javascript("annolog.signInAgain()")
        return
    ui.notify(refusal.detail, type="negative", position="bottom", close_button="Dismiss", timeout=0, multi_line=True)


async def attempt(
    asking: Awaitable[Any], done: str = "", fields: Mapping[str, ValidationElement[Any]] | None = None
) -> Any:
    """What a command came to, or None where it was refused: said at the field that is wrong if it is among `fields`,
    by the last part of its pointer, else at the bottom of the page.
    """
    for field in (fields or {}).values():
        field.error = None
    try:
        found = await asking
    except Refusal as refusal:
        told = False
        for wrong in refusal.wrong:
            field_at = (fields or {}).get(wrong.field)
            if field_at is not None:
                field_at.error = wrong.message
                told = True
        if not told:
            refuse(refusal)
        return None
    if done:
        say(done)
    return {} if found is None else found


def button(
    text: str, on_click: Callable[[], Any], *, kind: str = "plain", icon: str = "", hotkey: str = "", label: str = ""
) -> ui.button:
    """A button; kinds: primary, plain, quiet, danger. While what it does goes on, it cannot be pressed again."""

    async def pressed() -> None:
        found.disable()
        # Not inside of what was pressed: that may be shown anew meanwhile, and what came of it is told all the same.
        with ui.context.client.content:
            try:
                result = on_click()
                if isinstance(result, Awaitable):
                    await result
            except Refusal as refusal:
                refuse(refusal)
            finally:
                if not found.is_deleted:
                    found.enable()

    found = ui.button(text, on_click=pressed, icon=icon or None, color=None)
    found.props("no-caps unelevated").classes(f"an-button an-button-{kind}")
    if hotkey:
        found.props["data-hotkey"] = hotkey
    if label:
        found.props["aria-label"] = label
    return found


async def confirm(title: str, words: str, yes: str, *, kind: str = "danger") -> bool:
    """Ask before something is done that others notice."""
    with question(title) as dialog:
        Words("p", words)
        with block("div", "an-actions an-dialog-actions"):
            button("Cancel", lambda: dialog.submit(False), kind="quiet")
            button(yes, lambda: dialog.submit(True), kind=kind)
    return bool(await answer_to(dialog))
