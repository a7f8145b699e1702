"""Setting a project up, by mouse: from nothing to published, every setting with what it comes to, policies tried."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from tests.infra.web.conftest import Crowd
from tests.infra.web.site import AT_REST, PATIENCE_MS, TOLERATED, Site, Visit, replayed, serving, visiting
from tests.world import LABEL_CONFIG

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE_MS)
HOSTILE = "<img src=x onerror=alert(1)>{{7*7}} :alert(1) مرحبا"
LONG = "a long name " * 25


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server of this module's own, with a project of each test's making."""
    with serving(tmp_path_factory.mktemp("setup")) as found:
        yield found


@pytest.fixture
def manager(browser: Browser, place: Site) -> Iterator[Visit]:
    """The owner of it at their browser."""
    with visiting(browser, place) as visit:
        yield visit


def project_in(site: Site, tasks: int = 0, title: str = "Reviews", **settings: Any) -> int:
    body = {"title": title, "label_config": LABEL_CONFIG, "settings": settings}
    id: int = site.ask("POST", "/v1/projects", json=body)["project"]
    if tasks:
        lines = [{"data": {"text": f"text {number}"}} for number in range(tasks)]
        site.ask("POST", f"/v1/projects/{id}/imports", json=lines)
    return id


def refused(visit: Visit, path: str) -> Page:
    """Open a page that is not for who visits."""
    visit.page.goto(f"{visit.site.url}{path}")
    return visit.page


def seen_by_all(visit: Visit) -> None:
    """Nothing keeps somebody out, once what moves has come to rest."""
    visit.page.wait_for_function(AT_REST)
    if not visit.page.locator(".q-dialog__backdrop").count():
        visit.must_be_open_to_all()
        return
    # Behind and on a dialog of Quasar's axe takes the backdrop for the ground of a button; buttons are seen elsewhere.
    found = Axe().run(visit.page, options={"rules": {"color-contrast": {"enabled": False}}}).response["violations"]
    assert not [one for one in found if one["impact"] not in TOLERATED], found


def settings_of(site: Site, project: int, group: str) -> dict[str, Any]:
    found: dict[str, Any] = site.ask("GET", f"/v1/projects/{project}")["settings"][group]
    return found


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_label(label, exact=True).click()
    page.get_by_role("option", name=option).click()


def write_config(page: Page, xml: str) -> None:
    editor = page.get_by_role("textbox", name="Labeling config as XML")
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(xml)


