"""Krippendorff's alpha for answers that are no categories, such as regions and texts: with a metric's differences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, combinations_with_replacement
from math import fsum
from typing import TYPE_CHECKING

from annolog.domain.agreement.coefficients.bootstrap import interval_of
from annolog.domain.agreement.coefficients.coefficient import NO_PAIR, Coefficient
from annolog.domain.labeling import encode_value
from annolog.domain.refusals import Fault, InvalidInput

if TYPE_CHECKING:
    from annolog.domain.agreement.metrics import Metric
    from annolog.domain.labeling import Value

_ALL_ALIKE = "the metric finds all answers alike, so chance explains it all"


def metric_alpha(
    units: Sequence[Sequence[Value]], metric: Metric, most_pairs: int = 20_000, seed: int = 0, resamples: int = 0
) -> Coefficient:
    """1 - observed / expected difference, where two answers differ by 1 - score (Krippendorff 2011, section B).

    Observed is the mean over the pairs within units, each answer counting alike. Expected is the mean over all pairs of
    pairable answers, exactly while the different answers make up at most `most_pairs` pairs. Beyond that it is the
    mean over so many pairs drawn with replacement by the seed: at 20,000 its standard error is below 0.0036, as no
    difference exceeds 1. The order of units and answers makes no difference. With `resamples` it has the 95 % interval
    of as many samples of units, in which the expected difference, which all answers share, stays as it is.
    """
    if most_pairs < 1:
        raise InvalidInput("Chance needs pairs to compare.", faults=[Fault("/most_pairs", "must be at least 1")])
    paired = [values for values in units if len(values) > 1]
    answers = sum(map(len, paired))
    if not answers:
        return Coefficient(None, NO_PAIR)
    apart = [
        (
            fsum(
                2 * (1 - metric.score(one, other)) / (len(values) - 1)
                for one, other in combinations(sorted(values, key=encode_value), 2)
            ),
            len(values),
        )
        for values in paired
    ]
    tally = Counter(value for values in paired for value in values)
    many = len(tally) * (len(tally) + 1) // 2
    expected = _everything(tally, metric) if many <= most_pairs else _sampled(tally, metric, most_pairs, seed)
    if expected <= 0:
        return Coefficient(None, _ALL_ALIKE, answers, len(paired))

    def of(drawn: Sequence[tuple[float, int]]) -> Coefficient:
        observed = fsum(difference for difference, _ in drawn) / sum(count for _, count in drawn)
        return Coefficient(1 - observed / expected, None, answers, len(paired))

    # In an order of their own, so that samples do not depend on that of the units.
    return replace(of(apart), interval=interval_of(sorted(apart), of, resamples, seed))


def _everything(tally: Mapping[Value, int], metric: Metric) -> float:
    """The mean difference over all pairs of answers, equal ones compared once."""
    answers = sum(tally.values())
    differences = fsum(
        tally[one] * (tally[other] - (one == other)) * (2 - (one == other)) * (1 - metric.score(one, other))
        for one, other in combinations_with_replacement(sorted(tally, key=encode_value), 2)
    )
    return differences / (answers * (answers - 1))


def _sampled(tally: Mapping[Value, int], metric: Metric, pairs: int, seed: int) -> float:
    """The mean difference over pairs of two different answers drawn by chance."""
    return fsum(1 - metric.score(one, other) for one, other in _drawn(tally, pairs, seed)) / pairs


def _drawn(tally: Mapping[Value, int], pairs: int, seed: int) -> Iterator[tuple[Value, Value]]:
    import numpy as np

    values = sorted(tally, key=encode_value)
    answers = np.repeat(np.arange(len(values)), [tally[value] for value in values])
    chance = np.random.default_rng(seed)
    one = chance.integers(len(answers), size=pairs)
    # Any other answer than the first, each as likely.
    other = (one + 1 + chance.integers(len(answers) - 1, size=pairs)) % len(answers)
    for first, second in zip(answers[np.minimum(one, other)], answers[np.maximum(one, other)], strict=True):
        yield values[first], values[second]
