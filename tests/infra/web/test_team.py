"""The pages of a project's people: tables, the matrix of agreement, and one person's page."""

from __future__ import annotations

import csv
import json
import re
from itertools import combinations
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Browser, Page, expect

from annolog.commands.reviewing import SetGroundTruth
from annolog.infra.composition import Installation
from annolog.infra.settings import InstallationSettings
from annolog.infra.web.parts.words import duration
from tests.infra.web.conftest import TASKS, Crowd
from tests.infra.web.site import Site, Visit, serving, visiting
from tests.world import LABEL_CONFIG, MovableClock, World, result

pytestmark = pytest.mark.browser
DAY = 86_400.0
HOSTILE = ("<img src=x onerror=alert(1)>", "{{7*7}}", ":alert(1)", "n" * 300, "\u202e\u0645\u0631\u062d\u0628\u0627")
SCHEMES = ("light", "dark")


def people_path(crowd: Crowd, more: str = "") -> str:
    return f"/projects/{crowd.project}/people{more}"


def everybody(crowd: Crowd) -> dict[int, str]:
    """Handles of those who annotate, whether they have begun or not."""
    found = crowd.site.ask("GET", f"/v1/projects/{crowd.project}/people")["people"]
    return {one["person"]: one["handle"] for one in found if one["role"] == "annotator"}


def cells(page: Page, table: str, row: str) -> list[str]:
    found = page.get_by_label(table, exact=True).locator("tbody tr", has=page.get_by_text(row, exact=True))
    return [text.strip() for text in found.first.locator("td").all_inner_texts()]


def percent(value: float | None) -> str:
    return "–" if value is None else f"{value * 100:.0f} %"


def answered_alike(crowd: Crowd) -> dict[tuple[str, str], tuple[int, int]]:
    """By two people: how many tasks both answered, and how many alike; counted by hand from the answers."""
    names = everybody(crowd)
    board = crowd.site.ask("GET", f"/v1/projects/{crowd.project}/tasks", params={"limit": 1000})["tasks"]
    assert len(board) == TASKS
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for row in board:
        annotations = crowd.site.ask("GET", f"/v1/tasks/{row['task']}")["annotations"]
        said = {names[one["annotator"]]: one["result"][0]["value"]["choices"] for one in annotations}
        for one, other in combinations(sorted(said), 2):
            tasks, alike = found.get((one, other), (0, 0))
            found[one, other] = (tasks + 1, alike + (said[one] == said[other]))
    return found


def test_a_manager_finds_somebody_in_the_table_and_opens_their_page(owner: Visit, crowd: Crowd) -> None:
    rows = crowd.site.ask("GET", f"/v1/projects/{crowd.project}/annotators")["annotators"]
    names = everybody(crowd)
    page = owner.go(people_path(crowd))
    expect(page.get_by_text(f"{len(names)} annotators", exact=True)).to_be_visible()
    [most] = sorted(rows, key=lambda row: (-row["submitted"], row["person"]))[:1]
    first = page.get_by_label("Annotators", exact=True).locator("tbody tr").first
    expect(first).to_contain_text(f"{most['submitted']:,}")
    shown = cells(page, "Annotators", names[most["person"]])
    assert {f"{most['submitted']:,}", percent(most["agreement"]), "Active"} <= set(shown)
    total = page.locator(".an-total td").all_inner_texts()
    pairs = sum(row["agreement_pairs"] for row in rows)
    mean = sum((row["agreement"] or 0) * row["agreement_pairs"] for row in rows) / pairs
    assert {f"All {len(names)}", f"{sum(row['submitted'] for row in rows):,}", percent(mean)} <= set(total)

    heading = page.get_by_role("columnheader", name="Agreement")
    heading.get_by_role("button").press("Enter")
    expect(heading).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("checkbox", name="Comparisons").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("columnheader", name="Comparisons")).to_be_visible()
    somebody = rows[3]
    page.get_by_label("Filter Annotators").fill(names[somebody["person"]])
    link = page.get_by_role("link", name=names[somebody["person"]])
    expect(page.get_by_label("Annotators", exact=True).locator("tbody tr:not(.an-total)")).to_have_count(1)
    link.click()
    page.wait_for_url(f"**{people_path(crowd)}/{somebody['person']}")
    expect(page.get_by_role("heading", level=1)).to_have_text(names[somebody["person"]])


