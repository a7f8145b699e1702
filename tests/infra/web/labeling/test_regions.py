"""Spans in texts: marked, changed, compared, and everything else left as it was."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.infra.web.labeling_bench import NER, SURE, TEXT, Bench, span

pytestmark = pytest.mark.browser


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
            const [node] = document.querySelector(".an-lb-block span").childNodes;
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


def test_a_suggestion_says_whether_it_was_changed(bench: Bench) -> None:
    bench.mount(NER, {"text": TEXT}, [span("s", 0, 3, "PER", TEXT), span("t", 36, 42, "LOC", TEXT)], suggested=True)
    bench.keys("Alt+.", "2")
    assert [(one["origin"], one["value"]["labels"]) for one in bench.checked()] == [
        ("prediction-changed", ["ORG"]),
        ("prediction", ["LOC"]),
    ]


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


def test_a_config_that_cannot_be_read_says_so(bench: Bench) -> None:
    page = bench.mount("<Text", {}, UNTOUCHED)
    expect(page.get_by_text("not well-formed")).to_be_visible()
    assert json.dumps(bench.result()) == json.dumps(UNTOUCHED)
