"""One's own account, what everybody did, and how the system is."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.infra.web.admin.office import HOSTILE, Office, choose, in_window, press
from tests.infra.web.site import PASSWORD, Visit, visiting

pytestmark = pytest.mark.browser


PAGES = ("/people", "/roles", "/groups", "/activity", "/workspaces", "/system", "/account")


def test_ones_tokens_are_issued_shown_once_and_revoked(browser: Browser, office: Office) -> None:
    tom = office.site.person("tom")
    with visiting(browser, office.site, "tom") as visit:
        page = visit.go("/account")
        press(page, "Issue a token")
        window = in_window(page, "Issue a token")
        window.get_by_label("What it is for").fill(HOSTILE[0])
        choose(page, window.get_by_label("It opens"), "See project")
        page.keyboard.press("Escape")
        window.get_by_role("button", name="Issue", exact=True).click()
        once = in_window(page, "The token")
        secret = once.locator("code").inner_text()
        once.get_by_role("button", name="Done").click()
        expect(once).to_have_count(0)
        expect(page.get_by_role("cell", name=HOSTILE[0], exact=True)).to_be_visible()
        assert secret not in page.content()
        headers = {"Authorization": f"Bearer {secret}"}
        me = httpx.get(f"{office.site.url}/v1/me", headers=headers).json()
        assert (me["person"], me["limits"]) == (tom, ["see_project"])
        visit.must_be_open_to_all()
        page.get_by_role("button", name=f"Revoke token {HOSTILE[0]}").click()
        page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
        expect(page.get_by_role("cell", name=HOSTILE[0], exact=True)).to_have_count(0)
        assert httpx.get(f"{office.site.url}/v1/me", headers=headers).status_code == 401


def test_one_ends_ones_session_elsewhere_and_changes_ones_password(browser: Browser, office: Office) -> None:
    office.site.person("paul")
    with visiting(browser, office.site, "paul") as elsewhere, visiting(browser, office.site, "paul") as here:
        page = here.go("/account")
        page.get_by_role("button", name=re.compile("End the session")).click()
        expect(page.get_by_role("button", name=re.compile("End the session"))).to_have_count(0)
        elsewhere.page.goto(f"{office.site.url}/account")
        elsewhere.page.wait_for_url("**/sign-in?**")
        page.get_by_label("Password until now").fill("wrong")
        page.get_by_label("New password", exact=True).fill("another good password")
        page.get_by_label("New password again").fill("another good password")
        press(page, "Change password")
        expect(page.get_by_text("The old password is wrong.")).to_be_visible()
        page.get_by_label("Password until now").fill(PASSWORD)
        press(page, "Change password")
        page.wait_for_url("**/sign-in")
        page.get_by_label("Name").fill("paul")
        page.get_by_label("Password").fill("another good password")
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/projects")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_open_to_all(owner: Visit, scheme: Any) -> None:
    owner.page.emulate_media(color_scheme=scheme)
    for path in (*PAGES, "/people/1"):
        owner.go(path)
        owner.must_be_open_to_all()
    if scheme == "dark":
        return
    owner.page.set_viewport_size({"width": 820, "height": 1100})
    for path in PAGES:
        page = owner.go(path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path


def test_activity_is_found_by_person_and_kind_and_pages_are_in_the_address(office: Office, owner: Visit) -> None:
    office.site.person("dora")
    page = owner.go("/activity")
    page.get_by_label("Person").fill("OWNER")
    choose(page, page.get_by_label("Kind"), "Person registered")
    press(page, "Filter")
    page.wait_for_url("**/activity?person=1&action=person_registered")
    found = office.tell("GET", "/v1/activity", params={"person": 1, "action": "person_registered", "limit": 100})
    expect(page.locator("tbody tr")).to_have_count(len(found["activity"]))
    csv = page.get_by_role("link", name="Download CSV").get_attribute("href")
    assert csv is not None
    with page.expect_download() as download:
        page.get_by_role("link", name="Download CSV").click()
    assert len(Path(download.value.path()).read_text().splitlines()) == len(found["activity"]) + 1
    page = owner.go("/activity?text=nothing-has-this")
    expect(page.get_by_text("Nothing that fits")).to_be_visible()
    page.get_by_label("Person").fill("nobody of this name")
    press(page, "Filter")
    expect(page.get_by_text("Nobody is called so.")).to_be_visible()


def test_the_system_tells_what_is_parked_and_why_while_it_goes_on(office: Office, owner: Visit) -> None:
    page = owner.go("/system")
    told = office.tell("GET", "/v1/system")
    expect(page.locator(".an-figure", has_text="Events in the log")).to_contain_text(f"{told['position']:,}")
    names = {reader["name"] for reader in told["readers"]}
    expect(page.locator(".an-table tbody tr")).to_have_count(len(names))
    expect(page.get_by_text("Everything is as it should be")).to_be_visible()
    project = office.tell("POST", "/v1/projects", json={"title": "stuck"})["project"]
    row = ("board", 3, f"project-{project}", f"project-{project}", "TaskImported", f"KeyError: {HOSTILE[0]}", 1, 4, 1)
    with sqlite3.connect(office.folder / "read.db", timeout=20) as connection:
        names_ = "reader, position, place, stream, type, error, waits, attempts, parked_at"
        connection.execute(f"INSERT INTO parked ({names_}) VALUES ({', '.join('?' * 9)})", row)
    # The page hears of it by itself.
    expect(page.get_by_text("It works, but something wants to be looked at")).to_be_visible()
    expect(page.get_by_text("board has parked 1 events")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("KeyError"))).to_contain_text(HOSTILE[0])
    expect(page.locator("code", has_text="annolog events retry 3")).to_be_visible()
    owner.must_be_open_to_all()
    with sqlite3.connect(office.folder / "read.db", timeout=20) as connection:
        connection.execute("DELETE FROM parked")
    connection.close()
    expect(page.get_by_text("Everything is as it should be")).to_be_visible()
