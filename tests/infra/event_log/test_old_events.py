"""Every event ever stored can be read: a sample of each type and shape stays in the corpus for ever.

A new type, or a new schema version, adds a line to corpus.ndjson; no line is ever changed or taken out.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from annolog.domain.catalogue import EVENT_TYPES
from annolog.domain.event import Event
from annolog.infra.event_log import codec
from annolog.infra.event_log.upcasting import UPCASTERS, upcasts

CORPUS = [orjson.loads(line) for line in (Path(__file__).parent / "corpus.ndjson").read_text().splitlines()]


@pytest.mark.parametrize("sample", CORPUS, ids=lambda sample: f"{sample['type']}.v{sample['schema_version']}")
def test_a_stored_event_is_read_and_stored_alike(sample: dict[str, Any]) -> None:
    event = codec.decode(sample["type"], sample["schema_version"], orjson.dumps(sample["body"]))
    assert event.type_name() == sample["type"]
    if sample["schema_version"] == event.schema_version:
        assert orjson.loads(event.model_dump_json(exclude_none=True)) == sample["body"]


def test_there_is_a_sample_of_every_shape() -> None:
    there = {(sample["type"], sample["schema_version"]) for sample in CORPUS}
    needed = {(name, version) for name, kind in EVENT_TYPES.items() for version in range(1, kind.schema_version + 1)}
    assert there == needed


class Renamed(Event):
    """An event whose member was once called otherwise."""

    schema_version = 2

    label: str


@pytest.fixture
def renamed() -> Iterator[None]:
    EVENT_TYPES["Renamed"] = Renamed

    @upcasts("Renamed", 1)
    def rename(members: dict[str, Any]) -> dict[str, Any]:
        return {"label": members["tag"]}

    yield
    del EVENT_TYPES["Renamed"], UPCASTERS["Renamed", 1]


def test_an_old_shape_is_brought_to_todays(renamed: None) -> None:
    assert codec.decode("Renamed", 1, b'{"tag": "cat"}') == Renamed(label="cat")
    assert codec.decode("Renamed", 2, b'{"label": "cat"}') == Renamed(label="cat")
