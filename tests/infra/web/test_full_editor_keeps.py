"""In the full editor nothing is lost that was given, whatever it can show of that and whenever its image comes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.infra.web.full_editing import KEPT, PICTURE, SHAPES, Picture, begun, inside, office_of, put_instead, results
from tests.infra.web.labeling_fixture import picture
from tests.infra.web.reviewing import forgive, shown
from tests.infra.web.site import Site, visiting

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("full_editor")]


BRUSHED = """<View><Image name="img" value="$image"/><BrushLabels name="mask" toName="img"><Label value="Lake"/>
</BrushLabels><RectangleLabels name="box" toName="img"><Label value="House"/><Label value="Barn"/></RectangleLabels>
<Choices name="season" toName="img"><Choice value="summer"/><Choice value="winter"/></Choices></View>"""
ELSEWHERE = "https://pictures.example/meadow.png"
FRAMED = {"original_width": 400, "original_height": 200, "image_rotation": 0, "to_name": "img", "origin": "prediction"}


def house(id: str, x: float) -> dict[str, Any]:
    value = {"x": x, "y": 10.12345, "width": 11.1, "height": 30, "rotation": 0, "rectanglelabels": ["House"]}
    return {**FRAMED, "id": id, "from_name": "box", "type": "rectanglelabels", "value": value}


def packed(runs: list[tuple[int, int]]) -> list[int]:
    """Runs of bytes as a brush has them: how many there are, the sizes of numbers, then each run in at most 16 bits."""
    bits = f"{sum(count for count, _ in runs):032b}{7:05b}" + "".join(f"{size - 1:04b}" for size in (3, 4, 8, 16))
    for count, byte in runs:
        for start in range(0, count, 1 << 16):
            bits += f"111{min(count - start, 1 << 16) - 1:016b}{byte:08b}"
    bits += "0" * (-len(bits) % 8)
    return [int(bits[at : at + 8], 2) for at in range(0, len(bits), 8)]


def lake(id: str) -> dict[str, Any]:
    """The upper half of the picture."""
    value = {"format": "rle", "rle": packed([(160_000, 255), (160_000, 0)]), "brushlabels": ["Lake"]}
    return {**FRAMED, "id": id, "from_name": "mask", "type": "brushlabels", "value": value}


def brought(page: Page, task: int, given: list[Any]) -> None:
    """Have the task come with an answer, whatever the server would say to that."""

    def answer(route: Route) -> None:
        known = route.fetch().json()
        known["predictions"] = [{"prediction": None, "result": given}]
        route.fulfill(json=known)

    page.route(f"**/v1/tasks/{task}/mine", answer)


def put_off(page: Page) -> list[Route]:
    """Have the image that is elsewhere not come until one of these is answered."""
    waiting: list[Route] = []

    def wait(route: Route) -> None:
        waiting.append(route)

    page.route(ELSEWHERE, wait)
    return waiting


def sent(page: Page, act: Callable[[], None]) -> list[Any]:
    """The result that is sent to be handed in."""
    with page.expect_request(lambda one: one.method == "POST" and one.url.endswith("/annotations")) as found:
        act()
    result: list[Any] = found.value.post_data_json["result"]
    return result


def submit(page: Page) -> Callable[[], None]:
    return lambda: page.get_by_role("button", name="Submit").click()


def by_id(result: list[Any]) -> list[Any]:
    return sorted(result, key=lambda item: str(item["id"]))


@pytest.mark.parametrize("comes", ["never", "late", "at once"])
def test_brushes_and_boxes_that_nobody_touched_go_out_as_they_came_whenever_the_image_comes(
    browser: Browser, place: Site, comes: str
) -> None:
    given = [lake("m1"), house("r2", 20.00001), house("r3", 60)]
    office = office_of(place, BRUSHED, [{"data": {"image": PICTURE if comes == "at once" else ELSEWHERE}}])
    with visiting(browser, place, office.handle("ann")) as visit:
        page = visit.page
        brought(page, office.first, given)
        waiting = put_off(page)
        begun(visit, office)
        frame = inside(page)
        if comes == "never":
            waiting[0].abort()
        if comes == "late":
            frame.get_by_text("summer").click()
            expect(page.get_by_text("Draft saved")).to_be_visible()
            waiting[0].fulfill(body=picture(), headers={"Content-Type": "image/png"})
        if comes != "never":
            Picture(page).click(90, 90)
        result = sent(page, submit(page))
        forgive(visit, "404", "422", "ERR_FAILED", "pictures.example")
    assert by_id([item for item in result if item["type"] != "choices"]) == given
    assert [item["value"]["choices"] for item in result if item["type"] == "choices"] == [["summer"]] * (
        comes == "late"
    )


def test_what_was_changed_on_an_image_that_is_not_there_is_not_sent_with_numbers_of_none(
    browser: Browser, place: Site
) -> None:
    given = [lake("m1"), house("r2", 20), house("r3", 60)]
    office = office_of(place, BRUSHED, [{"data": {"image": ELSEWHERE}}])
    with visiting(browser, place, office.handle("ann")) as visit:
        page = visit.page
        brought(page, office.first, given)
        waiting = put_off(page)
        begun(visit, office)
        frame = inside(page)
        frame.get_by_text("House").nth(1).click()
        frame.get_by_text("Barn").first.click()
        page.get_by_role("button", name="Submit").click()
        expect(page.get_by_role("alert").filter(has_text="The image is not there yet")).to_be_visible()
        waiting[0].fulfill(body=picture(), headers={"Content-Type": "image/png"})
        Picture(page)
        expect(page.get_by_text("Draft saved")).to_be_visible()
        result = sent(page, submit(page))
        forgive(visit, "404", "422")
    by_name = {item["id"]: item for item in result}
    assert (by_name["m1"], by_name["r3"]) == (given[0], given[2])
    assert by_name["r2"]["value"]["rectanglelabels"] == ["Barn"]
    assert by_name["r2"]["value"]["x"] == pytest.approx(20, abs=0.5)


def test_an_item_that_the_editor_cannot_read_is_told_and_kept_and_takes_no_other_with_it(
    browser: Browser, place: Site
) -> None:
    damaged = {**house("r2", 40), "value": {"x": "?", "rectanglelabels": ["House"]}}
    arrow = {"from_id": "r1", "to_id": "r2", "type": "relation", "direction": "right"}
    given = [house("r1", 10), damaged, house("r3", 60), {**house("r4", 80), "value": None}, arrow]
    office = office_of(place, BRUSHED, [{"data": {"image": PICTURE}}])
    with visiting(browser, place, office.handle("ann")) as visit:
        page = visit.page
        brought(page, office.first, given)
        begun(visit, office)
        expect(inside(page).get_by_text("Regions 2")).to_be_visible()
        expect(page.get_by_role("alert")).to_contain_text("cannot show 3 parts of this answer")
        inside(page).get_by_text("winter").click()
        result = sent(page, submit(page))
        forgive(visit, "404", "422", "mobx-state-tree", "TypeError", "Error")
    assert [item for item in given if item not in result] == []
    assert [item["value"] for item in result if item not in given] == [{"choices": ["winter"]}]


SAYS = """addEventListener("message", ({ ports: [port] }) => {
    port.onmessage = ({ data: { kind, number } }) => {
        if (kind === "answer") port.postMessage({ kind, number, valid: true, result: RESULT });
    };
    SAID.forEach((one) => port.postMessage(one));
});
addEventListener("DOMContentLoaded", () => parent.postMessage({ annolog: "ready" }, "*"));"""


@pytest.mark.parametrize(
    ("said", "result", "words"),
    [
        ('[{ kind: "failed", message: "It has no words" }]', "null", "The full editor has a problem: It has no words"),
        (
            '[{ kind: "shown" }, { kind: "changed", result: JSON.stringify([{ text: "x".repeat(1.1e7) }]) }]',
            'JSON.stringify([{ text: "é".repeat(6e6) }])',
            "This answer is too large to be sent.",
        ),
    ],
    ids=["it failed", "too large"],
)
def test_what_keeps_an_answer_from_being_sent_is_said_at_once_and_again_when_it_is_to_be_sent(
    browser: Browser, place: Site, said: str, result: str, words: str
) -> None:
    office = office_of(place, SHAPES, [{"data": {"image": PICTURE}}])
    with visiting(browser, place, office.handle("ann")) as visit:
        put_instead(visit.page, SAYS.replace("SAID", said).replace("RESULT", result))
        page = begun(visit, office)
        expect(page.locator(".an-work-place .an-work-conflict")).to_contain_text(words)
        page.get_by_role("button", name="Submit").click()
        expect(page.locator('[data-name="missing"]')).to_contain_text(words)
        assert page.evaluate(KEPT) == []
    assert results(office, office.first) == []


def test_the_next_task_opens_though_the_network_was_away_while_its_frame_was_to_load(
    browser: Browser, place: Site
) -> None:
    office = office_of(place, SHAPES.replace('required="true"', ""), [{"data": {"image": PICTURE}}] * 2)
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begun(visit, office)
        page.route("**/label-studio-editor", lambda route: route.abort())
        with page.expect_event("requestfailed", lambda one: one.url.endswith("/label-studio-editor")):
            inside(page)
        page.unroute("**/label-studio-editor")
        inside(page).get_by_text("summer").click()
        page.keyboard.press("Control+Enter")
        shown(page, office.first + 1)
        expect(inside(page).get_by_text("No Regions created yet")).to_be_visible()
        forgive(visit, "ERR_FAILED", "chrome-error")
