"""The board of tasks, as people use it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.infra.web.conftest import Crowd
from tests.infra.web.site import Site, Visit, serving, visiting
from tests.world import LABEL_CONFIG, result

pytestmark = pytest.mark.browser

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "{{7*7}}",
    ":alert(1)",
    "x" * 300,
    "\u202e\u0645\u0631\u062d\u0628\u0627",
    "'\"></script><b>",
]
MANY = 250


class Desk:
    """A project with its people and tasks, at a site of its own."""

    def __init__(self, site: Site) -> None:
        self.site = site
        body = {"title": "Texts", "label_config": LABEL_CONFIG, "settings": {"review": {"only_finished": False}}}
        self.project: int = site.ask("POST", "/v1/projects", json=body)["project"]
        self.ann = site.member(self.project, "ann", "annotator")
        self.rev = site.member(self.project, "rev", "reviewer")

    def have(self, *data: dict[str, Any]) -> int:
        """Tasks with this data; the id of the first."""
        lines = [{"data": one} for one in data]
        first: int = self.site.ask("POST", f"/v1/projects/{self.project}/imports", json=lines)["first_task"]
        self.site.ask("POST", f"/v1/projects/{self.project}/publish")
        return first

    def answer(self, task: int, label: str = "A") -> None:
        self.site.ask("POST", f"/v1/tasks/{task}/annotations", self.ann, json={"result": result(label)})

    def query(self, **more: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.site.ask("POST", f"/v1/projects/{self.project}/tasks/query", json=more)[
            "tasks"
        ]
        return found

    @property
    def path(self) -> str:
        return f"/projects/{self.project}/tasks"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server for projects that nobody shares."""
    with serving(tmp_path_factory.mktemp("boards")) as found:
        yield found


@pytest.fixture(scope="module")
def many(place: Site) -> Desk:
    """More tasks than the board asks for at once."""
    found = Desk(place)
    found.have(*({"text": f"text {number}"} for number in range(MANY)))
    return found


@pytest.fixture
def desk(place: Site) -> Desk:
    return Desk(place)


def tasks_shown(page: Page) -> list[int]:
    """The tasks in sight, from above."""
    rows = page.locator(".ag-center-cols-container .ag-row")
    expect(rows.locator("a.an-link").first).to_be_visible()
    number = "row => [Number(row.getAttribute('row-index')), Number(row.querySelector('a.an-link')?.textContent)]"
    return [task for _, task in sorted(rows.evaluate_all(f"rows => rows.map({number})"))]


def cell(page: Page, task: int, column: str) -> Locator:
    row = page.locator(".ag-center-cols-container .ag-row", has=page.get_by_role("link", name=str(task), exact=True))
    return row.locator(f".ag-cell[col-id='{column}']")


def box(page: Page, task: int) -> Locator:
    """The place to click for selecting a task."""
    return page.locator(".ag-pinned-left-cols-container .ag-cell").filter(
        has=page.get_by_label(f"Select task {task}", exact=True)
    )


def dialog(page: Page, name: str) -> Locator:
    return page.get_by_role("dialog", name=name, exact=True)


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


def test_rows_come_block_by_block_and_are_there_again_when_one_scrolls_up(browser: Browser, many: Desk) -> None:
    with visiting(browser, many.site) as visit:
        page = visit.go(many.path)
        first = tasks_shown(page)[0]
        assert first == many.query(limit=1)[0]["task"]
        body = page.locator(".ag-body-viewport")
        # The next block is asked for once one comes near it.
        for row in (99, 105, 199, 205, MANY - 1):
            body.evaluate("(body, top) => { body.scrollTop = top }", row * 38)
            expect(page.locator(f".ag-center-cols-container .ag-row[row-index='{row}'] a.an-link")).to_be_visible()
        assert tasks_shown(page)[-1] == first + MANY - 1
        body.evaluate("body => { body.scrollTop = 0 }")
        expect(page.get_by_role("link", name=str(first), exact=True)).to_be_visible()


def test_all_matching_tasks_but_some_are_selected(browser: Browser, many: Desk) -> None:
    with visiting(browser, many.site) as visit:
        page = visit.go(many.path)
        first = tasks_shown(page)[0]
        page.get_by_label("Select all matching tasks").check()
        box(page, first + 1).click()
        bar = page.get_by_role("region", name="What is selected")
        expect(bar).to_contain_text(f"All {MANY} matching tasks but 1")
        bar.get_by_role("button", name="Delete").click()
        form = dialog(page, "Delete tasks")
        expect(form).to_contain_text(f"{MANY - 1} tasks with 0 annotations")
        visit.must_be_open_to_all()
        form.get_by_role("button", name="Cancel").click()
        bar.get_by_role("button", name="Select nothing").click()
        expect(bar).to_be_hidden()