def test_the_table_is_taken_along_whole(owner: Visit, crowd: Crowd) -> None:
    rows = crowd.site.ask("GET", f"/v1/projects/{crowd.project}/annotators")["annotators"]
    page = owner.go(people_path(crowd))
    with page.expect_download() as download:
        page.get_by_role("button", name="Download Annotators").click()
    with Path(download.value.path()).open(newline="", encoding="utf-8-sig") as file:
        lines = list(csv.DictReader(file))
    idle = [0] * (len(everybody(crowd)) - len(rows))
    assert sorted(int(line["submitted"]) for line in lines) == sorted([*idle, *(row["submitted"] for row in rows)])


def test_the_matrix_is_what_people_said_counted_by_hand(owner: Visit, crowd: Crowd) -> None:
    raw = answered_alike(crowd)
    page = owner.go(people_path(crowd, "?view=agreement"))
    matrix = page.get_by_role("grid", name="Agreement of every two people")
    expect(matrix).to_be_visible()
    workers = matrix.locator("thead th").all_inner_texts()[1:]
    assert 2 < len(workers) <= 40
    expect(page.get_by_text(f"{len(workers)} of ", exact=False).first).to_be_visible()
    shown = matrix.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.querySelectorAll('td')].map(cell => cell.innerText.split(/\\s+/).join(' ')))"
    )
    for y, one in enumerate(workers):
        sums = [0, 0]
        for x, other in enumerate(workers):
            tasks, alike = raw.get((min(one, other), max(one, other)), (0, 0))
            if one == other:
                assert shown[y][x].strip() == ""
            elif not tasks:
                assert shown[y][x].strip() == "–"
            else:
                assert shown[y][x].strip() == f"{100 * alike / tasks:.0f} {tasks}"
                sums = [sums[0] + tasks, sums[1] + alike]
        if sums[0]:
            assert shown[-1][y].strip() == f"{100 * sums[1] / sums[0]:.0f} {sums[0]:,}"


def test_a_cell_leads_to_two_people_and_their_contested_tasks(owner: Visit, crowd: Crowd) -> None:
    pairs = crowd.site.ask("GET", f"/v1/projects/{crowd.project}/agreement/pairs")["pairs"]
    names = {handle: person for person, handle in everybody(crowd).items()}
    page = owner.go(people_path(crowd, "?view=agreement"))
    matrix = page.get_by_role("grid")
    heads = matrix.locator("thead th").all_inner_texts()[1:]
    one, other = names[heads[0]], names[heads[1]]
    [pair] = [pair for pair in pairs if {pair["one"], pair["other"]} == {one, other}]
    # By keyboard: the first cell is somebody beside themselves, the one to its right is not.
    matrix.locator("td").first.focus()
    page.keyboard.press("ArrowRight")
    focused = page.locator("td:focus")
    words = f"{heads[0]}, {heads[1]}: {pair['agreement'] * 100:.0f} %"
    expect(focused).to_have_attribute("aria-label", re.compile(f"^{words}.*{pair['tasks']} tasks$"))
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Cohen's kappa", exact=True)).to_be_visible()
    exact = crowd.site.ask(
        "GET",
        f"/v1/projects/{crowd.project}/agreement/pairs/{one}/{other}",
        params={"dimension": "label", "resamples": 0},
    )
    kappa = exact["coefficients"]["cohen_kappa"]["value"]
    row = dialog.locator("tr", has=page.get_by_role("rowheader", name="Cohen's kappa", exact=True))
    expect(row.locator("td").first).to_have_text(f"{kappa:.2f}".replace("-", "−"))
    owner.must_be_open_to_all()
    href = dialog.get_by_role("link", name="Contested tasks").get_attribute("href") or ""
    filters = json.loads(parse_qs(urlparse(href).query)["filters"][0])
    assert [item["value"] for item in filters["items"][:2]] == [one, other]
    asked = {"filters": json.dumps(filters), "order": "agreement"}
    assert "tasks" in crowd.site.ask("GET", f"/v1/projects/{crowd.project}/tasks", params=asked)


