"""What is photographed: where it is, and what somebody has done there by then."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from playwright.sync_api import Locator, Page

from tools.screenshots.ground import Ground

SIMULATED_MS = 180_000
ROOMS = (
    "general",
    "labeling",
    "tasks",
    "members",
    "assignment",
    "reassignment",
    "review",
    "evaluation",
    "agreement",
    "consensus",
    "rules",
    "data-fields",
    "webhooks",
    "history",
)


def _nothing(page: Page) -> None:
    """It is as it comes."""


@dataclass(frozen=True)
class Scene:
    """A picture: its name, the address, what is done there; `tall` ones show more of the page than a window does."""

    name: str
    path: str
    done: Callable[[Page], None] = _nothing
    tall: bool = False
    signed_in: bool = True


def scenes(ground: Ground) -> Iterator[Scene]:
    """Every picture."""
    project = f"/projects/{ground.project}"
    yield Scene("dashboard", project, tall=True)
    yield Scene("board", f"{project}/tasks")
    yield Scene("task", f"/tasks/{ground.task}", tall=True)
    yield Scene("team", f"{project}/people", tall=True)
    yield Scene("team-person", f"{project}/people/{ground.person}", tall=True)
    yield Scene("policies", f"{project}/policies", _simulate, tall=True)
    for kind, place in sorted(ground.labeling.items()):
        yield Scene(f"labeling-{kind}", f"/projects/{place}/label", LABELED[kind])
    yield Scene("review", ground.review, _looked_at)
    yield Scene("review-side-by-side", ground.review, _side_by_side)
    yield Scene("my-work", "/my-work")
    yield Scene("projects", "/projects")
    yield Scene("new-project", "/projects/new")
    for room in ROOMS:
        yield Scene(f"settings-{room}", f"{project}/settings/{room}", tall=True)
    yield Scene("people", "/people")
    yield Scene("person", f"/people/{ground.person}")
    yield Scene("roles", "/roles", tall=True)
    yield Scene("groups", "/groups")
    yield Scene("activity", "/activity")
    yield Scene("workspaces", "/workspaces")
    yield Scene("workspace", f"/workspaces/{ground.workspace}")
    yield Scene("system", "/system", tall=True)
    yield Scene("account", "/account", tall=True)
    yield Scene("sign-in", "/sign-in", signed_in=False)
    empty, long = f"/projects/{ground.empty}", f"/projects/{ground.long}"
    yield Scene("empty-dashboard", empty)
    yield Scene("empty-board", f"{empty}/tasks")
    yield Scene("empty-team", f"{empty}/people")
    yield Scene("long-names-dashboard", long)
    yield Scene("long-names-board", f"{long}/tasks")
    yield Scene("long-names-team", f"{long}/people")


def _simulate(page: Page) -> None:
    page.get_by_role("button", name="Simulate").click()
    page.get_by_role("button", name="Use ", exact=False).first.wait_for(timeout=SIMULATED_MS)
    page.get_by_role("status").get_by_text("Simulating").wait_for(state="hidden", timeout=SIMULATED_MS)
    page.evaluate("scrollTo(0, 0)")


def _choose(page: Page) -> None:
    if _begun(page):
        page.keyboard.press("1")


def _mark(page: Page) -> None:
    """The names in the text."""
    text = page.locator(".an-lb-text").first
    if _begun(page):
        for number, (key, name) in enumerate(NAMES):
            page.keyboard.press(key)
            _select(text, name)
            _let_go(page, number)


def _select(text: Locator, words: str) -> None:
    """Draw the mouse over some words."""
    ends = text.evaluate(ENDS, words)
    page = text.page
    page.mouse.move(ends[0], ends[1])
    page.mouse.down()
    page.mouse.move(ends[2], ends[3], steps=4)
    page.mouse.up()


# Where words begin and end on the screen; what is marked already is in pieces of its own.
ENDS = """(root, words) => {
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const start = walk.currentNode.data.indexOf(words);
        if (start < 0) continue;
        const range = document.createRange();
        range.setStart(walk.currentNode, start);
        range.setEnd(walk.currentNode, start + words.length);
        const boxes = [...range.getClientRects()], [a, b] = [boxes[0], boxes.at(-1)];
        return [a.left + 1, a.top + a.height / 2, b.right - 1, b.top + b.height / 2];
    }
    throw Error(`no ${words}`);
}"""


def _draw(page: Page) -> None:
    """Boxes around what is seen on a picture of our own dashboard."""
    if not _begun(page):
        return
    page.wait_for_function("document.querySelector('.an-lb-picture').complete")
    area = page.locator(".an-lb-drawing").bounding_box()
    assert area is not None
    for number, (key, left, top, right, bottom) in enumerate(PARTS):
        page.keyboard.press(key)
        page.mouse.move(area["x"] + area["width"] * left, area["y"] + area["height"] * top)
        page.mouse.down()
        page.mouse.move(area["x"] + area["width"] * right, area["y"] + area["height"] * bottom, steps=4)
        page.mouse.up()
        _let_go(page, number)


NAMES = (
    ("3", "Washington"),
    ("1", "Aristide"),
    ("2", "Secret Service"),
    ("3", "Haiti"),
)
PARTS = (("3", 0.004, 0.075, 0.165, 0.58), ("1", 0.186, 0.195, 0.315, 0.315), ("2", 0.186, 0.455, 0.581, 0.985))
LABELED: Mapping[str, Callable[[Page], None]] = {"spans": _mark, "choices": _choose, "boxes": _draw}


def _looked_at(page: Page) -> None:
    page.wait_for_selector("#an-work[data-task]")


def _side_by_side(page: Page) -> None:
    _looked_at(page)
    page.keyboard.press("Alt+a")


def _let_go(page: Page, number: int) -> None:
    """Of the region that was just made, or the next key would be its label."""
    page.locator(".an-lb-row-button").nth(number).wait_for()
    page.keyboard.press("Escape")


def _begun(page: Page) -> bool:
    """Wait for the task; whether nothing is answered yet, as the draft of an earlier picture would have it."""
    page.wait_for_selector("#an-work[data-task]")
    page.wait_for_timeout(500)
    return page.locator(".an-lb-regions > *, .an-work input:checked").count() == 0
