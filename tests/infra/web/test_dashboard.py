"""The dashboard of a project says what the API says, leads to the tasks it counts, and moves by itself."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from annolog.infra.web.parts.words import duration, number, share
from tests.infra.web.conftest import Crowd
from tests.infra.web.month import a_month
from tests.infra.web.site import Site, Visit, serving, visiting

pytestmark = pytest.mark.browser
HOSTILE = ["<img src=x onerror=alert(1)>", "{{7*7}}", ":alert(1)", "x" * 300, "مرحبا بالعالم"]


@pytest.fixture(scope="session")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    """Four weeks of work, with reviews, and tasks left. Nobody changes what is in it."""
    folder = tmp_path_factory.mktemp("month")
    project = a_month(folder)
    with serving(folder) as site:
        yield Crowd(site, project)


@pytest.fixture
def manager(browser: Browser, month: Crowd) -> Iterator[Visit]:
    """The owner of that server at their browser."""
    with visiting(browser, month.site) as visit:
        yield visit


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server in which each test has a project of its own."""
    with serving(tmp_path_factory.mktemp("desk")) as found:
        yield found


def figure(page: Page, key: str) -> Locator:
    """The value of a figure."""
    return page.locator(f"[data-figure={key}] .an-figure-value")


def rows_of(page: Page, chart: str) -> list[tuple[str, dict[str, str]]]:
    """What a chart shows as a table: of each row where it leads, and its cells."""
    page.get_by_role("button", name=f"Show {chart} as a table").click()
    dialog = page.get_by_role("dialog", name=chart)
    expect(dialog.locator("tbody tr").first).to_be_visible()
    names = dialog.locator("th").all_inner_texts()
    found = []
    for row in dialog.locator("tbody tr").all():
        link = row.locator("a")
        target = str(link.get_attribute("href")) if link.count() else ""
        found.append((target, dict(zip(names, row.locator("td").all_inner_texts(), strict=True))))
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    return found


def filter_of(target: str) -> dict[str, Any]:
    """The filter in an address of the board."""
    parts = urlsplit(target)
    assert parts.path.endswith("/tasks")
    found: dict[str, Any] = orjson.loads(parse_qs(parts.query)["filters"][0])
    return found


def tasks_on_board(crowd: Crowd, target: str) -> int:
    """How many tasks the API's board gives for the filter in an address."""
    body = {"filters": filter_of(target), "limit": 1000}
    return len(crowd.site.ask("POST", f"/v1/projects/{crowd.project}/tasks/query", json=body)["tasks"])


def drawn(page: Page, chart: str) -> None:
    """Wait until a chart has something to show."""
    page.wait_for_function(
        """name => {
            const found = document.querySelector(`figure[aria-label="${name}"] .nicegui-echart`);
            const { series } = (found && window.getElement(+found.id.slice(1)).chart?.getOption()) || {};
            return series?.some((one) => one.data?.length);
        }""",
        arg=chart,
    )


def test_every_figure_says_what_the_api_says(manager: Visit, month: Crowd) -> None:
    page = manager.go(f"/projects/{month.project}?range=all")
    path = f"/v1/projects/{month.project}"
    total = month.site.ask("GET", f"{path}/dashboard")["total"]
    states = month.site.ask("GET", f"{path}/progress")["tasks_by_state"]
    agreement = month.site.ask("GET", f"{path}/agreement")["score"]
    pending = states["needs_review"] + states["review_in_progress"]
    shown = {
        "annotated_tasks": number(pending + states["completed"]),
        "remaining_tasks": number(sum(states.values()) - states["completed"]),
        "tasks_pending_review": number(pending),
        "tasks_done": number(total["tasks_done"]),
        "submissions": number(total["submissions"]),
        "reviews_received": number(total["reviews_received"]),
        "acceptance_score": share(total["acceptance_score"]),
        "mean_lead_time": duration(total["mean_lead_time"]),
        "time_per_task": duration(total["time_per_task"]),
        "agreement": share(agreement),
    }
    for key, value in shown.items():
        expect(figure(page, key)).to_have_text(value)
    assert total["tasks_done"] > 40
    assert total["reviews_rejected"] > 0
    labels = month.site.ask("GET", f"{path}/dashboard", params={"by": "label"})["rows"]
    most = max(labels, key=lambda row: row["label_uses"])
    expect(figure(page, "time_per_use")).to_have_text(duration(most["time_per_use"]))