def test_the_matrix_has_whom_one_chooses(owner: Visit, crowd: Crowd) -> None:
    rows = crowd.site.ask("GET", f"/v1/projects/{crowd.project}/annotators")["annotators"]
    names = everybody(crowd)
    page = owner.go(people_path(crowd, "?view=agreement"))
    page.get_by_role("button", name="Lowest agreement").click()
    lowest = sorted((row for row in rows if row["agreement"] is not None), key=lambda row: row["agreement"])
    first = page.get_by_role("grid").locator("thead th").nth(1)
    expect(first).to_have_text(names[lowest[0]["person"]])
    chooser = page.get_by_role("combobox", name="People")
    chooser.fill(names[lowest[0]["person"]])
    page.get_by_role("option", name=names[lowest[0]["person"]]).click()
    expect(first).to_have_text(names[lowest[1]["person"]])


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_page_of_the_team_is_open_to_all(owner: Visit, crowd: Crowd, scheme: str) -> None:
    owner.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for more in ("", "?view=agreement", "?view=reviewers", "/3"):
        page = owner.go(people_path(crowd, more))
        expect(page.locator(".an-card").first).to_be_visible()
        owner.must_be_open_to_all()


def test_a_page_about_somebody_says_what_the_api_says(owner: Visit, crowd: Crowd) -> None:
    base = f"/v1/projects/{crowd.project}"
    rows = crowd.site.ask("GET", f"{base}/annotators")["annotators"]
    own = max(rows, key=lambda row: row["submitted"])
    page = owner.go(people_path(crowd, f"/{own['person']}"))

    def figure(name: str) -> Any:
        return page.locator(".an-figure", has=page.get_by_text(name, exact=True)).locator(".an-figure-value")

    expect(figure("Annotations")).to_have_text(f"{own['submitted']:,}")
    expect(figure("Agreement")).to_have_text(percent(own["agreement"]))
    place = page.locator("tr", has=page.get_by_role("rowheader", name="Annotations", exact=True)).locator("td")
    middle = sorted(row["submitted"] for row in rows)
    expect(place.nth(1)).to_have_text(f"{(middle[(len(middle) - 1) // 2] + middle[len(middle) // 2]) / 2:,.0f}")
    expect(place.nth(2)).to_have_text(f"1 of {len(rows)}")
    filters = {
        "conjunction": "and",
        "items": [{"filter": "annotators", "operator": "contains", "value": own["person"]}],
    }
    asked = {"filters": json.dumps(filters), "order": "-updated_at", "limit": 10}
    latest = crowd.site.ask("GET", f"{base}/tasks", params=asked)["tasks"]
    links = page.get_by_label("Latest tasks", exact=True).get_by_role("link")
    expect(links).to_have_text([f"Task {task['task']}" for task in latest])
    why = crowd.site.ask("GET", f"{base}/annotators/{own['person']}/why")
    expect(page.get_by_text(why["no_work"]["words"])).to_be_visible()
    assert owner.page.goto(f"{crowd.site.url}{people_path(crowd, '/999999')}").status == 404  # type: ignore[union-attr]
    owner.complaints.clear()


