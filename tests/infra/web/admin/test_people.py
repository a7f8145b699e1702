"""People of an organization: invited, changed, erased, and as many as there are."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.infra.web.admin.office import HOSTILE, Office, choose, in_window, press
from tests.infra.web.site import PASSWORD, Visit, visiting

pytestmark = pytest.mark.browser


def test_somebody_is_invited_joins_waits_is_let_in_and_is_in_the_list(
    browser: Browser, office: Office, owner: Visit
) -> None:
    workspace = office.tell("POST", "/v1/workspaces", json={"title": "Films for newcomers"})["workspace"]
    page = owner.go("/people")
    press(page, "Invite")
    window = in_window(page, "Invite somebody")
    window.get_by_role("button", name="Add to a workspace").click()
    choose(page, window.get_by_label("Workspace", exact=True), "Films for newcomers")
    expect(window.get_by_label("As", exact=True)).to_have_value("Annotator")
    window.get_by_text("Somebody has to approve them").click()
    window.get_by_role("button", name="Get the link").click()
    once = in_window(page, "The link of the invitation")
    link = once.locator("code").inner_text()
    assert link.startswith(f"{office.site.url}/join?invitation=")
    once.get_by_role("button", name="Copy").click()
    expect(once.get_by_role("button", name="Copied")).to_be_visible()
    once.get_by_role("button", name="Done").click()
    expect(once).to_have_count(0)
    row = page.get_by_role("row", name=re.compile("Films for newcomers as annotator"))
    expect(row).to_contain_text("Has to be approved")
    assert link.partition("=")[2] not in page.content(), "it was shown once"

    with visiting(browser, office.site, None) as newcomer:
        there = newcomer.page
        there.goto(link)
        there.get_by_label("Name to sign in by").fill("nina")
        there.get_by_label("Password", exact=True).fill(PASSWORD)
        there.get_by_label("Password again").fill(PASSWORD)
        there.get_by_role("button", name="Join").click()
        expect(there.get_by_role("status")).to_contain_text("Somebody has to let you in")

        page = owner.go("/people")
        expect(page.get_by_role("row", name=re.compile("Films for newcomers as"))).to_have_count(0)
        waiting = page.get_by_role("row", name=re.compile("nina"))
        expect(waiting).to_contain_text("Waits for approval")
        waiting.get_by_role("link").click()
        press(page, "Approve")
        expect(page.locator(".an-badge", has_text="Active")).to_be_visible()

        there.goto(f"{office.site.url}/sign-in")
        there.get_by_label("Name").fill("nina")
        there.get_by_label("Password").fill(PASSWORD)
        there.get_by_role("button", name="Sign in").click()
        there.wait_for_url("**/projects")
    members = office.tell("GET", f"/v1/workspaces/{workspace}")["members"]
    assert [(row["handle"], row["role"]) for row in members] == [("nina", "annotator")]


def test_an_invitation_is_taken_back(office: Office, owner: Visit) -> None:
    secret = office.tell("POST", "/v1/invitations", json={})["secret"]
    page = owner.go("/people")
    page.get_by_role("button", name=re.compile("Take invitation")).first.click()
    in_window(page, "Take the invitation back?").get_by_role("button", name="Take back").click()
    expect(page.get_by_text("Open invitations")).to_have_count(0)
    body = {"secret": secret, "handle": "late", "password": PASSWORD}
    answer = httpx.post(f"{office.site.url}/v1/invitations/accept", json=body)
    assert answer.json()["code"] == "invitation-ended"


def test_a_role_is_changed_and_who_is_deactivated_is_out_in_the_other_browser(
    browser: Browser, office: Office, owner: Visit
) -> None:
    dora = office.site.person("dora")
    with visiting(browser, office.site, "dora") as other:
        expect(other.go("/projects").get_by_role("link", name="People and access")).to_have_count(0)
        page = owner.go(f"/people/{dora}")
        choose(page, page.get_by_label("Role", exact=True), "Administrator")
        press(page, "Change role")
        in_window(page, "Change the role of dora?").get_by_role("button", name="Change role").click()
        expect(page.get_by_text("The role has changed.")).to_be_visible()
        assert office.known(dora)["role"] == "administrator"
        expect(other.go("/projects").get_by_role("link", name="People and access")).to_be_visible()

        press(page, "Deactivate")
        window = in_window(page, "Deactivate dora?")
        expect(window).to_contain_text("Every session and token of theirs ends at once")
        window.get_by_role("button", name="Deactivate").click()
        expect(page.locator(".an-badge", has_text="Deactivated")).to_be_visible()
        other.page.goto(f"{office.site.url}/projects")
        other.page.wait_for_url("**/sign-in?**")
    press(page, "Reactivate")
    expect(page.get_by_role("button", name="Deactivate")).to_be_visible()
    assert office.known(dora)["standing"] == "active"


def test_nobody_is_shown_what_would_be_refused(browser: Browser, office: Office) -> None:
    admin = office.site.person("adam", "administrator")
    me = office.tell("GET", "/v1/me")["person"]
    member = office.site.person("mia")
    with visiting(browser, office.site, "adam") as visit:
        page = visit.go(f"/people/{me}")
        assert office.tell("GET", f"/v1/people/{me}", admin)["may"] == []
        for name in ("Deactivate", "Change role", "Correct", "Issue a token", "Erase…", "End sessions"):
            expect(page.get_by_role("button", name=name, exact=True)).to_have_count(0)
        page = visit.go("/roles")
        expect(page.get_by_role("switch")).to_have_count(0)
        expect(page.get_by_role("button", name="Define a role")).to_have_count(0)
        page = visit.go(f"/people/{member}")
        expect(page.get_by_role("button", name="Deactivate")).to_be_visible()
        page.get_by_label("Role", exact=True).click()
        expect(page.get_by_role("option")).to_have_text(["Member", "Administrator"])
    with visiting(browser, office.site, "mia") as visit:
        page = visit.go("/account")
        expect(page.get_by_role("link", name="System")).to_have_count(0)
        for path in ("/people", f"/people/{me}", "/groups", "/activity", "/system"):
            answer = page.goto(f"{office.site.url}{path}")
            assert answer is not None
            assert answer.status == 403, path
            expect(page.get_by_text("Not for you")).to_be_visible()
        expect(visit.go("/workspaces").get_by_text("There is no workspace for you yet")).to_be_visible()
        visit.complaints.clear()


def test_somebody_is_erased_by_their_handle_and_the_certificate_is_shown(office: Office, owner: Visit) -> None:
    gone = office.site.person("gone")
    office.tell("PUT", f"/v1/people/{gone}", json={"name": "Gone Example", "email": "gone@example.org"})
    page = owner.go(f"/people/{gone}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Gone Example")
    press(page, "Erase…")
    window = in_window(page, "Erase Gone Example for good?")
    expect(window.get_by_role("button", name="Erase for good")).to_have_count(0)
    window.get_by_label("Handle").fill("gone")
    window.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_text("Certificate of the erasure")).to_be_visible()
    found = office.tell("GET", f"/v1/people/{gone}/erasure")
    for value in (found["certificate"], found["digest"]):
        expect(page.get_by_text(value)).to_be_visible()
    assert "Gone Example" not in owner.go(f"/people/{gone}").content()
    assert office.known(gone)["erased"]


def test_what_people_are_called_is_text_everywhere(office: Office, owner: Visit) -> None:
    people = [{"handle": f"h{text}"[:200], "name": text} for text in HOSTILE]
    ids = [row["person"] for row in office.tell("POST", "/v1/people", json={"people": people})["people"]]
    page = owner.go("/people")
    page.get_by_label("Search people by handle, name or e-mail").fill("alert(1)>")
    expect(page.get_by_role("link", name=HOSTILE[0], exact=True)).to_be_visible()
    for id, text in zip(ids, HOSTILE, strict=True):
        page = owner.go(f"/people/{id}")
        expect(page.get_by_role("heading", level=1)).to_have_text(text)
        press(page, "End sessions")
        window = page.get_by_role("dialog")
        expect(window).to_contain_text(text)
        window.get_by_role("button", name="Cancel").click()
        expect(window).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), text
