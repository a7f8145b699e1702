"""The component that shows a task and lets somebody answer it, in a real browser: by mouse, by keys, unharmed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.infra.web.labeling_bench import Bench, box, served_component, span

pytestmark = pytest.mark.browser

TEXT = "Ada Lovelace met Charles Babbage in London."
NER = """<Labels name="ner" toName="text"><Label value="PER" background="#ffe600"/><Label value="ORG"/>
<Label value="LOC" hotkey="x"/></Labels><Text name="text" value="$text"/>"""
IMAGE = """<RectangleLabels name="box" toName="img"><Label value="Car"/><Label value="Dog"/></RectangleLabels>
<Image name="img" value="$image"/>"""
PICTURE = {"image": "/picture.png"}
ON_TEXT = '<Text name="text" value="$text"/>'
ALL = """<Header value="Pairs"/><Text name="a" value="$text"/><Text name="b" value="$text"/>
<Pairwise name="pw" toName="a,b"/><Choices name="one" toName="a" required="true"><Choice value="yes"/><Choice value="no"/></Choices>
<Choices name="many" toName="a" choice="multiple"><Choice value="x"/><Choice value="y"/></Choices>
<Choices name="menu" toName="a" layout="select"><Choice value="x"/></Choices>
<Taxonomy name="tax" toName="a"><Choice value="A"><Choice value="B"/></Choice></Taxonomy><Rating name="stars" toName="a"/>
<Number name="count" toName="a" min="0"/><DateTime name="day" toName="a" only="date"/><TextArea name="why" toName="a"/>
<List name="items" value="$items"/><Ranker name="rank" toName="items"><Bucket name="good"/></Ranker><Magic name="m"/>"""


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    with served_component() as url:
        yield url


@pytest.fixture(scope="module")
def opened(browser: Browser, served: str) -> Iterator[Bench]:
    bench = Bench(browser, served)
    yield bench
    bench.context.close()


@pytest.fixture
def bench(opened: Bench) -> Iterator[Bench]:
    """The component on a page that must not have complained by the end."""
    opened.complaints.clear()
    yield opened
    assert not opened.complaints, opened.complaints


# Each control: its config, how it is answered by mouse and by keys alone, and what Label Studio would have written.

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


LIST = {"items": [{"id": "a", "title": "A"}, {"id": "b", "title": "B"}, {"id": "c", "title": "C"}]}
RANK = '<List name="list" value="$items"/><Ranker name="rank" toName="list">{}</Ranker>'
BUCKETS = RANK.format('<Bucket name="good" title="Good"/><Bucket name="bad" title="Bad"/>')


def _drag_card(page: Page, card: str, onto: str) -> None:
    page.drag_and_drop(f"[data-item={card}] strong", onto)


CONTROLS: dict[str, tuple[str, Act, Act, str, Any]] = {
    "a single choice": (
        '<Choices name="q" toName="text"><Choice value="good"/><Choice value="bad" alias="B"/></Choices>',
        lambda page: page.get_by_label("bad").click(),
        _press("2"),
        "choices",
        {"choices": ["B"]},
    ),
    "a single choice that is changed": (
        '<Choices name="q" toName="text" showInline="false"><Choice value="good" hotkey="a"/><Choice value="bad"/></Choices>',
        lambda page: [page.get_by_label(one).click() for one in ("bad", "good")],
        _press("1", "a"),
        "choices",
        {"choices": ["good"]},
    ),
    "multiple choices": (
        '<Choices name="q" toName="text" choice="multiple"><Choice value="a"/><Choice value="b"/><Choice value="c"/></Choices>',
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


@pytest.mark.parametrize("by", ["label first", "text first", "keys"])
def test_a_span_is_marked(bench: Bench, by: str) -> None:
    page = bench.mount(NER, {"text": TEXT})
    if by == "label first":
        page.get_by_role("button", name="PER").click()
        bench.select_text("Ada Lovelace")
    elif by == "text first":
        bench.select_text("Ada Lovelace")
        page.get_by_role("button", name="PER").click()
    else:
        page.locator(".an-lb-text").focus()
        bench.keys("ArrowRight", "Shift+ArrowRight", "1")
    page.wait_for_function("labeling.result().length > 0")
    [item] = bench.checked()
    assert item == span(item["id"], 0, 12, "PER", TEXT, origin="manual")
    expect(page.locator("mark.an-lb-selected")).to_have_text("Ada Lovelace")
    expect(page.locator(".an-lb-row-button[aria-current]")).to_contain_text("Ada Lovelace")


def test_spans_lie_over_and_within_each_other(bench: Bench) -> None:
    page = bench.mount(NER, {"text": TEXT})
    for words, key in (("Ada Lovelace met", "1"), ("Lovelace", "2"), ("met Charles", "x")):
        bench.keys("Escape")
        bench.select_text(words)
        bench.keys(key)
    assert [(one["text"], one["labels"]) for one in bench.values()] == [
        ("Ada Lovelace met", ["PER"]),
        ("Lovelace", ["ORG"]),
        ("met Charles", ["LOC"]),
    ]
    assert "".join(page.locator(".an-lb-text mark").all_inner_texts()) == "Ada Lovelace met Charles"
    # The shortest under the pointer first, then the one around it.
    page.locator("mark", has_text="Lovelace").click()
    expect(page.locator(".an-lb-row-button[aria-current]")).to_contain_text("ORG")
    page.locator("mark", has_text="Lovelace").click()
    expect(page.locator(".an-lb-row-button[aria-current]")).to_contain_text("PER")


def test_a_selected_span_gets_another_label_other_ends_and_goes(bench: Bench) -> None:
    page = bench.mount(NER, {"text": TEXT}, [span("s", 0, 12, "PER", TEXT, origin="prediction", score=0.5)])
    page.get_by_role("button", name="PER Ada Lovelace").click()
    bench.keys("2")
    [item] = bench.checked()
    assert item == span("s", 0, 12, "ORG", TEXT, origin="prediction-changed", score=0.5)
    bench.keys("Alt+ArrowLeft", "Alt+ArrowLeft", "Control+Alt+ArrowRight")
    assert bench.values() == [{"start": 1, "end": 10, "text": "da Lovela", "labels": ["ORG"]}]
    bench.keys("Delete")
    assert bench.result() == []
    bench.keys("Control+z")
    assert bench.values()[0]["end"] == 10
    for _ in range(2):
        bench.keys("Control+z")
    assert bench.result() == [span("s", 0, 12, "PER", TEXT, origin="prediction", score=0.5)]
    bench.keys("Control+y")
    assert bench.values()[0]["labels"] == ["ORG"]


ODD = "😀 café e\u0301té שלום 👩‍👩‍👧 end"


@pytest.mark.parametrize("words", ["café", "e\u0301té", "שלום", "👩‍👩‍👧", "end", "😀"])
def test_offsets_count_code_points_as_python_does(bench: Bench, words: str) -> None:
    """So `text[start:end]` is what was marked, for Label Studio's converter as well as for us."""
    page = bench.mount(NER, {"text": ODD})
    page.locator(".an-lb-text").focus()
    bench.keys("Home")
    for _ in range(12):
        if page.evaluate("getSelection().toString()") == words:
            break
        bench.keys("ArrowRight")
    bench.keys("1")
    [value] = bench.values()
    assert ODD[value["start"] : value["end"]] == words == value["text"]
    # What was marked is shown at the same place again.
    bench.mount(NER, {"text": ODD}, [span("s", value["start"], value["end"], "PER", ODD)])
    expect(page.locator("mark")).to_have_text(words)


