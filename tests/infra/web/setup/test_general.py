"""A project is called something else, and that is seen wherever it is named."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.infra.web.setup.place import HOSTILE
from tests.infra.web.site import Site, visiting

pytestmark = pytest.mark.browser


@pytest.fixture
def project(place: Site) -> int:
    id: int = place.ask("POST", "/v1/projects", json={"title": "Reviews", "description": "of films"})["project"]
    return id


def test_a_project_gets_another_name_and_never_none(browser: Browser, place: Site, project: int) -> None:
    with visiting(browser, place) as visit:
        page = visit.go(f"/projects/{project}/settings")
        page.get_by_label("Title").fill(" ")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("a project needs a title")).to_be_visible()
        page.get_by_label("Title").fill(HOSTILE)
        page.get_by_label("Description").fill("of books")
        # The browser itself reports the refusal.
        visit.complaints.clear()
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("navigation").get_by_text(HOSTILE).first).to_be_visible()
        visit.must_be_open_to_all()
        shown = place.ask("GET", f"/v1/projects/{project}")
        assert (shown["title"], shown["description"]) == (HOSTILE, "of books")
        visit.go("/projects")
        expect(page.get_by_role("link", name=HOSTILE)).to_be_visible()
        visit.go(f"/projects/{project}/settings/history")
        expect(page.get_by_text("revised title and description")).to_be_visible()


def test_who_may_not_configure_reads_and_changes_nothing(browser: Browser, place: Site, project: int) -> None:
    place.member(project, "vera", "viewer")
    with visiting(browser, place, "vera") as visit:
        page = visit.go(f"/projects/{project}/settings")
        expect(page.get_by_label("Title")).to_be_disabled()
        expect(page.get_by_role("button", name="Save", exact=True)).to_have_count(0)