def test_what_a_figure_means_is_what_the_api_says_it_means(manager: Visit, month: Crowd) -> None:
    said = month.site.ask("GET", "/v1/measures")
    known = {one["key"]: one for one in (*said["measures"], *said["snapshots"])}
    page = manager.go(f"/projects/{month.project}")
    hint = page.get_by_role("button", name="What Acceptance means")
    hint.focus()
    tip = hint.get_by_role("tooltip")
    expect(tip).to_be_visible()
    expect(tip).to_contain_text(known["acceptance_score"]["says"])
    expect(tip).to_contain_text(known["acceptance_score"]["formula"])
    for shown in page.locator("[data-figure]").all():
        key = str(shown.get_attribute("data-figure"))
        expect(shown.locator("[role=tooltip]")).to_contain_text(known[key]["says"])


@pytest.mark.parametrize(
    ("chart", "column", "query"),
    [
        ("Tasks by state", "Tasks", ""),
        ("Agreement of tasks", "Tasks", ""),
        ("Tasks done", "Tasks done", "?range=all&by=day"),
        ("Labels of label", "Tasks", ""),
    ],
)
def test_a_bar_leads_to_exactly_the_tasks_it_counts(
    manager: Visit, month: Crowd, chart: str, column: str, query: str
) -> None:
    page = manager.go(f"/projects/{month.project}{query}")
    drawn(page, chart)
    if column == "Tasks" and chart == "Labels of label":
        # In how many tasks a label is comes later than in how many annotations.
        expect(page.locator("[data-labels-counted]")).to_be_attached()
    rows = rows_of(page, chart)
    counts = [int(row[column].replace(",", "")) for _, row in rows]
    assert sum(counts) > 40
    for (target, _), count in list(zip(rows, counts, strict=True)):
        assert tasks_on_board(month, target) == count, target


def test_figures_lead_to_the_tasks_they_count(manager: Visit, month: Crowd) -> None:
    page = manager.go(f"/projects/{month.project}")
    for key in ("annotated_tasks", "remaining_tasks", "tasks_pending_review"):
        target = page.locator(f"[data-figure={key}] a").get_attribute("href")
        assert tasks_on_board(month, str(target)) == int(figure(page, key).inner_text())
    low = page.locator("[data-low]")
    expect(low).to_contain_text("under 0.7")
    assert tasks_on_board(month, str(low.get_attribute("href"))) == int(low.inner_text().split()[0])


def test_a_click_on_a_bar_opens_the_board(manager: Visit, month: Crowd) -> None:
    page = manager.go(f"/projects/{month.project}")
    drawn(page, "Tasks by state")
    chart = page.locator('figure[aria-label="Tasks by state"] .nicegui-echart')
    chart.scroll_into_view_if_needed()
    x, y = page.evaluate(
        """() => {
            const found = document.querySelector('figure[aria-label="Tasks by state"] .nicegui-echart');
            return window.getElement(+found.id.slice(1)).chart.convertToPixel({ seriesIndex: 0 }, [10, "Done"]);
        }"""
    )
    # The bars grow when they come.
    page.wait_for_function("() => document.getAnimations().length === 0")
    chart.click(position={"x": x, "y": y})
    page.wait_for_url("**/tasks?filters=*")
    assert filter_of(page.url) == {
        "conjunction": "and",
        "items": [{"filter": "state", "operator": "equal", "value": "completed"}],
    }
    manager.complaints.clear()