def test_a_selection_never_cuts_a_character(bench: Bench) -> None:
    page = bench.mount(NER, {"text": ODD})
    bench.keys("1")
    page.evaluate(
        """() => {
            const [node] = document.querySelector(".an-lb-block").childNodes;
            const at = node.data.indexOf("👩");
            getSelection().setBaseAndExtent(node, at + 1, node, at + 3);
            document.dispatchEvent(new PointerEvent("pointerup", { bubbles: true }));
        }"""
    )
    page.wait_for_function("labeling.result().length > 0")
    assert bench.values()[0]["text"] == "👩‍👩‍👧"


HTML = "<div><p>One <b>bold</b> word</p><p>two<br>three</p></div>"
HYPER = """<HyperTextLabels name="ner" toName="text"><Label value="X"/></HyperTextLabels>
<HyperText name="text" value="$html"/>"""


def test_spans_in_html_are_told_by_their_path(bench: Bench) -> None:
    page = bench.mount(HYPER, {"html": HTML})
    bench.select_text("bold word")
    bench.keys("1")
    [value] = bench.values()
    assert value == {
        "start": "/div[1]/p[1]/b[1]/text()[1]",
        "end": "/div[1]/p[1]/text()[2]",
        "startOffset": 0,
        "endOffset": 5,
        "globalOffsets": {"start": 4, "end": 13},
        "text": "bold word",
        "hypertextlabels": ["X"],
    }
    bench.select_text("three")
    bench.keys("Escape")
    bench.select_text("three")
    bench.keys("1")
    # A line break counts as one character.
    assert bench.values()[1]["globalOffsets"] == {"start": 17, "end": 22}
    bench.mount(HYPER, {"html": HTML}, bench.result())
    assert page.locator("mark.an-lb-span").all_inner_texts() == ["bold", " word", "three"]


