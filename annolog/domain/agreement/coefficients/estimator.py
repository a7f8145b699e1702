"""A coefficient as something that can be computed for many samples at once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from annolog.domain.agreement.coefficients.coefficient import Coefficient

if TYPE_CHECKING:
    from annolog.domain.agreement.coefficients.tally import Floats, Integers, Truths

Counted = TypeVar("Counted", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Prepared:
    """Counts made ready. `values` takes samples by counted things, how often each thing is in each sample.

    It gives one value a sample, not a number where the coefficient is not defined. `width` is how many numbers a
    sample takes up while it is computed.
    """

    counts: Integers
    values: Callable[[Floats], Floats]
    answers: int
    units: int
    width: int


@dataclass(frozen=True, slots=True)
class Undefined:
    """Why there is no coefficient, of so many pairable answers."""

    reason: str
    answers: int = 0
    units: int = 0


class Estimator(Protocol[Counted]):
    """A coefficient with everything chosen but the counts."""

    def prepare(self, counts: Mapping[Counted, int]) -> Prepared | Undefined:
        """Make the counts ready, or say why there is no coefficient."""


def estimate(counts: Mapping[Counted, int], estimator: Estimator[Counted]) -> Coefficient:
    """The coefficient of these counts."""
    return evaluated(estimator.prepare(counts))


def evaluated(prepared: Prepared | Undefined) -> Coefficient:
    """The coefficient of counts made ready."""
    if isinstance(prepared, Undefined):
        return Coefficient(None, prepared.reason, prepared.answers, prepared.units)
    value = float(prepared.values(prepared.counts[None].astype(float))[0])
    return Coefficient(value, None, prepared.answers, prepared.units)


def one_minus(observed: Floats, expected: Floats, defined: Truths) -> Floats:
    """1 - observed / expected where defined, and not a number elsewhere."""
    import numpy as np

    sound = defined & (expected > 0)
    found: Floats = np.where(sound, 1 - observed / np.where(sound, expected, 1), np.nan)
    return found