def small(site: Site, *handles: str, config: str = LABEL_CONFIG, **settings: Any) -> int:
    """A published project of three tasks with these annotators and a reviewer, `rita`."""
    body = {"title": "Small", "label_config": config, "settings": settings}
    project: int = site.ask("POST", "/v1/projects", json=body)["project"]
    for handle in handles:
        site.member(project, handle, "annotator")
    site.member(project, "rita", "reviewer")
    lines = [{"data": {"text": f"text {number}"}} for number in range(3)]
    site.ask("POST", f"/v1/projects/{project}/imports", json=lines)
    site.ask("POST", f"/v1/projects/{project}/publish")
    return project


def answer(site: Site, task: int, who: str, label: str = "A", **more: Any) -> int:
    body = {"result": result(label), "lead_time": 12.0, **more}
    annotation: int = site.ask("POST", f"/v1/tasks/{task}/annotations", site.people[who], json=body)["annotation"]
    return annotation


def settled(site: Site, project: int) -> None:
    position = site.ask("POST", f"/v1/projects/{project}/unpublish")["position"]
    position = site.ask("POST", f"/v1/projects/{project}/publish")["position"]
    site.ask("GET", f"/v1/projects/{project}/annotators", params={"min_position": position})


def test_somebody_is_paused_for_a_reason_and_may_work_again(browser: Browser, site: Site) -> None:
    project = small(site, "ann", "bob")
    ann = site.people["ann"]
    with visiting(browser, site, reduced_motion="reduce") as visit:
        page = visit.go(f"/projects/{project}/people/{ann}")
        page.get_by_role("button", name="Pause ann").click()
        dialog = page.get_by_role("dialog", name="Pause ann")
        dialog.get_by_label("Reason").fill(f"training {HOSTILE[0]}")
        dialog.get_by_label("Until").fill("2031-03-04T09:30")
        # What is still coming into view looks paler than it is.
        expect(page.locator("[class*='-enter-']")).to_have_count(0)
        visit.must_be_open_to_all()
        dialog.get_by_role("button", name="Pause", exact=True).click()
        expect(page.get_by_text("until 4 Mar 2031, 09:30")).to_contain_text(f"training {HOSTILE[0]}")
        [paused] = [one for one in site.ask("GET", f"/v1/projects/{project}")["members"] if one["person"] == ann]
        assert paused["pauses"][0]["until"] == "2031-03-04T09:30:00+00:00"
        expect(page.get_by_text("Kept from work")).to_be_visible()
        with visiting(browser, site, "ann") as other:
            own = other.go(f"/projects/{project}/people/{ann}")
            expect(own.get_by_text(f"training {HOSTILE[0]}")).to_be_visible()
        visit.go(f"/projects/{project}/people")
        assert "Paused" in cells(page, "Annotators", "ann")
        visit.go(f"/projects/{project}/people/{ann}")
        page.get_by_role("button", name="Resume ann").click()
        expect(page.get_by_role("button", name="Resume ann")).to_have_count(0)
        [member] = [one for one in site.ask("GET", f"/v1/projects/{project}")["members"] if one["person"] == ann]
        assert member["pauses"] == []


def test_an_annotator_is_led_to_their_own_page_and_sees_nobody_else(browser: Browser, site: Site) -> None:
    project = small(site, "ann", "bob", assignment={"overlap": 2})
    bob = site.people["bob"]
    for who, label in (("ann", "A"), ("bob", "B")):
        answer(site, 1, who, label)
    settled(site, project)
    with visiting(browser, site, "ann") as visit:
        page = visit.go(f"/projects/{project}/people")
        expect(page.get_by_role("heading", level=1)).to_have_text("ann")
        figure = page.locator(".an-figure", has=page.get_by_text("Annotations", exact=True))
        expect(figure.locator(".an-figure-value")).to_have_text("1")
        expect(page.get_by_role("button", name="Pause")).to_have_count(0)
        for words in ("Beside the team", "Latest tasks", "Changes noticed", "team's median", "bob"):
            expect(page.get_by_text(words)).to_have_count(0)
        visit.must_be_open_to_all()
        refused = page.goto(f"{site.url}/projects/{project}/people/{bob}")
        assert refused is not None
        assert refused.status == 403
        visit.complaints.clear()
        expect(page.get_by_text("Not for you")).to_be_visible()
        expect(page.get_by_text("bob")).to_have_count(0)


