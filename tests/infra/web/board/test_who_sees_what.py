"""What the board shows to whom: rights, texts that people wrote, and nothing at all."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, expect

from tests.infra.web.board.desk import HOSTILE, Desk, box, cell, dialog, tasks_shown
from tests.infra.web.site import visiting

pytestmark = pytest.mark.browser


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
