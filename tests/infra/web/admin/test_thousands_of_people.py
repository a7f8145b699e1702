"""As many people as a large organization has; by the name of this file after the tests of few."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.infra.web.admin.office import Office, press
from tests.infra.web.site import Visit

pytestmark = pytest.mark.browser


def test_thousands_of_people_are_looked_through_page_by_page(office: Office, owner: Visit) -> None:
    people = [{"handle": f"crowd-{number:04}"} for number in range(1500)]
    office.tell("POST", "/v1/people", json={"people": people})
    page = owner.go("/people")
    rows = page.locator(".an-table tbody tr")
    expect(rows).to_have_count(50)
    search = page.get_by_label("Search people by handle, name or e-mail")
    search.fill("CROWD-0")
    expect(rows.first).to_contain_text("crowd-0000")
    press(page, "Next")
    expect(rows.first).to_contain_text("crowd-0050")
    press(page, "Previous")
    expect(rows.first).to_contain_text("crowd-0000")
    search.fill("no such handle")
    expect(page.get_by_text("Nobody fits")).to_be_visible()
    search.fill("crowd-1499")
    expect(rows).to_have_count(1)
