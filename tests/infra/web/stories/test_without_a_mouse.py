"""Whoever works without a mouse does not lose their place on the page, whatever goes away under them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.infra.web.reviewing import Office, choice, shown, span
from tests.infra.web.site import Site
from tests.infra.web.stories.hands import Keyboard, working

pytestmark = pytest.mark.browser


def test_who_labels_by_keyboard_keeps_their_place(browser: Browser, place: Site) -> None:
    office = Office(place, "place on the labeling page")
    office.member("ann")
    with working(browser, place, Keyboard, office.handle("ann")) as hand:
        page = hand.page
        hand.go(f"/projects/{office.project}/label")
        hand.comes_task(office.first)
        hand.hands_in()
        expect(page.get_by_role("alert")).to_contain_text("needs an answer")
        hand.presses("Dismiss")
        expect(page.locator(".an-work-place")).to_be_focused()
        # At an answer as anywhere else: help, going to other pages, and back from a comment.
        hand.reaches("entailed")
        hand.keys("Space", "?")
        expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
        hand.keys("Escape", "Alt+c")
        expect(page.get_by_role("textbox", name="Comment")).to_be_focused()
        hand.keys("Escape")
        expect(page.get_by_role("radio", name="entailed", exact=True)).to_be_focused()
        expect(page.get_by_role("radio", name="entailed", exact=True)).to_be_checked()
        hand.keys("Alt+k")
        hand.presses("Keep")
        expect(page.get_by_role("dialog")).to_have_count(0)
        hand.is_somewhere()
        hand.goes_to_my_work()


def test_who_reviews_by_keyboard_keeps_their_place(browser: Browser, place: Site) -> None:
    office = Office(place, "place on the review page", assignment={"overlap": 2})
    text = office.rows[0]["data"]["text"]
    office.answered(office.member("ann"), [span("r1", text, 0, 4, "Person"), *choice("entailed")])
    office.answered(office.member("bob"), choice("entailed"))
    office.member("rev", "reviewer")
    with working(browser, place, Keyboard, office.handle("rev")) as hand:
        page = hand.page
        hand.go(office.path)
        shown(page, office.first)
        hand.keys("Alt+a")
        expect(page.get_by_role("button", name="Back to one")).to_be_focused()
        hand.keys("Enter")
        hand.is_somewhere()
        hand.keys("Alt+.")
        expect(page.locator(".an-lb-selected").first).to_be_visible()
        hand.keys("Alt+c")
        page.keyboard.type("Who says so?")
        hand.keys("Control+Enter")
        hand.presses("Resolve")
        expect(page.get_by_role("button", name="Reopen")).to_be_visible()
        hand.is_somewhere()
        hand.keys("Alt+1", "Escape")
        expect(page.get_by_role("group", name="Reject")).to_be_hidden()
        hand.keys("Alt+,", "Alt+1")
        expect(page.get_by_role("group", name="Reject")).to_contain_text("about")


def test_who_is_at_the_button_stays_there_while_all_is_tried_again(browser: Browser, place: Site) -> None:
    office = Office(place, "again and again")
    office.member("ann")
    with working(browser, place, Keyboard, office.handle("ann"), "ERR_FAILED") as hand:
        page, next_task = hand.page, "**/v1/projects/*/next"
        page.route(next_task, lambda route: route.abort())
        hand.go(f"/projects/{office.project}/label")
        hand.comes("The server cannot be reached")
        hand.reaches("Try now")
        for _ in range(2):
            with page.expect_event("requestfailed"):
                expect(page.get_by_role("button", name="Try now")).to_be_focused()
        expect(page.get_by_role("button", name="Try now")).to_be_focused()
        page.unroute(next_task)
        hand.comes_task(office.first)
