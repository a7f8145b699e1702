"""A project of real sentence pairs with one question, and the people who answer it."""

from __future__ import annotations

from typing import Any

from tests.infra.web import reviewing
from tests.infra.web.site import Site

CONFIG = (
    '<View><Text name="text" value="$text"/><Text name="hypothesis" value="$hypothesis"/>'
    '<Choices name="label" toName="text" choice="single" required="true">'
    '<Choice value="entailed"/><Choice value="not entailed"/></Choices></View>'
)


class Office(reviewing.Office):
    """Where people begin on the labeling page."""

    def __init__(
        self, site: Site, title: str, *, tasks: int = 4, data: list[Any] | None = None, **settings: Any
    ) -> None:
        super().__init__(site, title, tasks=tasks, config=CONFIG, data=data, **settings)

    @property
    def path(self) -> str:
        return f"/projects/{self.project}/label"

    def submitted(self) -> list[Any]:
        """The answers that were handed in, task by task."""
        tasks = range(self.first, self.first + len(self.rows))
        return [event for task in tasks for event in self.events("AnnotationSubmitted", task)]
