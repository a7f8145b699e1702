"""The full Label Studio editor on the labeling page, as tests come to it."""

from __future__ import annotations

import base64
from typing import Any

from playwright.sync_api import FrameLocator, Page, expect

from tests.infra.web.labeling_fixture import picture
from tests.infra.web.reviewing import Office, begin, shown
from tests.infra.web.site import Site, Visit

PICTURE = "data:image/png;base64," + base64.b64encode(picture()).decode()
SHAPES = """<View><Image name="img" value="$image"/><PolygonLabels name="area" toName="img"><Label value="Field"/>
</PolygonLabels><EllipseLabels name="round" toName="img"><Label value="Pond"/></EllipseLabels>
<KeyPointLabels name="spot" toName="img"><Label value="Well"/></KeyPointLabels>
<Choices name="season" toName="img" required="true" requiredMessage="Say the season."><Choice value="summer"/>
<Choice value="winter"/></Choices></View>"""
HOSTILE = "<img src=x onerror=alert(1)> {{7*7}}"


def office_of(site: Site, config: str, data: list[Any]) -> Office:
    """A project with somebody who labels in it."""
    office = Office(site, f"Shapes {HOSTILE}", config=config, data=data)
    office.member("ann")
    return office


def begun(visit: Visit, office: Office) -> Page:
    page = begin(visit, f"/projects/{office.project}/label")
    shown(page, office.first)
    return page


def results(office: Office, task: int) -> list[Any]:
    return [one["result"] for one in office.site.ask("GET", f"/v1/tasks/{task}")["annotations"]]


def inside(page: Page) -> FrameLocator:
    """The editor, once it shows the task."""
    found = page.frame_locator("iframe.an-full-editor")
    expect(found.locator("#label-studio > *").first).to_be_visible()
    return found


class Picture:
    """The picture in the editor, pointed at in percent."""

    def __init__(self, page: Page) -> None:
        self.page = page
        canvas = inside(page).locator(".konvajs-content canvas").first
        expect(canvas).to_be_visible()
        canvas.scroll_into_view_if_needed()
        self.box = canvas.bounding_box()

    def at(self, x: float, y: float) -> tuple[float, float]:
        assert self.box is not None
        return self.box["x"] + self.box["width"] * x / 100, self.box["y"] + self.box["height"] * y / 100

    def click(self, x: float, y: float) -> None:
        self.page.mouse.move(*self.at(x, y))
        self.page.mouse.click(*self.at(x, y))


# What this browser keeps of unfinished work.
KEPT = """async () => {
    const { all } = await import("/static/work/keeping.js");
    return all("drafts");
}"""


def put_instead(page: Page, script: str) -> None:
    """Have other code run in the frame than ours."""
    told = {"Cross-Origin-Resource-Policy": "cross-origin", "Content-Type": "text/javascript"}
    page.route("**/label-studio-editor/frame.js*", lambda route: route.fulfill(body=script, headers=told))