def test_a_reviewer_who_is_shown_no_names_finds_none(browser: Browser, site: Site) -> None:
    blind = {"anonymize_annotations": True, "show_agreement": False}
    project = small(site, "ann", "bob", assignment={"overlap": 2}, review=blind)
    for who in ("ann", "bob"):
        answer(site, 1, who)
    settled(site, project)
    with visiting(browser, site, "rita") as visit:
        page = visit.go(f"/projects/{project}/people")
        ann = site.people["ann"]
        expect(page.get_by_text("Annotators are not shown here")).to_be_visible()
        refused = page.goto(f"{site.url}/projects/{project}/people/{ann}")
        assert refused is not None
        assert refused.status == 403
        visit.complaints.clear()
        for more in ("", "?view=agreement", "?view=reviewers"):
            visit.go(f"/projects/{project}/people{more}")
            expect(page.get_by_text("ann", exact=True)).to_have_count(0)
            expect(page.get_by_text(f"Annotator {ann}")).to_have_count(0)
            expect(page.get_by_role("grid")).to_have_count(0)
            visit.must_be_open_to_all()
        visit.go(f"/projects/{project}/people?view=agreement")
        expect(page.get_by_text("Agreement is not shown here")).to_be_visible()


def test_a_project_without_people_says_so(browser: Browser, site: Site) -> None:
    project = site.ask("POST", "/v1/projects", json={"title": "Empty", "label_config": LABEL_CONFIG})["project"]
    with visiting(browser, site) as visit:
        for more, words in (
            ("", "Nobody annotates here yet"),
            ("?view=agreement", "Nobody to compare yet"),
            ("?view=reviewers", "Nothing has been reviewed yet"),
        ):
            page = visit.go(f"/projects/{project}/people{more}")
            expect(page.get_by_text(words)).to_be_visible()
            visit.must_be_open_to_all()


def test_what_people_call_themselves_and_their_labels_is_text(browser: Browser, site: Site) -> None:
    hostile = HOSTILE[:3]
    choices = "".join(f'<Choice value="{value.replace("<", "&lt;")}"/>' for value in hostile)
    config = f'<View><Text name="text" value="$text"/><Choices name="label" toName="text">{choices}</Choices></View>'
    project = small(site, *(f"p{number}" for number in range(len(HOSTILE))), config=config, assignment={"overlap": 5})
    for number, name in enumerate(HOSTILE):
        who = f"p{number}"
        site.ask("PUT", f"/v1/people/{site.people[who]}", json={"name": name[:200]})
        for task in (1, 2):
            answer(site, task, who, hostile[(number + task) % 3])
    settled(site, project)
    with visiting(browser, site) as visit:
        page = visit.go(f"/projects/{project}/people")
        for name in HOSTILE:
            expect(page.get_by_role("link", name=name[:200], exact=True)).to_be_visible()
        visit.go(f"/projects/{project}/people?view=agreement")
        expect(page.get_by_role("grid").get_by_role("link", name=HOSTILE[0])).to_be_visible()
        page.get_by_role("grid").locator("td").nth(1).click()
        expect(page.get_by_role("dialog").get_by_role("rowheader", name=HOSTILE[0], exact=True)).to_be_visible()
        visit.go(f"/projects/{project}/people/{site.people['p0']}")
        expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE[0])
        assert page.locator("img[src=x]").count() == 0
        assert "49" not in page.locator("h1").inner_text()
        visit.must_be_open_to_all()


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A server on which somebody's pace changed after eight days, and the truth of some tasks is known."""
    folder, clock = tmp_path_factory.mktemp("hasty"), MovableClock()
    clock.forward(-30 * DAY)
    with Installation(InstallationSettings(data_dir=folder), clock=clock) as installation:
        world = World(installation, clock)
        world.set_up(tasks=70, managers="max", evaluation={"drift": True})
        for task in (1, 2, 3):
            world.run(SetGroundTruth(task=task, annotation=world.submit("rev", task, "A")), "rev")
        task = 0
        for seconds in (30.0, 33.0, 29.0, 31.0, 30.0, 32.0, 28.0, 31.0, 5.0, 4.0, 5.0, 5.0):
            for _ in range(5):
                task += 1
                world.submit("ann", task, "B" if task == 2 else "A", lead_time=seconds)
            world.settle()
            clock.forward(DAY)
        world.settle()
        project, people = world.project, dict(world.people)
    with serving(folder) as site:
        site.people |= people
        yield site, project, people["ann"]


