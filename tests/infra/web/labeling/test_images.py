"""Boxes on images, by mouse, by keys and by touch."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.infra.web.labeling_bench import IMAGE, PICTURE, Bench, box

pytestmark = pytest.mark.browser


def _stage(page: Page) -> Callable[[float, float], tuple[float, float]]:
    """Points of the picture in percent, as points of the screen."""
    page.wait_for_function("document.querySelector('.an-lb-picture').complete")
    area = page.locator(".an-lb-drawing").bounding_box()
    assert area is not None
    return lambda x, y: (area["x"] + area["width"] * x / 100, area["y"] + area["height"] * y / 100)


def test_a_box_is_drawn_moved_and_resized_by_mouse(bench: Bench) -> None:
    page = bench.mount(IMAGE, PICTURE)
    at = _stage(page)
    page.get_by_role("button", name="Dog").click()
    bench.drag(at(10, 10), at(30, 50))
    [item] = bench.checked()
    value = item["value"]
    assert [value[name] for name in ("x", "y", "width", "height")] == pytest.approx([10, 10, 20, 40], abs=0.3)
    assert item == box(item["id"], *[value[name] for name in ("x", "y", "width", "height")], "Dog")
    bench.drag(at(20, 30), at(40, 40))
    moved = bench.values()[0]
    assert [moved[name] for name in ("x", "y", "width", "height")] == pytest.approx([30, 20, 20, 40], abs=0.3)
    bench.drag(at(50, 60), at(70, 80))
    resized = bench.values()[0]
    assert [resized[name] for name in ("x", "y", "width", "height")] == pytest.approx([30, 20, 40, 60], abs=0.5)
    # Beyond the edge of the image there is nothing.
    bench.drag(at(40, 40), at(99, 99))
    edged = bench.values()[0]
    assert (edged["x"] + edged["width"], edged["y"] + edged["height"]) == pytest.approx((100, 100))


def test_a_box_is_drawn_moved_and_resized_by_keys(bench: Bench) -> None:
    page = bench.mount(IMAGE, PICTURE)
    _stage(page)
    bench.keys("1")
    page.locator(".an-lb-stage").focus()
    bench.keys("Enter")
    [value] = bench.values()
    assert [value[name] for name in ("x", "y", "width", "height")] == pytest.approx([40, 40, 20, 20], abs=0.1)
    bench.keys("ArrowLeft", "ArrowUp", "ArrowUp", "Shift+ArrowRight", "Alt+ArrowDown")
    [value] = bench.values()
    assert [value[name] for name in ("x", "y", "width", "height")] == pytest.approx([39, 38.1, 21, 20], abs=0.1)
    assert value["rectanglelabels"] == ["Car"]
    bench.keys("2")
    assert bench.values()[0]["rectanglelabels"] == ["Dog"]
    bench.keys("Delete")
    assert bench.result() == []


def test_a_box_is_drawn_by_touch_in_an_image_that_is_enlarged_and_turned(bench: Bench) -> None:
    page = bench.mount(IMAGE, PICTURE)
    at = _stage(page)
    page.get_by_role("button", name="Car").tap()
    page.get_by_label("Turn by 90 degrees").tap()
    page.get_by_label("Turn by 90 degrees").tap()
    page.evaluate(
        """([start, end]) => {
            const stage = document.querySelector(".an-lb-stage");
            stage.setPointerCapture = () => {};
            const send = (kind, [clientX, clientY]) => stage.dispatchEvent(new PointerEvent(kind,
                { pointerId: 7, pointerType: "touch", isPrimary: true, clientX, clientY, bubbles: true }));
            send("pointerdown", start); send("pointermove", end); send("pointerup", end);
        }""",
        [at(10, 10), at(30, 30)],
    )
    [value] = bench.values()
    # Turned by half a circle, what is at the top left is the bottom right of the image.
    assert [value[name] for name in ("x", "y", "width", "height")] == pytest.approx([70, 70, 20, 20], abs=0.3)


def test_a_turned_box_keeps_its_turn(bench: Bench) -> None:
    turned = box("r", 50, 20, 20, 40, "Car")
    turned["value"]["rotation"] = 30
    page = bench.mount(IMAGE, PICTURE, [turned])
    _stage(page)
    bench.keys("Alt+.")
    page.locator(".an-lb-stage").focus()
    bench.keys("Shift+ArrowRight", "ArrowLeft")
    [value] = bench.values()
    assert value["rotation"] == 30
    assert value["width"] > 20
    assert value["x"] == pytest.approx(49, abs=0.01)


def test_a_drawn_box_takes_its_label_from_another_control(bench: Bench) -> None:
    config = """<Rectangle name="shape" toName="img"/><Labels name="name" toName="img"><Label value="Cat"/></Labels>
    <Image name="img" value="$image"/>"""
    page = bench.mount(config, PICTURE)
    at = _stage(page)
    page.get_by_role("button", name="Cat").click()
    bench.drag(at(10, 10), at(30, 50))
    drawn, named = bench.checked()
    assert (drawn["type"], named["type"]) == ("rectangle", "labels")
    assert drawn["id"] == named["id"]
    assert {**drawn["value"], "labels": ["Cat"]} == named["value"]


def test_an_image_that_does_not_load_says_so_and_keeps_its_boxes(bench: Bench) -> None:
    page = bench.mount(IMAGE, {"image": "/missing.png"}, [box("r", 10, 10, 20, 20, "Car")])
    expect(page.get_by_text("The image cannot be loaded.")).to_be_visible()
    expect(page.locator(".an-lb-box rect")).to_have_attribute("width", "80")
    assert bench.checked() == [box("r", 10, 10, 20, 20, "Car")]
    bench.complaints[:] = [one for one in bench.complaints if "404" not in one]
    for address in ("javascript:alert(1)", "data:text/html,x", "//evil.example/x.png", 7):
        bench.mount(IMAGE, {"image": address})
        expect(page.get_by_text("The image cannot be loaded.")).to_be_visible()