EVIL = """<p onclick="window.ran=1">Hello<script>window.ran=2</script><img src=x onerror="window.ran=3">
<a href="javascript:window.ran=4">link</a><style>body{display:none}</style><iframe srcdoc="<script>parent.ran=5</script>">
</iframe><svg><script>window.ran=6</script></svg><form action="/v1/me"><input name="x"></form>
<div class="an-dialog" id="bench" style="position:fixed;inset:0;background:url(https://evil.example/x);font-weight:700">big</div></p>"""


def test_html_of_strangers_runs_nothing_and_looks_like_itself(bench: Bench) -> None:
    page = bench.mount('<HyperText name="text" value="$html"/>', {"html": EVIL})
    expect(page.locator(".an-lb-foreign")).to_contain_text("Hello")
    page.get_by_text("link").click()
    page.get_by_text("Hello").click()
    assert page.evaluate("window.ran") is None
    inside = page.evaluate("document.querySelector('.an-lb-foreign').innerHTML")
    for gone in (
        "<script",
        "<style",
        "<iframe",
        "<svg",
        "<form",
        "<input",
        "onclick",
        "onerror",
        "javascript:",
        "fixed",
    ):
        assert gone not in inside, inside
    for gone in ("evil.example", 'id="', "an-dialog"):
        assert gone not in inside, inside
    assert page.get_by_text("big").evaluate("node => getComputedStyle(node).fontWeight") == "700"
    # The browser itself tells that it refused the handlers, already while the markup was read apart from the page.
    refused = [one for one in bench.complaints if "inline event handler" in one]
    assert len(refused) == len(bench.complaints) == 2
    bench.complaints.clear()


HOSTILE = ['<img src=x onerror="window.ran=1">', "{{7*7}}", ":alert(1)", "N" * 300, "مرحبا بالعالم"]


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_people_wrote_is_shown_as_text(bench: Bench, text: str) -> None:
    from xml.sax.saxutils import quoteattr as quoted

    config = f"""<Header value={quoted(text)}/><Text name="text" value="$text"/><Labels name="ner" toName="text">
    <Label value={quoted(text)} background="red;position:fixed" hint={quoted(text)}/></Labels>
    <Choices name="q" toName="text"><Choice value={quoted(text)} hotkey={quoted(text)}/></Choices>
    <List name="list" value="$list"/><Table name="t" value="$table"/><Paragraphs name="p" value="$list"/>"""
    data = {"text": text, "list": [{"id": text, "title": text, "text": text}], "table": {text: text}}
    others = [{"who": text, "kind": text, "result": []}]
    page = bench.mount(config, data, [span("s", 0, 3, text, text)], others=others)
    bench.keys("Alt+.")
    expect(page.locator(".an-lb-text").first).to_contain_text(text)
    expect(page.locator(".an-lb-row-label")).to_have_text(text)
    expect(page.locator("h3").first).to_have_text(text)
    assert page.evaluate("window.ran") is None
    assert page.locator("#bench img").count() == 0
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0


