"""A project from nothing to published: its config, its tasks, its people."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.infra.web.setup.place import HOSTILE, choose, project_in, seen_by_all
from tests.infra.web.site import Site, Visit
from tests.world import LABEL_CONFIG

pytestmark = pytest.mark.browser


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
