"""The component that shows a task and lets somebody answer it, in a real browser: every question, by mouse and keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.infra.web.labeling_bench import IMAGE, LIST, NER, ON_TEXT, SURE, TEXT, Bench, box, span

pytestmark = pytest.mark.browser

ALL = """<Header value="Pairs"/><Text name="a" value="$text"/><Text name="b" value="$text"/>
<Pairwise name="pw" toName="a,b"/><Choices name="one" toName="a" required="true"><Choice value="yes"/></Choices>
<Choices name="many" toName="a" choice="multiple"><Choice value="x"/><Choice value="y"/></Choices>
<Choices name="menu" toName="a" layout="select"><Choice value="x"/></Choices>
<Taxonomy name="tax" toName="a"><Choice value="A"><Choice value="B"/></Choice></Taxonomy>
<Rating name="stars" toName="a"/><Number name="count" toName="a" min="0"/>
<DateTime name="day" toName="a" only="date"/>
<TextArea name="why" toName="a"/>
<List name="items" value="$items"/><Ranker name="rank" toName="items"><Bucket name="good"/></Ranker><Magic name="m"/>"""


Act = Callable[[Page], Any]


def _press(*keys: str) -> Act:
    def act(page: Page) -> None:
        for key in keys:
            page.keyboard.press(key)

    return act


def _into(selector: str, *keys: str) -> Act:
    """Go to a field by its keyboard focus and type."""

    def act(page: Page) -> None:
        page.locator(selector).first.focus()
        for key in keys:
            page.keyboard.press(key)

    return act


def _several(*acts: Act) -> Act:
    def act(page: Page) -> None:
        for one in acts:
            one(page)

    return act


RANK = '<List name="list" value="$items"/><Ranker name="rank" toName="list">{}</Ranker>'


BUCKETS = RANK.format('<Bucket name="good" title="Good"/><Bucket name="bad" title="Bad"/>')


CONTROLS: dict[str, tuple[str, Act, Act, str, Any]] = {
    "a single choice": (
        '<Choices name="q" toName="text"><Choice value="good"/><Choice value="bad" alias="B"/></Choices>',
        lambda page: page.get_by_label("bad").click(),
        _press("2"),
        "choices",
        {"choices": ["B"]},
    ),
    "a single choice that is changed": (
        """<Choices name="q" toName="text" showInline="false"><Choice value="good" hotkey="a"/>
        <Choice value="bad"/></Choices>""",
        lambda page: [page.get_by_label(one).click() for one in ("bad", "good")],
        _press("1", "a"),
        "choices",
        {"choices": ["good"]},
    ),
    "multiple choices": (
        """<Choices name="q" toName="text" choice="multiple"><Choice value="a"/><Choice value="b"/>
        <Choice value="c"/></Choices>""",
        lambda page: [page.get_by_role("checkbox", name=one, exact=True).click() for one in "cbab"],
        _press("3", "2", "1", "2"),
        "choices",
        {"choices": ["c", "a"]},
    ),
    "a choice from a menu": (
        '<Choices name="q" toName="text" layout="select"><Choice value="one"/><Choice value="two"/></Choices>',
        lambda page: page.locator("select").select_option("two"),
        _into("select", "t"),
        "choices",
        {"choices": ["two"]},
    ),
    "nested choices": (
        '<Choices name="q" toName="text" allowNested="true"><Choice value="A"><Choice value="B"/></Choice></Choices>',
        lambda page: page.get_by_role("radio", name="B", exact=True).click(),
        _press("2"),
        "choices",
        {"choices": [["A", "B"]]},
    ),
    "choices of the task": (
        '<Choices name="q" toName="text" value="$options"/>',
        lambda page: page.get_by_label("second").click(),
        _press("2"),
        "choices",
        {"choices": ["second"]},
    ),
    "a taxonomy": (
        '<Taxonomy name="q" toName="text"><Choice value="A"><Choice value="B"/></Choice><Choice value="C"/></Taxonomy>',
        lambda page: [page.get_by_label("Open A").click(), page.get_by_role("checkbox", name="B", exact=True).click()],
        _into("input[type=search]", "b", "Tab", "Space"),
        "taxonomy",
        {"taxonomy": [["A", "B"]]},
    ),
    "a rating": (
        '<Rating name="q" toName="text" maxRating="4"/>',
        lambda page: page.locator(".an-lb-star").nth(2).click(),
        _press("3"),
        "rating",
        {"rating": 3},
    ),
    "a number": (
        '<Number name="q" toName="text" min="0" max="99"/>',
        lambda page: page.locator("input[type=number]").fill("42"),
        _into("input[type=number]", "4", "2"),
        "number",
        {"number": 42},
    ),
    "one text": (
        '<TextArea name="q" toName="text" maxSubmissions="1"/>',
        lambda page: page.locator("textarea").fill("No\n1"),
        _into("textarea", "N", "o", "Enter", "1"),
        "textarea",
        {"text": ["No\n1"]},
    ),
    "several texts, one taken back": (
        '<TextArea name="q" toName="text"/>',
        lambda page: [
            page.locator("textarea").fill("one"),
            page.get_by_role("button", name="Add").click(),
            page.locator("textarea").nth(1).fill("two"),
            page.get_by_role("button", name="Add").click(),
            page.locator("textarea").nth(2).fill("three"),
            page.get_by_label("Remove entry 2").click(),
        ],
        _into("textarea", *"one", "Tab", "Enter", *"three"),
        "textarea",
        {"text": ["one", "three"]},
    ),
    "a date": (
        '<DateTime name="q" toName="text" only="date"/>',
        lambda page: page.locator("input[type=date]").fill("2026-02-03"),
        _into("input[type=date]", *"02032026"),
        "datetime",
        {"datetime": "2026-02-03"},
    ),
}


@pytest.mark.parametrize("by", ["mouse", "keys"])
@pytest.mark.parametrize("name", CONTROLS)
def test_answers_are_what_label_studio_would_write(bench: Bench, name: str, by: str) -> None:
    config, by_mouse, by_keys, kind, value = CONTROLS[name]
    page = bench.mount(config + ON_TEXT, {"text": TEXT, "options": ["first", {"value": "second"}]})
    (by_mouse if by == "mouse" else by_keys)(page)
    page.wait_for_function("labeling.result().length > 0")
    [item] = bench.checked()
    assert item.pop("id")
    assert item == {"from_name": "q", "to_name": "text", "type": kind, "value": value, "origin": "manual"}


@pytest.mark.parametrize("by", ["mouse", "keys"])
def test_the_better_of_two_is_pressed_or_named(bench: Bench, by: str) -> None:
    page = bench.mount(
        '<Text name="a" value="$text"/><Text name="b" value="$text"/><Pairwise name="p" toName="a,b"/>', {"text": "x"}
    )
    if by == "mouse":
        page.locator("[data-object=b]").click()
    else:
        bench.keys("2")
    assert bench.values() == [{"selected": "right"}]
    expect(page.get_by_label("Right")).to_be_checked()


@pytest.mark.parametrize("by", ["mouse", "keys"])
def test_things_are_put_in_order(bench: Bench, by: str) -> None:
    page = bench.mount(RANK.format(""), LIST)
    if by == "mouse":
        page.drag_and_drop("[data-item=c] strong", "[data-item=a] strong", target_position={"x": 1, "y": 1})
    else:
        page.locator("[data-item=c]").focus()
        bench.keys("Alt+ArrowUp", "Alt+ArrowUp")
    assert bench.values() == [{"ranker": {"rank": ["c", "a", "b"]}}]


@pytest.mark.parametrize("by", ["mouse", "keys", "buttons"])
def test_things_are_put_into_buckets(bench: Bench, by: str) -> None:
    page = bench.mount(BUCKETS, LIST)
    if by == "mouse":
        page.drag_and_drop("[data-item=b] strong", "[data-column=bad]")
    elif by == "keys":
        page.locator("[data-item=b]").focus()
        bench.keys("Alt+ArrowRight", "Alt+ArrowRight")
    else:
        page.get_by_label("Move right: B").tap()
        page.get_by_label("Move right: B").tap()
    assert bench.values() == [{"ranker": {"good": [], "bad": ["b"]}}]


def test_a_question_on_a_condition_comes_and_goes_with_it(bench: Bench) -> None:
    config = """<Choices name="q" toName="text"><Choice value="yes"/><Choice value="no"/></Choices>
    <View visibleWhen="choice-selected" whenTagName="q" whenChoiceValue="yes"><TextArea name="why" toName="text"
    required="true"/></View>"""
    page = bench.mount(config + ON_TEXT, {"text": TEXT})
    expect(page.locator("textarea")).to_be_hidden()
    assert page.evaluate("labeling.missing()") == []
    bench.keys("1")
    assert [one["control"] for one in page.evaluate("labeling.missing()")] == ["why"]
    page.locator("textarea").fill("because")
    assert len(bench.checked()) == 2
    page.get_by_label("no").click()
    assert bench.values() == [{"choices": ["no"]}]
    bench.keys("Control+z")
    assert bench.values() == [{"choices": ["yes"]}, {"text": ["because"]}]
    expect(page.locator("textarea")).to_have_value("because")


def test_the_key_of_a_choice_that_was_suggested_confirms_it(bench: Bench) -> None:
    config = '<Choices name="q" toName="text"><Choice value="yes"/><Choice value="no"/></Choices>'
    suggested = [{"id": "s", "from_name": "q", "to_name": "text", "type": "choices", "value": {"choices": ["yes"]}}]
    bench.mount(config + ON_TEXT, {"text": TEXT}, suggested, suggested=True)
    bench.keys("1")
    assert bench.values() == [{"choices": ["yes"]}]
    bench.keys("2", "2")
    assert bench.values() == [{"choices": ["no"]}]


def test_who_only_looks_changes_nothing(bench: Bench) -> None:
    data = {"text": TEXT, "items": LIST["items"]}
    page = bench.mount(ALL + NER + SURE, data, [span("s", 0, 12, "PER", TEXT)], readonly=True)
    bench.keys("1", "2", "Delete", "Control+Backspace")
    page.locator("mark").click()
    bench.keys("1", "2", "Delete", "Control+Backspace")
    assert page.locator("#bench input:enabled:visible, #bench textarea:not([readonly])").count() == 0
    assert bench.result() == [span("s", 0, 12, "PER", TEXT)]
    assert page.evaluate("window.changes") == 0


@pytest.mark.parametrize("readonly", [False, True])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_is_open_to_all(bench: Bench, scheme: str, readonly: bool) -> None:
    bench.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    bench.page.wait_for_function(f"document.body.classList.contains('body--{scheme}')")
    data = {"text": TEXT, "items": LIST["items"], "image": "/picture.png"}
    result = [span("s", 0, 12, "PER", TEXT), span("t", 4, 32, "ORG", TEXT), box("r", 10, 10, 30, 30, "Car")]
    others = [{"who": "Ada", "kind": "person", "result": [span("z", 36, 42, "LOC", TEXT)]}]
    page = bench.mount(ALL + NER + SURE + IMAGE, data, result, readonly=readonly, others=others)
    page.evaluate("labeling.select('t')")
    bench.must_be_open_to_all()
    bench.page.emulate_media(color_scheme="light")


def test_hints_tell_the_keys_that_work(bench: Bench) -> None:
    page = bench.mount(NER + SURE, {"text": TEXT}, hotkeys={"ner/ORG": "z", "next": "n"})
    hints = page.locator(".an-lb-label kbd").all_inner_texts()
    assert hints == ["1", "z", "x"]
    for hint, label in zip(hints, ("PER", "ORG", "LOC"), strict=True):
        bench.keys(hint)
        expect(page.get_by_role("button", name=label)).to_have_attribute("aria-pressed", "true")
    assert "n=Next region" in str(page.locator(".an-lb").get_attribute("data-keys"))


def test_keys_do_nothing_while_somebody_types(bench: Bench) -> None:
    page = bench.mount(NER + '<TextArea name="why" toName="text"/>', {"text": TEXT})
    page.locator("textarea").focus()
    bench.keys("1", "x", "Backspace", "Delete")
    assert bench.values() == [{"text": ["1"]}]
    expect(page.get_by_role("button", name="PER")).to_have_attribute("aria-pressed", "false")


def test_pages_show_it_and_hear_what_was_answered(bench: Bench) -> None:
    bench.open("/element")
    page = bench.page
    page.get_by_label("good").click()
    expect(page.locator("#heard")).to_have_text("[{'choices': ['good']}]")
    page.get_by_label("bad").click()
    expect(page.locator("#heard")).to_have_text("[{'choices': ['bad']}]")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator("#heard")).to_have_text("asked: [{'choices': ['bad']}]")
    page.get_by_role("button", name="Other").click()
    expect(page.locator(".an-lb-text")).to_have_text("Rain")
    expect(page.get_by_label("bad")).not_to_be_checked()
    assert page.evaluate("window.ran") is None
    bench.open("/bench")
