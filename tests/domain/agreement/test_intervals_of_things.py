"""Intervals of what has no categories: by drawing tasks anew."""

from __future__ import annotations

from random import Random

import pytest

from annolog.domain.agreement.coefficients import Continuum, metric_alpha, unitizing_alpha
from annolog.domain.agreement.metrics import METRICS


def continua(count: int) -> list[Continuum]:
    """Texts on which two people agree three times in four."""
    chance = Random(5)
    found = []
    for _ in range(count):
        start = float(chance.randint(0, 60))
        other = start if chance.random() < 0.75 else float(chance.randint(0, 60))
        found.append(Continuum(100.0, {1: [(start, start + 20, "a")], 2: [(other, other + 20, "a")]}))
    return found


def texts(count: int) -> list[list[tuple[str, ...]]]:
    chance = Random(6)
    words = ["red cat", "blue cat", "old dog", "wide sea", "tall tree"]
    units = []
    for _ in range(count):
        word = chance.choice(words)
        units.append([(word,), (word if chance.random() < 0.75 else chance.choice(words),)])
    return units


def width(interval: tuple[float, float] | None) -> float:
    assert interval is not None
    return interval[1] - interval[0]


def test_more_texts_make_the_interval_of_unitizing_alpha_narrower() -> None:
    few, many = (unitizing_alpha(continua(count), resamples=200) for count in (20, 320))
    assert width(many.interval) < width(few.interval) / 2
    for found in (few, many):
        assert found.value is not None
        assert found.interval is not None
        assert found.interval[0] < found.value < found.interval[1]


def test_more_answers_make_the_interval_of_alpha_by_metric_narrower() -> None:
    metric = METRICS["text_similarity"]
    few, many = (metric_alpha(texts(count), metric, resamples=200) for count in (20, 320))
    assert width(many.interval) < width(few.interval) / 2
    for found in (few, many):
        assert found.value is not None
        assert found.interval is not None
        assert found.interval[0] < found.value < found.interval[1]


def test_the_same_tasks_in_another_order_give_the_same_interval() -> None:
    spans, answers = continua(30), texts(30)
    metric = METRICS["text_similarity"]
    assert unitizing_alpha(spans, resamples=50) == unitizing_alpha(spans[::-1], resamples=50)
    assert metric_alpha(answers, metric, resamples=50) == metric_alpha(answers[::-1], metric, resamples=50)


@pytest.mark.parametrize("count", [0, 1])
def test_one_task_has_no_interval(count: int) -> None:
    assert unitizing_alpha(continua(count), resamples=50).interval is None
    assert metric_alpha(texts(count), METRICS["text_similarity"], resamples=50).interval is None
