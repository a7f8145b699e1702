"""Finding a project, a task or somebody by a few letters."""

from __future__ import annotations

from annolog.infra.web.parts.words import Words, block


def search_button() -> None:
    """The way to the search, which goes on in the browser and asks the API as the viewer."""
    with block("button", "an-search-button", type="button", data_search="", aria_label="Search"):
        Words("span", "Search…")
        Words("kbd", "/")
