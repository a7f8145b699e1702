"""Answers that put items in order or into buckets."""

from __future__ import annotations

from bisect import bisect, insort
from collections.abc import Sequence
from types import MappingProxyType
from typing import TypeAlias

from annolog.domain.agreement.metrics.metric import Metric, Parameters, at_least, number_of
from annolog.domain.labeling import Value
from annolog.domain.labeling.answers import UNSORTED

Buckets: TypeAlias = "dict[str, tuple[str, ...]]"

# The name under which a plain order stands among buckets.
ORDER = ""


def rank_correlation(one: Value, other: Value, _: Parameters) -> float:
    """Kendall's tau-b (Kendall 1945) over the items that both ranked, taken from [-1, 1] to [0, 1].

    An order has no ties, so this is the share of pairs of items that stand in the same order in both: 1 for the same
    order, 0.5 for chance, 0 for the reverse. Items that only one of them ranked do not count. Two different answers
    with fewer than two items in common score 0, as do buckets unless both used one and the same.
    """
    if one == other:
        return 1.0
    first, second = _orders(one, other)
    ranks = {item: rank for rank, item in enumerate(second)}
    common = [ranks[item] for item in first if item in ranks]
    if len(common) < 2:
        return 0.0
    pairs = len(common) * (len(common) - 1) // 2
    return (pairs - _inversions(common)) / pairs


def average_precision(one: Value, other: Value, parameters: Parameters) -> float:
    """Average precision at `cutoff`, the mean of either order judged by the other.

    An item is relevant if it is among the first `cutoff` of the order that judges; the precision at every relevant
    item among the first `cutoff` of the order that is judged is summed and divided by the number of relevant items
    (Buckley and Voorhees 2000). The order within the first `cutoff` therefore counts only where they differ, and a
    cutoff as long as the lists asks nothing but which items were ranked. Buckets score as in `rank_correlation`.
    """
    if one == other:
        return 1.0
    cutoff = max(1, int(number_of(parameters, "cutoff")))
    first, second = (order[:cutoff] for order in _orders(one, other))
    return (_precision(first, second) + _precision(second, first)) / 2


def same_bucket(one: Value, other: Value, _: Parameters) -> float:
    """The share of items that both put into the same bucket, among those that either put into one.

    What was left unsorted is in no bucket; where in a bucket an item stands does not count.
    """
    if one == other:
        return 1.0
    first, second = buckets_of(one), buckets_of(other)
    if first is None or second is None or ORDER in first or ORDER in second:
        return 0.0
    place, against = ({item: name for name in found for item in found[name]} for found in (first, second))
    items = place.keys() | against.keys()
    return sum(place.get(item) == against.get(item) for item in items) / len(items) if items else 1.0


def buckets_of(value: Value) -> Buckets | None:
    """The items by bucket without the unsorted ones; a plain order is the bucket `ORDER`; None for other answers."""
    if not isinstance(value, tuple):
        return None
    order = _items(value)
    if order is not None:
        return {ORDER: order}
    buckets: Buckets = {}
    for part in value:
        match part:
            case (str(name), tuple(items)) if (found := _items(items)) is not None:
                buckets[name] = found
            case _:
                return None
    buckets.pop(UNSORTED, None)
    return buckets


def _items(value: tuple[Value, ...]) -> tuple[str, ...] | None:
    """The ids, once each; None if anything else is among them."""
    items = tuple(dict.fromkeys(item for item in value if isinstance(item, str)))
    return items if all(isinstance(item, str) for item in value) else None


def _orders(one: Value, other: Value) -> tuple[Sequence[str], Sequence[str]]:
    """Both orders; nothing where they are not orders of the same thing. A single bucket is an order.

    Label Studio's editor saves a plain order as one bucket, named after the control.
    """
    first, second = buckets_of(one), buckets_of(other)
    if first is None or second is None or len(first) != 1 or first.keys() != second.keys():
        return (), ()
    return next(iter(first.values())), next(iter(second.values()))


def _inversions(ranks: Sequence[int]) -> int:
    """How many pairs stand in the wrong order."""
    seen: list[int] = []
    inversions = 0
    for rank in ranks:
        inversions += len(seen) - bisect(seen, rank)
        insort(seen, rank)
    return inversions


def _precision(judged: Sequence[str], relevant: Sequence[str]) -> float:
    wanted = frozenset(relevant)
    hits, total = 0, 0.0
    for place, item in enumerate(judged, start=1):
        if item in wanted:
            hits += 1
            total += hits / place
    return total / len(wanted) if wanted else 0.0


_CORRELATION = Metric("rank_correlation", rank_correlation)
_PRECISION = Metric("average_precision", average_precision, MappingProxyType({"cutoff": 3.0}))
_BUCKETS = Metric("same_bucket", same_bucket)
METRICS = tuple(found for plain in (_CORRELATION, _PRECISION, _BUCKETS) for found in (plain, at_least(plain)))
