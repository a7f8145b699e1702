"""Lists that are too long for a page: one after the other, by the API's own cursor."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from annolog.infra.web.parts.sending import button
from annolog.infra.web.parts.words import Words, block

# Shows what begins at a cursor, and gives where the next page begins, if there is one.
Showing = Callable[[int], Awaitable[int | None]]


class Paging:
    """Buttons to the next page and back; `show` shows a page and tells how to go on."""

    def __init__(self, show: Showing, first: int = 0) -> None:
        self._show = show
        self._cursors = [first]
        self._next: int | None = None
        with block("nav", "an-paging", aria_label="Pages") as self._frame:
            self._where = Words("span", "", "an-note").props("aria-live=polite")
            self._back = button("Previous", self._go_back, kind="plain")
            self._on = button("Next", self._go_on, kind="plain")

    async def restart(self) -> None:
        """Show the first page of what is wanted now."""
        del self._cursors[1:]
        await self.again()

    async def again(self) -> None:
        """Show the same page as it is now."""
        self._next = await self._show(self._cursors[-1])
        page = len(self._cursors)
        self._frame.set_visibility(page > 1 or self._next is not None)
        self._where.text = f"Page {page}"
        self._back.set_visibility(page > 1)
        self._on.set_visibility(self._next is not None)

    async def _go_on(self) -> None:
        if self._next is not None:
            self._cursors.append(self._next)
            await self.again()

    async def _go_back(self) -> None:
        self._cursors.pop()
        await self.again()
