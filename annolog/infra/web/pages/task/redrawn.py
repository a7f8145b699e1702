"""A part of the page that is drawn anew only when what it shows has changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from annolog.infra.web.parts.words import block


class Redrawn:
    """Keeps its place on the page; what is in it follows the facts."""

    def __init__(self, classes: str = "") -> None:
        self.place = block("div", f"an-redrawn {classes}")
        self._of: bytes | None = None

    def show(self, of: Any, draw: Callable[[], None]) -> bool:
        """Draw if `of`, which is all that the drawing rests on, is not what it was. Says whether it was drawn."""
        key = orjson.dumps(of, default=str, option=orjson.OPT_NON_STR_KEYS)
        if key == self._of:
            return False
        self._of = key
        self.place.clear()
        with self.place:
            draw()
        return True
