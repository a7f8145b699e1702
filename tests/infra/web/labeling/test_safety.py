"""Whatever strangers wrote is shown in the labeling component, and never run."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

import pytest
from playwright.sync_api import expect

from tests.infra.web.labeling_bench import Bench, span

pytestmark = pytest.mark.browser

EVIL = """<p onclick="window.ran=1">Hello<script>window.ran=2</script><img src=x onerror="window.ran=3">
<a href="javascript:window.ran=4">link</a><style>body{display:none}</style>
<iframe srcdoc="<script>parent.ran=5</script>">
</iframe><svg><script>window.ran=6</script></svg><form action="/v1/me"><input name="x"></form>
<div class="an-dialog" id="bench"
style="position:fixed;inset:0;background:url(https://evil.example/x);font-weight:700">big</div></p>"""


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
    config = f"""<Header value={quoteattr(text)}/><Text name="text" value="$text"/><Labels name="ner" toName="text">
    <Label value={quoteattr(text)} background="red;position:fixed" hint={quoteattr(text)}/></Labels>
    <Choices name="q" toName="text"><Choice value={quoteattr(text)} hotkey={quoteattr(text)}/></Choices>
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
