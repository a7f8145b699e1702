"""What a custom metric costs in its sandbox, beside the same function called directly."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

from annolog.domain.agreement.custom import CustomMetric, Scored
from annolog.infra.sandbox import Limits, SandboxedMetric
from benchmarks.measures import Figure, percentile, show

ROUNDS = 2_000
STARTS = 10
KILLS = 5
WAITING = 0.2

SOURCE = """
def boxes(annotation):
    return sum(1 for region in annotation["result"] if region["type"] == "rectanglelabels")

def agreement(annotation_1, annotation_2, per_label=False):
    first, second = boxes(annotation_1), boxes(annotation_2)
    if per_label:
        return {}
    return min(first, second) / max(first, second) if first or second else 1.0

def group_agreement(annotations):
    counts = [boxes(annotation) for annotation in annotations]
    return min(counts) / max(counts) if any(counts) else 1.0
"""
ENDLESS = "def group_agreement(annotations):\n    while True: pass\n"


def annotation(boxes: int) -> dict[str, object]:
    """An annotation of so many boxes as Label Studio writes it."""
    value = {"x": 12.5, "y": 37.25, "width": 20.1, "height": 8.4, "rotation": 0, "rectanglelabels": ["Car"]}
    region = {"from_name": "label", "to_name": "image", "type": "rectanglelabels", "origin": "manual", "value": value}
    return {"id": 1, "result": [{"id": f"region{number}", **region} for number in range(boxes)]}


def directly(pairs: Sequence[tuple[object, object]]) -> float:
    """Microseconds for one pair, in this process."""
    scope: dict[str, object] = {}
    exec(SOURCE, scope)  # noqa: S102 - our own text above
    agreement = scope["agreement"]
    assert callable(agreement)
    started = perf_counter()
    for one, other in pairs:
        agreement(one, other)
    return (perf_counter() - started) / len(pairs) * 1e6


def in_the_sandbox(boxes: int) -> list[Figure]:
    """A pair in the sandbox and directly, for annotations of so many boxes."""
    pairs = [(annotation(boxes), annotation(boxes + 1))] * ROUNDS
    times = []
    with SandboxedMetric(CustomMetric("boxes", SOURCE)) as sandbox:
        sandbox.pairs(pairs[:100])
        for pair in pairs:
            started = perf_counter()
            (verdict,) = sandbox.pairs([pair])
            times.append((perf_counter() - started) * 1e6)
            assert isinstance(verdict, Scored)
    note = f"p99 {percentile(times, 0.99):,.0f}"
    return [
        Figure(f"a pair of {boxes} boxes, in the sandbox, median", percentile(times, 0.5), "microseconds", "", note),
        Figure(f"a pair of {boxes} boxes, called directly", directly(pairs), "microseconds"),
    ]


def starting(source: str) -> float:
    """Milliseconds from nothing to the first score, median."""
    times = []
    for _ in range(STARTS):
        started = perf_counter()
        with SandboxedMetric(CustomMetric("boxes", source)) as sandbox:
            sandbox.group([[]])
        times.append((perf_counter() - started) * 1e3)
    return percentile(times, 0.5)


def killing() -> float:
    """Milliseconds that a job which never ends costs beyond its time: killing it, and starting a process anew."""
    with SandboxedMetric(CustomMetric("endless", ENDLESS), Limits(seconds=WAITING)) as sandbox:
        started = perf_counter()
        sandbox.group([[]] * KILLS)
    return ((perf_counter() - started) / KILLS - WAITING) * 1e3


def main() -> None:
    figures = [figure for boxes in (1, 20, 200) for figure in in_the_sandbox(boxes)]
    show(
        "custom metrics, one process, one job at a time",
        "python -m benchmarks sandbox",
        [
            *figures,
            Figure("from nothing to the first score, median", starting(SOURCE), "ms"),
            Figure("the same for a file with numpy, median", starting("import numpy\n" + SOURCE), "ms"),
            Figure("a job that never ends, beyond its time", killing(), "ms"),
        ],
    )
