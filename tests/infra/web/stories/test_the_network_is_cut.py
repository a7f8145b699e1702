"""The network is cut in mid-work, and nothing is lost or doubled."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.infra.web.reviewing import Office
from tests.infra.web.site import Site
from tests.infra.web.stories.hands import Hand, working

pytestmark = pytest.mark.browser

CUT = ("ERR_INTERNET_DISCONNECTED", "ERR_NETWORK_CHANGED")


def test_what_was_begun_before_the_network_was_cut_is_handed_in_without_it_and_arrives_once(
    browser: Browser, place: Site, way: type[Hand]
) -> None:
    office = Office(place, way.__name__, tasks=2)
    office.member("ann")
    word = str(office.rows[0]["data"]["text"]).split()[0]
    with working(browser, place, way, office.handle("ann"), *CUT) as hand:
        page, network = hand.page, hand.visit.context
        hand.go(f"/projects/{office.project}/label")
        hand.comes_task(office.first)
        hand.marks(word, "Person")
        expect(page.get_by_text("Draft saved")).to_be_visible()
        network.set_offline(True)
        hand.answers("entailed")
        expect(page.get_by_text("Kept in this browser")).to_be_visible()
        hand.hands_in()
        hand.comes("Your answer is kept")
        expect(page.get_by_text("1 answer is kept in this browser")).to_be_visible()
        hand.presses("Try now")
        hand.comes("Your answer is kept")
        assert not office.events("AnnotationSubmitted")
        network.set_offline(False)
        hand.comes_task(office.first + 1)

        # Cut and back again before there is an answer: the work is still there, and saved by itself.
        network.set_offline(True)
        hand.answers("not entailed")
        expect(page.get_by_text("Kept in this browser")).to_be_visible()
        network.set_offline(False)
        expect(page.get_by_text("Draft saved")).to_be_visible()
        hand.hands_in()
        hand.comes("All tasks have their answers")
    [first] = office.events("AnnotationSubmitted")
    [second] = office.events("AnnotationSubmitted", office.first + 1)
    assert [one["value"].get("choices", word) for one in first["data"]["result"]] == [word, ["entailed"]]
    assert [one["value"]["choices"] for one in second["data"]["result"]] == [["not entailed"]]