def _stage(page: Page) -> Callable[[float, float], tuple[float, float]]:
    """Points of the picture in percent, as points of the screen."""
    page.wait_for_function("document.querySelector('.an-lb-picture').complete")
    area = page.locator(".an-lb-drawing").bounding_box()
    assert area is not None
    return lambda x, y: (area["x"] + area["width"] * x / 100, area["y"] + area["height"] * y / 100)


def test_a_box_is_drawn_moved_and_resized_by_mouse(bench: Bench) -> None:
    page = bench.mount(IMAGE, PICTURE)
    at = _stage(page)
    page.get_by_role("button", name="Dog").click()
    bench.drag(at(10, 10), at(30, 50))
    [item] = bench.checked()
    value = item["value"]
    assert [value[name] for name in ("x", "y", "width", "height")] == pytest.approx([10, 10, 20, 40], abs=0.3)
    assert item == box(item["id"], *[value[name] for name in ("x", "y", "width", "height")], "Dog")
    bench.drag(at(20, 30), at(40, 40))
    moved = bench.values()[0]
    assert [moved[name] for name in ("x", "y", "width", "height")] == pytest.approx([30, 20, 20, 40], abs=0.3)
    bench.drag(at(50, 60), at(70, 80))
    resized = bench.values()[0]
    assert [resized[name] for name in ("x", "y", "width", "height")] == pytest.approx([30, 20, 40, 60], abs=0.5)
    # Beyond the edge of the image there is nothing.
    bench.drag(at(40, 40), at(99, 99))
    edged = bench.values()[0]
    assert (edged["x"] + edged["width"], edged["y"] + edged["height"]) == pytest.approx((100, 100))


def test_a_box_is_drawn_moved_and_resized_by_keys(bench: Bench) -> None:
    page = bench.mount(IMAGE, PICTURE)
    _stage(page)
    bench.keys("1")
    page.locator(".an-lb-stage").focus()
    bench.keys("Enter")
    [value] = bench.values()
    assert [value[name] for name in ("x", "y", "width", "height")] == pytest.approx([40, 40, 20, 20], abs=0.1)
    bench.keys("ArrowLeft", "ArrowUp", "ArrowUp", "Shift+ArrowRight", "Alt+ArrowDown")
    [value] = bench.values()
    assert [value[name] for name in ("x", "y", "width", "height")] == pytest.approx([39, 38.1, 21, 20], abs=0.1)
    assert value["rectanglelabels"] == ["Car"]
    bench.keys("2")
    assert bench.values()[0]["rectanglelabels"] == ["Dog"]
    bench.keys("Delete")
    assert bench.result() == []


def test_a_box_is_drawn_by_touch_in_an_image_that_is_enlarged_and_turned(bench: Bench) -> None:
    page = bench.mount(IMAGE, PICTURE)
    at = _stage(page)
    page.get_by_role("button", name="Car").tap()
    page.get_by_label("Turn by 90 degrees").tap()
    page.get_by_label("Turn by 90 degrees").tap()
    page.evaluate(
        """([start, end]) => {
            const stage = document.querySelector(".an-lb-stage");
            stage.setPointerCapture = () => {};
            const send = (kind, [clientX, clientY]) => stage.dispatchEvent(new PointerEvent(kind,
                { pointerId: 7, pointerType: "touch", isPrimary: true, clientX, clientY, bubbles: true }));
            send("pointerdown", start); send("pointermove", end); send("pointerup", end);
        }""",
        [at(10, 10), at(30, 30)],
    )
    [value] = bench.values()
    # Turned by half a circle, what is at the top left is the bottom right of the image.
    assert [value[name] for name in ("x", "y", "width", "height")] == pytest.approx([70, 70, 20, 20], abs=0.3)