def test_a_manager_makes_a_project_from_nothing_to_published(manager: Visit, place: Site, tmp_path: Path) -> None:
    place.person("ada")
    page = manager.go("/projects/new")
    steps = page.get_by_role("list", name="Set-up").get_by_role("listitem")
    expect(steps).to_have_count(4)
    page.get_by_role("button", name="Create project").click()
    expect(page.get_by_text("A project needs a title")).to_be_visible()
    page.get_by_label("Title").fill("Films")
    page.get_by_role("button", name="Rating").click()
    expect(page.get_by_text("Asks 2 questions: quality (Rating), reason (TextArea)")).to_be_visible()
    expect(page.locator(".an-labeling")).to_contain_text("polite and to the point")
    seen_by_all(manager)
    page.get_by_role("button", name="Create project").click()

    page.wait_for_url("**/settings/tasks")
    project = int(page.url.split("/projects/")[1].split("/")[0])
    expect(steps.nth(0)).to_contain_text("done")
    expect(steps.nth(1)).to_contain_text("publish needs tasks")
    file = tmp_path / "films.csv"
    file.write_text('text,year\n"Slow, but fine.",1999\nA waste of time.,2004\n')
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("In 2 lines: nothing wrong.")).to_be_visible()
    expect(page.get_by_role("list", name="Fields")).to_contain_text("$text ✓")
    expect(page.get_by_role("cell", name="Slow, but fine.")).to_be_visible()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("2 tasks imported.")).to_be_visible()
    page.get_by_role("link", name="Next: add people").click()

    page.wait_for_url("**/settings/members")
    page.get_by_role("combobox", name="People").fill("ada")
    page.get_by_role("option", name="ada").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("list", name="Members")).to_contain_text("ada")
    page.get_by_role("link", name="Next: publish").click()

    page.get_by_role("button", name="Publish", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 annotator can begin with 2 tasks at once")
    dialog.get_by_role("button", name="Publish").click()
    page.wait_for_url(f"**/projects/{project}")
    manager.complaints.clear()  # The dashboard is another page's.
    shown = place.ask("GET", f"/v1/projects/{project}")
    assert (shown["published"], shown["tasks"], shown["title"]) == (True, 2, "Films")
    assert [member["role"] for member in shown["members"]] == ["annotator"]


def test_without_tasks_it_is_said_what_publishing_needs(manager: Visit, place: Site) -> None:
    page = manager.go(f"/projects/{project_in(place)}/settings")
    expect(page.get_by_role("button", name="Publish", exact=True)).to_be_disabled()
    expect(page.get_by_text("Not yet: publish needs tasks; without annotators nobody will answer.")).to_be_visible()


def test_a_broken_config_is_explained_where_it_is_broken(manager: Visit, place: Site) -> None:
    project = project_in(place, 1)
    page = manager.go(f"/projects/{project}/settings/labeling")
    expect(page.get_by_text("Asks 1 question")).to_be_visible()
    expect(page.locator(".an-labeling")).to_contain_text("text 0")
    write_config(page, '<View>\n<Choices name="c" toName="nothing"><Choice value="1"/></Choices></View>')
    expect(page.get_by_text("Line 2: Choices 'c' is about 'nothing'")).to_be_visible()
    page.get_by_role("button", name="Save config").click()
    expect(page.get_by_text("The labeling config has mistakes")).to_be_visible()
    write_config(page, "<View><Text></View>")
    expect(page.get_by_text("Line 1: The labeling config is not well-formed XML")).to_be_visible()
    assert place.ask("GET", f"/v1/projects/{project}")["config_version"] == 1


def test_what_a_config_means_for_answers_is_said_before_it_is_saved(manager: Visit, place: Site) -> None:
    project = project_in(place)
    answer = [{"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": ["A"]}}]
    tasks = [{"data": {"text": "one"}, "annotations": [{"result": answer}]}]
    place.ask("POST", f"/v1/projects/{project}/imports", json=tasks)
    page = manager.go(f"/projects/{project}/settings/labeling")
    config = LABEL_CONFIG.replace('<Choice value="A"/>', '<Choice value="New"/>')
    write_config(page, config)
    lost = page.locator(".an-change").get_by_text("loses A. Answers that have it stay")
    expect(lost).to_be_visible()
    page.get_by_role("button", name="Save config").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 annotation keep the version they were made with")
    dialog.get_by_role("button", name="Save config").click()
    expect(page.get_by_text("Previewed on a task of the project.")).to_be_visible()
    page.wait_for_function(f"fetch('/v1/projects/{project}').then(r => r.json()).then(p => p.config_version === 2)")


def test_a_broken_file_is_explained_line_by_line_and_the_rest_can_be_taken(
    manager: Visit, place: Site, tmp_path: Path
) -> None:
    project = project_in(place)
    file = tmp_path / "tasks.ndjson"
    file.write_text(f'{{"text": {json.dumps(HOSTILE)}}}\n{{broken\n{{"words": "no text"}}\n')
    page = manager.go(f"/projects/{project}/settings/tasks")
    page.locator("input[type=file]").set_input_files(file)
    wrong = page.get_by_role("list", name="Lines that are wrong")
    expect(wrong).to_contain_text("line 2 is not JSON")
    expect(wrong).to_contain_text("line 3 the labeling config needs this")
    expect(page.get_by_role("list", name="Fields")).to_contain_text("$text missing in some")
    expect(page.get_by_role("cell", name=HOSTILE)).to_be_visible()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("2 of 3 lines are wrong, and nothing was written")
    seen_by_all(manager)
    # The browser itself reports the refusal.
    assert [one for one in manager.complaints if "422" not in one] == []
    manager.complaints.clear()
    page.get_by_label("Leave wrong lines out").check()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("1 task imported; 2 lines left out")).to_be_visible()
    assert place.ask("GET", f"/v1/projects/{project}")["tasks"] == 1


def test_an_import_that_was_interrupted_goes_on_and_nothing_comes_twice(
    manager: Visit, place: Site, tmp_path: Path
) -> None:
    project = project_in(place)
    file = tmp_path / "many.ndjson"
    file.write_text("".join(f'{{"text": "line {number}"}}\n' for number in range(12_000)))
    page = manager.go(f"/projects/{project}/settings/tasks")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("12,000 lines")).to_be_visible()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("of about 12,000 tasks are in")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Interrupt").click()
    expect(page.get_by_role("alert")).to_contain_text("What is in stays in")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("12,000 tasks imported.")).to_be_visible(timeout=60_000)
    assert place.ask("GET", f"/v1/projects/{project}")["tasks"] == 12_000


