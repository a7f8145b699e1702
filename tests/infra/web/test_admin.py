"""The pages by which an organization is run."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.infra.web.site import PASSWORD, Site, Visit, serving, visiting

pytestmark = pytest.mark.browser

HOSTILE = ("<img src=x onerror=alert(1)>", "{{7*7}} ${7*7}", ":alert(1)", "x" * 200, "שלום\u202ealert")
PAGES = ("/people", "/roles", "/groups", "/activity", "/workspaces", "/system", "/account")


@dataclass(frozen=True)
class Office:
    """A server whose people change from test to test, and where its databases are."""

    site: Site
    folder: Path

    def tell(self, method: str, path: str, who: int | None = None, **more: Any) -> Any:
        return self.site.ask(method, path, who, **more)

    def known(self, person: int) -> dict[str, Any]:
        found: dict[str, Any] = self.tell("GET", f"/v1/people/{person}")
        return found


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    with serving(folder) as site:
        yield Office(site, folder)


@pytest.fixture
def owner(browser: Browser, office: Office) -> Iterator[Visit]:
    with visiting(browser, office.site) as visit:
        yield visit


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def in_window(page: Page, title: str) -> Any:
    found = page.get_by_role("dialog", name=title)
    expect(found).to_be_visible()
    return found


def choose(page: Page, field: Any, option: str) -> None:
    field.click()
    page.get_by_role("option", name=option, exact=True).click()


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


def test_a_switch_gives_a_permission_and_reset_takes_it_back(office: Office, owner: Visit) -> None:
    member = office.site.person("mia")
    page = owner.go("/roles")
    page.get_by_role("switch", name="Create workspace, member", exact=True).click()
    expect(page.get_by_text("1 permission changed from the default.")).to_be_visible()
    office.tell("POST", "/v1/workspaces", member, json={"title": "Of a member"})
    rows = office.tell("GET", "/v1/permissions")["permissions"]
    assert ["member" in row["roles"] for row in rows if row["permission"] == "create_workspace"] == [True]
    expect(page.get_by_role("switch")).to_have_count(sum(len(row["changeable"]) for row in rows))
    press(page, "Reset all to default")
    in_window(page, "Reset all permissions?").get_by_role("button", name="Reset all").click()
    expect(page.get_by_text("changed from the default")).to_have_count(0)
    assert all(row["roles"] == row["default"] for row in office.tell("GET", "/v1/permissions")["permissions"])


def test_a_role_of_ones_own_is_defined_given_and_retired(office: Office, owner: Visit) -> None:
    mia = office.site.person("mia")
    page = owner.go("/roles")
    press(page, "Define a role")
    window = in_window(page, "Define a role")
    window.get_by_label("Name").fill("lead/er")
    window.get_by_role("button", name="Define", exact=True).click()
    expect(window).to_contain_text("without a slash")
    window.get_by_label("Name").fill("team lead")
    window.get_by_role("checkbox", name="Invite people").click()
    window.get_by_role("button", name="Define", exact=True).click()
    expect(page.get_by_role("row", name=re.compile("team lead"))).to_contain_text("invite people")
    [role] = office.tell("GET", "/v1/roles")["roles"]
    assert role["permissions"] == ["invite_people", "issue_own_tokens"]
    page = owner.go(f"/people/{mia}")
    choose(page, page.get_by_label("Role", exact=True), "team lead (member)")
    press(page, "Change role")
    page.get_by_role("dialog").get_by_role("button", name="Change role").click()
    expect(page.get_by_text("The role has changed.")).to_be_visible()
    assert office.known(mia)["custom_role"] == "team lead"
    page = owner.go("/roles")
    press(page, "Retire team lead")
    page.get_by_role("dialog").get_by_role("button", name="Retire").click()
    expect(page.get_by_role("row", name=re.compile("team lead"))).to_contain_text("retired")
    office.tell("PUT", f"/v1/people/{mia}/role", json={"role": "member"})


def test_a_rule_says_what_a_group_is_worth_and_is_removed(office: Office, owner: Visit) -> None:
    page = owner.go("/groups")
    expect(page.get_by_text("No rules yet")).to_be_visible()
    press(page, "Add a rule")
    window = in_window(page, "Add a rule")
    window.get_by_label("Group, as the provider writes it").fill(HOSTILE[0])
    choose(page, window.get_by_label("They are"), "Administrator")
    window.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("cell", name=HOSTILE[0], exact=True)).to_be_visible()
    assert office.tell("GET", "/v1/group-mapping")["rules"] == [
        {"provider": "scim", "group": HOSTILE[0], "role": "administrator"}
    ]
    page.get_by_role("button", name=re.compile("Remove the rule")).click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("No rules yet")).to_be_visible()


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


def test_a_workspace_from_its_beginning_to_the_archive_and_back(browser: Browser, office: Office, owner: Visit) -> None:
    project = office.tell("POST", "/v1/projects", json={"title": "Reviews"})["project"]
    wanda = office.site.person("wanda")
    page = owner.go("/workspaces")
    press(page, "New workspace")
    window = in_window(page, "New workspace")
    window.get_by_role("button", name="Create").click()
    expect(window).to_contain_text("between 1 and 200 characters")
    window.get_by_label("Title").fill(HOSTILE[0])
    window.get_by_label("Description").fill("\n".join(HOSTILE))
    window.get_by_role("button", name="Create").click()
    page.wait_for_url("**/workspaces/*")
    expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE[0])
    workspace = int(page.url.rpartition("/")[2])

    press(page, "Move a project here")
    window = in_window(page, "Move a project here")
    choose(page, window.get_by_label("Project"), "Reviews")
    window.get_by_role("button", name="Move", exact=True).click()
    expect(page.get_by_role("link", name="Reviews")).to_be_visible()
    press(page, "Add members")
    window = in_window(page, "Add members")
    choose(page, window.get_by_label("People"), "wanda")
    page.keyboard.press("Escape")
    window.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("Members (1)")).to_be_visible()
    choose(page, page.get_by_label("Role of wanda"), "Manager")
    expect(page.get_by_text("wanda is manager here now.")).to_be_visible()
    there = office.tell("GET", f"/v1/workspaces/{workspace}")
    assert [(row["person"], row["role"]) for row in there["members"]] == [(wanda, "manager")]

    with visiting(browser, office.site, "wanda") as visit:
        page = visit.go("/workspaces")
        page.get_by_role("link", name=HOSTILE[0]).click()
        press(page, "Archive")
        window = page.get_by_role("dialog")
        expect(window).to_contain_text("Nothing in it changes any more")
        window.get_by_role("button", name="Archive").click()
        expect(page.locator(".an-badge", has_text="Archived")).to_be_visible()
        assert project not in [row["project"] for row in office.tell("GET", "/v1/projects")["projects"]]
        page = visit.go("/workspaces")
        page.get_by_text("Archived (1)").click()
        page.get_by_role("link", name=HOSTILE[0]).click()
        press(page, "Take out of the archive")
        page.get_by_role("dialog").get_by_role("button", name="Take out").click()
        expect(page.get_by_role("button", name="Archive", exact=True)).to_be_visible()
    assert not office.tell("GET", f"/v1/workspaces/{workspace}")["archived"]


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
