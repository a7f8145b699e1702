"""Whether the result of an annotation fits the labeling config it answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from annolog.domain.labeling.answers import ANSWERS
from annolog.domain.labeling.config import LabelingConfig
from annolog.domain.labeling.dimensions import Dimension, DimensionKind
from annolog.domain.labeling.flaws import MOST_SHOWN, Flaw, is_text, labels, optional_number
from annolog.domain.labeling.regions import region
from annolog.domain.refusals import Fault, InvalidResult, UnknownLabel

MOST_FAULTS = 20

RELATION = "relation"
RELATION_ENDS = ("from_id", "to_id")
RELATION_DIRECTIONS = ("left", "right", "bi")

Item = Mapping[str, Any]
# The name of a control and, where it asks about every region, the region.
Answered = tuple[str, str | None]


def validate_result(config: LabelingConfig, result: object) -> None:
    """Refuse a result that does not fit the config: `UnknownLabel` when labels are all that is wrong with it.

    Whatever JSON is given, it returns or raises one of these two refusals, with at most 20 faults.
    """
    _refuse(_flaws(config, result, config.required))


def validate_suggestion(config: LabelingConfig, result: object) -> None:
    """Refuse a result to begin with that does not fit the config, as `validate_result` does. Whoever goes on from it
    completes it, so it may leave out what must be answered.
    """
    _refuse(_flaws(config, result))


def is_suggestion(config: LabelingConfig, result: object) -> bool:
    """Whether a result is one to begin with."""
    return next(_flaws(config, result), None) is None


def _refuse(found: Iterator[Flaw]) -> None:
    flaws = list(islice(found, MOST_FAULTS))
    if not flaws:
        return
    refusal = UnknownLabel if all(flaw.unknown_label for flaw in flaws) else InvalidResult
    faults = [Fault(flaw.pointer, flaw.message) for flaw in flaws]
    raise refusal(f"{faults[0].pointer}: {faults[0].message}", faults=faults)


def _flaws(config: LabelingConfig, result: object, required: Sequence[Dimension] = ()) -> Iterator[Flaw]:
    if not isinstance(result, list):
        yield Flaw("/result", "result must be a list of result items")
        return
    framed: list[tuple[int, Item]] = []
    for index, item in enumerate(result):
        if frame := list(_frame_flaws(config, item)):
            for flaw in frame:
                yield flaw.under(f"/result/{index}")
            continue
        framed.append((index, item))
        for flaw in _value_flaws(config, item):
            yield flaw.under(f"/result/{index}/value")
    yield from _flaws_between(config, framed, required)


def _frame_flaws(config: LabelingConfig, item: object) -> Iterator[Flaw]:
    """Whether an item says which control it answers, about what, and how."""
    if not isinstance(item, dict):
        yield Flaw("", "a result item must be an object")
    elif item.get("type") == RELATION:
        yield from _relation_flaws(config, item)
    elif not isinstance(name := item.get("from_name"), str) or (dimension := config.by_name.get(name)) is None:
        yield Flaw("/from_name", "from_name must name a control of the labeling config")
    else:
        if item.get("to_name") not in dimension.targets:
            yield Flaw("/to_name", f"to_name must be {' or '.join(dimension.targets)}, which {name} is about")
        if not isinstance(item.get("type"), str) or item["type"] not in dimension.types:
            yield Flaw("/type", f"type must be {' or '.join(sorted(dimension.types))}, which {name} gives")
        if not isinstance(item.get("value"), dict):
            yield Flaw("/value", "value must be an object")
        if (dimension.per_region or dimension.kind is DimensionKind.REGION) and not is_text(item.get("id")):
            yield Flaw("/id", "id must be the text that identifies the region")
        yield from optional_number(item, "item_index", 0)


def _relation_flaws(config: LabelingConfig, item: Item) -> Iterator[Flaw]:
    for end in RELATION_ENDS:
        if not is_text(item.get(end)):
            yield Flaw(f"/{end}", f"{end} must be the id of a region")
    if item.get("direction") not in RELATION_DIRECTIONS:
        yield Flaw("/direction", "direction must be left, right or bi")
    if item.get("labels") is not None:
        yield from labels(item["labels"], "labels", config.relation_labels)


def _value_flaws(config: LabelingConfig, item: Item) -> Iterator[Flaw]:
    if item["type"] == RELATION:
        return iter(())
    dimension = config.by_name[item["from_name"]]
    if dimension.kind is DimensionKind.REGION:
        return region(dimension, item["type"], item["value"])
    return ANSWERS[item["type"]](dimension, item["value"])


def _flaws_between(
    config: LabelingConfig, framed: list[tuple[int, Item]], required: Sequence[Dimension]
) -> Iterator[Flaw]:
    """What shows only when the items are seen together: ends that are missing, answers given twice or not at all."""
    regions: dict[str, str] = {}
    answers: list[tuple[int, Item, Dimension]] = []
    for index, item in framed:
        if item["type"] != RELATION:
            dimension = config.by_name[item["from_name"]]
            answers.append((index, item, dimension))
            if dimension.kind is DimensionKind.REGION:
                regions[item["id"]] = item["to_name"]
    if len(answers) < len(framed):
        yield from _loose_relations(framed, regions)
    answered: set[Answered] = set()
    for index, item, dimension in answers:
        answer = (dimension.name, item["id"] if dimension.per_region else None)
        if dimension.per_region and item["id"] not in regions:
            yield Flaw(f"/result/{index}/id", "id must be the id of a region in the same result")
        if answer in answered and dimension.kind is not DimensionKind.REGION:
            yield Flaw(f"/result/{index}", f"{dimension.name} is answered twice")
        answered.add(answer)
    if required:
        yield from _unanswered(required, regions, answered)


def _loose_relations(framed: list[tuple[int, Item]], regions: Mapping[str, str]) -> Iterator[Flaw]:
    for index, item in framed:
        if item["type"] == RELATION:
            for end in RELATION_ENDS:
                if item[end] not in regions:
                    yield Flaw(f"/result/{index}/{end}", f"{end} must be the id of a region in the same result")


def _unanswered(required: Sequence[Dimension], regions: Mapping[str, str], answered: set[Answered]) -> Iterator[Flaw]:
    for dimension in required:
        if not dimension.per_region:
            if (dimension.name, None) not in answered:
                yield Flaw("/result", f"{dimension.name} is required and has no answer")
            continue
        for identity, target in regions.items():
            if target in dimension.targets and (dimension.name, identity) not in answered:
                message = f"{dimension.name} is required and has no answer for region {identity[:MOST_SHOWN]!r}"
                yield Flaw("/result", message)
