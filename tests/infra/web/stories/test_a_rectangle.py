"""A rectangle is drawn, sent back, corrected and accepted."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.infra.web.reviewing import BOXES, Office, nothing_left, picture, shown
from tests.infra.web.site import Site
from tests.infra.web.stories.hands import STEP, Hand, working

pytestmark = pytest.mark.browser


def test_a_rectangle_is_drawn_returned_corrected_and_accepted(browser: Browser, place: Site, way: type[Hand]) -> None:
    data = [{"data": {"image": picture()}}]
    office = Office(place, way.__name__, config=BOXES, data=data, review={"default_reject_action": "return"})
    office.member("ann")
    office.member("rev", "reviewer")
    with (
        working(browser, place, way, office.handle("ann")) as author,
        working(browser, place, way, office.handle("rev")) as reviewer,
    ):
        author.go(f"/projects/{office.project}/label")
        author.comes_task(office.first)
        author.draws("Car")
        expect(author.page.get_by_role("heading", name="Regions (1)")).to_be_visible()
        author.hands_in()
        author.comes("All tasks have their answers")

        reviewer.go(office.path)
        shown(reviewer.page, office.first, "revision 1")
        reviewer.selects()
        reviewer.returns("It is a dog, further to the right.")
        nothing_left(reviewer.page)

        author.goes_to_my_work()
        author.presses(f"Fix it: task {office.first}")
        author.comes_task(office.first)
        expect(author.page.get_by_role("alert")).to_contain_text("It is a dog, further to the right.")
        author.presses("Show where")
        author.labels("Dog")
        author.moves()
        author.sends_back()
        author.comes("All tasks have their answers")
        expect(author.page.get_by_text("A reviewer sent this back to you")).to_have_count(0)

        reviewer.presses("Look again")
        shown(reviewer.page, office.first, "revision 2", "Revised after a return")
        told = reviewer.page.get_by_role("region", name="What was said and what changed")
        expect(told).to_contain_text("became Dog")
        reviewer.accepts()
        nothing_left(reviewer.page)
    [annotation] = place.ask("GET", f"/v1/tasks/{office.first}")["annotations"]
    assert office.reviews(annotation["id"]) == [("rejected", "return"), ("accepted", None)]
    [drawn], [moved] = (one["result"] for one in annotation["revisions"])
    assert annotation["reviews"][0]["region"] == drawn["id"] == moved["id"]
    assert (drawn["value"]["rectanglelabels"], moved["value"]["rectanglelabels"]) == (["Car"], ["Dog"])
    assert moved["value"]["x"] == pytest.approx(drawn["value"]["x"] + STEP, abs=0.9)
    assert moved["value"]["width"] == pytest.approx(drawn["value"]["width"], abs=0.1)
