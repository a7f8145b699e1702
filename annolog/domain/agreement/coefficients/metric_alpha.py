"""Krippendorff's alpha for answers that are no categories, such as regions and texts: with a metric's differences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, combinations_with_replacement
from math import fsum
from typing import TYPE_CHECKING, TypeAlias

from annolog.domain.agreement.coefficients.bootstrap import evaluated_with_interval
from annolog.domain.agreement.coefficients.coefficient import NO_PAIR, Coefficient
from annolog.domain.agreement.coefficients.estimator import Prepared
from annolog.domain.labeling import decode_value, encode_value
from annolog.domain.refusals import Fault, InvalidInput

if TYPE_CHECKING:
    from annolog.domain.agreement.coefficients.tally import Floats
    from annolog.domain.agreement.metrics import Metric
    from annolog.domain.labeling import Value

Encoded: TypeAlias = "tuple[str, Value]"
"""An answer as canonical JSON (`encode_value`), and as it is."""

_ALL_ALIKE = "the metric finds all answers alike, so chance explains it all"


def metric_alpha(
    units: Iterable[Iterable[Value]], metric: Metric, most_pairs: int = 20_000, seed: int = 0, resamples: int = 0
) -> Coefficient:
    """1 - observed / expected difference, where two answers differ by 1 - score (Krippendorff 2011, section B).

    Observed is the mean over the pairs within units, each answer counting alike: of all units, which may be as many as
    there are, since they are looked at one by one. Expected is the mean over all pairs of pairable answers, exactly
    while the different answers make up at most `most_pairs` pairs. Beyond that it is the mean over so many pairs drawn
    with replacement by the seed: at 20,000 its standard error is below 0.0036, as no difference exceeds 1. The order
    of units and answers makes no difference. With `resamples` it has the 95 % interval of as many samples of units, in
    which the expected difference, which all answers share, stays as it is.
    """
    encoded = ([(encode_value(value), value) for value in values] for values in units)
    return metric_alpha_of_encoded(encoded, metric, most_pairs, seed, resamples)


def metric_alpha_of_encoded(
    units: Iterable[Iterable[Encoded]], metric: Metric, most_pairs: int = 20_000, seed: int = 0, resamples: int = 0
) -> Coefficient:
    """The same of answers that come with their encodings, as they do where they are stored so."""
    if most_pairs < 1:
        raise InvalidInput("Chance needs pairs to compare.", faults=[Fault("/most_pairs", "must be at least 1")])
    tally: Counter[str] = Counter()
    apart: list[tuple[float, int]] = []
    for values in units:
        # Kept as text, since a million regions as they are would fill the memory.
        ordered = sorted(values)
        if len(ordered) < 2:
            continue
        tally.update(text for text, _ in ordered)
        apart.append((_within([value for _, value in ordered], metric), len(ordered)))
    if not apart:
        return Coefficient(None, NO_PAIR)
    chance = _everything(tally, metric, most_pairs) or _sampled(tally, metric, most_pairs, seed)
    answers = tally.total()
    if chance.difference <= 0:
        found = Coefficient(None, _ALL_ALIKE, answers, len(apart))
    else:
        # In an order of their own, so that samples do not depend on that of the units.
        prepared = _prepared(sorted(apart), chance.difference, answers)
        found = evaluated_with_interval(prepared, resamples, seed)
    return replace(found, pairs=chance.pairs, sampled=chance.sampled)


@dataclass(frozen=True, slots=True)
class _Chance:
    """How much answers differ by chance: the mean over so many pairs of them, drawn or all there are."""

    difference: float
    pairs: int
    sampled: bool


def _within(values: list[Value], metric: Metric) -> float:
    """What a unit adds to the observed difference."""
    return fsum(2 * (1 - metric.score(one, other)) / (len(values) - 1) for one, other in combinations(values, 2))


def _prepared(apart: list[tuple[float, int]], expected: float, answers: int) -> Prepared:
    import numpy as np

    differences, sizes = np.array(apart, dtype=np.float64).T

    def values(samples: Floats) -> Floats:
        found: Floats = 1 - (samples @ differences) / (samples @ sizes) / expected
        return found

    return Prepared(np.ones(len(apart), dtype=np.int64), values, answers, len(apart), len(apart))


def _everything(tally: Mapping[str, int], metric: Metric, most_pairs: int) -> _Chance | None:
    """The mean difference over all pairs of answers, equal ones compared once; None where that is too many."""
    pairs = len(tally) * (len(tally) + 1) // 2
    if pairs > most_pairs:
        return None
    answers = sum(tally.values())
    values = {text: decode_value(text) for text in sorted(tally)}
    differences = fsum(
        tally[one]
        * (tally[other] - (one == other))
        * (2 - (one == other))
        * (1 - metric.score(values[one], values[other]))
        for one, other in combinations_with_replacement(values, 2)
    )
    return _Chance(differences / (answers * (answers - 1)), pairs, sampled=False)


def _sampled(tally: Mapping[str, int], metric: Metric, pairs: int, seed: int) -> _Chance:
    """The mean difference over pairs of two different answers drawn by chance."""
    drawn = ((decode_value(one), decode_value(other)) for one, other in _drawn(tally, pairs, seed))
    return _Chance(fsum(1 - metric.score(one, other) for one, other in drawn) / pairs, pairs, sampled=True)


def _drawn(tally: Mapping[str, int], pairs: int, seed: int) -> Iterator[tuple[str, str]]:
    import numpy as np

    texts = sorted(tally)
    answers = np.repeat(np.arange(len(texts)), [tally[text] for text in texts])
    chance = np.random.default_rng(seed)
    one = chance.integers(len(answers), size=pairs)
    # Any other answer than the first, each as likely.
    other = (one + 1 + chance.integers(len(answers) - 1, size=pairs)) % len(answers)
    for first, second in zip(answers[np.minimum(one, other)], answers[np.maximum(one, other)], strict=True):
        yield texts[first], texts[second]
