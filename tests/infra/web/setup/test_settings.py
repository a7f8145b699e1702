"""Settings with what they come to, taken back, and kept from who does not manage."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.infra.web.conftest import Crowd
from tests.infra.web.setup.place import HOSTILE, choose, project_in, seen_by_all
from tests.infra.web.site import Site, Visit, visiting
from tests.world import LABEL_CONFIG

pytestmark = pytest.mark.browser


LONG = "a long name " * 25


def refused(visit: Visit, path: str) -> Page:
    """Open a page that is not for who visits."""
    visit.page.goto(f"{visit.site.url}{path}")
    return visit.page


def settings_of(site: Site, project: int, group: str) -> dict[str, Any]:
    found: dict[str, Any] = site.ask("GET", f"/v1/projects/{project}")["settings"][group]
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_setting_is_previewed_saved_and_taken_back(manager: Visit, place: Site, scheme: str) -> None:
    manager.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    project = project_in(place, 3)
    page = manager.go(f"/projects/{project}/settings/assignment")
    expect(page.get_by_text("Default: 1 person · 1 to 100")).to_be_visible()
    page.get_by_label("Annotations per task").fill("2")
    expect(page.get_by_text("1 unsaved change")).to_be_visible()
    seen_by_all(manager)
    page.get_by_role("button", name="Review and save").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("3 labels more to be given: 6 instead of 3")
    expect(dialog.get_by_role("cell", name="2 people")).to_be_visible()
    seen_by_all(manager)
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Annotations per task: 1 person → 2 people")).to_be_visible()
    assert settings_of(place, project, "assignment")["overlap"] == 2
    page.get_by_role("button", name="Undo…").click()
    expect(dialog).to_contain_text("3 labels fewer")
    dialog.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Annotations per task: 2 people → 1 person")).to_be_visible()
    assert settings_of(place, project, "assignment")["overlap"] == 1


def test_what_asks_for_too_many_people_has_to_be_accepted_expressly(manager: Visit, place: Site) -> None:
    project = project_in(place, 2)
    place.member(project, "ann", "annotator")
    page = manager.go(f"/projects/{project}/settings/assignment")
    page.get_by_label("Annotations per task").fill("3")
    page.get_by_role("button", name="Review and save").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("A task would need 3 people, and the project has 1.")
    expect(dialog.get_by_role("button", name="Save")).to_be_disabled()
    dialog.get_by_text("I accept tasks that nobody is left for").click()
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Annotations per task: 1 person → 3 people")).to_be_visible()
    assert settings_of(place, project, "assignment")["overlap"] == 3


def test_what_is_wrong_is_said_at_its_field(manager: Visit, place: Site) -> None:
    page = manager.go(f"/projects/{project_in(place)}/settings/reassignment")
    page.get_by_label("Confidence", exact=True).fill("7")
    page.get_by_role("button", name="Review and save").click()
    expect(page.locator(".q-field", has=page.get_by_label("Confidence", exact=True))).to_contain_text(
        "less than or equal to 1"
    )


def test_reviews_are_routed_by_agreement(manager: Visit, place: Site) -> None:
    project = project_in(place)
    page = manager.go(f"/projects/{project}/settings/review")
    page.get_by_role("button", name="Add a rule").click()
    page.get_by_label("Threshold").fill("0.6")
    page.get_by_role("button", name="Review and save").click()
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Routing by agreement:")).to_be_visible()
    [rule] = settings_of(place, project, "review")["routing"]
    assert (rule["operator"], rule["threshold"], rule["sample_percent"]) == ("lt", 0.6, 100)


def test_another_definition_of_agreement_is_seen_beside_the_one_in_force(manager: Visit, place: Site) -> None:
    project = project_in(place, 1)
    page = manager.go(f"/projects/{project}/settings/agreement")
    choose(page, "Methodology", "Consensus: the share")
    page.get_by_role("button", name="Propose").click()
    proposed = page.locator(".an-definition", has=page.get_by_text("Proposed", exact=True))
    expect(proposed).to_contain_text("Consensus")
    proposed.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("Withdrawn", exact=True)).to_be_visible()


def test_a_rule_is_written_in_plain_words_and_removed(manager: Visit, place: Site) -> None:
    project = project_in(place)
    page = manager.go(f"/projects/{project}/settings/rules")
    page.get_by_role("button", name="New rule").click()
    dialog = page.get_by_role("dialog", name="Rule")
    dialog.get_by_label("Name").fill("too-fast")
    expect(dialog).to_contain_text("then they are paused from all work for 1 h.")
    dialog.get_by_label("Value").fill("4")
    expect(dialog).to_contain_text("at least 4,")
    seen_by_all(manager)
    dialog.get_by_role("button", name="Save rule").click()
    expect(page.get_by_text("When fast answers among the latest 10 (under 3.0 s): at least 4")).to_be_visible()
    [rule] = place.ask("GET", f"/v1/projects/{project}/rules")["rules"]
    assert (rule["name"], rule["conditions"][0]["value"]) == ("too-fast", 4)
    page.get_by_role("button", name="Remove too-fast").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("No rules")).to_be_visible()


def test_a_webhooks_secret_is_shown_once(manager: Visit, place: Site) -> None:
    project = project_in(place)
    page = manager.go(f"/projects/{project}/settings/webhooks")
    page.get_by_label("Address").fill("https://example.org/hook")
    page.get_by_role("button", name="Add webhook").click()
    secret = page.get_by_role("dialog").locator("code").inner_text()
    assert len(secret) > 20
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text("https://example.org/hook")).to_be_visible()
    assert secret not in page.content()


def test_a_field_is_kept_from_viewers(manager: Visit, place: Site) -> None:
    project = project_in(place, 1)
    page = manager.go(f"/projects/{project}/settings/data-fields")
    page.get_by_label("Another field").fill("iban")
    page.get_by_role("button", name="Add").click()
    field = page.get_by_role("group", name="Field iban")
    field.get_by_text("Sensitive").click()
    page.get_by_role("button", name="Review and save").click()
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    page.wait_for_function(
        f"fetch('/v1/projects/{project}').then(r => r.json()).then(p => p.settings.data_fields.fields.iban)"
    )
    assert settings_of(place, project, "data_fields")["fields"]["iban"]["sensitive"] is True


def test_what_users_wrote_is_shown_as_text_everywhere(manager: Visit, place: Site) -> None:
    xml = LABEL_CONFIG.replace('value="A"', 'value="&lt;img src=x onerror=alert(1)&gt;"')
    body = {"title": HOSTILE + LONG, "description": HOSTILE, "label_config": xml}
    project = place.ask("POST", "/v1/projects", json=body)["project"]
    place.ask("POST", f"/v1/projects/{project}/imports", json=[{"data": {"text": HOSTILE, HOSTILE: "{{7*7}}"}}])
    place.ask("PUT", f"/v1/projects/{project}/instructions", json={"instructions": HOSTILE})
    for room in ("", "/labeling", "/agreement", "/data-fields", "/history"):
        page = manager.go(f"/projects/{project}/settings{room}")
        expect(page.get_by_text(HOSTILE).first).to_be_visible()
        assert page.locator("img[src=x]").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), room


def test_who_does_not_manage_the_project_is_not_shown_its_settings(browser: Browser, place: Site) -> None:
    project = project_in(place, 1)
    place.ask("POST", f"/v1/projects/{project}/publish")
    place.member(project, "anna", "annotator")
    with visiting(browser, place, "anna") as visit:
        for path in ("settings", "settings/assignment", "policies"):
            page = refused(visit, f"/projects/{project}/{path}")
            expect(page.get_by_text("Not for you")).to_be_visible()
        page = refused(visit, "/projects/new")
        expect(page.get_by_text("Not for you")).to_be_visible()
        visit.complaints.clear()


def test_every_room_is_open_to_all(owner: Visit, crowd: Crowd) -> None:
    for room in ("/labeling", "/members", "/evaluation", "/history"):
        page = owner.go(f"/projects/{crowd.project}/settings{room}")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            expect(page.locator("body")).to_have_class(re.compile(f"body--{scheme}"))
            seen_by_all(owner)