def test_the_time_shown_is_in_the_address_and_survives_a_reload(manager: Visit, month: Crowd) -> None:
    page = manager.go(f"/projects/{month.project}")
    page.get_by_role("link", name="7 days").click()
    page.wait_for_url("**?range=7d")
    page.get_by_role("link", name="Hour").click()
    page.wait_for_url("**?range=7d&by=hour")
    page.reload()
    expect(page.get_by_role("link", name="7 days")).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("link", name="Hour")).to_have_attribute("aria-current", "true")
    since = page.evaluate("new Date(Date.now() - 6 * 864e5).toISOString().slice(0, 10)")
    asked = {"from": since, "by": "hour", "measures": "submissions"}
    found = month.site.ask("GET", f"/v1/projects/{month.project}/dashboard", params=asked)
    expect(figure(page, "submissions")).to_have_text(number(found["total"]["submissions"]))
    assert found["total"]["submissions"] > 0
    drawn(page, "Annotations")
    shown = [row for _, row in rows_of(page, "Annotations") if row["Submissions"] != "0"]
    assert [int(row["Submissions"]) for row in shown] == [row["submissions"] for row in found["rows"]]


def test_somebody_chooses_a_time_of_their_own_in_their_own_zone(browser: Browser, month: Crowd) -> None:
    with visiting(browser, month.site, timezone_id="Pacific/Chatham") as visit:
        visit.go("/projects")
        page = visit.go(f"/projects/{month.project}")
        expect(page.get_by_text("Pacific/Chatham")).to_be_visible()
        begin, end = page.evaluate(
            """() => [20, 10].map((days) => {
                const there = new Date(Date.now() - days * 864e5);
                return new Date(there - there.getTimezoneOffset() * 6e4).toISOString().slice(0, 11) + "12:45";
            })"""
        )
        page.get_by_text("Custom", exact=True).click()
        page.get_by_label("From", exact=True).fill(begin)
        page.get_by_label("To", exact=True).fill(end)
        page.get_by_role("button", name="Show", exact=True).click()
        page.wait_for_url("**range=custom&from=**")
        asked = {"from": begin, "to": end, "zone": "Pacific/Chatham", "measures": "submissions"}
        found = month.site.ask("GET", f"/v1/projects/{month.project}/dashboard", params=asked)["total"]["submissions"]
        assert found > 0
        expect(figure(page, "submissions")).to_have_text(number(found))


def test_a_time_that_is_none_is_explained_and_can_be_changed(manager: Visit, month: Crowd) -> None:
    page = manager.go(f"/projects/{month.project}?range=custom&from=2026-11-09T00:00&to=2026-11-02T00:00")
    expect(page.get_by_text("This time cannot be shown")).to_be_visible()
    expect(page.get_by_text("to is later than from")).to_be_visible()
    page.get_by_role("link", name="30 days").click()
    expect(figure(page, "submissions")).to_be_visible()


def test_what_remains_comes_with_a_forecast_and_its_interval(manager: Visit, month: Crowd) -> None:
    page = manager.go(f"/projects/{month.project}")
    forecast = month.site.ask("GET", f"/v1/projects/{month.project}/burndown")["forecast"]
    assert "expected" in forecast
    words = page.locator("section", has_text="Remaining tasks").locator("p", has_text="Done by")
    expect(words).to_contain_text("in 80 % of cases")
    expect(words).to_contain_text(str(int(forecast["expected"][-2:])))


def test_every_chart_is_there_as_a_picture_and_as_numbers(manager: Visit, month: Crowd) -> None:
    page = manager.go(f"/projects/{month.project}?range=all")
    drawn(page, "What is taken for what")
    drawn(page, "Labels of label")
    names = [str(one.get_attribute("aria-label")) for one in page.locator("figure.an-chart").all()]
    assert len(names) >= 11
    for place, name in enumerate(names):
        if place and place % 4 == 0:
            # Chromium asks its user after ten files of a page.
            page = manager.go(f"/projects/{month.project}?range=all")
            drawn(page, "What is taken for what")
            drawn(page, "Labels of label")
        with page.expect_download() as picture:
            page.get_by_role("button", name=f"Download {name} as a picture").click()
        assert Path(picture.value.path()).read_bytes()[:8] == b"\x89PNG\r\n\x1a\n", name
        with page.expect_download() as file:
            page.get_by_role("button", name=f"Download the numbers of {name}").click()
        lines = Path(file.value.path()).read_text().splitlines()
        assert file.value.suggested_filename.endswith(".csv")
        assert len(lines) > 1, name
    with page.expect_download() as whole:
        page.get_by_role("link", name="Download the whole dashboard as CSV").click()
    rows = list(csv.DictReader(StringIO(Path(whole.value.path()).read_text())))
    total = month.site.ask("GET", f"/v1/projects/{month.project}/dashboard")["total"]
    assert sum(int(row["submissions"]) for row in rows) == total["submissions"]


