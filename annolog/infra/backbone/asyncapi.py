"""The AsyncAPI document of the topic, made from the events themselves: docs/asyncapi.json is what this gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import models_json_schema

from annolog.domain.catalogue import EVENT_TYPES
from annolog.domain.event import Event
from annolog.infra.backbone.envelope import NAMESPACE, REACHED, dotted

VERSION = "1.0.0"
SCHEMAS = "#/components/schemas/{model}"

DESCRIPTION = """Every event of the log, as CloudEvents 1.0 in Kafka's binary content mode.

A project's events are in one partition, in the order in which they happened. A record may come twice, after a relay
was replaced: `ce_sequence`, the position in the log, tells. `ce_previous` is the position of the event before it in
the same partition, so that a reader can tell that nothing is missing. `log.reached` says that a partition is complete
up to a position, though nothing happened in it. The topic may expire or be lost; the log behind the API has everything.
"""
TEXT = {"type": "string"}
NUMBER = {"type": "string", "pattern": "^[0-9]+$"}
HEX = {"type": "string", "pattern": "^[0-9a-f]{32}$"}

# Headers of every record, of events alone, and of some events.
ALWAYS: Mapping[str, tuple[dict[str, Any], str]] = {
    "ce_specversion": ({"const": "1.0"}, "CloudEvents 1.0"),
    "ce_id": (TEXT, "the event's id, unique for ever"),
    "ce_source": (TEXT, "the topic that it was published to"),
    "ce_type": (TEXT, "what happened, with the version of the payload's shape"),
    "ce_subject": (TEXT, "the stream, such as task-7"),
    "ce_partitionkey": (TEXT, "the project, which is the record's key too"),
    "ce_time": ({"type": "string", "format": "date-time"}, "when it was recorded"),
    "ce_sequence": (NUMBER, "position in the log"),
    "ce_previous": (NUMBER, "position of the event before it in this partition"),
    "content-type": ({"const": "application/json"}, "of the value"),
}
OF_EVENTS: Mapping[str, tuple[dict[str, Any], str]] = {
    "ce_streamversion": (NUMBER, "its number in the stream"),
    "ce_actor": (NUMBER, "who did it; 0 is the system itself"),
    "ce_commandid": (HEX, "the command that led to it"),
    "ce_correlationid": (HEX, "what joins everything that one request led to; the trace id"),
    "ce_traceparent": (TEXT, "W3C trace context"),
}
SOMETIMES: Mapping[str, tuple[dict[str, Any], str]] = {
    "ce_project": (NUMBER, "the project, if it belongs to one"),
    "ce_onbehalfof": (NUMBER, "for whom the actor acted"),
    "ce_causationid": (HEX, "the event that this one follows from"),
}


def document() -> dict[str, Any]:
    """The whole document."""
    types = dict(sorted(EVENT_TYPES.items()))
    _, found = models_json_schema([(kind, "serialization") for kind in types.values()], ref_template=SCHEMAS)
    messages = {name: _message(kind) for name, kind in types.items()} | {"LogReached": _reached()}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Annolog events", "version": VERSION, "description": DESCRIPTION},
        "defaultContentType": "application/json",
        "channels": {
            "events": {
                "address": "annolog.events",
                "description": "The topic; ANNOLOG_KAFKA_TOPIC names another.",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
                "bindings": {"kafka": {"bindingVersion": "0.5.0"}},
            }
        },
        "operations": {"publish": {"action": "send", "channel": {"$ref": "#/channels/events"}}},
        "components": {
            "messages": messages,
            "schemas": found.get("$defs", {}),
            "messageTraits": {"event": {"headers": _headers({**ALWAYS, **OF_EVENTS}, SOMETIMES)}},
        },
    }


def _message(kind: type[Event]) -> dict[str, Any]:
    name = kind.type_name()
    return {
        "name": f"{NAMESPACE}.{dotted(name)}.v{kind.schema_version}",
        "title": name,
        "summary": (kind.__doc__ or "").strip().splitlines()[0],
        "contentType": "application/json",
        "traits": [{"$ref": "#/components/messageTraits/event"}],
        "payload": {"$ref": SCHEMAS.format(model=kind.__name__)},
    }


def _reached() -> dict[str, Any]:
    return {
        "name": REACHED,
        "title": "LogReached",
        "summary": "A partition is complete up to a position.",
        "contentType": "application/json",
        "headers": _headers(ALWAYS, {}),
        "payload": {
            "type": "object",
            "properties": {"position": {"type": "integer"}},
            "required": ["position"],
            "additionalProperties": False,
        },
    }


def _headers(
    required: Mapping[str, tuple[dict[str, Any], str]], optional: Mapping[str, tuple[dict[str, Any], str]]
) -> dict[str, Any]:
    properties = {name: {**schema, "description": text} for name, (schema, text) in {**required, **optional}.items()}
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}
