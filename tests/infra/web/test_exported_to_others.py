"""What is annotated here and exported as Label Studio JSON means the same to the official SDK's converter."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.infra.web.converter import converted
from tests.infra.web.labeling_bench import drag, select_text
from tests.infra.web.labeling_fixture import HEIGHT, WIDTH, picture
from tests.infra.web.site import Site, serving, visiting

# The converter may have to be installed first.
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

# An emoji is two of a browser's characters and one of Python's.
TEXT = "\U0001f600 Ada Lovelace met Charles Babbage in London."
ON_TEXT = """<View><Labels name="ner" toName="text"><Label value="PER"/><Label value="LOC"/></Labels>
<Text name="text" value="$text"/><Choices name="mood" toName="text" choice="multiple"><Choice value="good"/>
<Choice value="dry"/></Choices><TextArea name="note" toName="text" maxSubmissions="1"/></View>"""
ON_IMAGE = """<View><Image name="img" value="$image"/><RectangleLabels name="box" toName="img"><Label value="Car"/>
<Label value="Dog"/></RectangleLabels></View>"""
# In pixels: left, top, width, height.
CAR, DOG = (40, 20, 80, 60), (200, 100, 120, 80)


@contextmanager
def pictures() -> Iterator[str]:
    """Where pictures are to be had, from another place than the pages."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = picture()
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    answering = Thread(target=server.serve_forever, daemon=True)
    answering.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        answering.join(10)


@contextmanager
def labeling(browser: Browser, site: Site, config: str, tasks: list[Any]) -> Iterator[tuple[Page, int]]:
    """A project of some tasks, whose page is open before somebody who labels them."""
    made = site.ask("POST", "/v1/projects", json={"title": "Labeled here", "label_config": config})
    project: int = made["project"]
    site.ask("POST", f"/v1/projects/{project}/imports", json=[{"data": data} for data in tasks])
    site.ask("POST", f"/v1/projects/{project}/publish")
    site.member(project, f"ann-{project}", "annotator")
    with visiting(browser, site, f"ann-{project}") as visit:
        visit.page.goto(f"{site.url}/projects/{project}/label")
        yield visit.page, project
        # The browser itself reports that there is no further task.
        visit.complaints[:] = [one for one in visit.complaints if "/next)" not in one]


def exported(site: Site, project: int) -> list[Any]:
    """Everything, as anybody gets it who exports the project."""
    headers = {"Authorization": f"Bearer {site.token}"}
    answer = httpx.get(f"{site.url}/v1/projects/{project}/export", headers=headers, timeout=60)
    return [json.loads(line) for line in answer.text.splitlines()]


def draw(page: Page, label: str, left: float, top: float, width: float, height: float) -> None:
    """A box in pixels of the picture, by mouse."""
    page.wait_for_function("document.querySelector('.an-lb-picture')?.complete")
    # A label that is chosen while a box is selected renames that one.
    page.keyboard.press("Escape")
    page.locator(".an-lb-label", has_text=label).click()
    area = page.locator(".an-lb-drawing").bounding_box()
    assert area is not None
    wide, high = area["width"] / WIDTH, area["height"] / HEIGHT
    start = (area["x"] + left * wide, area["y"] + top * high)
    drag(page, start, (start[0] + width * wide, start[1] + height * high))


def submit(page: Page) -> None:
    before = page.locator(".an-work-task").text_content() or ""
    page.get_by_role("button", name="Submit").click()
    expect(page.locator(".an-work-task")).not_to_have_text(before)


