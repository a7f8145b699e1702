"""The way a file of tasks takes: from the browser straight to the API."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from nicegui import ui

COMPONENT = Path(__file__).parents[2] / "static" / "importing.js"


class Importer(ui.element, component=COMPONENT):
    """Choosing or pasting tasks, a look at them, and sending them; `on_imported` is called when some came in."""

    def __init__(self, project: int, on_imported: Callable[[int], Any]) -> None:
        super().__init__()
        self.props["project"] = project
        self.on("imported", lambda event: on_imported(int((event.args or {}).get("tasks", 0))))
