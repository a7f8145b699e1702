"""The labeling component alone in a real browser: mounted, worked on, asked for its result."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page

from annolog.domain.labeling import parse_labeling_config, validate_result
from tests.infra.web.site import PATIENCE_MS, ROOT, TOLERATED

Items = list[dict[str, Any]]

TEXT = "Ada Lovelace met Charles Babbage in London."
NER = """<Labels name="ner" toName="text"><Label value="PER" background="#ffe600"/><Label value="ORG"/>
<Label value="LOC" hotkey="x"/></Labels><Text name="text" value="$text"/>"""
SURE = '<Choices name="sure" toName="text" perRegion="true"><Choice value="yes"/><Choice value="no"/></Choices>'
IMAGE = """<RectangleLabels name="box" toName="img"><Label value="Car"/><Label value="Dog"/></RectangleLabels>
<Image name="img" value="$image"/>"""
PICTURE = {"image": "/picture.png"}
ON_TEXT = '<Text name="text" value="$text"/>'
LIST = {"items": [{"id": "a", "title": "A"}, {"id": "b", "title": "B"}, {"id": "c", "title": "C"}]}

MOUNT = """async (options) => {
    const { mount } = await import("/static/labeling/mount.js");
    window.labeling?.destroy();
    window.changes = 0;
    window.labeling = mount(document.getElementById("bench"), options);
    window.labeling.on("change", () => { window.changes += 1; });
}"""


@contextmanager
def served_component() -> Iterator[str]:
    """Where the component is served, as long as it is."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.infra.web.labeling_fixture"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said = []
    try:
        for line in process.stdout:
            said.append(line)
            if "running on " in line:
                yield line.split("running on ")[1].split()[0]
                break
        else:
            raise AssertionError("".join(said))
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


class Bench:
    """A page with the component in it, which hears every complaint of the console."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.url = url
        self.context = browser.new_context(viewport={"width": 1280, "height": 900}, has_touch=True)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.complaints: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.config = ""
        self.open("/bench")

    def open(self, path: str) -> None:
        """Go to a page of the server."""
        self.page.goto(f"{self.url}{path}")
        self.page.wait_for_function("window.socket?.connected")

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def mount(
        self, config: str, data: dict[str, Any] | None = None, result: Sequence[Any] = (), **options: Any
    ) -> Page:
        """Show a task; worked on, unless told otherwise."""
        self.config = f"<View>{config}</View>"
        given = {"readonly": False, "config": self.config, "data": data or {}, "result": list(result), **options}
        self.page.evaluate("document.activeElement?.blur()")
        self.page.evaluate(MOUNT, given)
        return self.page

    def result(self) -> Items:
        """What would be submitted."""
        found: Items = self.page.evaluate("labeling.result()")
        return found

    def checked(self) -> Items:
        """The same, after the backend has found nothing wrong with it."""
        found = self.result()
        validate_result(parse_labeling_config(self.config), found)
        return found

    def values(self) -> list[Any]:
        """The values alone, checked as well."""
        return [item.get("value") for item in self.checked()]

    def keys(self, *pressed: str) -> None:
        """Press keys one after the other."""
        for one in pressed:
            self.page.keyboard.press(one)

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Drag from one point of the screen to another."""
        drag(self.page, start, end)

    def select_text(self, wanted: str) -> None:
        """Select words of a text with the mouse, from their first letter to their last."""
        select_text(self.page, wanted)

    def must_be_open_to_all(self) -> None:
        """Nothing keeps somebody out who cannot see or point, by what axe finds within the component."""
        found = Axe().run(self.page, context=["#bench"]).response["violations"]
        worse = [one for one in found if one["impact"] not in TOLERATED]
        assert not worse, [(one["id"], one["nodes"][0]["html"], one["nodes"][0]["failureSummary"]) for one in worse]


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag from one point of the screen to another."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    page.mouse.move(*end)
    page.mouse.up()


def select_text(page: Page, wanted: str) -> None:
    """Select words of a text with the mouse, from their first letter to their last."""
    box = page.evaluate(
        """(wanted) => {
            const walker = document.createTreeWalker(document.querySelector(".an-lb-text"), NodeFilter.SHOW_TEXT);
            const nodes = [];
            while (walker.nextNode()) nodes.push(walker.currentNode);
            const whole = nodes.map((node) => node.data).join("");
            const at = (place) => {
                let before = 0;
                for (const node of nodes) {
                    if (place < before + node.length) return [node, place - before];
                    before += node.length;
                }
            };
            const start = whole.indexOf(wanted);
            const rect = (place) => {
                const range = document.createRange();
                const [node, offset] = at(place);
                range.setStart(node, offset);
                range.setEnd(node, offset + 1);
                const box = range.getBoundingClientRect();
                return [box.left, box.top + box.height / 2, box.width];
            };
            return [rect(start), rect(start + wanted.length - 1)];
        }""",
        wanted,
    )
    (left, top, _), (right, bottom, width) = box
    drag(page, (left + 0.5, top), (right + width - 0.5, bottom))


def span(id: str, start: int, end: int, label: str, text: str, **more: Any) -> dict[str, Any]:
    """A labelled span of a text as Label Studio tells it."""
    value = {"start": start, "end": end, "text": text[start:end], "labels": [label]}
    return {"value": value, "id": id, "from_name": "ner", "to_name": "text", "type": "labels", **more}


def box(id: str, x: float, y: float, width: float, height: float, label: str, **more: Any) -> dict[str, Any]:
    """A labelled box of the fixture's picture as Label Studio tells it."""
    value = {"x": x, "y": y, "width": width, "height": height, "rotation": 0, "rectanglelabels": [label]}
    frame = {"original_width": 400, "original_height": 200, "image_rotation": 0}
    names = {"id": id, "from_name": "box", "to_name": "img", "type": "rectanglelabels", "origin": "manual"}
    return frame | {"value": value} | names | more
