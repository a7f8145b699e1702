"""Two people race for the last place at a task."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.infra.web.labeling.office import Office
from tests.infra.web.site import Site
from tests.infra.web.stories.hands import Hand, working

pytestmark = pytest.mark.browser

REFUSED = ("403", "409")


def test_of_two_at_the_last_place_one_is_told_kindly_and_has_a_draft(
    browser: Browser, place: Site, way: type[Hand]
) -> None:
    office = Office(place, way.__name__, tasks=1)
    people = {name: office.member(name) for name in ("ann", "bob")}
    choices = {"ann": "entailed", "bob": "not entailed"}
    with (
        working(browser, place, way, office.handle("ann"), *REFUSED) as ann,
        working(browser, place, way, office.handle("bob"), *REFUSED) as bob,
    ):
        hands = {"ann": ann, "bob": bob}
        for name, hand in hands.items():
            hand.go(office.path)
            hand.comes_task(office.first)
            hand.answers(choices[name])
            expect(hand.page.get_by_text("Draft saved")).to_be_visible()
            # As if their time had run out, so that the place is free to whoever is first.
            place.ask("DELETE", f"/v1/tasks/{office.first}/reservation", people[name])
        for hand in hands.values():
            hand.hands_in()
        for hand in hands.values():
            hand.comes("All tasks have their answers")
        [event] = office.submitted()
        [first] = [name for name, id in people.items() if id == event["data"]["annotator"]]
        [second] = set(people) - {first}
        loser = hands[second]
        expect(loser.page.get_by_text("Somebody else was faster")).to_be_visible()
        expect(loser.page.get_by_role("alert")).to_contain_text("Your work is kept as a draft.")
        expect(hands[first].page.get_by_text("Somebody else was faster")).to_have_count(0)
        loser.goes_to_my_work()
        expect(loser.page.get_by_text("somebody was faster")).to_be_visible()
    draft = place.ask("GET", f"/v1/tasks/{office.first}/draft", people[second])
    assert (draft["result"][0]["value"], draft["reason"]) == ({"choices": [choices[second]]}, "slot-taken")
    assert event["data"]["result"][0]["value"] == {"choices": [choices[first]]}
