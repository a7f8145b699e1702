"""Pages that go on by themselves: asked again and again while somebody looks, calm when nothing answers."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from nicegui import ui

from annolog.infra.web.door import Refusal
from annolog.infra.web.parts.words import Words

logger = logging.getLogger(__name__)
# Nobody reads numbers faster, and many pages are open at once.
SECONDS = 3.0


def ticking(seconds: float, call: Callable[[], Awaitable[None]], *, at_once: bool) -> None:
    """Call something again and again from when the browser has the page.

    A timer that begins while a page is built has it sent as far as it is, and with the status of one that is there.
    """
    begun: list[ui.timer] = []
    slot = ui.context.slot

    def begin() -> None:
        if not begun and not slot.parent.is_deleted:
            with slot:
                begun.append(ui.timer(seconds, call, immediate=at_once))

    ui.context.client.on_connect(begin)


class Live:
    """Calls `refresh` every few seconds while the page is open and its tab can be seen; says when it could not."""

    def __init__(
        self, refresh: Callable[[], Awaitable[None]], seconds: float = SECONDS, *, at_once: bool = False
    ) -> None:
        """`at_once` also as soon as the page is there, for what a page does not wait for."""
        self._refresh = refresh
        self._looking = True
        self._word = Words("span", "", "an-live").props("role=status")
        # The page tells when its tab is hidden and when it is looked at again.
        ui.on("looking", self._look)
        self._over = False
        ticking(seconds, self._once, at_once=at_once)

    async def _look(self, event: object) -> None:
        self._looking = bool(getattr(event, "args", True))
        if self._looking:
            await self._once()

    async def _once(self) -> None:
        if not self._looking or self._over:
            return
        try:
            await self._refresh()
            if self._word.text:
                self._word.text = ""
        except Refusal as refusal:
            if refusal.status in (401, 403, 404):
                # Whoever may not look any more is shown by the page itself what has become of it.
                self._over = True
                ui.navigate.reload()
                return
            logger.info("a page could not be refreshed", extra={"cause": refusal.detail})
            self._word.text = f"Not up to date: {refusal.detail}"