def test_a_turned_box_keeps_its_turn(bench: Bench) -> None:
    turned = box("r", 50, 20, 20, 40, "Car")
    turned["value"]["rotation"] = 30
    page = bench.mount(IMAGE, PICTURE, [turned])
    _stage(page)
    bench.keys("Alt+.")
    page.locator(".an-lb-stage").focus()
    bench.keys("Shift+ArrowRight", "ArrowLeft")
    [value] = bench.values()
    assert value["rotation"] == 30
    assert value["width"] > 20
    assert value["x"] == pytest.approx(49, abs=0.01)


def test_a_drawn_box_takes_its_label_from_another_control(bench: Bench) -> None:
    config = """<Rectangle name="shape" toName="img"/><Labels name="name" toName="img"><Label value="Cat"/></Labels>
    <Image name="img" value="$image"/>"""
    page = bench.mount(config, PICTURE)
    at = _stage(page)
    page.get_by_role("button", name="Cat").click()
    bench.drag(at(10, 10), at(30, 50))
    drawn, named = bench.checked()
    assert (drawn["type"], named["type"]) == ("rectangle", "labels")
    assert drawn["id"] == named["id"]
    assert {**drawn["value"], "labels": ["Cat"]} == named["value"]


def test_an_image_that_does_not_load_says_so_and_keeps_its_boxes(bench: Bench) -> None:
    page = bench.mount(IMAGE, {"image": "/missing.png"}, [box("r", 10, 10, 20, 20, "Car")])
    expect(page.get_by_text("The image cannot be loaded.")).to_be_visible()
    expect(page.locator(".an-lb-box rect")).to_have_attribute("width", "80")
    assert bench.checked() == [box("r", 10, 10, 20, 20, "Car")]
    bench.complaints[:] = [one for one in bench.complaints if "404" not in one]
    for address in ("javascript:alert(1)", "data:text/html,x", "//evil.example/x.png", 7):
        bench.mount(IMAGE, {"image": address})
        expect(page.get_by_text("The image cannot be loaded.")).to_be_visible()


SURE = '<Choices name="sure" toName="text" perRegion="true"><Choice value="yes"/><Choice value="no"/></Choices>'


@pytest.mark.parametrize("by", ["mouse", "keys"])
def test_a_question_about_a_region_is_answered_beside_it(bench: Bench, by: str) -> None:
    page = bench.mount(NER + SURE, {"text": TEXT}, [span("s", 0, 12, "PER", TEXT), span("t", 36, 42, "LOC", TEXT)])
    expect(page.get_by_label("yes")).to_be_hidden()
    if by == "mouse":
        page.locator("mark", has_text="London").click()
        page.get_by_label("yes").click()
    else:
        bench.keys("Alt+.", "Alt+.", "3")
    item = bench.checked()[2]
    value = {"start": 36, "end": 42, "text": "London", "choices": ["yes"]}
    assert item == {
        "id": "t",
        "from_name": "sure",
        "to_name": "text",
        "type": "choices",
        "value": value,
        "origin": "manual",
    }
    expect(page.locator(".an-lb-row-button", has_text="London")).to_contain_text("yes")
    page.locator("mark", has_text="Ada").click()
    expect(page.get_by_label("yes")).not_to_be_checked()
    # A region takes with it what was said about it.
    bench.keys("Alt+.", "Delete")
    assert [item["id"] for item in bench.checked()] == ["s"]


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


UNTOUCHED: list[dict[str, Any]] = [
    {
        **span("s", 0, 12, "PER", TEXT),
        "score": 0.25,
        "meta": {"text": ["note"]},
        "origin": "prediction",
        "extra": [None],
    },
    {
        "value": {"choices": ["yes"], "start": 0, "end": 12},
        "id": "s",
        "from_name": "sure",
        "to_name": "text",
        "type": "choices",
    },
    {"id": "m", "from_name": "magic", "to_name": "text", "type": "magic", "value": {":x": 1, "__proto__x": {"a": []}}},
    {
        "id": "p",
        "from_name": "poly",
        "to_name": "text",
        "type": "polygonlabels",
        "value": {"points": [[1, 2.5]], "polygonlabels": ["A"]},
    },
    {"from_id": "s", "to_id": "p", "type": "relation", "direction": "bi"},
    {"id": "w", "from_name": "why", "to_name": "text", "type": "textarea", "value": {"text": "not a list"}},
    {"id": "odd", "type": "labels", "value": None},
]


