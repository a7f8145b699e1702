"""Labels that are changed while somebody works: what they did goes on under the new ones, on both pages of work."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.infra.web.reviewing import CONFIG, Office, begin, choice, forgive, nothing_left, shown, span
from tests.infra.web.site import Site, visiting

pytestmark = pytest.mark.browser

BEFORE = CONFIG.replace('<Choice value="entailed"/>', '<Choice value="entailed"/><Choice value="unsure"/>')
AFTER = CONFIG.replace('<Label value="Person"/>', '<Label value="Somebody"/>')


def relabeled(office: Office, config: str) -> None:
    office.site.ask("PUT", f"/v1/projects/{office.project}/label-config", json={"label_config": config})


def goes_on_under_the_new_labels(page: Page, sends: str) -> None:
    """The label that is left is still on the region; the choice that is gone is asked for again."""
    expect(page.get_by_text("The labels have changed")).to_be_visible()
    expect(page.get_by_role("radio", name="unsure")).to_have_count(0)
    expect(page.get_by_role("button", name="Somebody")).to_be_visible()
    expect(page.locator(".an-lb-span")).to_have_count(2)
    expect(page.get_by_role("button", name="Copy the work")).to_be_visible()
    page.get_by_role("radio", name="not entailed").check()
    # What only marks a region is left on it until somebody calls it otherwise.
    page.locator(".an-lb-span").first.click()
    page.get_by_role("button", name="Somebody").click()
    page.keyboard.press(sends)


def test_a_fix_goes_on_under_labels_that_were_changed_meanwhile(browser: Browser, place: Site) -> None:
    office = Office(place, "fix", config=BEFORE)
    text = office.rows[0]["data"]["text"]
    spans = [span("r1", text, 0, 4, "Person"), span("r2", text, 5, 9, "Place")]
    annotation = office.answered(office.member("ann"), [*spans, *choice("entailed")])
    office.member("rev", "reviewer")
    with visiting(browser, place, office.handle("rev")) as visit:
        page = begin(visit, office.path)
        shown(page, office.first)
        page.get_by_role("button", name="Fix").click()
        page.get_by_role("radio", name="unsure").check()
        relabeled(office, AFTER)
        page.keyboard.press("Control+Enter")
        goes_on_under_the_new_labels(page, "Control+Enter")
        nothing_left(page)
        forgive(visit, "404", "422")
    assert office.reviews(annotation) == [("fixed", None)]
    result = office.annotation(annotation)["result"]
    assert [list(one["value"].values())[-1] for one in result] == [["Somebody"], ["Place"], ["not entailed"]]


def test_an_answer_goes_on_under_labels_that_were_changed_meanwhile(browser: Browser, place: Site) -> None:
    office = Office(place, "answer", config=BEFORE)
    text = office.rows[0]["data"]["text"]
    ann = office.member("ann")
    place.ask("POST", f"/v1/tasks/{office.first}/reservation", ann)
    spans = [span("r1", text, 0, 4, "Person"), span("r2", text, 5, 9, "Place")]
    place.ask("PUT", f"/v1/tasks/{office.first}/draft", ann, json={"result": [*spans, *choice("unsure")]})
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, f"/projects/{office.project}/label")
        shown(page, office.first)
        expect(page.get_by_role("radio", name="unsure")).to_be_checked()
        relabeled(office, AFTER)
        page.keyboard.press("Control+Enter")
        goes_on_under_the_new_labels(page, "Control+Enter")
        expect(page.get_by_text("All tasks have their answers")).to_be_visible()
        forgive(visit, "404", "422")
    [annotation] = place.ask("GET", f"/v1/tasks/{office.first}")["annotations"]
    assert {value for one in annotation["result"] for value in list(one["value"].values())[-1]} == {
        "Somebody",
        "Place",
        "not entailed",
    }


def test_what_is_changed_while_an_answer_is_on_its_way_is_not_lost_to_new_labels(browser: Browser, place: Site) -> None:
    office = Office(place, "on its way", config=BEFORE)
    office.member("ann")
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, f"/projects/{office.project}/label")
        shown(page, office.first)
        relabeled(office, AFTER)
        page.get_by_role("radio", name="unsure").check()
        sending: list[Route] = []

        def hold(route: Route) -> None:
            sending.append(route)

        page.route("**/annotations", hold, times=1)
        with page.expect_request("**/annotations"):
            page.keyboard.press("Control+Enter")
        page.get_by_role("radio", name="not entailed").check()
        sending[0].continue_()
        expect(page.get_by_text("The labels have changed")).to_be_visible()
        expect(page.get_by_role("radio", name="not entailed")).to_be_checked()
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("All tasks have their answers")).to_be_visible()
        forgive(visit, "404", "422")
    [annotation] = place.ask("GET", f"/v1/tasks/{office.first}")["annotations"]
    assert annotation["result"][0]["value"] == {"choices": ["not entailed"]}