def test_what_is_confused_most_leads_to_its_tasks(manager: Visit, month: Crowd) -> None:
    page = manager.go(f"/projects/{month.project}")
    [pair] = month.site.ask("GET", f"/v1/projects/{month.project}/confusion", params={"dimension": "label"})[
        "confusions"
    ]
    link = page.get_by_role("link", name=f"{pair['row']} ↔ {pair['column']}")
    wanted = {filter_["value"] for filter_ in filter_of(str(link.get_attribute("href")))["items"]}
    assert wanted == {pair["row"], pair["column"]}
    page.get_by_label("Compared").click()
    page.get_by_role("option", name="with the ground truth").click()
    expect(page.get_by_text("Nothing is confused.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_dashboard_is_open_to_all(manager: Visit, month: Crowd, scheme: str) -> None:
    manager.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page = manager.go(f"/projects/{month.project}")
    drawn(page, "What is taken for what")
    manager.must_be_open_to_all()
    page.get_by_role("button", name="Show Tasks by state as a table").click()
    expect(page.get_by_role("dialog", name="Tasks by state")).to_be_visible()
    # A dialog fades in.
    page.wait_for_function(
        """() => {
            const { x, y, width, height } = document.querySelector(".q-dialog button").getBoundingClientRect();
            const above = document.elementFromPoint(x + width / 2, y + height / 2);
            const inner = document.querySelector(".q-dialog__inner");
            return above?.closest(".q-dialog__inner") && getComputedStyle(inner.firstElementChild).opacity === "1"
                && !document.getAnimations().length;
        }"""
    )
    manager.must_be_open_to_all()


CONFIG = """<View><Text name="text" value="$text"/><Choices name="label" toName="text">{}</Choices></View>"""


def project_in(site: Site, labels: list[str], tasks: int, title: str = "Small", **settings: Any) -> int:
    """A published project with tasks, of which nobody has answered any."""
    choices = "".join(f"<Choice value={quoted(label)}/>" for label in labels)
    body = {"title": title, "label_config": CONFIG.format(choices), "settings": settings}
    project: int = site.ask("POST", "/v1/projects", json=body)["project"]
    if tasks:
        lines = [{"data": {"text": f"text {place}"}} for place in range(tasks)]
        site.ask("POST", f"/v1/projects/{project}/imports", json=lines)
        site.ask("POST", f"/v1/projects/{project}/publish")
    return project


def quoted(text: str) -> str:
    """A value of an attribute."""
    for sign, written in (("&", "&amp;"), ("<", "&lt;"), ('"', "&quot;")):
        text = text.replace(sign, written)
    return f'"{text}"'


def answer(site: Site, project: int, person: int, label: str) -> int:
    """Somebody's answer to the next task; the task."""
    task: int = site.ask("POST", f"/v1/projects/{project}/next", person)["task"]
    item = {"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": [label]}}
    site.ask("POST", f"/v1/tasks/{task}/annotations", person, json={"result": [item], "lead_time": 7.5})
    return task


def test_a_project_without_tasks_says_what_comes_next_and_fills_by_itself(browser: Browser, desk: Site) -> None:
    project = project_in(desk, ["a", "b"], 0)
    with visiting(browser, desk) as visit:
        page = visit.go(f"/projects/{project}")
        expect(page.get_by_role("heading", name="Nothing to count yet")).to_be_visible()
        expect(page.get_by_role("link", name="Import tasks")).to_have_attribute("href", f"/projects/{project}/settings")
        visit.must_be_open_to_all()
        desk.ask("POST", f"/v1/projects/{project}/imports", json=[{"data": {"text": "one"}}])
        expect(figure(page, "remaining_tasks")).to_have_text("1")


def test_numbers_move_by_themselves_and_what_is_unchanged_is_not_sent_again(browser: Browser, desk: Site) -> None:
    project = project_in(desk, ["a", "b"], 5, review={"sample_percent": 0})
    ann = desk.member(project, "ann", "annotator")
    with visiting(browser, desk) as visit:
        frames: list[str] = []
        visit.page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(str(frame))))
        page = visit.go(f"/projects/{project}")
        expect(figure(page, "submissions")).to_have_text("0")
        drawn(page, "Annotations")
        for place, label in enumerate(("a", "b")):
            answer(desk, project, ann, label)
            expect(figure(page, "submissions")).to_have_text(str(place + 1))
            expect(figure(page, "tasks_done")).to_have_text(str(place + 1))
        last_bar = """([name, wanted]) => {
            const found = document.querySelector(`figure[aria-label="${name}"] .nicegui-echart`);
            const { data } = window.getElement(+found.id.slice(1)).chart.getOption().series[0];
            return data[data.length - 1] === wanted;
        }"""
        page.wait_for_function(last_bar, arg=["Annotations", 2])
        # Of what changed once more, the chart of reviews is nothing.
        frames.clear()
        answer(desk, project, ann, "a")
        expect(figure(page, "submissions")).to_have_text("3")
        page.wait_for_function(last_bar, arg=["Annotations", 3])
        assert [frame for frame in frames if "Skipped" in frame]
        assert not [frame for frame in frames if "Fixed and accepted" in frame]


