"""The full Label Studio editor in its frame: the real one, fetched, on the labeling page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Route, expect

from annolog.infra.web.full_editor import policy
from tests.infra.web.full_editing import (
    HOSTILE,
    KEPT,
    PICTURE,
    SHAPES,
    Picture,
    begun,
    inside,
    office_of,
    put_instead,
    results,
)
from tests.infra.web.labeling_bench import Bench, drag
from tests.infra.web.reviewing import Office, forgive, shown
from tests.infra.web.site import Site, serving, visiting

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("full_editor")]

PAIRS = """<View><Text name="text" value="$text"/><Choices name="mood" toName="text"><Choice value="good"/>
<Choice value="bad"/></Choices></View>"""
LACKING = '<VideoRectangle name="boxes" toName="text"/><Text'


def ellipse(**more: Any) -> dict[str, Any]:
    value = {"x": 40, "y": 50, "radiusX": 10, "radiusY": 15, "rotation": 0, "ellipselabels": ["Pond"]}
    frame = {"original_width": 400, "original_height": 300, "image_rotation": 0}
    return {
        "id": "p1",
        "from_name": "round",
        "to_name": "img",
        "type": "ellipselabels",
        **frame,
        "value": value,
        **more,
    }


def test_shapes_are_drawn_by_mouse_kept_and_handed_in_by_key(browser: Browser, place: Site) -> None:
    office = office_of(place, SHAPES, [{"data": {"image": PICTURE}}, {"data": {"image": PICTURE}}])
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begun(visit, office)
        frame = inside(page)
        image = Picture(page)
        frame.get_by_text("Pond").click()
        drag(page, image.at(30, 30), image.at(40, 45))
        frame.get_by_text("Field").click()
        for corner in [(60, 20), (90, 20), (90, 60), (60, 20)]:
            image.click(*corner)
        frame.get_by_text("Well").click()
        image.click(20, 80)
        expect(page.get_by_text("Draft saved")).to_be_visible()
        visit.must_be_open_to_all()
        page.reload()
        shown(page, office.first)
        frame = inside(page)
        expect(frame.get_by_text("Regions 3")).to_be_visible()
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("Say the season.")).to_be_visible()
        frame.get_by_text("summer").click()
        page.evaluate("window.stays = true")
        page.keyboard.press("Control+Enter")
        shown(page, office.first + 1)
        expect(inside(page).get_by_text("No Regions created yet")).to_be_visible()
        page.keyboard.press("Alt+PageUp")
        shown(page, office.first)
        expect(inside(page).get_by_text("Regions 3")).to_be_visible()
        expect(page.get_by_role("button", name="Update")).to_be_visible()
        assert page.evaluate("window.stays")
    [result] = results(office, office.first)
    shapes = {item["type"]: item for item in result}
    assert set(shapes) == {"ellipselabels", "polygonlabels", "keypointlabels", "choices"}
    assert {(one["original_width"], one["original_height"]) for one in result if one["type"] != "choices"} == {
        (400, 200)
    }
    pond, field, well = (shapes[kind]["value"] for kind in ("ellipselabels", "polygonlabels", "keypointlabels"))
    assert [pond[name] for name in ("x", "y", "radiusX", "radiusY")] == pytest.approx([30, 30, 10, 15], abs=1)
    assert field["points"] == [pytest.approx(corner, abs=1) for corner in [(60, 20), (90, 20), (90, 60)]]
    assert (well["x"], well["y"]) == pytest.approx((20, 80), abs=1)
    assert [pond["ellipselabels"], field["polygonlabels"], well["keypointlabels"]] == [["Pond"], ["Field"], ["Well"]]
    assert shapes["choices"]["value"] == {"choices": ["summer"]}
    assert {one["origin"] for one in result} == {"manual"}


def test_a_suggestion_is_there_and_says_whether_it_was_changed(browser: Browser, place: Site) -> None:
    config = SHAPES.replace('required="true"', "")
    suggested = {"data": {"image": PICTURE}, "predictions": [{"model_version": "m-1", "result": [ellipse(score=0.75)]}]}
    office = office_of(place, config, [suggested, suggested])
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begun(visit, office)
        expect(inside(page).get_by_text("Regions 1")).to_be_visible()
        Picture(page).click(90, 90)
        page.keyboard.press("Control+Enter")
        shown(page, office.first + 1)
        image = Picture(page)
        drag(page, image.at(40, 50), image.at(60, 60))
        expect(page.get_by_text("Draft saved")).to_be_visible()
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("All tasks have their answers")).to_be_visible()
        forgive(visit, "404")
    assert results(office, office.first) == [[ellipse(score=0.75, origin="prediction")]]
    [[changed]] = results(office, office.first + 1)
    assert (changed["id"], changed["origin"]) == ("p1", "prediction-changed")
    assert (changed["value"]["x"], changed["value"]["y"]) == pytest.approx((60, 60), abs=1)


def test_somebody_goes_from_one_editor_to_the_other_and_back_with_the_answer(browser: Browser, place: Site) -> None:
    office = office_of(place, PAIRS, [{"data": {"text": f"Fine weather. {HOSTILE}"}}] * 2)
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begun(visit, office)
        own = page.locator(".an-lb")
        own.get_by_text("good").click()
        page.get_by_role("button", name="Full editor").click()
        frame = inside(page)
        expect(frame.get_by_role("checkbox", name="good")).to_be_checked()
        expect(frame.get_by_text(HOSTILE).first).to_be_visible()
        frame.get_by_text("bad").click()
        page.keyboard.press("Alt+m")
        expect(own.get_by_role("radio", name="bad")).to_be_checked()
        page.keyboard.press("Alt+m")
        expect(inside(page).get_by_role("checkbox", name="bad")).to_be_checked()
        expect(page.get_by_text("Draft saved")).to_be_visible()
        page.reload()
        shown(page, office.first)
        expect(inside(page).get_by_role("checkbox", name="bad")).to_be_checked()
        page.get_by_role("button", name="Submit").click()
        shown(page, office.first + 1)
        expect(inside(page).get_by_role("checkbox", name="bad")).not_to_be_checked()
    [[item]] = results(office, office.first)
    assert (item["type"], item["value"]) == ("choices", {"choices": ["bad"]})


def test_work_goes_on_in_the_editor_that_changed_labels_need(browser: Browser, place: Site) -> None:
    sure = '<Choices name="sure" toName="text"><Choice value="yes"/><Choice value="no"/></Choices></View>'
    before = PAIRS.replace("</View>", sure)
    round_as_well = '<Image name="img" value="$image"/><EllipseLabels name="round" toName="img"><Label value="Pond"/>'
    after = before.replace('value="good"', 'value="fair"').replace("<View>", f"<View>{round_as_well}</EllipseLabels>")
    office = office_of(place, before, [{"data": {"text": "Fine weather.", "image": PICTURE}}])
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begun(visit, office)
        for answer in ("good", "yes"):
            page.locator(".an-lb").get_by_text(answer).click()
        place.ask("PUT", f"/v1/projects/{office.project}/label-config", json={"label_config": after})
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("The labels have changed")).to_be_visible()
        frame = inside(page)
        expect(frame.get_by_role("checkbox", name="yes")).to_be_checked()
        frame.get_by_text("fair").click()
        page.get_by_role("button", name="Submit").click()
        expect(page.get_by_text("All tasks have their answers")).to_be_visible()
        forgive(visit, "404", "422")
    [result] = results(office, office.first)
    assert {one["from_name"]: one["value"]["choices"] for one in result} == {"mood": ["fair"], "sure": ["yes"]}


def test_where_it_is_not_installed_or_lacks_a_tag_itself_the_page_says_so(browser: Browser, tmp_path: Path) -> None:
    with serving(tmp_path / "data", ANNOLOG_FULL_EDITOR_DIR=str(tmp_path / "none")) as site:
        office = office_of(site, SHAPES, [{"data": {"image": PICTURE}}] * 2)
        with visiting(browser, site, office.handle("ann"), color_scheme="dark") as visit:
            page = begun(visit, office)
            said = page.locator('[data-name="editor"]')
            expect(said).to_contain_text("Not drawn here: PolygonLabels “area”, EllipseLabels “round”, KeyPointLabels")
            expect(said).to_contain_text("Whoever runs it installs it with make editor.")
            expect(page.get_by_role("button", name="Full editor")).to_have_count(0)
            page.keyboard.press("Alt+m")
            visit.must_be_open_to_all()
            said.get_by_role("button", name="Dismiss").click()
            page.get_by_text("summer").click()
            page.keyboard.press("Control+Enter")
            shown(page, office.first + 1)
            expect(said).to_have_count(0)
            expect(page.locator("iframe")).to_have_count(0)
            config = PAIRS.replace("<Text", LACKING)
            younger = Office(site, "younger tags", config=config, data=[{"data": {"text": "Fine"}}])
            site.member(younger.project, office.handle("ann"), "annotator")
            begun(visit, younger)
            expect(said).to_contain_text("The full Label Studio editor has no VideoRectangle “boxes” either.")
            page.get_by_role("radio", name="good").check()
            plain = PAIRS.replace('value="good"', 'value="fair"')
            site.ask("PUT", f"/v1/projects/{younger.project}/label-config", json={"label_config": plain})
            page.keyboard.press("Control+Enter")
            expect(page.get_by_text("The labels have changed")).to_be_visible()
            expect(said).to_have_count(0)
            forgive(visit, "422")
        assert httpx.get(f"{site.url}/label-studio-editor").status_code == 404
        [[item]] = results(office, office.first)
    assert item["value"] == {"choices": ["summer"]}


TRIED = ("cookie", "storage", "database", "api", "script", "elsewhere", "page", "away", "code", "window")


def test_whatever_takes_over_the_frame_gets_no_further_and_its_answers_are_checked(
    browser: Browser, place: Site
) -> None:
    office = office_of(place, SHAPES, [{"data": {"image": PICTURE}}])
    reached: list[str] = []

    def reach(route: Route) -> None:
        reached.append(route.request.url)
        route.fulfill(
            body="", headers={"Cross-Origin-Resource-Policy": "cross-origin", "Content-Type": "text/javascript"}
        )

    with visiting(browser, place, office.handle("ann")) as visit:
        for address in ("https://pictures.example/**", "**/label-studio-editor/other.js"):
            visit.page.route(address, reach)
        put_instead(visit.page, Path(__file__).with_name("hostile_frame.js").read_text())
        page = begun(visit, office)
        tried = page.frame_locator("iframe.an-full-editor").locator("html[data-tried]").get_attribute("data-tried")
        assert json.loads(tried or "{}") == dict.fromkeys(TRIED, "refused")
        page.wait_for_function("document.querySelector('iframe.an-full-editor').style.height === '4000px'")
        expect(page.get_by_role("dialog")).to_have_count(0)
        assert reached == []
        # What counted as a change would be told at once, and be in the browser before it is at the server.
        expect(page.locator(".an-work-saving")).to_have_text("")
        assert page.evaluate(KEPT) == []
        page.get_by_role("button", name="Submit").click()
        expect(page.get_by_role("alert").filter(has_text="must name a control")).to_be_visible()
        assert page.locator(".an-work b").count() == 0
        forgive(visit, "Content Security Policy", "status of 4", "sandboxed", "Unsafe attempt", "Blocked opening")
    assert results(office, office.first) == []


def test_only_the_frame_itself_can_begin_and_nothing_is_sent_before_it_is_there(browser: Browser, place: Site) -> None:
    office = office_of(place, SHAPES, [{"data": {"image": PICTURE}}])
    with visiting(browser, place, office.handle("ann")) as visit:
        put_instead(visit.page, "")
        page = begun(visit, office)
        expect(page.get_by_text("Loading the full editor…")).to_be_visible()
        heard = page.evaluate(
            """async () => {
                const other = document.createElement("iframe");
                document.body.append(other);
                let ports = 0;
                other.contentWindow.addEventListener("message", (event) => { ports += event.ports.length; });
                const ready = { data: { annolog: "ready" }, origin: "null" };
                window.dispatchEvent(new MessageEvent("message", { ...ready, source: other.contentWindow }));
                window.dispatchEvent(new MessageEvent("message", { ...ready, source: window }));
                window.postMessage({ annolog: "ready" }, "*");
                const frame = document.querySelector("iframe.an-full-editor");
                const named = { origin: location.origin, source: frame.contentWindow };
                window.dispatchEvent(new MessageEvent("message", { ...ready, ...named }));
                await new Promise((resolve) => { setTimeout(resolve, 100); });
                other.remove();
                return ports;
            }"""
        )
        assert heard == 0
        page.get_by_role("button", name="Submit").click()
        expect(page.get_by_role("alert").filter(has_text="still loading")).to_be_visible()
        expect(page.get_by_text("Loading the full editor…")).to_be_visible()
    assert results(office, office.first) == []


def test_the_page_of_the_editor_is_a_sandbox_that_loads_its_own_files_and_media_alone(place: Site) -> None:
    page = httpx.get(f"{place.url}/label-studio-editor")
    told = dict(one.strip().split(" ", 1) for one in page.headers["content-security-policy"].split(";"))
    assert told["sandbox"].split() == ["allow-scripts", "allow-forms"]
    assert (told["default-src"], told["form-action"], told["base-uri"]) == ("'none'", "'none'", "'none'")
    here = place.url.removeprefix("http://") + "/label-studio-editor"
    assert sorted(told["script-src"].split()) == [f"{here}/frame.js", f"{here}/main.js"]
    assert told["frame-ancestors"] == "'self'"
    assert told["connect-src"] == "data: blob:"
    assert told["img-src"] == "'self' data: blob: https:"
    injected = httpx.get(f"{place.url}/label-studio-editor", headers={"Host": "a.example; script-src *"})
    assert "*" not in injected.headers.get("content-security-policy", "")
    assert "set-cookie" not in page.headers
    assert httpx.get(f"{place.url}/label-studio-editor/integrity").status_code == 404
    assert httpx.get(f"{place.url}/label-studio-editor/..%2f..%2ffull_editor.py").status_code == 404


def test_what_is_read_and_not_just_shown_comes_from_named_places_alone() -> None:
    told = policy("labels.example", ["https://media.example"], ["https:"])
    assert "connect-src data: blob: https://media.example; " in told
    assert "https:;" not in told
    assert "script-src 'self'; " in policy("[::1]:8080", [], ["https:"])


SOURCE = Path(__file__).parents[3] / "annolog/infra/web/static/full_editor/frame.js"


def test_keys_in_the_frame_are_those_of_the_page_around(bench: Bench) -> None:
    found = bench.page.evaluate(
        Path(__file__).with_name("compared_keys.js").read_text("utf-8"), SOURCE.read_text("utf-8")
    )
    assert found["compared"] > 300
    assert found["differ"] == []
