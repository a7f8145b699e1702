"""Agreement on spans: where the annotators cut a continuum (a text, a recording) and what they called the pieces.

Krippendorff, Mathet, Bouvry and Widlöcher 2016, "On the reliability of unitizing textual continua: Further
developments", also Krippendorff 2019, "Content Analysis", section 12.6: the lengths at which two annotators' segments
intersect are the coincidences, and alpha is 1 - observed / expected disagreement as ever.

Two things the paper leaves open. Where spans of one annotator overlap, a position has all their labels at once: a set
of labels is a category of its own, and spans of the same label are one. Several continua are one long one, each with
its own annotators; what is between two continua belongs to nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from typing import TYPE_CHECKING

from annolog.domain.agreement.coefficients.bootstrap import evaluated_with_interval
from annolog.domain.agreement.coefficients.coefficient import ONE_CATEGORY, Coefficient
from annolog.domain.agreement.coefficients.continua import Aspect, Coincidences, Continuum, coincidences
from annolog.domain.agreement.coefficients.estimator import Prepared, Undefined, one_minus
from annolog.domain.agreement.coefficients.tally import Tally
from annolog.domain.refusals import Fault, InvalidInput

if TYPE_CHECKING:
    from annolog.domain.agreement.coefficients.tally import Floats, Integers

_NOBODY = "no task has spans, or the lack of them, from two annotators"
_NO_INTERSECTION = "no span of one annotator meets a span of another"


def unitizing_alpha(
    continua: Iterable[Continuum],
    aspect: Aspect = Aspect.EVERYTHING,
    grain: float = 1.0,
    resamples: int = 0,
    seed: int = 0,
) -> Coefficient:
    """Krippendorff's unitizing alpha over the continua that two annotators or more were given.

    `grain` is the smallest length that could be marked: a character, or a fraction of a second. Chance never pairs a
    span with itself, nor a grain of a gap with itself; that is all the grain is for, and in the paper it is 1.
    Coincidences add up by continuum. `answers` counts annotators by continuum, `units` continua. With `resamples` it
    has the 95 % interval of as many samples of continua.
    """
    if not (isfinite(grain) and grain > 0):
        raise InvalidInput("The smallest length must be above zero.", faults=[Fault("/grain", "must be above zero")])
    several = [continuum for continuum in continua if len(continuum.spans) > 1]
    if not several:
        return Coefficient(None, _NOBODY)
    answers = sum(len(continuum.spans) for continuum in several)
    prepared = _prepared(coincidences(several, aspect, grain), answers, len(several))
    return evaluated_with_interval(prepared, resamples, seed)


def _prepared(found: Coincidences, answers: int, units: int) -> Prepared | Undefined:
    """Chance pairs nothing with itself (Krippendorff 2019, equations 32 to 37)."""
    import numpy as np

    if not len(found.lengths):
        return Undefined(_NO_INTERSECTION, answers, units)
    kinds = len(found.categories)
    pairs, column = np.unique(found.one * kinds + found.other, return_inverse=True)
    one, other = pairs // kinds, pairs % kinds
    if len(np.unique(one)) < 2:
        return Undefined(ONE_CATEGORY, answers, units)
    row, itself = _in_order(found, column)
    order = np.lexsort((column, row[found.continuum]))
    by_pair = Tally(row[found.continuum][order], column[order], found.lengths[order], (units, len(pairs)))
    by_category = Tally(np.arange(len(pairs)), one, np.ones(len(pairs)), (len(pairs), kinds))
    unlike = (one != other).astype(float)

    def values(samples: Floats) -> Floats:
        lengths = by_pair.pooled(samples)
        margins = by_category.pooled(lengths)
        total = margins.sum(axis=1)
        expected = total * (total**2 - (margins**2).sum(axis=1))
        observed = (lengths @ unlike) * (total**2 - samples @ itself)
        return one_minus(observed, expected, (margins > 0).sum(axis=1) > 1)

    return Prepared(np.ones(units, dtype=np.int64), values, answers, units, max(units, len(pairs), kinds))


def _in_order(found: Coincidences, column: Integers) -> tuple[Integers, Floats]:
    """A row for each continuum, and what meets itself by row: in an order of their own, so that no other matters."""
    import numpy as np

    contents: list[list[tuple[int, float]]] = [[] for _ in found.itself]
    for continuum, place, length in zip(found.continuum.tolist(), column.tolist(), found.lengths.tolist(), strict=True):
        contents[continuum].append((place, length))
    itself = found.itself.tolist()
    order = sorted(range(len(itself)), key=lambda place: (sorted(contents[place]), itself[place]))
    row = np.empty(len(order), dtype=np.int64)
    row[order] = np.arange(len(order))
    return row, found.itself[order]
