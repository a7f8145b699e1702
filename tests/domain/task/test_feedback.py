"""A hint says which control differs and how many regions are missing, never what is true."""

from __future__ import annotations

from typing import Any

from annolog.domain.labeling import parse_labeling_config
from annolog.domain.task.feedback import compare
from tests.story import settings

CONFIG = parse_labeling_config(
    '<View><Text name="text" value="$text"/><Labels name="span" toName="text"><Label value="Person"/>'
    '<Label value="Place"/></Labels><Choices name="tone" toName="text"><Choice value="good"/><Choice value="bad"/>'
    "</Choices></View>"
)


def tone(label: str) -> dict[str, Any]:
    return {"from_name": "tone", "to_name": "text", "type": "choices", "value": {"choices": [label]}}


def span(start: int, label: str) -> dict[str, Any]:
    value = {"start": start, "end": start + 5, "text": "x", "labels": [label]}
    return {"id": f"r{start}", "from_name": "span", "to_name": "text", "type": "labels", "value": value}


def test_regions_are_counted_and_values_are_not_told() -> None:
    true = [span(0, "Person"), span(10, "Place"), tone("good")]
    rules = settings(evaluation={"enabled": True})
    assert compare(true, true, CONFIG, rules).model_dump() == {
        "controls": [], "missing_regions": 0, "surplus_regions": 0
    }  # fmt: skip
    hint = compare([tone("bad")], true, CONFIG, rules)
    assert (sorted(hint.controls), hint.missing_regions, hint.surplus_regions) == (["span", "tone"], 2, 0)
    more = [*true, span(20, "Person"), span(40, "Person"), span(60, "Place")]
    hint = compare(more, true, CONFIG, rules)
    assert (hint.controls, hint.missing_regions, hint.surplus_regions) == (["span"], 0, 3)
    said = hint.model_dump_json() + compare([tone("bad")], true, CONFIG, rules).model_dump_json()
    assert not any(word in said for word in ("good", "bad", "Person", "Place"))
