"""What is handed in on the labeling page arrives once, whatever becomes of the network, the tab or the answer."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.infra.web.labeling.office import Office
from tests.infra.web.reviewing import begin, forgive, shown
from tests.infra.web.site import Site, sign_in, visiting

pytestmark = pytest.mark.browser


def test_what_is_handed_in_without_a_network_is_sent_once_when_it_is_back(browser: Browser, place: Site) -> None:
    office = Office(place, "cut")
    office.member("ann")
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, office.path)
        shown(page, office.first)
        visit.context.set_offline(True)
        page.keyboard.press("1")
        expect(page.get_by_text("Kept in this browser")).to_be_visible()
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("Your answer is kept")).to_be_visible()
        expect(page.get_by_text("1 answer is kept in this browser")).to_be_visible()
        assert office.submitted() == []
        visit.context.set_offline(False)
        shown(page, office.first + 1)
        forgive(visit, "ERR_INTERNET_DISCONNECTED", "ERR_NETWORK_CHANGED")
    assert len(office.submitted()) == 1


def test_what_waits_outlives_its_tab_and_is_sent_once_by_several(browser: Browser, place: Site) -> None:
    office = Office(place, "crash")
    office.member("ann")
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, office.path)
        shown(page, office.first)
        page.route("**/v1/tasks/*/annotations", lambda route: route.abort())
        page.keyboard.press("1")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("Your answer is kept")).to_be_visible()
        page.close(run_before_unload=False)
        forgive(visit, "ERR_FAILED")
        assert office.submitted() == []
        tabs = [visit._new() for _ in range(3)]
        for tab in tabs:
            tab.goto(f"{place.url}{office.path}", wait_until="commit")
        for tab in tabs:
            shown(tab, office.first + 1)
    [event] = office.submitted()
    assert event["data"]["result"][0]["value"] == {"choices": ["entailed"]}


def test_an_answer_whose_acknowledgement_was_lost_is_there_once(browser: Browser, place: Site) -> None:
    office = Office(place, "lost")
    office.member("ann")
    lost: list[str] = []

    def lose_first(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(str(route.request.headers["idempotency-key"]))
        assert route.fetch().status == 201
        route.abort()

    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, office.path)
        shown(page, office.first)
        page.route("**/v1/tasks/*/annotations", lose_first)
        page.keyboard.press("1")
        page.keyboard.press("Control+Enter")
        shown(page, office.first + 1)
        forgive(visit, "ERR_FAILED")
    assert len(lost) == 1
    assert len(office.submitted()) == 1


def test_what_waits_is_not_sent_in_the_name_of_who_signs_in_next(browser: Browser, place: Site) -> None:
    office = Office(place, "shared browser", assignment={"overlap": 2})
    ann = office.member("ann")
    office.member("bob")
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, office.path)
        shown(page, office.first)
        page.route("**/v1/tasks/*/annotations", lambda route: route.abort())
        page.keyboard.press("1")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("Your answer is kept")).to_be_visible()
        sign_in(visit.context, place, office.handle("bob"))
        page.unroute("**/v1/tasks/*/annotations")
        expect(page.get_by_text("Sign in again")).to_be_visible(timeout=20_000)
        assert office.submitted() == []
        sign_in(visit.context, place, office.handle("ann"))
        page.reload()
        shown(page, office.first + 1)
        forgive(visit, "ERR_FAILED")
    [event] = office.submitted()
    assert event["data"]["annotator"] == ann
