"""Every page, a module or a room each. A new one is written beside its siblings and named in `PAGES`."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from nicegui import ui

STATIC = Path(__file__).parent.parent / "static"
PAGES = ("sign_in", "labeling", "projects")


def register() -> None:
    """Have NiceGUI know every page, and what all of them load."""
    styles = "".join(
        f'<link rel="stylesheet" href="/static/styles/{sheet.name}">'
        for sheet in sorted((STATIC / "styles").glob("*.css"))
    )
    ui.add_head_html(f'{styles}<script src="/static/annolog.js" defer></script>', shared=True)
    for name in PAGES:
        import_module(f"{__name__}.{name}")