def test_what_nobody_touched_goes_out_as_it_came(bench: Bench) -> None:
    config = NER + SURE + '<TextArea name="why" toName="text"/><Magic name="magic" toName="text"/>'
    page = bench.mount(config, {"text": TEXT}, UNTOUCHED)
    assert json.dumps(bench.result()) == json.dumps(UNTOUCHED)
    expect(page.get_by_text("Magic “magic”: shown in the full editor only.")).to_be_visible()
    # Looking at everything and working on one thing leaves the rest alone, down to the order of the keys.
    for _ in range(4):
        bench.keys("Alt+.")
    bench.keys("Escape")
    bench.select_text("London")
    bench.keys("x")
    assert json.dumps(bench.result()[:-1]) == json.dumps(UNTOUCHED)
    bench.keys("Control+z")
    assert json.dumps(bench.result()) == json.dumps(UNTOUCHED)


def test_a_suggestion_says_whether_it_was_changed(bench: Bench) -> None:
    bench.mount(NER, {"text": TEXT}, [span("s", 0, 3, "PER", TEXT), span("t", 36, 42, "LOC", TEXT)], suggested=True)
    bench.keys("Alt+.", "2")
    assert [(one["origin"], one["value"]["labels"]) for one in bench.checked()] == [
        ("prediction-changed", ["ORG"]),
        ("prediction", ["LOC"]),
    ]


def test_relations_are_shown_made_and_taken_back(bench: Bench) -> None:
    config = NER + '<Relations><Relation value="in"/></Relations>'
    result = [span("s", 0, 12, "PER", TEXT), span("t", 36, 42, "LOC", TEXT)]
    page = bench.mount(config, {"text": TEXT}, result)
    bench.keys("Alt+.", "Alt+r", "Alt+.")
    page.get_by_label("Label of the relation").select_option("in")
    made = {"from_id": "s", "to_id": "t", "type": "relation", "direction": "right", "labels": ["in"]}
    assert bench.checked() == [*result, made]
    expect(page.get_by_role("list", name="Relations")).to_contain_text("PER “Ada Lovelace” → LOC “London”")
    page.get_by_label("Delete relation").click()
    assert bench.result() == result


def test_differences_are_told_in_words_and_outlined(bench: Bench) -> None:
    config = NER + '<Choices name="q" toName="text"><Choice value="good"/><Choice value="bad"/></Choices>'
    mine = [span("s", 0, 12, "PER", TEXT), span("t", 36, 42, "LOC", TEXT)]
    said = {"id": "c", "from_name": "q", "to_name": "text", "type": "choices", "value": {"choices": ["bad"]}}
    others = [
        {
            "who": "Ada",
            "kind": "person",
            "result": [span("z", 0, 12, "PER", TEXT), span("y", 17, 32, "PER", TEXT), said],
        },
        {"who": "Ground truth", "kind": "ground_truth", "result": mine},
    ]
    page = bench.mount(config, {"text": TEXT}, mine, others=others, readonly=True)
    expect(page.locator(".an-lb-summary")).to_have_text("3 differences to Ada · The same as Ground truth")
    expect(page.locator("mark.an-lb-differs")).to_have_text("London")
    expect(page.locator("mark.an-lb-ghost")).to_have_text("Charles Babbage")
    expect(page.locator(".an-lb-row-button", has_text="London")).to_contain_text("differs from Ada")
    expect(page.locator("[data-control=q]")).to_contain_text("Ada: bad")
    assert bench.result() == mine


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


def test_a_config_that_cannot_be_read_says_so(bench: Bench) -> None:
    page = bench.mount("<Text", {}, UNTOUCHED)
    expect(page.get_by_text("not well-formed")).to_be_visible()
    assert json.dumps(bench.result()) == json.dumps(UNTOUCHED)


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
