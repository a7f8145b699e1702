"""Working on much at once: a thousand spans in a long text, three hundred boxes on an image.

`pytest -s` prints the figures. What is bounded is the browser's own work from a key to the picture after it, as time of
its main thread, so that neighbours on the same machine do not count; the time that passed is printed beside it.
"""

from __future__ import annotations

import random
from typing import Any

import pytest
from playwright.sync_api import CDPSession

from tests.infra.web.labeling_bench import Bench, box, span

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MOST_MS = 100.0
LETTERS, SPANS, BOXES = 50_000, 1_000, 300

# Acts follow each other at rest; each ends when the browser has drawn what came of it.
ACT = """async ([source, n]) => {
    const key = (name, more = {}) => document.activeElement.dispatchEvent(
        new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...more }));
    const act = new Function("key", "n", source);
    const start = performance.now();
    act(key, n);
    await new Promise((done) => requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = done;
        channel.port2.postMessage(0);
    }));
    return performance.now() - start;
}"""
REST = "() => new Promise((done) => requestIdleCallback(done))"
NEXT = 'key(".", { altKey: true, code: "Period" });'
ON_TEXT = 'document.querySelector(".an-lb-text").focus();'
ON_STAGE = 'document.querySelector(".an-lb-stage").focus();'
TEXT_ACTS = {
    "select the next region": NEXT,
    "give it another label": "key(String(n % 3 + 1));",
    "delete it": 'labeling.selected() || labeling.select(labeling.result()[0].id); key("Delete");',
    "take that back": "labeling.undo();",
    "go on by a word": f'{ON_TEXT} key("ArrowRight");',
    "mark a word": f'{ON_TEXT} key("ArrowRight"); key("1");',
}
IMAGE_ACTS = {
    "select the next region": NEXT,
    "give it another label": "key(String(n % 2 + 1));",
    "move it": f'{ON_STAGE} key("ArrowRight");',
    "resize it": f'{ON_STAGE} key("ArrowRight", {{ shiftKey: true }});',
    "add a box": f'key("Escape"); key("1"); {ON_STAGE} key("Enter");',
    "enlarge the image": 'document.querySelector("[aria-label=Enlarge]").click();',
    "delete it": 'labeling.selected() || labeling.select(labeling.result()[0].id); key("Delete");',
}


def _text(lines: bool) -> str:
    chance = random.Random(7)
    words = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(2, 9))) for _ in range(9_000)]
    text = " ".join(words)[:LETTERS]
    return "\n".join(text[start : start + 90] for start in range(0, len(text), 90)) if lines else text


def _busy_ms(session: CDPSession) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return 1000.0 * float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))


def _measured(bench: Bench, title: str, acts: dict[str, str], times: int = 9) -> dict[str, float]:
    """The median of the main thread's milliseconds for each act."""
    session = bench.context.new_cdp_session(bench.page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    medians = {}
    for name, source in acts.items():
        busy, passed = [], []
        for turn in range(times):
            bench.page.evaluate(REST)
            before = _busy_ms(session)
            passed.append(bench.page.evaluate(ACT, [source, turn]))
            busy.append(_busy_ms(session) - before)
        medians[name] = sorted(busy)[times // 2]
        print(f"{title}: {name}: {medians[name]:.0f} ms of the main thread, {sorted(passed)[times // 2]:.0f} ms passed")
    session.detach()
    return medians


@pytest.mark.parametrize("lines", [True, False], ids=["lines", "one paragraph"])
def test_a_thousand_spans_in_a_long_text_stay_usable(bench: Bench, lines: bool) -> None:
    chance = random.Random(11)
    text = _text(lines)
    starts = [chance.randrange(len(text) - 60) for _ in range(SPANS)]
    labels = ("PER", "ORG", "LOC")
    result = [
        span(f"s{at}", start, start + chance.randint(3, 50), chance.choice(labels), text)
        for at, start in enumerate(starts)
    ]
    config = f"""<Labels name="ner" toName="text">{"".join(f'<Label value="{one}"/>' for one in labels)}</Labels>
    <Text name="text" value="$text"/>"""
    bench.mount(config, {"text": text}, result)
    _must_be_quick(_measured(bench, "1,000 spans", TEXT_ACTS))


def test_three_hundred_boxes_on_an_image_stay_usable(bench: Bench) -> None:
    chance = random.Random(13)
    result = [
        box(
            f"r{at}",
            chance.random() * 90,
            chance.random() * 90,
            1 + chance.random() * 9,
            1 + chance.random() * 9,
            "Car",
        )
        for at in range(BOXES)
    ]
    config = """<RectangleLabels name="box" toName="img"><Label value="Car"/><Label value="Dog"/></RectangleLabels>
    <Image name="img" value="$image"/>"""
    bench.mount(config, {"image": "/picture.png"}, result)
    _must_be_quick(_measured(bench, "300 boxes", IMAGE_ACTS))


def _must_be_quick(medians: dict[str, Any]) -> None:
    slow = {name: busy for name, busy in medians.items() if busy > MOST_MS}
    assert not slow, slow
