"""The dashboard says what the API says, and leads to the tasks it counts."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from annolog.infra.web.parts.words import duration, number, share
from tests.infra.web.conftest import Crowd
from tests.infra.web.dashboard.reading import drawn, figure, filter_of, rows_of
from tests.infra.web.site import Visit

pytestmark = pytest.mark.browser


def tasks_on_board(crowd: Crowd, target: str) -> int:
    """How many tasks the API's board gives for the filter in an address."""
    body = {"filters": filter_of(target), "limit": 1000}
    return len(crowd.site.ask("POST", f"/v1/projects/{crowd.project}/tasks/query", json=body)["tasks"])


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


def test_what_remains_comes_with_a_forecast_and_its_interval(manager: Visit, month: Crowd) -> None:
    page = manager.go(f"/projects/{month.project}")
    forecast = month.site.ask("GET", f"/v1/projects/{month.project}/burndown")["forecast"]
    assert "expected" in forecast
    words = page.locator("section", has_text="Remaining tasks").locator("p", has_text="Done by")
    expect(words).to_contain_text("in 80 % of cases")
    expect(words).to_contain_text(str(int(forecast["expected"][-2:])))


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
