"""Chance-corrected agreement of a million answers, summed up as patterns, beside a library that compares pairs."""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial

from nltk.metrics.agreement import AnnotationTask

from annolog.domain.agreement.coefficients import (
    Alpha,
    Coefficient,
    Continuum,
    Estimator,
    GwetAC,
    Level,
    Pattern,
    gwet_ac1,
    krippendorff_alpha,
    metric_alpha,
    pattern_of,
    unitizing_alpha,
    with_interval,
)
from annolog.domain.agreement.metrics import METRICS
from annolog.domain.labeling import encode_value
from benchmarks.measures import Figure, Stopwatch, resident_megabytes, show

UNITS = 200_000
ANSWERS = 5
CLASSES = 5
BASELINE = 2_000
RIGHT = 0.7
CONTINUA = 2_000


def units_of(many: int, answers: int = ANSWERS, classes: int = CLASSES) -> list[list[str]]:
    """Answers that are right seven times in ten, and anything otherwise."""
    chance = random.Random(1)
    labels = [encode_value(float(label)) for label in range(classes)]
    found = []
    for _ in range(many):
        truth = chance.choice(labels)
        found.append([truth if chance.random() < RIGHT else chance.choice(labels) for _ in range(answers)])
    return found


def baseline(units: list[list[str]]) -> tuple[float, float]:
    """Seconds that NLTK takes for the nominal alpha of these units, and its figure."""
    triples = [(who, unit, answer) for unit, answers in enumerate(units) for who, answer in enumerate(answers)]
    watch = Stopwatch()
    alpha = AnnotationTask(triples).alpha()
    return watch.seconds, alpha


def timed(what: Callable[[], Coefficient]) -> tuple[float, Coefficient]:
    """Milliseconds and the figure."""
    watch = Stopwatch()
    found = what()
    return watch.seconds * 1000, found


def intervals(patterns: Counter[Pattern], size: str, goal: str) -> list[Figure]:
    """1,000 resamples, for coefficients that are cheap and dear."""
    chosen: dict[str, Estimator[Pattern]] = {
        "alpha": Alpha(),
        "ordinal alpha": Alpha(Level.ORDINAL),
        "AC1": GwetAC(),
    }
    figures = []
    for name, estimator in chosen.items():
        milliseconds, found = timed(partial(with_interval, patterns, estimator))
        assert found.interval is not None
        note = f"{found.value:.4f} in {found.interval[0]:.4f} … {found.interval[1]:.4f}"
        figures.append(Figure(f"{name} with interval, {size}", milliseconds, "ms", goal, note))
    return figures


def spans() -> list[Continuum]:
    """Texts of 1,000 characters with ten spans each by three people, who move the ends a little."""
    chance = random.Random(2)
    return [
        Continuum(
            1000,
            {
                who: [
                    (start + chance.randrange(5), start + 50 + chance.randrange(5), chance.choice("aaab"))
                    for start in range(0, 1000, 100)
                ]
                for who in range(3)
            },
        )
        for _ in range(CONTINUA)
    ]


def main() -> None:
    many = int(sys.argv[2]) if len(sys.argv) > 2 else UNITS
    units = units_of(many)
    watch = Stopwatch()
    patterns = Counter(map(pattern_of, units))
    summing = many * ANSWERS / watch.seconds
    krippendorff_alpha(patterns)  # the first pays for importing NumPy
    alpha, found = timed(lambda: krippendorff_alpha(patterns))
    ordinal, _ = timed(lambda: krippendorff_alpha(patterns, Level.ORDINAL))
    ac1, ac1_found = timed(lambda: gwet_ac1(patterns))
    seconds, reference = baseline(units[:BASELINE])
    same = krippendorff_alpha(Counter(map(pattern_of, units[:BASELINE]))).value
    assert same is not None
    assert abs(same - reference) < 1e-9
    scaled = seconds * many / min(BASELINE, many) * 1000
    few = Counter(map(pattern_of, units_of(8_000, 20)))
    chance = random.Random(3)
    numbers = [[float(answer) + chance.gauss(0, 0.1) for answer in unit] for unit in units[:4_000]]
    by_metric, _ = timed(lambda: metric_alpha(numbers, METRICS["numeric_difference"]))
    continua = spans()
    unitizing, _ = timed(lambda: unitizing_alpha(continua))
    figures = [
        Figure("answers summed into patterns", summing, "answers/s", note=f"{len(patterns):,} distinct patterns"),
        Figure("alpha", alpha, "ms", note=f"{found.value:.4f}"),
        Figure("ordinal alpha", ordinal, "ms"),
        Figure("AC1", ac1, "ms", note=f"{ac1_found.value:.4f}"),
        Figure("baseline: NLTK's alpha, scaled", scaled, "ms", note=f"{min(BASELINE, many):,} units, linearly"),
        *intervals(patterns, f"{many:,} × {ANSWERS}", ""),
        *intervals(few, f"8,000 × 20, {len(few):,} patterns", "< 2,000"),
        Figure("alpha by a metric, 4,000 × 5 different answers", by_metric, "ms", note="20,000 pairs by chance"),
        Figure(f"unitizing alpha, {CONTINUA:,} texts × 3 × 10 spans", unitizing, "ms"),
        Figure("memory of the process", resident_megabytes(), "MiB"),
    ]
    show(f"Coefficients, {many * ANSWERS:,} answers", "python -m benchmarks coefficients", figures)
