"""A project in which work is reviewed, and what reviewers do on their page."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any

from playwright.sync_api import Page, expect

from annolog.infra.replay.dataset import load
from tests.infra.web.site import Site, Visit

CONFIG = (
    '<View><Labels name="name" toName="text"><Label value="Person"/><Label value="Place"/></Labels>'
    '<Text name="text" value="$text"/><Text name="hypothesis" value="$hypothesis"/>'
    '<Choices name="label" toName="text" choice="single" required="true">'
    '<Choice value="entailed"/><Choice value="not entailed"/></Choices></View>'
)
BOXES = (
    '<View><RectangleLabels name="box" toName="image"><Label value="Car"/><Label value="Dog"/></RectangleLabels>'
    '<Image name="image" value="$image"/></View>'
)
HOSTILE = "<img src=x onerror=alert(1)> {{7*7}} :alert(1) " + "x" * 300 + " \u202eabc"

Items = list[dict[str, Any]]


def choice(label: str) -> Items:
    return [{"id": "c", "from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": [label]}}]


def span(id: str, text: str, start: int, end: int, label: str) -> dict[str, Any]:
    value = {"start": start, "end": end, "text": text[start:end], "labels": [label]}
    return {"id": id, "from_name": "name", "to_name": "text", "type": "labels", "value": value}


def picture(width: int = 400, height: int = 200) -> str:
    """A grey picture as an address that is the picture."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\x99" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


class Office:
    """A published project of real sentence pairs, or of other data, and the people who work in it."""

    def __init__(
        self,
        site: Site,
        title: str,
        *,
        tasks: int = 1,
        config: str = CONFIG,
        data: list[Any] | None = None,
        **groups: Any,
    ) -> None:
        self.site, self.title = site, title
        made = {"title": title, "label_config": config, "settings": groups}
        self.project: int = site.ask("POST", "/v1/projects", json=made)["project"]
        rte = load("rte")
        self.rows = data or [{"data": dict(rte.texts[task])} for task in rte.tasks[:tasks]]
        path = f"/v1/projects/{self.project}/imports"
        self.first: int = site.ask("POST", path, json=self.rows)["first_task"]
        site.ask("POST", f"/v1/projects/{self.project}/publish")

    @property
    def path(self) -> str:
        return f"/projects/{self.project}/review"

    def member(self, name: str, role: str = "annotator") -> int:
        return self.site.member(self.project, self.handle(name), role)

    def handle(self, name: str) -> str:
        return f"{name}-{self.project}"

    def answered(self, who: int, result: Items, task: int | None = None, **more: Any) -> int:
        """Somebody's answer to a task; its id."""
        path = f"/v1/tasks/{task or self.first}"
        self.site.ask("POST", f"{path}/reservation", who)
        found: int = self.site.ask("POST", f"{path}/annotations", who, json={"result": result, **more})["annotation"]
        return found

    def annotation(self, id: int, task: int | None = None) -> dict[str, Any]:
        page = self.site.ask("GET", f"/v1/tasks/{task or self.first}")
        [found] = [one for one in page["annotations"] if one["id"] == id]
        return dict(found)

    def reviews(self, id: int, task: int | None = None) -> list[tuple[str, str | None]]:
        """The verdicts on an annotation that were not taken back."""
        given = self.annotation(id, task)["reviews"]
        return [(one["verdict"], one["action"]) for one in given if not one["withdrawn"]]

    def events(self, type: str, task: int | None = None) -> list[Any]:
        history = self.site.ask("GET", f"/v1/tasks/{task or self.first}/history")["events"]
        return [event for event in history if event["type"] == type]


def begin(visit: Visit, path: str) -> Page:
    page = visit.page
    page.goto(f"{visit.site.url}{path}")
    return page


def shown(page: Page, task: int, *words: str) -> None:
    """The task is before the reviewer, and the line above it says this."""
    expect(page.get_by_role("heading", name=f"Task {task}", exact=True)).to_be_visible()
    for one in words:
        expect(page.locator(".an-work-which")).to_contain_text(one)


def nothing_left(page: Page) -> None:
    expect(page.get_by_role("heading", name="Nothing waits for your verdict")).to_be_visible()


def forgive(visit: Visit, *words: str) -> None:
    """The browser itself reports what did not arrive or was refused."""
    visit.complaints[:] = [one for one in visit.complaints if not any(word in one for word in words)]
