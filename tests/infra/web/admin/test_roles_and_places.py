"""What roles, groups and workspaces are worth."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.infra.web.admin.office import HOSTILE, Office, choose, in_window, press
from tests.infra.web.site import Visit, visiting

pytestmark = pytest.mark.browser


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