def test_annotators_see_their_own_work_and_nothing_of_agreement(browser: Browser, desk: Site) -> None:
    project = project_in(desk, ["a", "b"], 4, assignment={"overlap": 2})
    ann, bob = desk.member(project, "ann", "annotator"), desk.member(project, "bob", "annotator")
    for person, label in ((ann, "a"), (ann, "b"), (bob, "a")):
        answer(desk, project, person, label)
    with visiting(browser, desk, "ann") as visit:
        page = visit.go(f"/projects/{project}")
        expect(page.get_by_text("Your work", exact=False)).to_be_visible()
        expect(figure(page, "submissions")).to_have_text("2")
        drawn(page, "Annotations")
        expect(page.get_by_role("heading", name="Tasks by state")).to_have_count(0)
        expect(page.get_by_role("heading", name="Agreement", exact=False)).to_have_count(0)
        assert {target for target, _ in rows_of(page, "Labels of label")} == {""}
        visit.must_be_open_to_all()


def test_reviewers_who_are_not_shown_agreement_see_none(browser: Browser, desk: Site) -> None:
    project = project_in(desk, ["a", "b"], 4, assignment={"overlap": 2}, review={"show_agreement": False})
    ann = desk.member(project, "ann", "annotator")
    desk.member(project, "rev", "reviewer")
    answer(desk, project, ann, "a")
    with visiting(browser, desk, "rev") as visit:
        page = visit.go(f"/projects/{project}")
        drawn(page, "Tasks by state")
        expect(page.get_by_role("heading", name="Remaining tasks")).to_be_visible()
        expect(figure(page, "reviews_given")).to_have_text("0")
        expect(figure(page, "submissions")).to_have_text("0")
        expect(page.get_by_role("heading", name="Agreement", exact=False)).to_have_count(0)
        expect(page.get_by_role("heading", name="What is taken for what")).to_have_count(0)


def test_what_users_wrote_is_shown_as_text(browser: Browser, desk: Site) -> None:
    project = project_in(desk, HOSTILE, 5, HOSTILE[0], assignment={"overlap": 2})
    people = [desk.member(project, handle, "annotator") for handle in ("ann", "bob")]
    for place, label in enumerate(HOSTILE):
        answer(desk, project, people[0], label)
        answer(desk, project, people[1], HOSTILE[place - 1])
    with visiting(browser, desk) as visit:
        page = visit.go(f"/projects/{project}")
        expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE[0])
        drawn(page, "Labels of label")
        drawn(page, "What is taken for what")
        rows = rows_of(page, "Labels of label")
        assert {row["Label"] for _, row in rows} == set(HOSTILE)
        for target, row in rows:
            assert filter_of(target)["items"][0]["value"] == row["Label"]
        expect(page.get_by_role("listitem").filter(has_text=HOSTILE[0]).first).to_be_visible()
        assert page.locator("img[src=x]").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.set_viewport_size({"width": 820, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
