"""Where a coefficient lies, by drawing units anew."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from annolog.domain.agreement.coefficients.coefficient import Coefficient
from annolog.domain.agreement.coefficients.estimator import Estimator, Prepared, Undefined, evaluated
from annolog.domain.refusals import Fault, InvalidInput

if TYPE_CHECKING:
    import numpy as np

    from annolog.domain.agreement.coefficients.tally import Floats, Integers

Thing = TypeVar("Thing", bound=Hashable)

# How many numbers are held in memory at once.
_BLOCK = 4_000_000

# So many units for each distinct thing, and drawing how often each thing comes is faster than drawing each unit.
_FEW = 8


def with_interval(
    counts: Mapping[Thing, int],
    coefficient: Estimator[Thing],
    resamples: int = 1000,
    seed: int = 0,
    level: float = 0.95,
) -> Coefficient:
    """The coefficient with its percentile interval (Efron 1979): units are drawn with replacement, as many as were.

    `counts` are patterns or, for `CohenKappa`, the cells of a table. For alpha and percent agreement only units with
    two answers are drawn, for the others all. Samples in which the coefficient is not defined are left out; there is
    no interval where that is more than half of them, or where there are fewer than two units. The same counts and seed
    give the same interval.
    """
    _check(resamples, level)
    return evaluated_with_interval(coefficient.prepare(counts), resamples, seed, level)


def evaluated_with_interval(
    prepared: Prepared | Undefined, resamples: int, seed: int = 0, level: float = 0.95
) -> Coefficient:
    """The same of what was made ready already; without an interval where there are no resamples."""
    import numpy as np

    found = evaluated(prepared)
    if not isinstance(prepared, Prepared) or resamples < 1 or prepared.units < 2:
        return found
    chance = np.random.default_rng(seed)
    step = max(1, _BLOCK // prepared.width)
    values = np.concatenate(
        [
            prepared.values(_drawn(chance, prepared.counts, min(step, resamples - start)))
            for start in range(0, resamples, step)
        ]
    )
    defined = values[~np.isnan(values)]
    if 2 * len(defined) < resamples:
        return found
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return replace(found, interval=(float(low), float(high)))


def _drawn(chance: np.random.Generator, counts: Integers, samples: int) -> Floats:
    """How often each thing is in each sample of as many units as there are."""
    import numpy as np

    total, things = int(counts.sum()), len(counts)
    if total > _FEW * things:
        return chance.multinomial(total, counts / total, size=samples).astype(np.float64)
    thing_of = np.repeat(np.arange(things), counts)
    drawn = [np.bincount(thing_of[chance.integers(total, size=total)], minlength=things) for _ in range(samples)]
    return np.array(drawn, dtype=np.float64)


def _check(resamples: int, level: float) -> None:
    faults = [] if resamples >= 1 else [Fault("/resamples", "must be at least 1")]
    faults += [] if 0 < level < 1 else [Fault("/level", "must lie between 0 and 1")]
    if faults:
        raise InvalidInput("An interval needs resamples and a level of confidence.", faults=faults)
