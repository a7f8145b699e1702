"""What somebody did on the labeling page and did not hand in is kept."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.infra.web.labeling.office import Office
from tests.infra.web.reviewing import begin, forgive, shown
from tests.infra.web.site import Site, visiting

pytestmark = pytest.mark.browser


def test_a_reload_in_mid_work_restores_it(browser: Browser, place: Site) -> None:
    office = Office(place, "reload", assignment={"sampling": "uniform", "seed": 7})
    office.member("ann")
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, office.path)
        heading = page.get_by_role("heading", level=2).first
        expect(heading).to_contain_text("Task")
        title = str(heading.text_content())
        page.keyboard.press("2")
        expect(page.get_by_text("Draft saved")).to_be_visible()
        page.reload()
        expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
        expect(page.get_by_role("radio", name="not entailed")).to_be_checked()
        page.keyboard.press("1")
        page.reload()
        expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
        expect(page.get_by_role("radio", name="entailed", exact=True)).to_be_checked()
    task = int(title.split()[1])
    assert len(office.events("ReservationReleased", task)) >= 2


def test_who_comes_second_to_the_last_place_is_told_kindly_and_the_work_is_kept(browser: Browser, place: Site) -> None:
    office = Office(place, "race", tasks=1)
    ann = office.member("ann")
    office.member("bob")
    with (
        visiting(browser, place, office.handle("ann")) as one,
        visiting(browser, place, office.handle("bob")) as other,
    ):
        page = begin(one, office.path)
        shown(page, office.first)
        page.keyboard.press("1")
        expect(page.get_by_text("Draft saved")).to_be_visible()
        # As if her time had run out.
        place.ask("DELETE", f"/v1/tasks/{office.first}/reservation", ann)
        faster = begin(other, office.path)
        shown(faster, office.first)
        faster.keyboard.press("2")
        faster.keyboard.press("Control+Enter")
        expect(faster.get_by_text("All tasks have their answers")).to_be_visible()
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("Somebody else was faster")).to_be_visible()
        expect(page.get_by_text("All tasks have their answers")).to_be_visible()
        one.must_be_open_to_all()
        for visit in (one, other):
            forgive(visit, "403", "404", "409")
        mine = one.go("/my-work")
        expect(mine.get_by_text("somebody was faster")).to_be_visible()
    draft = place.ask("GET", f"/v1/tasks/{office.first}/draft", ann)
    assert (draft["result"][0]["value"], draft["reason"]) == ({"choices": ["entailed"]}, "slot-taken")
    assert len(office.events("AnnotationSubmitted", office.first)) == 1


def test_who_leaves_leaves_the_task_to_others(browser: Browser, place: Site) -> None:
    office = Office(place, "leave", tasks=1)
    office.member("ann")
    bob = office.member("bob")
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, office.path)
        shown(page, office.first)
        page.keyboard.press("1")
        expect(page.get_by_text("Draft saved")).to_be_visible()
        visit.go("/my-work")
        expect(visit.page.get_by_role("link", name=f"Go on: task {office.first}")).to_be_visible()
    assert place.ask("POST", f"/v1/projects/{office.project}/next", bob)["task"] == office.first
