"""Every page, a module or a room each. A new one is written beside its siblings and named in `PAGES`."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from nicegui import app, ui

STATIC = Path(__file__).parent.parent / "static"
# In this order: what a path says as a word comes before what it says as a number.
PAGES = (
    "sign_in",
    "labeling",
    "review",
    "projects",
    "new_project",
    "dashboard",
    "board",
    "task",
    "team",
    "policies",
    "settings",
    "people",
    "roles",
    "groups",
    "activity",
    "workspaces",
    "system",
    "account",
)


def register() -> None:
    """Have NiceGUI know every page, and what all of them load."""
    styles = "".join(
        f'<link rel="stylesheet" href="/static/styles/{sheet.name}">'
        for sheet in sorted((STATIC / "styles").glob("*.css"))
    )
    ui.add_head_html(f'{styles}<script type="module" src="/static/annolog.js"></script>', shared=True)
    # A bar without a name at the top of every page says nothing to who cannot see it, and little to others.
    app.config.quasar_config["loadingBar"]["skipHijack"] = True
    for name in PAGES:
        import_module(f"{__name__}.{name}")
