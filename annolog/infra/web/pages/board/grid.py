"""The board in the browser: a grid that asks the API itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nicegui
import orjson
from nicegui.element import Element

MODULES = Path(__file__).parents[2] / "static" / "board"
# The grid library comes with NiceGUI; its element is not used, because it takes names in its options for code.
LIBRARY = Path(nicegui.__file__).parent / "elements" / "aggrid" / "dist"


class Board(
    Element,
    component=MODULES / "component.js",
    esm={"nicegui-aggrid": str(LIBRARY), "annolog-board": str(MODULES)},
):
    """Shows a project's tasks; `given` goes to the browser as one text, in which nothing is ever run."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        super().__init__()
        self._props["given"] = orjson.dumps(given, option=orjson.OPT_NON_STR_KEYS).decode()
