"""Many tasks on the board: block by block, selected, changed together, and moving by themselves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.infra.web.board.desk import MANY, Desk, box, cell, dialog, tasks_shown
from tests.infra.web.site import visiting

pytestmark = pytest.mark.browser


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
