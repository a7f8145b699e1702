"""The page on which tasks are labeled, without a mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.infra.web.labeling.office import Office
from tests.infra.web.labeling_bench import NER, ON_TEXT, TEXT, Bench, span
from tests.infra.web.reviewing import HOSTILE, begin, forgive, shown
from tests.infra.web.site import Site, visiting

pytestmark = pytest.mark.browser

SLIPPED = "violates the following Content Security Policy"


def test_a_pair_is_labeled_by_keyboard_alone_after_the_instructions(browser: Browser, place: Site) -> None:
    office = Office(place, "keyboard")
    office.member("ann")
    told = {"instructions": f"<h1>How</h1><p>Only what the <b>text</b> says.</p>{HOSTILE}<script>alert(1)</script>"}
    place.ask("PUT", f"/v1/projects/{office.project}/instructions", json=told)
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, office.path)
        instructions = page.get_by_role("dialog", name="Instructions")
        expect(instructions).to_contain_text("Only what the text says.")
        assert instructions.locator("script, [onerror]").count() == 0
        forgive(visit, SLIPPED, "404")
        page.keyboard.press("Enter")
        shown(page, office.first)
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("alert")).to_contain_text("needs an answer")
        page.keyboard.press("1")
        expect(page.get_by_role("radio", name="entailed", exact=True)).to_be_checked()
        page.keyboard.press("Control+Enter")
        shown(page, office.first + 1)
        page.keyboard.press("Control+Space")
        shown(page, office.first + 2)
        page.keyboard.press("Alt+PageUp")
        shown(page, office.first)
        page.keyboard.press("2")
        page.keyboard.press("Alt+Enter")
        shown(page, office.first + 2)
        page.keyboard.press("?")
        help = page.get_by_role("dialog", name="Keyboard")
        expect(help).to_contain_text("Submit")
        expect(help).to_contain_text("not entailed")
        page.keyboard.press("Escape")
        page.keyboard.press("Alt+i")
        expect(instructions).to_be_visible()
        forgive(visit, SLIPPED, "404")
    assert len(office.events("AnnotationSkipped", office.first + 1)) == 1
    [event] = office.events("AnnotationRevised", office.first)
    assert event["data"]["result"][0]["value"] == {"choices": ["not entailed"]}


def test_keys_are_changed_by_who_likes_others_and_conflicts_are_told(browser: Browser, place: Site) -> None:
    office = Office(place, "keys")
    office.member("ann")
    with visiting(browser, place, office.handle("ann")) as visit:
        page = begin(visit, office.path)
        shown(page, office.first)
        page.keyboard.press("Alt+k")
        dialog = page.get_by_role("dialog", name="Keys")
        dialog.get_by_label("Key for Submit").press("Control+Space")
        expect(dialog.get_by_text("is also “Skip”")).to_be_visible()
        expect(dialog.get_by_role("button", name="Keep")).to_be_disabled()
        visit.must_be_open_to_all()
        dialog.get_by_label("Key for Submit").press("Control+j")
        dialog.get_by_label("Key for not entailed").press("u")
        dialog.get_by_role("button", name="Keep").click()
        page.reload()
        shown(page, office.first)
        page.keyboard.press("u")
        page.keyboard.press("Control+j")
        shown(page, office.first + 1)
    [event] = office.submitted()
    assert event["data"]["result"][0]["value"] == {"choices": ["not entailed"]}


def test_a_button_that_has_done_its_part_leaves_the_keys_to_the_next(bench: Bench) -> None:
    page = bench.mount(NER, {"text": TEXT}, [span("r", 0, 3, "PER", TEXT)])
    bench.keys("Alt+.")
    page.get_by_role("button", name="Delete").focus()
    for after in ("Undo", "Redo", "Undo"):
        bench.keys("Enter")
        expect(page.get_by_role("button", name=after)).to_be_focused()
    bench.mount(f'<Choices name="sure" toName="text"><Choice value="yes"/></Choices>{ON_TEXT}', {"text": TEXT})
    bench.keys("1")
    page.get_by_role("button", name="Clear").focus()
    bench.keys("Enter")
    assert bench.result() == []
    expect(page.get_by_role("radio", name="yes")).to_be_focused()
