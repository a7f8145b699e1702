"""The page on which answers are reviewed: the stories of a day, by mouse and by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.infra.web.reviewing import BOXES, Office, begin, choice, forgive, nothing_left, picture, shown, span
from tests.infra.web.site import Site, visiting

pytestmark = pytest.mark.browser


def test_a_reviewer_needs_no_mouse(browser: Browser, place: Site) -> None:
    office = Office(place, "keyboard", review={"default_reject_action": "return", "comment_on_reject": True})
    ann = office.member("ann")
    office.member("rev", "reviewer")
    text = office.rows[0]["data"]["text"]
    annotation = office.answered(ann, [span("r1", text, 0, 4, "Person"), *choice("entailed")])
    with visiting(browser, place, office.handle("rev")) as visit:
        page = begin(visit, office.path)
        shown(page, office.first)
        for key in ("Alt+.", "Alt+x", "Control+Enter"):
            page.keyboard.press(key)
        expect(page.get_by_role("alert")).to_contain_text("asks for a comment")
        page.keyboard.type("Not a person.")
        page.keyboard.press("Control+Enter")
        nothing_left(page)
        # Read out to whoever cannot see, and where their keys go on from.
        expect(page.get_by_role("heading", name="Nothing waits for your verdict")).to_be_focused()
        with visiting(browser, place, office.handle("ann")) as author:
            mine = begin(author, f"/tasks/{office.first}/label")
            shown(mine, office.first)
            expect(mine.get_by_role("alert")).to_contain_text("Not a person.")
            for key in ("Alt+.", "2", "Alt+Enter"):
                mine.keyboard.press(key)
            expect(mine.get_by_text("All tasks have their answers")).to_be_visible()
            forgive(author, "404")
        page.reload()
        shown(page, office.first, "revision 2")
        expect(page.get_by_role("region", name="History")).to_contain_text("became Place")
        page.keyboard.press("Control+Enter")
        nothing_left(page)
        assert office.reviews(annotation) == [("rejected", "return"), ("accepted", None)]
        page.keyboard.press("Alt+z")
        shown(page, office.first, "revision 2")
        expect(page.get_by_text("It waits for a verdict again")).to_be_visible()
        assert office.reviews(annotation) == [("rejected", "return")]
        # The same key the second time sends.
        page.keyboard.press("Alt+3")
        page.keyboard.type("After all.")
        page.keyboard.press("Alt+3")
        nothing_left(page)
        page.keyboard.press("Alt+PageUp")
        shown(page, office.first, "Chosen")
        expect(page.get_by_role("region", name="History")).to_contain_text("After all.")
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Keyboard")).to_contain_text("Reject for good")
        page.keyboard.press("Escape")
        page.keyboard.press("Alt+k")
        expect(page.get_by_label("Key for Fix, or stop fixing")).to_have_value("Alt+F")
        forgive(visit, "404")
    assert office.reviews(annotation)[-1] == ("rejected", "remove")
    assert office.annotation(annotation)["reviews"][0]["region"] == "r1"


def dragged(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """The mouse pressed at one point of the picture and let go at another, in percent."""
    page.wait_for_function("document.querySelector('.an-lb-picture').complete")
    area = page.locator(".an-lb-drawing").bounding_box()
    assert area is not None
    points = [(area["x"] + area["width"] * x / 100, area["y"] + area["height"] * y / 100) for x, y in (start, end)]
    page.mouse.move(*points[0])
    page.mouse.down()
    page.mouse.move(*points[1], steps=4)
    page.mouse.up()


def test_a_rectangle_is_drawn_corrected_and_accepted(browser: Browser, place: Site) -> None:
    office = Office(place, "boxes", config=BOXES, data=[{"data": {"image": picture()}}])
    office.member("ann")
    office.member("rev", "reviewer")
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, f"/projects/{office.project}/label")
        shown(page, office.first)
        page.get_by_role("button", name="Car").click()
        dragged(page, (10, 10), (40, 50))
        expect(page.get_by_role("heading", name="Regions (1)")).to_be_visible()
        page.get_by_role("button", name="Submit").click()
        expect(page.get_by_text("All tasks have their answers")).to_be_visible()
        forgive(visit, "404")
    with visiting(browser, place, office.handle("rev")) as visit:
        page = begin(visit, office.path)
        shown(page, office.first)
        dragged(page, (20, 20), (40, 40))
        page.get_by_role("button", name="Fix").click()
        expect(page.get_by_role("button", name="Accept", exact=False)).to_have_text("AcceptCtrl+Enter")
        dragged(page, (25, 30), (45, 40))
        page.keyboard.press("2")
        expect(page.get_by_role("button", name="Fix and accept")).to_be_visible()
        # Put aside, it is kept, also over a reload, after which it is gone on with.
        page.keyboard.press("Alt+f")
        expect(page.get_by_text("Your fix is put aside")).to_be_visible()
        page.get_by_role("button", name="Go on fixing").click()
        page.keyboard.press("Alt+f")
        page.reload()
        expect(page.get_by_text("You go on with the fix that was kept")).to_be_visible()
        page.get_by_role("button", name="Fix and accept").click()
        nothing_left(page)
        forgive(visit, "404")
    [annotation] = place.ask("GET", f"/v1/tasks/{office.first}")["annotations"]
    assert office.reviews(annotation["id"]) == [("fixed", None)]
    drawn, fixed = (one["result"][0]["value"] for one in annotation["revisions"])
    assert [drawn[name] for name in ("x", "y", "width", "height")] == pytest.approx([10, 10, 30, 40], abs=0.6)
    assert [fixed[name] for name in ("x", "y", "width", "height")] == pytest.approx([30, 20, 30, 40], abs=0.9)
    assert (drawn["rectanglelabels"], fixed["rectanglelabels"]) == (["Car"], ["Dog"])


def test_who_judges_an_old_revision_is_shown_the_new_one(browser: Browser, place: Site) -> None:
    office = Office(place, "stale", review={"default_reject_action": "return"})
    ann = office.member("ann")
    office.member("rev", "reviewer")
    annotation = office.answered(ann, choice("entailed"))
    with visiting(browser, place, office.handle("rev")) as visit:
        page = begin(visit, office.path)
        shown(page, office.first, "revision 1")
        body = {"result": choice("not entailed")}
        place.ask("PUT", f"/v1/tasks/{office.first}/annotations/{annotation}", ann, json=body)
        page.keyboard.press("Alt+x")
        page.keyboard.type("It does not follow.")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("Its author changed it meanwhile")).to_be_visible()
        shown(page, office.first, "revision 2")
        expect(page.get_by_role("radio", name="not entailed")).to_be_checked()
        assert office.reviews(annotation) == []
        # The words are kept for whoever still means them.
        page.keyboard.press("Alt+x")
        expect(page.get_by_role("textbox", name="What is wrong with it")).to_have_value("It does not follow.")
        page.keyboard.press("Escape")
        page.keyboard.press("Control+Enter")
        nothing_left(page)
        forgive(visit, "404", "412")
    assert office.reviews(annotation) == [("accepted", None)]


def test_a_verdict_without_a_network_is_given_once_when_it_is_back(browser: Browser, place: Site) -> None:
    office = Office(place, "cut")
    ann = office.member("ann")
    office.member("rev", "reviewer")
    annotation = office.answered(ann, choice("entailed"))
    with visiting(browser, place, office.handle("rev")) as visit:
        page = begin(visit, office.path)
        shown(page, office.first)
        visit.context.set_offline(True)
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("Your verdict is kept")).to_be_visible()
        expect(page.get_by_text("1 verdict is kept in this browser")).to_be_visible()
        assert office.reviews(annotation) == []
        visit.context.set_offline(False)
        nothing_left(page)
        assert office.reviews(annotation) == [("accepted", None)]
        # Taken back, and nobody hears of it: tried again, also after a reload, it is the same wish.
        page.route("**/reviews/*", lambda route: (route.fetch(), route.abort()), times=1)
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_text("It is not known whether the verdict was taken back")).to_be_visible()
        assert office.reviews(annotation) == []
        page.reload()
        shown(page, office.first)
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_text("It waits for a verdict again")).to_be_visible()
        shown(page, office.first)
        forgive(visit, "ERR_INTERNET_DISCONNECTED", "ERR_NETWORK_CHANGED", "ERR_FAILED", "404")
    assert len(office.events("ReviewWithdrawn")) == 1
    assert [one["withdrawn"] for one in office.annotation(annotation)["reviews"]] == [True]


def test_what_is_left_for_later_comes_round_again(browser: Browser, place: Site) -> None:
    office = Office(place, "later", tasks=2)
    ann = office.member("ann")
    office.member("rev", "reviewer")
    for task in (office.first, office.first + 1):
        office.answered(ann, choice("entailed"), task)
    with visiting(browser, place, office.handle("rev")) as visit:
        page = begin(visit, office.path)
        shown(page, office.first)
        page.keyboard.press("Control+Space")
        shown(page, office.first + 1)
        page.keyboard.press("Control+Space")
        shown(page, office.first)
        expect(page.get_by_text("What you left for later comes again")).to_be_visible()
        assert len(office.events("ReviewReleased")) == 1
        forgive(visit, "404")


def test_what_is_said_leads_to_where_it_is_and_is_settled(browser: Browser, place: Site) -> None:
    office = Office(place, "talk", assignment={"overlap": 2})
    ann, bob = office.member("ann"), office.member("bob")
    office.member("rev", "reviewer")
    text = office.rows[0]["data"]["text"]
    first = office.answered(ann, [span("r1", text, 0, 4, "Person"), *choice("entailed")])
    other = office.answered(bob, choice("entailed"))
    about = {"text": "Is this one?", "annotation": first, "region": "r1"}
    place.ask("POST", f"/v1/tasks/{office.first}/comments", ann, json=about)
    place.ask("POST", f"/v1/tasks/{office.first}/comments", bob, json={"text": "Mine", "annotation": other})
    with visiting(browser, place, office.handle("rev")) as visit:
        page = begin(visit, f"/tasks/{office.first}")
        page.get_by_role("link", name=f"Review the answer of {office.handle('ann')} on the review page").click()
        shown(page, office.first, "Chosen")
        comments = page.get_by_role("complementary", name="Comments")
        expect(comments.get_by_role("listitem")).to_have_count(1)
        comments.get_by_role("button", name="Show the region").click()
        expect(page.locator(".an-lb-selected")).to_have_count(1)
        comments.get_by_role("textbox", name="Comment").fill("It is.")
        expect(comments.get_by_text("about the selected region")).to_be_visible()
        comments.get_by_role("button", name="Comment").click()
        expect(comments.get_by_role("listitem")).to_have_count(2)
        comments.get_by_role("button", name="Resolve").first.click()
        expect(comments.get_by_role("button", name="Reopen")).to_be_visible()
        # Compared with whom one likes, or with nobody.
        others = page.get_by_role("group", name="Compare with").get_by_role("button", name=office.handle("bob"))
        expect(others).to_have_text(f"{office.handle('bob')}1 difference")
        expect(page.locator(".an-lb-differs").first).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("Alt+d")
        expect(others).to_have_attribute("aria-pressed", "false")
        expect(page.locator(".an-lb-differs")).to_have_count(0)
        page.get_by_role("button", name="Reject").click()
        page.get_by_role("button", name="Send").click()
        # What is rejected for good opens its place again, so the task is not finished any more.
        nothing_left(page)
        page.get_by_role("button", name=f"Task {office.first}: rejected for good").click()
        shown(page, office.first, f"by {office.handle('ann')}")
        page.get_by_role("button", name="Take back").click()
        expect(page.get_by_text("It waits for a verdict again")).to_be_visible()
        forgive(visit, "404")
    said = place.ask("GET", f"/v1/tasks/{office.first}")["comments"]
    assert [(one["region"], one["resolved"]) for one in said if one["annotation"] == first] == [
        ("r1", True),
        ("r1", False),
    ]
    assert office.reviews(first) == []
