"""Every event that was ever stored can still be read: one sample of each type and schema version, kept for ever."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import orjson
import pytest

from annolog.domain.catalogue import EVENT_TYPES
from annolog.domain.event import Event
from annolog.infra.event_log.codec import decode
from tests.infra.event_log.samples import CORPUS, SAMPLES, file_of, shape

FILES = sorted(CORPUS.glob("*.json"))


def members_of(file: Path) -> dict[str, Any]:
    members: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return members


@pytest.mark.parametrize("kind", EVENT_TYPES.values(), ids=EVENT_TYPES)
def test_every_shape_that_a_type_ever_had_has_a_sample(kind: type[Event]) -> None:
    for version in range(1, kind.schema_version + 1):
        assert file_of(kind.type_name(), version).exists(), "run tests/infra/event_log/samples.py"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_stored_event_still_loads_and_is_stored_the_same_again(file: Path) -> None:
    kept = members_of(file)
    event = decode(kept["type"], kept["schema_version"], orjson.dumps(kept["body"]))
    assert event.type_name() == kept["type"]
    if kept["schema_version"] == event.schema_version:
        assert orjson.loads(event.model_dump_json(exclude_none=True)) == kept["body"]


@pytest.mark.parametrize("kind", EVENT_TYPES.values(), ids=EVENT_TYPES)
def test_a_shape_changes_only_with_a_new_schema_version(kind: type[Event]) -> None:
    kept = members_of(file_of(kind.type_name(), kind.schema_version))
    assert kept["shape"] == shape(kind), (
        "raise schema_version, register an upcaster, run tests/infra/event_log/samples.py"
    )


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.type_name())
def test_samples_fill_every_field(sample: Event) -> None:
    assert sample.model_fields_set == set(type(sample).model_fields)
    assert None not in sample.model_dump().values()


def test_a_field_that_is_added_without_a_new_version_is_noticed() -> None:
    kind = EVENT_TYPES["TaskDeleted"]
    changed = type("TaskDeleted", (kind,), {"__annotations__": {"urgency": "int | None"}, "urgency": None})
    assert shape(changed) != members_of(file_of("TaskDeleted", 1))["shape"]
