"""Everybody who works in a project: tables, the matrix of agreement, one person's figures."""

from __future__ import annotations

import csv
import json
import re
from itertools import combinations
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import expect

from tests.infra.web.conftest import TASKS, Crowd
from tests.infra.web.site import Visit
from tests.infra.web.team.figures import cells, percent

pytestmark = pytest.mark.browser


SCHEMES = ("light", "dark")


def people_path(crowd: Crowd, more: str = "") -> str:
    return f"/projects/{crowd.project}/people{more}"


def everybody(crowd: Crowd) -> dict[int, str]:
    """Handles of those who annotate, whether they have begun or not."""
    found = crowd.site.ask("GET", f"/v1/projects/{crowd.project}/people")["people"]
    return {one["person"]: one["handle"] for one in found if one["role"] == "annotator"}


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
    answer = owner.page.goto(f"{crowd.site.url}{people_path(crowd, '/999999')}")
    assert answer is not None
    assert answer.status == 404
    owner.complaints.clear()
