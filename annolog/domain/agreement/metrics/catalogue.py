"""Every metric there is, by name, and which compares a dimension unless its project says otherwise.

A new family of metrics is a module beside this one, and one entry in `FAMILIES`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType, ModuleType

from annolog.domain.agreement.metrics import choices, moments, numbers, per_region, rankings, regions, taxonomies, texts
from annolog.domain.agreement.metrics.metric import Metric
from annolog.domain.labeling import Dimension, DimensionKind
from annolog.domain.refusals import Fault, InvalidInput

FAMILIES = (
    choices,
    numbers,
    taxonomies,
    texts,
    rankings,
    moments,
    regions,
    per_region,
)

METRICS: Mapping[str, Metric] = MappingProxyType({found.name: found for family in FAMILIES for found in family.METRICS})

EXACT = "exact_match"
# Label Studio's defaults, by kind; for regions by tag, and for answers about each region by kind.
BY_KIND: Mapping[DimensionKind, str] = MappingProxyType(
    {
        DimensionKind.RATING: "numeric_difference",
        DimensionKind.NUMBER: "numeric_difference",
        DimensionKind.TEXT: "text_similarity",
    }
)
BY_TAG: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            ("Rectangle", "RectangleLabels", "Polygon", "PolygonLabels", "Brush", "BrushLabels"), "overlap"
        ),
        **dict.fromkeys(("Labels", "ParagraphLabels", "HyperTextLabels"), "overlap"),
        **dict.fromkeys(("TimeSeriesLabels", "TimelineLabels"), "overlap"),
        "VideoRectangle": "video_frames",
    }
)
PER_REGION: Mapping[DimensionKind, str] = MappingProxyType(
    {
        DimensionKind.SINGLE_CHOICE: "region_choice_similarity",
        DimensionKind.MULTIPLE_CHOICE: "region_choice_similarity",
        DimensionKind.RATING: "region_number_similarity",
        DimensionKind.NUMBER: "region_number_similarity",
        DimensionKind.TEXT: "region_text_similarity",
    }
)


# What each family can compare; what every answer can be compared by is in the first.
KINDS: Mapping[ModuleType, frozenset[DimensionKind]] = MappingProxyType(
    {
        numbers: frozenset({DimensionKind.RATING, DimensionKind.NUMBER}),
        taxonomies: frozenset({DimensionKind.TAXONOMY}),
        texts: frozenset({DimensionKind.TEXT}),
        rankings: frozenset({DimensionKind.RANKER}),
        moments: frozenset({DimensionKind.DATETIME}),
        regions: frozenset({DimensionKind.REGION}),
    }
)
SETS = frozenset({DimensionKind.SINGLE_CHOICE, DimensionKind.MULTIPLE_CHOICE, DimensionKind.TAXONOMY})


def fits(name: str, dimension: Dimension) -> bool:
    """Whether a metric says anything about the answers of a dimension."""
    if name == EXACT:
        return True
    family = next(family for family in FAMILIES if any(found.name == name for found in family.METRICS))
    if dimension.per_region:
        return family is per_region
    return dimension.kind in (SETS if family is choices else KINDS.get(family, frozenset()))


def default_metric(dimension: Dimension) -> Metric:
    """What compares a dimension unless the project says otherwise."""
    if dimension.per_region:
        return METRICS[PER_REGION.get(dimension.kind, EXACT)]
    return METRICS[BY_TAG.get(dimension.tag) or BY_KIND.get(dimension.kind, EXACT)]


def metric(name: str, parameters: Mapping[str, float | str] | None = None) -> Metric:
    """The metric of that name with its parameters; refused when the name, a parameter or its value is not known."""
    return _metric(name, tuple(sorted((parameters or {}).items())))


@lru_cache(maxsize=256)
def _metric(name: str, parameters: tuple[tuple[str, float | str], ...]) -> Metric:
    known = METRICS.get(name)
    if known is None:
        raise _wrong("/metric", f"must be one of {', '.join(METRICS)}")
    for parameter, value in parameters:
        _check(known, parameter, value)
    chosen = MappingProxyType({**known.parameters, **dict(parameters)})
    return Metric(name, known.compare, chosen, known.binary, known.equality, known.choices)


def _check(known: Metric, parameter: str, value: float | str) -> None:
    place = f"/parameters/{parameter}"
    if parameter not in known.parameters:
        raise _wrong(place, f"{known.name} has no such parameter")
    if parameter in known.choices:
        if value not in known.choices[parameter]:
            raise _wrong(place, f"must be one of {', '.join(known.choices[parameter])}")
    elif isinstance(value, str) or not math.isfinite(value):
        raise _wrong(place, "must be a number")


def _wrong(pointer: str, message: str) -> InvalidInput:
    return InvalidInput(f"{pointer}: {message}", faults=[Fault(pointer, message)])