def test_a_change_is_shown_with_its_tasks_and_dismissed(browser: Browser, hasty: tuple[Site, int, int]) -> None:
    site, project, ann = hasty
    [alarm] = site.ask("GET", f"/v1/projects/{project}/drift")["alarms"]
    with visiting(browser, site) as visit:
        page = visit.go(f"/projects/{project}/people/{ann}")
        article = page.get_by_role("article")
        expect(article).to_contain_text(f"Time taken fell since {alarm['since']}")
        before, after = (
            [one for one in alarm["figures"] if (one["day"] < alarm["since"]) is early and one["day"] <= alarm["until"]]
            for early in (True, False)
        )
        means = [sum(one["value"] for one in part) / len(part) for part in (before, after)]
        expect(article).to_contain_text(f"From {duration(means[0])} to {duration(means[1])}, noticed on")
        link = article.get_by_role("link", name=f"{len(alarm['tasks'])} tasks")
        filters = json.loads(parse_qs(urlparse(link.get_attribute("href") or "").query)["filters"][0])
        assert filters["items"][0]["value"] == alarm["tasks"]
        article.get_by_role("button", name="Dismiss").click()
        dialog = page.get_by_role("dialog", name="Dismiss this alarm")
        dialog.get_by_label("Reason").fill("talked to")
        dialog.get_by_role("button", name="Dismiss").click()
        expect(article).to_contain_text("talked to")
        expect(article.get_by_role("button", name="Dismiss")).to_have_count(0)
        [alarm] = site.ask("GET", f"/v1/projects/{project}/drift")["alarms"]
        assert (alarm["dismissed"], alarm["dismissed_because"]) == (True, "talked to")
        visit.must_be_open_to_all()


def test_accuracy_and_confusion_against_the_truth_are_those_of_the_api(
    browser: Browser, hasty: tuple[Site, int, int]
) -> None:
    site, project, ann = hasty
    mean = site.ask("GET", f"/v1/projects/{project}/people/{ann}/against-truth")["mean"]
    assert mean["answers"] == 3
    low, high = mean["interval"]
    with visiting(browser, site) as visit:
        page = visit.go(f"/projects/{project}/people/{ann}")
        figure = page.locator(".an-figure", has=page.get_by_text("Ground truth", exact=True))
        expect(figure).to_contain_text(percent(mean["value"]))
        expect(figure).to_contain_text(f"{percent(low)} to {percent(high)}, 3 tasks")
        table = page.get_by_role("region", name="what they say beside true", exact=True)
        expect(table.locator("tbody tr").first.locator("td")).to_have_text(["67 %2", "33 %1"])
        with page.expect_download() as download:
            page.get_by_role("button", name="Download the numbers of Work and speed by day").click()
        with Path(download.value.path()).open(newline="", encoding="utf-8-sig") as file:
            lines = list(csv.DictReader(file))
        assert [int(line["submissions"]) for line in lines] == [5] * 12
        assert [float(line["mean_lead_time"]) for line in lines[-4:]] == [5.0, 4.0, 5.0, 5.0]
