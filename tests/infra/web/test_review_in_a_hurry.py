"""What goes wrong for reviewers in a hurry, and for those whose network or author is quicker: nothing is lost, nothing
that was not meant is taken back.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.infra.web.reviewing import Office, begin, choice, forgive, nothing_left, shown
from tests.infra.web.site import Site, visiting

pytestmark = pytest.mark.browser
WORDS = "It does not follow."


def test_undo_beside_the_last_verdict_takes_that_back_and_no_other(browser: Browser, place: Site) -> None:
    office = Office(place, "undo", tasks=2, review={"default_reject_action": "return"})
    ann = office.member("ann")
    office.member("rev", "reviewer")
    first, second = office.first, office.first + 1
    returned, accepted = (office.answered(ann, choice("entailed"), task) for task in (first, second))
    with visiting(browser, place, office.handle("rev")) as visit:
        page = begin(visit, office.path)
        shown(page, first)
        page.keyboard.press("Alt+x")
        page.keyboard.type(WORDS)
        page.keyboard.press("Control+Enter")
        shown(page, second)
        body = {"result": choice("not entailed")}
        place.ask("PUT", f"/v1/tasks/{first}/annotations/{returned}", ann, json=body)
        page.keyboard.press("Control+Enter")
        shown(page, first, "revision 2")
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_text("Taken back", exact=True)).to_be_visible()
        shown(page, second)
        forgive(visit, "404")
    assert office.reviews(accepted, second) == []
    assert office.reviews(returned, first) == [("rejected", "return")]


def test_an_answer_that_was_lost_on_its_way_counts_once(browser: Browser, place: Site) -> None:
    office = Office(place, "lost")
    ann = office.member("ann")
    office.member("rev", "reviewer")
    annotation = office.answered(ann, choice("entailed"))
    seen: list[str] = []

    def answer_is_lost(route: Route) -> None:
        seen.append(route.request.headers["idempotency-key"])
        route.fetch()
        route.abort()

    with visiting(browser, place, office.handle("rev")) as visit:
        page = begin(visit, office.path)
        shown(page, office.first)
        page.route("**/reviews", answer_is_lost, times=1)
        page.keyboard.press("Control+Enter")
        nothing_left(page)
        forgive(visit, "404", "ERR_FAILED")
    assert len(seen) == 1
    assert office.reviews(annotation) == [("accepted", None)]
    assert len(office.events("AnnotationReviewed")) == 1


def test_what_was_written_is_there_after_a_verdict_came_too_late(browser: Browser, place: Site) -> None:
    office = Office(place, "late", review={"default_reject_action": "return"})
    ann = office.member("ann")
    office.member("rev", "reviewer")
    annotation = office.answered(ann, choice("entailed"))
    with visiting(browser, place, office.handle("rev")) as visit:
        page = begin(visit, office.path)
        shown(page, office.first)
        visit.context.set_offline(True)
        page.keyboard.press("Alt+x")
        page.keyboard.type(WORDS)
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("Your verdict is kept")).to_be_visible()
        body = {"result": choice("not entailed")}
        place.ask("PUT", f"/v1/tasks/{office.first}/annotations/{annotation}", ann, json=body)
        visit.context.set_offline(False)
        expect(page.get_by_text(f"You wrote: “{WORDS}”")).to_be_visible()
        shown(page, office.first, "revision 2")
        page.keyboard.press("Alt+x")
        expect(page.get_by_role("textbox", name="What is wrong with it")).to_have_value(WORDS)
        forgive(visit, "404", "412", "ERR_INTERNET_DISCONNECTED", "ERR_NETWORK_CHANGED")
    assert office.reviews(annotation) == []


def test_a_comment_that_was_begun_is_not_about_the_next_annotation(browser: Browser, place: Site) -> None:
    office = Office(place, "begun", assignment={"overlap": 2}, review={"criteria": "all"})
    ann, bob = office.member("ann"), office.member("bob")
    office.member("rev", "reviewer")
    office.answered(ann, choice("entailed"))
    office.answered(bob, choice("not entailed"))
    with visiting(browser, place, office.handle("rev")) as visit:
        page = begin(visit, office.path)
        shown(page, office.first, f"by {office.handle('ann')}")
        page.get_by_role("textbox", name="Comment").fill("Are you sure, ann?")
        page.get_by_role("button", name="Accept").click()
        shown(page, office.first, f"by {office.handle('bob')}")
        expect(page.get_by_role("textbox", name="Comment")).to_have_value("")
        forgive(visit, "404")


def test_the_keys_of_keyboards_that_write_other_signs_with_alt_do_what_they_say(browser: Browser, place: Site) -> None:
    office = Office(place, "signs", review={"default_reject_action": "return"})
    ann = office.member("ann")
    office.member("rev", "reviewer")
    office.answered(ann, choice("entailed"))
    with visiting(browser, place, office.handle("rev")) as visit:
        page = begin(visit, office.path)
        shown(page, office.first)
        pressed = """document.activeElement.dispatchEvent(new KeyboardEvent(
            "keydown", { key: "¡", code: "Digit1", altKey: true, bubbles: true, cancelable: true }))"""
        page.evaluate(pressed)
        expect(page.get_by_role("textbox", name="What is wrong with it")).to_be_focused()
        forgive(visit, "404")


def test_whoever_chooses_whom_to_compare_with_stays_at_the_button(browser: Browser, place: Site) -> None:
    office = Office(place, "stays", assignment={"overlap": 2})
    ann, bob = office.member("ann"), office.member("bob")
    office.member("rev", "reviewer")
    office.answered(ann, choice("entailed"))
    office.answered(bob, choice("not entailed"))
    with visiting(browser, place, office.handle("rev")) as visit:
        page = begin(visit, office.path)
        shown(page, office.first)
        other = page.get_by_role("group", name="Compare with").get_by_role("button", name=office.handle("bob"))
        before = other.get_attribute("aria-pressed")
        other.focus()
        page.keyboard.press("Space")
        expect(other).not_to_have_attribute("aria-pressed", before or "")
        expect(other).to_be_focused()
        forgive(visit, "404")
