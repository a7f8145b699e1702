"""A project with its board, and how tests look at it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.infra.web.site import Site
from tests.world import LABEL_CONFIG, result

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "{{7*7}}",
    ":alert(1)",
    "x" * 300,
    "\u202e\u0645\u0631\u062d\u0628\u0627",
    "'\"></script><b>",
]
MANY = 250


class Desk:
    """A project with its people and tasks, at a site of its own."""

    def __init__(self, site: Site) -> None:
        self.site = site
        body = {"title": "Texts", "label_config": LABEL_CONFIG, "settings": {"review": {"only_finished": False}}}
        self.project: int = site.ask("POST", "/v1/projects", json=body)["project"]
        self.ann = site.member(self.project, "ann", "annotator")
        self.rev = site.member(self.project, "rev", "reviewer")

    def have(self, *data: dict[str, Any]) -> int:
        """Tasks with this data; the id of the first."""
        lines = [{"data": one} for one in data]
        first: int = self.site.ask("POST", f"/v1/projects/{self.project}/imports", json=lines)["first_task"]
        self.site.ask("POST", f"/v1/projects/{self.project}/publish")
        return first

    def answer(self, task: int, label: str = "A") -> None:
        self.site.ask("POST", f"/v1/tasks/{task}/annotations", self.ann, json={"result": result(label)})

    def query(self, **more: Any) -> list[dict[str, Any]]:
        path, seen = f"/v1/projects/{self.project}/tasks/query", {"min_position": self.site.head()}
        found: list[dict[str, Any]] = self.site.ask("POST", path, json=more, params=seen)["tasks"]
        return found

    @property
    def path(self) -> str:
        return f"/projects/{self.project}/tasks"


def tasks_shown(page: Page) -> list[int]:
    """The tasks in sight, from above."""
    rows = page.locator(".ag-center-cols-container .ag-row")
    expect(rows.locator("a.an-link").first).to_be_visible()
    number = "row => [Number(row.getAttribute('row-index')), Number(row.querySelector('a.an-link')?.textContent)]"
    return [task for _, task in sorted(rows.evaluate_all(f"rows => rows.map({number})"))]


def cell(page: Page, task: int, column: str) -> Locator:
    row = page.locator(".ag-center-cols-container .ag-row", has=page.get_by_role("link", name=str(task), exact=True))
    return row.locator(f".ag-cell[col-id='{column}']")


def box(page: Page, task: int) -> Locator:
    """The place to click for selecting a task."""
    return page.locator(".ag-pinned-left-cols-container .ag-cell").filter(
        has=page.get_by_label(f"Select task {task}", exact=True)
    )


def dialog(page: Page, name: str) -> Locator:
    return page.get_by_role("dialog", name=name, exact=True)
