"""Where the browser does the work of a page by itself: it is given what it needs, and asks the API for the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from nicegui.element import Element

from annolog.infra.web.viewer import ProjectPlace


class WorkPlace(Element):
    """The place of the work. What it is given is one text, so that no name that somebody chose is taken for more."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        super().__init__()
        self.props["given"] = orjson.dumps(given).decode()
        self.props["id"] = "an-work"
        self.classes("an-work")


def unpublished(place: ProjectPlace) -> tuple[str, str] | None:
    """Why nothing comes to whoever works here only once the project is published, in kind words; None where it does."""
    if not place.rights["waits_for_publication"]:
        return None
    return "This project is not published yet", "Its manager is still preparing it. You will find it in My work."
