"""Where a coefficient lies, by drawing units anew."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from annolog.domain.agreement.coefficients.coefficient import Coefficient
from annolog.domain.agreement.coefficients.estimator import Estimator, Prepared, evaluated
from annolog.domain.refusals import Fault, InvalidInput

if TYPE_CHECKING:
    import numpy as np

    from annolog.domain.agreement.coefficients.tally import Floats, Integers

Thing = TypeVar("Thing", bound=Hashable)
Part = TypeVar("Part")

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
    import numpy as np

    _check(resamples, level)
    prepared = coefficient.prepare(counts)
    found = evaluated(prepared)
    if not isinstance(prepared, Prepared) or prepared.units < 2:
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


def interval_of(
    parts: Sequence[Part], estimate: Callable[[Sequence[Part]], Coefficient], resamples: int, seed: int
) -> tuple[float, float] | None:
    """The 95 % interval of what is estimated from parts, drawn with replacement, as many as there are.

    For what cannot be worked out for all samples at a time. None for fewer than two parts, for no resamples, or where
    more than half of the samples have no value.
    """
    import numpy as np

    if len(parts) < 2 or resamples < 1:
        return None
    chance = np.random.default_rng(seed)
    samples = (chance.integers(len(parts), size=len(parts)) for _ in range(resamples))
    found = [estimate([parts[place] for place in sample]).value for sample in samples]
    defined = [value for value in found if value is not None]
    if 2 * len(defined) < resamples:
        return None
    low, high = np.quantile(defined, [0.025, 0.975])
    return float(low), float(high)


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