def test_boxes_drawn_here_are_those_of_coco_and_yolo(browser: Browser, tmp_path: Path) -> None:
    with pictures() as there, serving(tmp_path / "server", ANNOLOG_MEDIA_ORIGINS=there) as site:
        images = [{"image": f"{there}/{name}.png"} for name in ("one", "two")]
        with labeling(browser, site, ON_IMAGE, images) as (page, project):
            draw(page, "Car", *CAR)
            draw(page, "Dog", *DOG)
            submit(page)
            draw(page, "Dog", *CAR)
            page.keyboard.press("Escape")
            submit(page)
        tasks = exported(site, project)
        folder = tmp_path / "converted"
        folder.mkdir()
        found = converted(ON_IMAGE, tasks, folder, "COCO", "COCO_WITH_IMAGES", "YOLO", "CSV")
    drawn = [("Car", CAR, 0), ("Dog", DOG, 0), ("Dog", CAR, 1)]
    for path in ("COCO/result.json", "COCO_WITH_IMAGES/result.json"):
        coco = found.json(path)
        names = {one["id"]: one["name"] for one in coco["categories"]}
        assert [(one["width"], one["height"]) for one in coco["images"]] == [(WIDTH, HEIGHT)] * 2
        boxes = [(names[one["category_id"]], one["bbox"], one["image_id"]) for one in coco["annotations"]]
        assert [(name, image) for name, _, image in boxes] == [(name, image) for name, _, image in drawn]
        for (_, box, _), (_, wanted, _) in zip(boxes, drawn, strict=True):
            assert box == pytest.approx(wanted, abs=1.5)
    assert found.text("YOLO/classes.txt").split() == ["Car", "Dog"]
    lines = [found.matching(f"YOLO/labels/*__{name}.txt").splitlines() for name in ("one", "two")]
    assert [len(some) for some in lines] == [2, 1]
    for line, (name, (left, top, width, height), _) in zip([*lines[0], *lines[1]], drawn, strict=True):
        kind, *numbers = line.split()
        assert ["Car", "Dog"][int(kind)] == name
        middle = ((left + width / 2) / WIDTH, (top + height / 2) / HEIGHT, width / WIDTH, height / HEIGHT)
        assert [float(number) for number in numbers] == pytest.approx(middle, abs=0.01)
    rows = found.rows("CSV/result.csv")
    assert [row["image"] for row in rows] == [data["image"] for data in images]
    for row, wanted in zip(rows, (drawn[:2], drawn[2:]), strict=True):
        cells = json.loads(row["box"])
        assert [cell["rectanglelabels"] for cell in cells] == [[name] for name, _, _ in wanted]
        assert {(cell["original_width"], cell["original_height"]) for cell in cells} == {(WIDTH, HEIGHT)}


def test_spans_marked_and_questions_answered_here_are_those_of_conll_and_csv(browser: Browser, tmp_path: Path) -> None:
    with serving(tmp_path / "server") as site:
        with labeling(browser, site, ON_TEXT, [{"text": TEXT}, {"text": "Nobody is named."}]) as (page, project):
            expect(page.locator(".an-lb-text")).to_be_visible()
            for label, words in (("PER", "Ada Lovelace"), ("LOC", "London"), ("PER", "Charles Babbage")):
                select_text(page, words)
                page.locator(".an-lb-label", has_text=label).click()
            page.keyboard.press("Escape")
            page.get_by_role("checkbox", name="good").check()
            page.get_by_role("checkbox", name="dry").check()
            page.get_by_role("textbox").fill('Said "so",\nin two lines; Ωmega')
            submit(page)
            expect(page.get_by_text("Nobody is named.")).to_be_visible()
            page.get_by_role("checkbox", name="dry").check()
            submit(page)
        tasks = exported(site, project)
    folder = tmp_path / "converted"
    folder.mkdir()
    found = converted(ON_TEXT, tasks, folder, "CONLL2003", "CSV")
    tagged = [line.split(" -X- _ ") for line in found.text("CONLL2003/result.conll").splitlines() if " -X- _ " in line]
    named = {"Ada": "B-PER", "Lovelace": "I-PER", "Charles": "B-PER", "Babbage": "I-PER", "London": "B-LOC"}
    assert tagged == [[token, named.get(token, "O")] for token, _ in tagged]
    assert [token for token, _ in tagged][:4] == ["\U0001f600", "Ada", "Lovelace", "met"]
    assert {token for token, _ in tagged} >= {*named, "Nobody"}
    first, second = found.rows("CSV/result.csv")
    assert (first["text"], second["text"]) == (TEXT, "Nobody is named.")
    spans = {(TEXT[cell["start"] : cell["end"]], *cell["labels"]) for cell in json.loads(first["ner"])}
    assert spans == {("Ada Lovelace", "PER"), ("Charles Babbage", "PER"), ("London", "LOC")}
    assert json.loads(first["mood"]) == {"choices": ["good", "dry"]}
    assert first["note"] == 'Said "so",\nin two lines; Ωmega'
    assert second["mood"] == "dry"
    assert second["ner"] == second["note"] == ""
