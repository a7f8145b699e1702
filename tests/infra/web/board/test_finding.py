"""Finding tasks on the board: filters, orders, columns, views."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.infra.web.board.desk import HOSTILE, Desk, box, cell, dialog, tasks_shown
from tests.infra.web.conftest import Crowd
from tests.infra.web.site import Visit, visiting
from tests.world import LABEL_CONFIG

pytestmark = pytest.mark.browser


def query_of(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_the_ten_most_contested_tasks_are_a_click_away(owner: Visit, crowd: Crowd) -> None:
    page = owner.go(f"/projects/{crowd.project}/tasks")
    expect(page.locator(".an-board-head")).to_contain_text("60 tasks")
    page.keyboard.press("v")
    dialog(page, "Views").get_by_role("button", name="Most contested").click()
    expect(page.locator(".an-board-chips")).to_contain_text("Agreement is not empty")
    order = ["agreement", "-additional_slots"]
    rows = crowd.site.ask("POST", f"/v1/projects/{crowd.project}/tasks/query", json={"order": order, "limit": 10})[
        "tasks"
    ]
    expect(cell(page, rows[0]["task"], "agreement")).to_be_visible()
    assert tasks_shown(page)[:10] == [row["task"] for row in rows]
    for row in rows[:3]:
        expect(cell(page, row["task"], "agreement")).to_have_text(f"{row['agreement']:.2f}")
        expect(cell(page, row["task"], "labels")).to_have_text("".join(row["labels"]))
    assert query_of(page) == {"view": ["contested"]}


def test_a_filter_is_put_together_said_in_words_and_kept_in_the_address(owner: Visit, crowd: Crowd) -> None:
    page = owner.go(f"/projects/{crowd.project}/tasks")
    tasks_shown(page)
    page.keyboard.press("f")
    form = dialog(page, "Filter")
    form.get_by_role("button", name="Condition", exact=True).click()
    one = form.get_by_role("group", name="Condition", exact=True)
    one.get_by_label("Column").select_option("agreement")
    one.get_by_label("Operator").select_option("in")
    one.get_by_label("From").fill("0.4")
    one.get_by_label("To", exact=True).fill("0.8")
    form.get_by_role("button", name="Group", exact=True).click()
    group = form.get_by_role("group", name="Group of conditions")
    group.get_by_role("button", name="Condition", exact=True).click()
    two = group.get_by_role("group", name="Condition", exact=True)
    for index, word in enumerate(("the", "film")):
        two.nth(index).get_by_label("Column").select_option("data.text")
        two.nth(index).get_by_label("Value").fill(word)
    owner.must_be_open_to_all()
    form.get_by_role("button", name="Show tasks").click()
    expect(form).to_be_hidden()

    chips = page.locator(".an-board-chips")
    expect(chips).to_contain_text("Agreement between 0.4 and 0.8")
    expect(chips).to_contain_text("text contains “the” or text contains “film”")
    filters = json.loads(query_of(page)["filters"][0])
    path = f"/v1/projects/{crowd.project}/tasks"
    rows = crowd.site.ask("POST", f"{path}/query", json={"filters": filters})["tasks"]
    assert 0 < len(rows) < 60
    expect(page.locator(".an-board-head")).to_contain_text(f"{len(rows)} task")
    assert tasks_shown(page) == [row["task"] for row in rows][: len(tasks_shown(page))]

    page.get_by_role("button", name="Remove the filter Agreement between 0.4 and 0.8").click()
    expect(chips).not_to_contain_text("Agreement")
    page.go_back()
    expect(chips).to_contain_text("Agreement between 0.4 and 0.8")
    page.go_back()
    expect(page.locator(".an-board-head")).to_contain_text("60 tasks")


def test_what_is_wrong_with_a_filter_is_said_at_its_condition(owner: Visit, crowd: Crowd) -> None:
    page = owner.go(f"/projects/{crowd.project}/tasks")
    page.keyboard.press("f")
    form = dialog(page, "Filter")
    form.get_by_text("As JSON").click()
    text = form.get_by_label("The filter as JSON")
    text.fill("{")
    form.get_by_role("button", name="Take over").click()
    expect(form.get_by_role("alert").filter(has_text="not JSON")).to_be_visible()
    items = [
        {"filter": "task", "operator": "less", "value": 5},
        {"filter": "data.text", "operator": "regex", "value": "(?=x)"},
    ]
    text.fill(json.dumps({"conjunction": "or", "items": items}))
    form.get_by_role("button", name="Take over").click()
    form.get_by_role("button", name="Show tasks").click()
    conditions = form.get_by_role("group", name="Condition", exact=True)
    expect(conditions.nth(1).get_by_role("alert")).to_contain_text("pattern")
    expect(conditions.nth(0).get_by_role("alert")).to_be_hidden()
    conditions.nth(1).get_by_label("Value").fill("[Ff]ilm")
    form.get_by_role("button", name="Show tasks").click()
    expect(page.locator(".an-board-chips")).to_contain_text("Task < 5 or text matches “[Ff]ilm”")
    # The browser itself reports the refusal.
    owner.complaints[:] = [one for one in owner.complaints if "422" not in one]


def test_rows_are_ordered_by_several_headers(owner: Visit, crowd: Crowd) -> None:
    page = owner.go(f"/projects/{crowd.project}/tasks")
    tasks_shown(page)
    headers = page.locator(".ag-header-cell")
    headers.filter(has_text="Agreement").click()
    headers.filter(has_text="hypothesis").click(modifiers=["Shift"])
    expect(page.locator(".an-board-chips")).to_contain_text("hypothesis")
    order = query_of(page)["order"]
    assert order == ["agreement", "data.hypothesis"]
    rows = crowd.site.ask("POST", f"/v1/projects/{crowd.project}/tasks/query", json={"order": order})["tasks"]
    expect(cell(page, rows[0]["task"], "agreement")).to_be_visible()
    shown = tasks_shown(page)
    assert shown == [row["task"] for row in rows][: len(shown)]
    page.keyboard.press("o")
    form = dialog(page, "Order")
    form.get_by_label("Direction").nth(0).select_option("-")
    owner.must_be_open_to_all()
    form.get_by_role("button", name="Order", exact=True).click()
    expect(page.locator(".an-board-chips")).to_contain_text("↓ Agreement")
    assert query_of(page)["order"] == ["-agreement", "data.hypothesis"]


def test_columns_are_found_shown_moved_and_remembered(owner: Visit, crowd: Crowd) -> None:
    page = owner.go(f"/projects/{crowd.project}/tasks")
    page.keyboard.press("c")
    form = dialog(page, "Columns")
    form.get_by_label("Find a column").fill("agreement: ")
    form.get_by_label("Agreement: label").check()
    form.get_by_label("Find a column").fill("")
    form.get_by_role("button", name="Move Agreement: label to the left").click()
    owner.must_be_open_to_all()
    page.keyboard.press("Escape")
    page.reload()
    tasks_shown(page)
    kept = page.evaluate("Object.entries(localStorage).find(([key]) => key.startsWith('annolog_board_'))[1]")
    columns = json.loads(kept)["columns"]
    assert columns.index("agreement.label") == columns.index("updated_at") - 1


def test_views_are_kept_for_oneself_and_for_all(browser: Browser, desk: Desk) -> None:
    first = desk.have({"text": "one"}, {"text": "two"})
    with visiting(browser, desk.site) as visit:
        page = visit.go(f"{desk.path}?order=-task")
        tasks_shown(page)
        for name, shared in (("Backwards", True), (HOSTILE[0], False)):
            page.keyboard.press("v")
            dialog(page, "Views").get_by_role("button", name="Keep what is shown").click()
            form = dialog(page, "Keep a view")
            form.get_by_label("Name").fill(name)
            if shared:
                form.get_by_label("Everybody who sees the board").check()
            visit.must_be_open_to_all()
            form.get_by_role("button", name="Keep", exact=True).click()
            expect(page.get_by_role("button", name="Views")).to_contain_text(name)
        page.keyboard.press("v")
        dialog(page, "Views").get_by_role("button", name="Keep what is shown").click()
        form = dialog(page, "Keep a view")
        form.get_by_label("Name").fill(HOSTILE[0])
        form.get_by_role("button", name="Keep", exact=True).click()
        expect(form.get_by_role("alert")).to_contain_text("a view of this name already")
        page.keyboard.press("Escape")
        visit.complaints[:] = [one for one in visit.complaints if "422" not in one]

    # Another labeling config takes no view away.
    config = LABEL_CONFIG.replace("</View>", '<TextArea name="why" toName="text"/></View>')
    desk.site.ask("PUT", f"/v1/projects/{desk.project}/label-config", json={"label_config": config})
    with visiting(browser, desk.site, "rev") as visit:
        page = visit.go(desk.path)
        page.keyboard.press("v")
        views = dialog(page, "Views")
        expect(views.get_by_role("button", name="Backwards")).to_be_visible()
        expect(views.get_by_text(HOSTILE[0])).to_have_count(0)
        expect(views.get_by_role("button", name="Remove Backwards")).to_have_count(0)
        views.get_by_role("button", name="Backwards").click()
        expect(page.locator(".an-board-chips")).to_contain_text("↓ Task")
        expect(page.locator(".ag-row[row-index='0'] a.an-link")).to_have_text(str(first + 1))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_board_is_open_to_all(owner: Visit, crowd: Crowd, scheme: str) -> None:
    page = owner.page
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    owner.go(f"/projects/{crowd.project}/tasks?view=contested")
    first = tasks_shown(page)[0]
    box(page, first).click()
    owner.must_be_open_to_all()
    page.set_viewport_size({"width": 820, "height": 1000})
    page.keyboard.press("v")
    owner.must_be_open_to_all()
