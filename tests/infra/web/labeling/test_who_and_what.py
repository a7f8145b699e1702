"""What the labeling page and My work offer to whom, and whatever strangers wrote in them."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from annolog.infra.replay.dataset import load
from tests.infra.web.labeling.office import Office
from tests.infra.web.reviewing import HOSTILE, begin, forgive, shown
from tests.infra.web.site import Site, visiting

pytestmark = pytest.mark.browser


def test_a_skip_takes_a_reason_where_the_project_asks_and_is_not_offered_where_it_is_not_allowed(
    browser: Browser, place: Site
) -> None:
    rte = load("rte")
    first, second = ({"data": dict(rte.texts[task])} for task in rte.tasks[:2])
    tasks = [first, {**second, "allow_skip": False}]
    office = Office(place, "skip", data=tasks, assignment={"comment_on_skip": True})
    office.member("ann")
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, office.path)
        shown(page, office.first)
        page.keyboard.press("Control+Space")
        dialog = page.get_by_role("dialog", name="Skip the task")
        dialog.get_by_role("button", name="Skip").click()
        expect(dialog.get_by_role("alert")).to_contain_text("asks for a reason")
        visit.must_be_open_to_all()
        dialog.get_by_label("Reason").fill("Both sentences are cut off.")
        page.keyboard.press("Control+Enter")
        shown(page, office.first + 1)
        expect(page.get_by_role("button", name="Skip")).to_have_count(0)
    [event] = office.events("AnnotationSkipped", office.first)
    assert event["data"]["comment"] == "Both sentences are cut off."


def test_whoever_has_nothing_to_do_here_reads_a_kind_word(browser: Browser, place: Site) -> None:
    office = Office(place, f"Nobody {HOSTILE}")
    office.member("eve", "viewer")
    ann = office.member("ann")
    with visiting(browser, place, office.handle("eve")) as visit:
        page = visit.go(office.path)
        expect(page.get_by_text("You do not label in this project")).to_be_visible()
        visit.must_be_open_to_all()
    place.ask("POST", f"/v1/projects/{office.project}/members/{ann}/pause", json={"reason": "training on Monday"})
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, office.path)
        expect(page.get_by_role("heading", name="You are paused in this project")).to_be_visible()
        expect(page.get_by_text("training on Monday")).to_be_visible()
        forgive(visit, "403")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_open_to_all_whatever_is_in_them(browser: Browser, place: Site, scheme: Any) -> None:
    data = [{"data": {"text": HOSTILE, "hypothesis": "\u202eRTL"}}]
    office = Office(place, f"{scheme} {HOSTILE}", data=data)
    office.member("ann")
    with visiting(browser, place, office.handle("ann"), color_scheme=scheme) as visit:
        page = begin(visit, office.path)
        shown(page, office.first)
        expect(page.locator(".an-work-place")).to_contain_text("<img src=x onerror=alert(1)> {{7*7}}")
        page.keyboard.press("Alt+c")
        visit.must_be_open_to_all()
        page.set_viewport_size({"width": 820, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        visit.go("/my-work")
        expect(page.get_by_role("link", name=office.title[:20])).to_have_count(2)
        visit.must_be_open_to_all()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
