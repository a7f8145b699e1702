"""The board in the browser: a grid that asks the API itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nicegui
import orjson
from nicegui import ui
from nicegui.dependencies import esm_modules
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
        # Fetched side by side with what every page needs, and not one after the other when their turn comes.
        ui.add_head_html("".join(f'<link rel="modulepreload" href="{url}">' for url in _modules()))
        self._props["given"] = orjson.dumps(given, option=orjson.OPT_NON_STR_KEYS).decode()


def _modules() -> Iterator[str]:
    for key, module in esm_modules.items():
        place = f"/_nicegui/{nicegui.__version__}/esm/{key}"
        if module.path == LIBRARY:
            yield f"{place}/index.js"
        if module.path == MODULES:
            yield from (f"{place}/{file.name}" for file in sorted(MODULES.glob("*.js")) if file.name != "component.js")