def test_tasks_are_assigned_and_deleted_after_a_look_and_all_of_it_is_taken_back(browser: Browser, desk: Desk) -> None:
    first = desk.have(*({"text": f"text {number}"} for number in range(4)))
    desk.answer(first)
    with visiting(browser, desk.site) as visit:
        page = visit.go(desk.path)
        tasks_shown(page)
        for task in (first, first + 1):
            box(page, task).click()
        bar = page.get_by_role("region", name="What is selected")
        bar.get_by_role("button", name="Delete").click()
        form = dialog(page, "Delete tasks")
        expect(form).to_contain_text("2 tasks with 1 annotation.")
        form.get_by_role("button", name="Delete", exact=True).click()
        expect(form).to_contain_text("Done for 2 tasks.")
        expect(page.get_by_role("link", name=str(first), exact=True)).to_have_count(0)
        assert {row["task"] for row in desk.query()} == {first + 2, first + 3}

        form.get_by_role("button", name="Close", exact=True).last.click()
        box(page, first + 2).click()
        bar.get_by_role("button", name="Assign").click()
        form = dialog(page, "Assign")
        form.get_by_label("ann").check()
        # The two that are gone by now are told of before, and afterwards one by one.
        expect(form).to_contain_text("New to them: 1 task.")
        form.get_by_role("button", name="Assign", exact=True).click()
        expect(form).to_contain_text("Done for 1 task.")
        expect(form).to_contain_text("Not done for 2 tasks")
        expect(form.get_by_role("listitem").filter(has_text=f"Task {first}: ")).to_contain_text("was deleted")
        assert desk.query(filters={"items": [{"filter": "assignees", "operator": "empty", "value": False}]})
        form.get_by_role("button", name="Undo").click()
        expect(form).to_contain_text("Taken back for 1 task.")
        assert not desk.query(filters={"items": [{"filter": "assignees", "operator": "empty", "value": False}]})
        form.get_by_role("button", name="Close", exact=True).last.click()
        bar.get_by_role("button", name="Select nothing").click()

        page.keyboard.press("v")
        dialog(page, "Views").get_by_role("button", name="Deleted").click()
        expect(page.locator(".an-board-chips")).to_contain_text("Deleted is yes")
        expect(page.get_by_role("link", name=str(first), exact=True)).to_be_visible()
        page.get_by_label("Select all matching tasks").check()
        bar.get_by_role("button", name="Restore").click()
        form = dialog(page, "Restore tasks")
        form.get_by_role("button", name="Restore", exact=True).click()
        expect(form).to_contain_text("Done for 2 tasks.")
        assert len(desk.query()) == 4


def test_rows_go_on_by_themselves_and_nothing_that_is_selected_is_lost(browser: Browser, many: Desk) -> None:
    with visiting(browser, many.site) as visit:
        page = visit.go(many.path)
        first = tasks_shown(page)[0]
        body = page.locator(".ag-body-viewport")
        body.evaluate("body => { body.scrollTop = 38 * 20 }")
        task = first + 30
        box(page, task).click()
        expect(cell(page, task, "state")).to_have_text("Initial")
        many.answer(task)
        state = many.query(filters={"items": [{"filter": "task", "operator": "equal", "value": task}]})[0]["state"]
        assert state != "created"
        expect(cell(page, task, "state")).not_to_have_text("Initial")
        expect(cell(page, task, "labels")).to_have_text("A")
        assert body.evaluate("body => body.scrollTop") == 38 * 20
        expect(page.get_by_label(f"Select task {task}", exact=True)).to_be_checked()


def test_the_board_is_used_by_keyboard_alone(browser: Browser, many: Desk) -> None:
    with visiting(browser, many.site) as visit:
        page = visit.go(many.path)
        first = tasks_shown(page)[0]
        cell(page, first, "task").focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Space")
        expect(page.get_by_label(f"Select task {first + 1}", exact=True)).to_be_checked()
        expect(page.get_by_role("region", name="What is selected")).to_contain_text("1 selected")
        page.keyboard.press("?")
        expect(dialog(page, "Keyboard")).to_contain_text("Open the task")
        page.keyboard.press("Escape")
        cell(page, first, "task").focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/tasks/{first + 1}")
        # Where it leads to is the business of another page.
        visit.complaints.clear()


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


