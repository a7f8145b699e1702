"""What it costs to compare boxes: many tasks, five annotators each, ten boxes an annotator."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from annolog.domain.agreement.metrics import METRICS
from annolog.domain.labeling import Value
from benchmarks.measures import Figure, Stopwatch, resident_megabytes, show

TASKS = 10_000
ANNOTATORS = 5
BOXES = 10
LABELS = ("Dog", "Cat", "Bird")
# Plain Python is slow, so it compares only so many tasks.
BASELINE_TASKS = 200

Answers = list[Value]


def tasks(count: int, boxes: int, labels: Sequence[str], seed: int = 1) -> Iterator[Answers]:
    """What five people drew on each of many images: the same objects, each a little differently."""
    chance = random.Random(seed)
    for _ in range(count):
        objects = [(chance.uniform(0, 80), chance.uniform(0, 80), chance.choice(labels)) for _ in range(boxes)]
        yield [tuple(region(chance, *found) for found in objects) for _ in range(ANNOTATORS)]


def region(chance: random.Random, x: float, y: float, label: str) -> Value:
    fields: dict[str, Value] = {
        "shape": "rectangle",
        "target": "image",
        "labels": (label,),
        "x": x + chance.uniform(0, 3),
        "y": y + chance.uniform(0, 3),
        "width": chance.uniform(8, 20),
        "height": chance.uniform(8, 20),
        "rotation": 0.0,
    }
    return tuple(sorted(fields.items()))


def plain_overlap(one: Value, other: Value) -> float:
    """The same score, as one would write it down first."""
    best = [max(plain_iou(region, across) for across in other) for region in one]
    best += [max(plain_iou(region, across) for across in one) for region in other]
    return sum(best) / len(best)


def plain_iou(one: Value, other: Value) -> float:
    first, second = dict(one), dict(other)
    if any(first[name] != second[name] for name in ("shape", "target", "labels")):
        return 0.0
    width = min(first["x"] + first["width"], second["x"] + second["width"]) - max(first["x"], second["x"])
    height = min(first["y"] + first["height"], second["y"] + second["height"]) - max(first["y"], second["y"])
    shared = max(width, 0.0) * max(height, 0.0)
    return shared / (first["width"] * first["height"] + second["width"] * second["height"] - shared)


def cost(score: Callable[[Value, Value], float], answers: Iterator[Answers]) -> tuple[float, int, float]:
    """Seconds, the comparisons made in them, and the mean score. Making the answers is not counted."""
    seconds, count, total = 0.0, 0, 0.0
    for ballot in answers:
        watch = Stopwatch()
        total += sum(score(one, other) for one, other in combinations(ballot, 2))
        seconds += watch.seconds
        count += ANNOTATORS * (ANNOTATORS - 1) // 2
    return seconds, count, total / count


def main() -> None:
    count = int(sys.argv[2]) if len(sys.argv) > 2 else TASKS
    figures = []
    for what, boxes, labels in (
        (f"{BOXES} boxes of one label", BOXES, LABELS[:1]),
        (f"{BOXES} boxes of three labels", BOXES, LABELS),
        ("100 boxes of one label", 100, LABELS[:1]),
    ):
        few = max(1, min(BASELINE_TASKS, count) * BOXES * BOXES // boxes**2)
        many = max(1, count * BOXES * BOXES // boxes**2)
        slow, slow_pairs, expected = cost(plain_overlap, tasks(few, boxes, labels))
        baseline = slow / slow_pairs
        for name in ("overlap", "f1"):
            metric = METRICS[name]
            if name == "overlap":
                _, _, found = cost(metric.score, tasks(few, boxes, labels))
                assert abs(found - expected) < 1e-9
            seconds, pairs, _ = cost(metric.score, tasks(many, boxes, labels))
            goal = "< 45 s" if boxes == BOXES and name == "overlap" and count == TASKS else ""
            note = f"{baseline * pairs / seconds:,.1f} times plain Python" if name == "overlap" else ""
            figures += [
                Figure(f"{name}, {what}, {pairs:,} comparisons", seconds, "s", goal),
                Figure("  each", seconds / pairs * 1e6, "microseconds", "", note),
            ]
        figures.append(
            Figure(f"plain Python, {what}, {slow_pairs:,} comparisons, each", baseline * 1e6, "microseconds")
        )
    figures.append(Figure("memory of the process afterwards", resident_megabytes(), "MiB"))
    show("comparing boxes, one process", "python -m benchmarks agreement_boxes", figures)
