"""What an annotation says, in a form in which two annotations can be compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from annolog.domain.labeling.canonical import Region, canonical_region, fuller
from annolog.domain.labeling.config import LabelingConfig
from annolog.domain.labeling.dimensions import Dimension, DimensionKind
from annolog.domain.labeling.encoding import Value, encode_value

Item = Mapping[str, Any]

PATH_SEPARATOR = " / "


def comparable_values(config: LabelingConfig, result: Sequence[Item]) -> dict[str, Value]:
    """The value of every dimension that a valid result answers; a dimension without an answer is absent.

    Neither the order of the items nor the order of labels in an answer matters: a set has none. (Label Studio's
    documents compare multiple choices in order, the code they came from sorted them first.) Regions lose their ids,
    which are random, and keep everything else that was drawn; an answer per region stands beside its region.
    Items that the config no longer asks for are left out, so a result outlives the config it was made with.
    """
    asked = [(config.by_name[item["from_name"]], item) for item in result if _is_asked(config, item)]
    regions = _regions_by_id(asked) if config.has_regions else {}
    values: dict[str, Value] = {}
    gathered: dict[str, list[Value]] = {}
    for dimension, item in asked:
        if dimension.kind is DimensionKind.REGION:
            gathered.setdefault(dimension.name, []).append(canonical_region(item))
        elif (value := _ANSWERS[dimension.kind](item["value"])) is None:
            continue
        elif not dimension.per_region:
            values[dimension.name] = value
        elif (region := regions.get(item.get("id", ""))) is not None:
            gathered.setdefault(dimension.name, []).append((region, value))
    return values | {name: tuple(sorted(found, key=encode_value)) for name, found in gathered.items()}


def encoded_values(config: LabelingConfig, result: Sequence[Item]) -> dict[str, str]:
    """The same values as canonical JSON, as read models keep and compare them."""
    return {name: encode_value(value) for name, value in comparable_values(config, result).items()}


def _is_asked(config: LabelingConfig, item: Item) -> bool:
    dimension = config.by_name.get(item.get("from_name", ""))
    return dimension is not None and item["type"] in dimension.types


def _regions_by_id(asked: Iterable[tuple[Dimension, Item]]) -> dict[str, Region]:
    """Every region once. One that was drawn by one control and labelled by another is told by its labelled item."""
    regions: dict[str, Region] = {}
    for dimension, item in asked:
        if dimension.kind is DimensionKind.REGION:
            region = canonical_region(item)
            regions[item["id"]] = fuller(regions.get(item["id"], region), region)
    return regions


def _single_choice(value: Item) -> Value | None:
    """The one label. An answer to an older, multiple question says nothing unless it is one label as well."""
    choices = value["choices"]
    chosen = choices if len(choices) == 1 and isinstance(choices[0], str) else _labels(choices)
    return chosen[0] if len(chosen) == 1 else None


def _multiple_choice(value: Item) -> Value:
    return _labels(value["choices"])


def _labels(choices: Iterable[str | list[str]]) -> tuple[str, ...]:
    """Labels sorted and once each; a nested one is its path in one text."""
    texts = (choice if isinstance(choice, str) else PATH_SEPARATOR.join(choice) for choice in choices)
    return tuple(sorted(set(texts)))


def _taxonomy(value: Item) -> Value:
    return tuple(sorted({tuple(path) for path in value["taxonomy"]}))


def _text(value: Item) -> Value:
    text = value["text"]
    return (text,) if isinstance(text, str) else tuple(text)


def _ranking(value: Item) -> Value:
    """The ids in order or, with buckets, the buckets that hold any, by name."""
    ranked = value["ranker"]
    if isinstance(ranked, dict):
        return tuple((bucket, tuple(items)) for bucket, items in sorted(ranked.items()) if items)
    return tuple(ranked)


_ANSWERS: Mapping[DimensionKind, Callable[[Item], Value | None]] = MappingProxyType(
    {
        DimensionKind.SINGLE_CHOICE: _single_choice,
        DimensionKind.MULTIPLE_CHOICE: _multiple_choice,
        DimensionKind.TAXONOMY: _taxonomy,
        DimensionKind.RATING: lambda value: float(value["rating"]),
        DimensionKind.NUMBER: lambda value: float(value["number"]),
        DimensionKind.TEXT: _text,
        DimensionKind.DATETIME: lambda value: str(value["datetime"]),
        DimensionKind.PAIRWISE: lambda value: str(value["selected"]),
        DimensionKind.RANKER: _ranking,
    }
)