def test_what_people_wrote_is_shown_as_text_and_nothing_of_it_runs(browser: Browser, desk: Desk) -> None:
    first = desk.have({"text": "plain"}, *({"text": one, ":key": one, "{{7*7}}": one} for one in HOSTILE))
    filters = {"conjunction": "and", "items": [{"filter": "data.text", "operator": "contains", "value": HOSTILE[0]}]}
    with visiting(browser, desk.site) as visit:
        page = visit.go(f"{desk.path}?order=task")
        tasks_shown(page)
        for offset, text in enumerate(HOSTILE, 1):
            expect(cell(page, first + offset, "data.text")).to_contain_text(text[:100])
        page.keyboard.press("c")
        form = dialog(page, "Columns")
        for name in (":key", "{{7*7}}"):
            form.get_by_label(name, exact=True).check()
        page.keyboard.press("Escape")
        page.goto(f"{desk.site.url}{desk.path}?filters={json.dumps(filters)}&order=data.:key")
        expect(page.locator(".an-board-chips")).to_contain_text(f"text contains “{HOSTILE[0]}”")
        assert tasks_shown(page) == [first + 1]
        assert page.locator("img[src=x]").count() == 0
        visit.must_be_open_to_all()


def test_an_annotator_is_told_kindly_that_the_board_is_not_for_them(browser: Browser, many: Desk) -> None:
    with visiting(browser, many.site, "ann") as visit:
        page = visit.page
        answer = page.goto(f"{many.site.url}{many.path}")
        assert answer is not None
        assert answer.status == 403
        expect(page.get_by_text("Your own work comes to you one task at a time.")).to_be_visible()
        assert page.locator(".an-board").count() == 0
        visit.must_be_open_to_all()
        # The browser itself reports the refusal.
        visit.complaints = [one for one in visit.complaints if "403" not in one]


def test_a_reviewer_is_offered_what_they_may_do_and_shown_what_they_may_see(browser: Browser, desk: Desk) -> None:
    hiding = {"anonymize_annotations": True, "show_agreement": False}
    desk.site.ask("POST", f"/v1/projects/{desk.project}/settings/review", json=hiding)
    first = desk.have({"text": "one"})
    desk.answer(first)
    with visiting(browser, desk.site, "rev") as visit:
        page = visit.go(desk.path)
        box(page, first).click()
        bar = page.get_by_role("region", name="What is selected")
        expect(bar.get_by_role("button", name="Review")).to_be_visible()
        expect(bar.get_by_role("button", name="Delete")).to_have_count(0)
        expect(page.locator(".ag-header-cell").filter(has_text="Agreement")).to_have_count(0)
        page.keyboard.press("v")
        expect(dialog(page, "Views").get_by_role("button", name="Needs review")).to_be_visible()
        expect(dialog(page, "Views").get_by_role("button", name="Most contested")).to_have_count(0)
        page.keyboard.press("Escape")
        bar.get_by_role("button", name="Review").click()
        form = dialog(page, "Review")
        expect(form).to_contain_text("With answers nobody has judged: 1 task.")
        form.get_by_role("button", name="Accept", exact=True).click()
        expect(form).to_contain_text("1 annotation judged.")


def test_a_project_without_tasks_and_a_filter_without_any_say_so(browser: Browser, desk: Desk) -> None:
    with visiting(browser, desk.site) as visit:
        page = visit.go(desk.path)
        expect(page.get_by_text("There are no tasks yet")).to_be_visible()
        visit.must_be_open_to_all()
        desk.have({"text": "one"})
        # It is there without anybody loading the page anew.
        tasks_shown(page)
        filters = {"items": [{"filter": "data.text", "operator": "contains", "value": "nothing"}]}
        page.goto(f"{desk.site.url}{desk.path}?filters={json.dumps(filters)}")
        expect(page.get_by_text("No task meets the filter")).to_be_visible()
        visit.must_be_open_to_all()
        page.get_by_role("button", name="Show all tasks").click()
        tasks_shown(page)


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


def test_what_is_selected_is_downloaded_with_or_without_those_left_out(browser: Browser, many: Desk) -> None:
    with visiting(browser, many.site) as visit:
        page = visit.go(many.path)
        first = tasks_shown(page)[0]
        bar = page.get_by_role("region", name="What is selected")

        def downloaded() -> list[int]:
            bar.get_by_role("button", name="Export").click()
            form = dialog(page, "Export tasks")
            visit.must_be_open_to_all()
            with page.expect_download() as download:
                form.get_by_role("link", name="Download").click()
            expect(form).to_be_hidden()
            return [json.loads(line)["id"] for line in Path(download.value.path()).read_text().splitlines()]

        page.get_by_label("Select all matching tasks").check()
        box(page, first + 1).click()
        assert downloaded() == [first, *range(first + 2, first + MANY)]
        bar.get_by_role("button", name="Select nothing").click()
        box(page, first + 1).click()
        box(page, first + 3).click()
        assert downloaded() == [first + 1, first + 3]
