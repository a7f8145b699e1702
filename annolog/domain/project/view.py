"""A view: a way of looking at the board that somebody keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from annolog.domain.event import Event
from annolog.domain.project import events as happened


@dataclass(frozen=True, slots=True)
class View:
    """One view of a project's board, as its last event told it."""

    saved: happened.ViewSaved

    @property
    def id(self) -> int:
        """What tells it from others."""
        return self.saved.view

    @property
    def is_shared(self) -> bool:
        """Whether everybody who sees the board sees it."""
        return self.saved.shared

    def is_listed_to(self, person: int) -> bool:
        """Whether somebody who sees the board is shown it."""
        return self.saved.shared or self.saved.owner == person

    def shown(self) -> dict[str, Any]:
        """The view as JSON values."""
        return self.saved.model_dump(mode="json", exclude={"project"})


def after_event(views: Mapping[int, View], event: Event) -> dict[int, View]:
    """A project's views once `event` has happened. Total: an event it does not know changes nothing."""
    match event:
        case happened.ViewSaved(view=id):
            return {**views, id: View(event)}
        case happened.ViewRemoved(view=id):
            return {other: view for other, view in views.items() if other != id}
        case _:
            return dict(views)
