"""Agreement about single labels, and scores in which labels weigh differently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import comb, fsum, isfinite

from annolog.domain.agreement.metrics import Metric
from annolog.domain.agreement.metrics.choices import as_set
from annolog.domain.agreement.metrics.per_region import is_region, pairs_of
from annolog.domain.agreement.metrics.taxonomies import paths_of
from annolog.domain.labeling import Dimension, DimensionKind, Region, Value, encode_value
from annolog.domain.labeling.values import PATH_SEPARATOR

_SETS = frozenset({DimensionKind.SINGLE_CHOICE, DimensionKind.MULTIPLE_CHOICE, DimensionKind.PAIRWISE})
_NUMBERS = frozenset({DimensionKind.RATING, DimensionKind.NUMBER})


def labels_in(kind: DimensionKind, value: Value | None) -> frozenset[str]:
    """The labels that an answer uses; an answer per region uses those of all its regions.

    The label of a taxonomy is its whole path, from the top down with " / " between, since the same word may stand in
    two places. A number is a label as it is written: 4, not 4.0. Texts, dates and rankings have no labels.
    """
    if value is None:
        return frozenset()
    if kind is DimensionKind.REGION:
        return frozenset(label for region in _regions(value) for label in _region_labels(region))
    if pairs := pairs_of(value):
        return frozenset(label for _, said in pairs for label in labels_in(kind, said))
    if kind in _SETS:
        return frozenset(label for label in as_set(value) if isinstance(label, str))
    if kind is DimensionKind.TAXONOMY:
        return frozenset(PATH_SEPARATOR.join(path) for path in paths_of(value) or ())
    return frozenset({_written(value)}) if kind in _NUMBERS and isinstance(value, float) else frozenset()


def may_carry(dimension: Dimension, label: str) -> bool:
    """Whether the labeling config allows answers that carry the label, written as `labels_in` writes it.

    Of labels that come with the data of tasks nothing is known here.
    """
    if dimension.kind is DimensionKind.TAXONOMY:
        return label in {PATH_SEPARATOR.join(path) for path in dimension.known_paths}
    if dimension.kind not in _NUMBERS:
        return label in dimension.known_labels
    try:
        number = float(label)
    except ValueError:
        return False
    least, most = dimension.minimum, dimension.maximum
    within = (least is None or least <= number) and (most is None or number <= most)
    return within and isfinite(number) and _written(number) == label


def restricted(kind: DimensionKind, value: Value | None, label: str) -> Value | None:
    """The answer as if a label were the only one there is; None if it does not use the label."""
    return None if value is None or label not in labels_in(kind, value) else _part(kind, value, label)


def _part(kind: DimensionKind, value: Value, label: str) -> Value:
    """What is left of an answer that uses the label."""
    if kind is DimensionKind.REGION:
        found = [_relabelled(region, label) for region in _regions(value) if label in _region_labels(region)]
        return tuple(sorted(found, key=encode_value))
    if pairs := pairs_of(value):
        said = [(region, restricted(kind, answer, label)) for region, answer in pairs]
        return tuple(sorted(((region, part) for region, part in said if part is not None), key=encode_value))
    if kind is DimensionKind.TAXONOMY:
        return tuple(sorted(path for path in paths_of(value) or () if PATH_SEPARATOR.join(path) == label))
    if kind in _NUMBERS:
        return value
    return (label,) if kind is DimensionKind.MULTIPLE_CHOICE else label


def label_scores(values: Sequence[Value | None], kind: DimensionKind, metric: Metric) -> dict[str, float]:
    """How far people agree about each label that anybody used, by label; nothing for fewer than two people.

    The mean over those pairs of people of whom at least one used the label, of the metric of what both said with it.
    Pairs of whom neither did would say that a rare label is one that everybody agrees about.
    """
    if len(values) < 2:
        return {}
    parts: dict[str, list[Value]] = {}
    for value in values:
        for label in labels_in(kind, value):
            assert value is not None
            parts.setdefault(label, []).append(_part(kind, value, label))
    return {label: _mean(parts[label], len(values), metric) for label in sorted(parts)}


def weighted_score(
    one: Value | None, other: Value | None, kind: DimensionKind, metric: Metric, weights: Mapping[str, float]
) -> float | None:
    """A pair's score where labels weigh differently: the weighted mean of its scores by label.

    The labels are those that either used. One without a weight has 1, and 0 leaves a label out; None if that leaves
    nothing, as it does where neither used any label.
    """
    scored: list[tuple[float, float]] = []
    for label in sorted(labels_in(kind, one) | labels_in(kind, other)):
        weight = weights.get(label, 1.0)
        if weight > 0:
            scored.append((weight, metric.score(restricted(kind, one, label), restricted(kind, other, label))))
    total = fsum(weight for weight, _ in scored)
    return fsum(weight * score for weight, score in scored) / total if scored else None


def _mean(parts: Sequence[Value], people: int, metric: Metric) -> float:
    """The mean over pairs of whom one used the label. Only those of whom both did are compared: the others score 0."""
    pairs = comb(people, 2) - comb(people - len(parts), 2)
    if len(set(parts)) == 1:
        # A choice is the same for everybody who made it, so one comparison stands for all.
        return comb(len(parts), 2) * metric.score(parts[0], parts[0]) / pairs
    return fsum(metric.score(part, against) for part, against in combinations(parts, 2)) / pairs


def _regions(value: Value) -> list[Region]:
    return [region for region in value if is_region(region)] if isinstance(value, tuple) else []


def _region_labels(region: Region) -> tuple[str, ...]:
    labels = dict(region)["labels"]
    return tuple(label for label in labels if isinstance(label, str)) if isinstance(labels, tuple) else ()


def _relabelled(region: Region, label: str) -> Region:
    return tuple((name, (label,) if name == "labels" else part) for name, part in region)


def _written(number: float) -> str:
    return repr(number + 0.0).removesuffix(".0")
