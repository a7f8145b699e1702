"""Events on Kafka are what they are in the log, for us and for everybody who reads CloudEvents."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary, to_binary
from cloudevents.core.formats.json import JSONFormat

from annolog.domain.catalogue import EVENT_TYPES
from annolog.domain.recorded import Recorded
from annolog.infra.backbone.envelope import TYPE_NAMES, Carried, Mark, dotted, mark_message, message_of, read
from annolog.infra.event_log.codec import to_row
from tests.infra.event_log.samples import SAMPLES

AT = datetime(2026, 11, 24, 12, 30, 1, 250_000, tzinfo=UTC)


def recorded(event: object, **more: object) -> Recorded:
    values = {
        "position": 7,
        "id": uuid4(),
        "stream": "task-5",
        "version": 3,
        "recorded_at": AT,
        "actor": 2,
        "on_behalf_of": None,
        "command_id": uuid4(),
        "correlation_id": uuid4(),
        "causation_id": None,
        "project": 4,
        "event": event,
    }
    return Recorded(**{**values, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize("event", SAMPLES, ids=lambda event: event.type_name())
@pytest.mark.parametrize(
    "more",
    [{}, {"project": None, "on_behalf_of": 9, "causation_id": UUID(int=5)}],
    ids=["as usual", "with everything that is optional"],
)
def test_what_is_sent_is_what_is_read(event: object, more: dict[str, object]) -> None:
    sent = recorded(event, **more)
    message = message_of(to_row(sent), 6, "/topic")
    assert read(list(message.headers.items()), message.value) == Carried(sent, 6)


@pytest.mark.parametrize("event", SAMPLES[:5], ids=lambda event: event.type_name())
def test_the_library_of_cloudevents_reads_the_same(event: object) -> None:
    sent = recorded(event)
    message = message_of(to_row(sent), 6, "/topic")
    found = from_binary(KafkaMessage(message.headers, message.key, message.value), JSONFormat())
    assert (found.get_id(), found.get_subject(), found.get_time()) == (str(sent.id), "task-5", AT)
    assert found.get_type() == f"io.annolog.{dotted(sent.type)}.v{sent.event.schema_version}"
    assert found.get_extension("sequence") == "7"
    assert found.get_extension("partitionkey") == "4"
    assert found.get_extension("traceparent").startswith(f"00-{sent.correlation_id.hex}-")
    assert found.get_data() == json.loads(sent.event.model_dump_json(exclude_none=True))


@pytest.mark.parametrize("event", SAMPLES, ids=lambda event: event.type_name())
@pytest.mark.parametrize("more", [{}, {"project": None, "on_behalf_of": 9, "causation_id": UUID(int=5)}])
def test_the_library_of_cloudevents_writes_the_same(event: object, more: dict[str, object]) -> None:
    message = message_of(to_row(recorded(event, **more)), 6, "/topic")
    found = from_binary(KafkaMessage(message.headers, message.key, message.value), JSONFormat())
    written = to_binary(found, JSONFormat())
    assert (written.headers, written.key) == (message.headers, message.key)


def test_a_mark_tells_how_far_the_log_is() -> None:
    message = mark_message(9, 4, 2, "/topic")
    assert read(list(message.headers.items()), message.value) == Mark(9, 4)


def test_every_type_has_a_name_of_its_own() -> None:
    assert len(TYPE_NAMES) == len(EVENT_TYPES)
    assert dotted("AnnotationSubmitted") == "annotation.submitted"


def test_the_document_is_up_to_date() -> None:
    from annolog.infra.backbone.asyncapi import document

    written = Path(__file__).parents[3] / "docs" / "asyncapi.json"
    assert json.loads(written.read_text("utf-8")) == json.loads(json.dumps(document()))