def test_pasted_tasks_pressed_twice_are_imported_once(manager: Visit, place: Site) -> None:
    project = project_in(place)
    page = manager.go(f"/projects/{project}/settings/tasks")
    page.get_by_text("Or paste tasks").click()
    page.get_by_label("Tasks to paste").fill('[{"text": "one"}, {"text": "two"}]')
    page.get_by_role("button", name="Look at it").click()
    button = page.get_by_role("button", name="Import", exact=True)
    expect(button).to_be_enabled()

    def answer_is_lost(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/imports?*", answer_is_lost, times=1)
    button.click()
    expect(page.get_by_role("alert")).to_contain_text("The connection broke off")
    manager.complaints.clear()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("2 tasks imported.")).to_be_visible()
    assert place.ask("GET", f"/v1/projects/{project}")["tasks"] == 2


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


def test_members_are_found_paused_and_removed(manager: Visit, place: Site) -> None:
    project = project_in(place)
    for handle in ("kay", "lou"):
        place.member(project, handle, "annotator")
    page = manager.go(f"/projects/{project}/settings/members")
    page.get_by_label("Filter members").fill("ka")
    expect(page.get_by_role("link", name="lou")).to_be_hidden()
    page.get_by_role("button", name="Pause kay").click()
    page.get_by_role("dialog").get_by_role("button", name="Pause").click()
    expect(page.get_by_role("list", name="Members")).to_contain_text("paused")
    page.get_by_role("button", name="Resume kay").click()
    expect(page.get_by_role("button", name="Pause kay")).to_be_visible()
    choose(page, "Role of kay", "Reviewer")
    page.wait_for_function(
        f"fetch('/v1/projects/{project}').then(r => r.json()).then(p => p.members.some(m => m.role === 'reviewer'))"
    )
    page.get_by_role("button", name="Remove kay").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("link", name="kay")).to_be_hidden()
    assert [member["person"] for member in place.ask("GET", f"/v1/projects/{project}")["members"]] == [
        place.people["lou"]
    ]


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


def test_a_policy_is_tried_takes_over_and_is_taken_back(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("what-if")
    project = replayed(folder, 40)
    with serving(folder) as site, visiting(browser, site) as visit:
        before = site.ask("GET", f"/v1/projects/{project}")["settings"]
        page = visit.go(f"/projects/{project}/policies")
        expect(page.get_by_text("Nothing was simulated yet")).to_be_visible()
        page.get_by_role("checkbox", name="Confidence").click()
        page.get_by_role("button", name="Simulate").click()
        expect(page.get_by_role("status").get_by_text("Simulating")).to_be_hidden(timeout=30_000)
        row = page.get_by_role("row", name="Fixed number of answers 2")
        expect(row).to_be_visible()
        asked = {"policies": [{"policy": "fixed", "parameters": [2]}], "seeds": 3}
        outcomes = site.ask("POST", f"/v1/projects/{project}/simulations", json=asked)["outcomes"]
        mean = sum(one["accuracy"] for one in outcomes) / len(outcomes)
        expect(row).to_contain_text(f"{mean * 100:.1f} %")
        expect(page.get_by_text("in force", exact=True)).to_be_visible()
        expect(page.get_by_text("No truth is known for these tasks")).to_be_visible()
        seen_by_all(visit)
        page.get_by_role("button", name="Use Fixed number of answers 2").click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("Annotations per task")
        dialog.get_by_role("button", name="Use this policy").click()
        expect(page.get_by_text("Fixed number of answers 2 decides now.")).to_be_visible()
        now = site.ask("GET", f"/v1/projects/{project}")["settings"]
        assert (now["assignment"]["overlap"], now["reassignment"]["enabled"]) == (2, False)
        page.get_by_role("button", name="Undo the last change").click()
        for _ in range(2):
            dialog.get_by_role("button", name="Undo", exact=True).click()
            expect(page.get_by_text("The change was taken back.").last).to_be_visible()
        page.wait_for_function(
            f"fetch('/v1/projects/{project}').then(r => r.json()).then(p => p.settings.assignment.overlap !== 2)"
        )
        assert site.ask("GET", f"/v1/projects/{project}")["settings"] == before
