"""The whole story of a manager, by mouse: a project from nothing, real people's answers coming in, and what is done
about their disagreement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import httpx
import orjson
import pytest
from playwright.sync_api import Browser, Page, expect

from annolog.infra.replay.dataset import Dataset, RecordedLabel, load
from annolog.infra.replay.plan import label_config, result_of, tasks_of
from tests.infra.web.site import PATIENCE_MS, Site, Visit, visiting

pytestmark = [pytest.mark.browser, pytest.mark.slow]
expect.set_options(timeout=PATIENCE_MS)
TASKS, OVERLAP = 40, 3


@dataclass
class Replay:
    """Real people, each of whom answers the tasks that they answered once, in the order in which it happened."""

    site: Site
    project: int
    labels: Sequence[RecordedLabel]
    ids: Mapping[str, int]
    people: Mapping[str, int]
    data: Dataset
    given: int = 0

    def run(self) -> None:
        headers = {"Authorization": f"Bearer {self.site.token}"}
        with httpx.Client(base_url=self.site.url, headers=headers, timeout=60) as client:
            left = list(self.labels)
            while left:
                refused = [label for label in left if not self._answers(client, label)]
                if len(refused) == len(left):
                    return
                left = refused

    def _answers(self, client: httpx.Client, label: RecordedLabel) -> bool:
        answer = client.post(
            f"/v1/tasks/{self.ids[label.task]}/annotations",
            json={"result": result_of(label)},
            headers={"Annolog-On-Behalf-Of": str(self.people[label.worker])},
        )
        assert answer.status_code in (201, 403, 409), answer.text
        self.given += answer.status_code == 201
        return answer.status_code == 201


def _created(visit: Visit, data: Dataset) -> int:
    page = visit.go("/projects")
    page.get_by_role("button", name="New project").click()
    page.wait_for_url("**/projects/new")
    page.get_by_label("Title").fill("Does it follow?")
    editor = page.get_by_role("textbox", name="Labeling config as XML")
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(label_config(data))
    expect(page.get_by_text("Asks 1 question: label (Choices)")).to_be_visible()
    page.get_by_role("button", name="Create project").click()
    page.wait_for_url("**/settings/tasks")
    return int(page.url.split("/projects/")[1].split("/")[0])


def _imported(page: Page, data: Dataset, file: Path) -> None:
    file.write_bytes(b"\n".join(orjson.dumps(task) for task in tasks_of(data)))
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text(f"In {TASKS} lines: nothing wrong.")).to_be_visible()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text(f"{TASKS} tasks imported.")).to_be_visible()


def _invited(site: Site, page: Page, browser: Browser, project: int) -> None:
    """One is invited and joins; the others are there already and are made members all at once."""
    page.goto(f"{site.url}/people")
    page.get_by_role("button", name="Invite", exact=True).click()
    page.get_by_role("button", name="Get the link").click()
    link = page.get_by_role("dialog", name="The link of the invitation").locator("code").inner_text()
    with visiting(browser, site, None) as newcomer:
        there = newcomer.page
        there.goto(link)
        there.get_by_label("Name to sign in by").fill("nadia")
        there.get_by_label("Password", exact=True).fill("correct horse battery staple")
        there.get_by_label("Password again").fill("correct horse battery staple")
        there.get_by_role("button", name="Join").click()
        there.wait_for_url(lambda url: "/join" not in url)
    page.goto(f"{site.url}/projects/{project}/settings/members")
    page.get_by_role("combobox", name="People").fill("nadia")
    page.get_by_role("option", name="nadia").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("list", name="Members")).to_contain_text("nadia")


def _set(page: Page, site: Site, project: int, group: str, *fields: tuple[str, str]) -> None:
    page.goto(f"{site.url}/projects/{project}/settings/{group}")
    for label, value in fields:
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Review and save").click()
    dialog = page.get_by_role("dialog")
    accept = dialog.get_by_text("I accept tasks that nobody is left for")
    expect(dialog.get_by_role("button", name="Save")).to_be_visible()
    if accept.count():
        accept.click()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()


def _figure(page: Page, name: str) -> int:
    text = page.locator(".an-figure", has_text=name).locator(".an-figure-value").first.inner_text()
    return int(text.replace(",", "").replace("–", "0"))


def test_a_manager_begins_a_project_watches_it_and_changes_its_policy(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    whole = load("rte")
    wanted = set(whole.tasks[:TASKS])
    labels = [label for label in whole.labels if label.task in wanted]
    data = Dataset(whole.name, labels, whole.truth, whole.texts, 0)
    site.person("mona", "administrator")
    with visiting(browser, site, "mona") as visit:
        page = visit.page
        project = _created(visit, data)
        _imported(page, data, tmp_path / "pairs.ndjson")
        _invited(site, page, browser, project)
        people = {worker: site.member(project, f"w-{worker}", "annotator") for worker in data.workers}
        _set(page, site, project, "assignment", ("Annotations per task", str(OVERLAP)))
        page.goto(f"{site.url}/projects/{project}/settings")
        page.get_by_role("button", name="Publish", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name="Publish").click()
        page.wait_for_url(f"**/projects/{project}")

        # The dashboard moves by itself while people work.
        expect(page.locator(".an-figure", has_text="Submitted").first).to_be_visible()
        assert _figure(page, "Submitted") == 0
        first = site.ask("POST", f"/v1/projects/{project}/tasks/query", json={"limit": 1})["tasks"][0]["task"]
        ids = {task: first + number for number, task in enumerate(data.tasks)}
        replay = Replay(site, project, labels, ids, people, data)
        at_work = Thread(target=replay.run)
        at_work.start()
        page.wait_for_function(
            "[...document.querySelectorAll('.an-figure')].some(one => one.textContent.includes('Submitted') &&"
            " Number(one.querySelector('.an-figure-value').textContent.replace(',', '')) > 0)"
        )
        at_work.join()
        expect(page.locator(".an-figure", has_text="Submitted").locator(".an-figure-value").first).to_have_text(
            f"{replay.given:,}"
        )

        # Which tasks are contested most, and why one was given to more people.
        page.get_by_role("link", name="Tasks", exact=True).click()
        page.wait_for_url("**/tasks**")
        page.keyboard.press("v")
        page.get_by_role("dialog", name="Views").get_by_role("button", name="Most contested").click()
        link = page.locator(".ag-center-cols-container .ag-row a.an-link").first
        expect(link).to_be_visible()
        page.wait_for_url("**view=contested**")
        order = {"order": ["agreement", "-additional_slots"], "limit": 1}
        [contested] = site.ask("POST", f"/v1/projects/{project}/tasks/query", json=order)["tasks"]
        page.goto(f"{site.url}/tasks/{contested['task']}")
        why = page.locator(".an-card", has=page.get_by_role("heading", name="Why it is where it is"))
        expect(why).to_contain_text(f"{contested['annotator_count']} of")
        expect(why).to_contain_text("they disagree")
        visit.must_be_open_to_all()

        # What another policy would have cost and reached, and having it decide from now on.
        page.get_by_role("link", name="What-if").click()
        page.wait_for_url("**/policies")
        page.get_by_role("button", name="Simulate").click()
        expect(page.get_by_role("status").get_by_text("Simulating")).to_be_hidden(timeout=60_000)
        page.get_by_role("button", name="Use Agreement rule").first.click()
        page.get_by_role("dialog").get_by_role("button", name="Use this policy").click()
        expect(page.get_by_text("decides now.")).to_be_visible()
        settings = site.ask("GET", f"/v1/projects/{project}")["settings"]["reassignment"]
        assert (settings["enabled"], settings["policy"]) == (True, "agreement")
