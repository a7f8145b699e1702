"""Two people disagree on a sentence pair, and what follows until their manager sees it done."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.infra.web.reviewing import Office, nothing_left, shown
from tests.infra.web.site import Site, visiting
from tests.infra.web.stories.hands import Hand, working

pytestmark = pytest.mark.browser

ONE_MORE = {"enabled": True, "policy": "agreement", "threshold": 0.75, "maximum_additional": 1}
RETURNS = {"default_reject_action": "return"}


def test_a_disagreement_asks_a_third_and_is_reviewed_until_the_dashboard_shows_it_done(
    browser: Browser, place: Site, way: type[Hand]
) -> None:
    office = Office(place, way.__name__, assignment={"overlap": 2}, reassignment=ONE_MORE, review=RETURNS)
    word = str(office.rows[0]["data"]["text"]).split()[0]
    for name in ("ann", "bob", "cyd"):
        office.member(name)
    office.member("rev", "reviewer")
    with (
        visiting(browser, place) as owner,
        working(browser, place, way, office.handle("ann")) as author,
        working(browser, place, way, office.handle("rev")) as reviewer,
    ):
        # Opened once, and left alone from here on.
        completed = owner.go(f"/projects/{office.project}").locator(".an-figure", has_text="Completed").first
        expect(completed).to_contain_text("0")

        author.go(f"/projects/{office.project}/label")
        author.comes_task(office.first)
        author.marks(word, "Person")
        author.answers("entailed")
        author.hands_in()
        author.comes("You have been with every task")
        for name, choice in (("bob", "not entailed"), ("cyd", "entailed")):
            # Nobody asks the third: that two disagree does.
            _answers(browser, place, way, office, name, choice)
        assert len(office.events("SlotAdded")) == 1

        reviewer.go(office.path)
        shown(reviewer.page, office.first, f"by {office.handle('ann')}", "revision 1", "First review")
        others = reviewer.page.get_by_role("group", name="Compare with")
        expect(others.get_by_role("button", name=office.handle("bob"))).to_contain_text("2 differences")
        expect(others.get_by_role("button", name=office.handle("cyd"))).to_contain_text("1 difference")
        expect(reviewer.page.get_by_role("region", name="Agreement")).to_contain_text("of 3 answers")
        reviewer.selects()
        reviewer.returns("Is this a person at all?")
        nothing_left(reviewer.page)
        expect(reviewer.page.get_by_text("returned to its author")).to_be_visible()

        author.goes_to_my_work()
        expect(author.page.locator(".an-work-said")).to_contain_text("Is this a person at all?")
        author.presses(f"Fix it: task {office.first}")
        author.comes_task(office.first)
        author.presses("Show where")
        author.labels("Place")
        author.answers("not entailed")
        author.sends_back()
        author.comes("All tasks have their answers")

        reviewer.presses("Look again")
        stages = ("First review", "Revised after a return")
        shown(reviewer.page, office.first, f"by {office.handle('ann')}", "revision 2", *stages)
        told = reviewer.page.get_by_role("region", name="What was said and what changed")
        expect(told).to_contain_text("Returned by You, and revised")
        expect(told).to_contain_text("“Is this a person at all?”")
        expect(told).to_contain_text(f"Person “{word}” became Place “{word}”")
        expect(told).to_contain_text("label: entailed became not entailed")
        history = reviewer.page.get_by_role("region", name="History")
        expect(history.get_by_role("listitem").filter(has_text="Revision")).to_have_count(2)
        reviewer.accepts()
        nothing_left(reviewer.page)
        expect(completed).to_contain_text("1")
    _was_returned_and_accepted(place, office)


def _answers(browser: Browser, place: Site, way: type[Hand], office: Office, name: str, choice: str) -> None:
    with working(browser, place, way, office.handle(name)) as hand:
        hand.go(f"/projects/{office.project}/label")
        hand.comes_task(office.first)
        hand.answers(choice)
        hand.hands_in()
        expect(hand.page.get_by_role("heading", name=f"Task {office.first}", exact=True)).to_be_hidden()


def _was_returned_and_accepted(place: Site, office: Office) -> None:
    task: dict[str, Any] = place.ask("GET", f"/v1/tasks/{office.first}")
    [annotation, *_] = task["annotations"]
    assert office.reviews(annotation["id"]) == [("rejected", "return"), ("accepted", None)]
    [first, second] = annotation["reviews"]
    span = annotation["revisions"][0]["result"][0]["id"]
    assert (first["action"], first["region"], first["revision"]) == ("return", span, 1)
    assert first["review_time"] > 0
    assert first["active_time"] is not None
    assert (second["verdict"], second["revision"]) == ("accepted", 2)
    assert task["state"] == "completed"
