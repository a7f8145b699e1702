"""Whoever stops reviewing leaves what they have not judged to others, however they go."""

from __future__ import annotations

from time import sleep

import pytest
from playwright.sync_api import Browser, expect

from tests.infra.web.reviewing import Office, begin, choice, forgive, shown
from tests.infra.web.site import Site, visiting

pytestmark = pytest.mark.browser


def released(office: Office, task: int) -> None:
    """Others may have it. The request is on its way while the page goes."""
    for _ in range(100):
        if office.events("ReviewReleased", task):
            return
        sleep(0.1)
    raise AssertionError(f"task {task} is not given back")


def test_who_leaves_the_page_leaves_the_task_to_other_reviewers(browser: Browser, place: Site) -> None:
    office = Office(place, "left", tasks=2)
    ann = office.member("ann")
    for task in (office.first, office.first + 1):
        office.answered(ann, choice("entailed"), task)
    for name in ("rev", "ron"):
        office.member(name, "reviewer")
    with visiting(browser, place, office.handle("rev")) as visit:
        page = begin(visit, office.path)
        shown(page, office.first)
        page.keyboard.press("Control+Enter")
        shown(page, office.first + 1)
        # Looking back is not leaving: what they were given is theirs meanwhile, and others' once they go.
        page.keyboard.press("Alt+PageUp")
        shown(page, office.first, "Chosen")
        assert not office.events("ReviewReleased", office.first + 1)
        visit.go("/my-work")
        with visiting(browser, place, office.handle("ron")) as other:
            shown(begin(other, office.path), office.first + 1)
            assert len(office.events("ReviewReleased", office.first + 1)) == 1
            forgive(other, "404")
    assert not office.events("ReviewReleased")


def test_who_leaves_after_a_verdict_before_the_next_is_shown_leaves_that_too(browser: Browser, place: Site) -> None:
    office = Office(place, "left in between", tasks=2)
    ann = office.member("ann")
    for task in (office.first, office.first + 1):
        office.answered(ann, choice("entailed"), task)
    office.member("rev", "reviewer")
    with visiting(browser, place, office.handle("rev")) as visit:
        page = begin(visit, office.path)
        shown(page, office.first)
        following = f"**/v1/tasks/{office.first + 1}"
        page.route(following, lambda route: None)
        with page.expect_request(following):
            page.keyboard.press("Control+Enter")
        visit.go("/my-work")
        forgive(visit, "404")
        released(office, office.first + 1)


def test_a_task_in_two_tabs_is_left_with_the_last_of_them(browser: Browser, place: Site) -> None:
    office = Office(place, "two tabs")
    office.answered(office.member("ann"), choice("entailed"))
    office.member("rev", "reviewer")
    with visiting(browser, place, office.handle("rev")) as visit:
        page = begin(visit, office.path)
        shown(page, office.first)
        other = visit.context.new_page()
        other.goto(page.url)
        shown(other, office.first)
        other.goto(f"{place.url}/my-work")
        expect(other.get_by_role("heading", name="My work")).to_be_visible()
        assert not office.events("ReviewReleased")
        visit.go("/my-work")
        released(office, office.first)
        forgive(visit, "404")
