"""Events on Kafka: CloudEvents 1.0 in binary mode. The value is the event as the log has it, headers say the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from cloudevents.core.bindings.kafka import KafkaMessage, to_binary
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from annolog.domain.catalogue import EVENT_TYPES
from annolog.domain.recorded import Recorded
from annolog.infra.event_log.codec import decode
from annolog.infra.telemetry.tracing import traceparent_of
from annolog.projections.engine.moments import moment

NAMESPACE = "io.annolog"
REACHED = f"{NAMESPACE}.log.reached.v1"
OURS = f"{NAMESPACE}.".encode()
# What it comes to when a header is missing or is something else.
NOT_OURS = (KeyError, ValueError, TypeError, AttributeError)
JSON = JSONFormat()
Row = Sequence[Any]


@lru_cache(maxsize=1024)
def dotted(type_name: str) -> str:
    """An event type in the words of CloudEvents: AnnotationSubmitted is annotation.submitted."""
    return ".".join(word.lower() for word in re.findall(r"[A-Z][a-z0-9]*", type_name))


TYPE_NAMES: Mapping[str, str] = {dotted(name): name for name in EVENT_TYPES}


class Foreign(Exception):
    """A record that no relay has sent: somebody else writes to this topic."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Everything of this partition up to a position of the log came before this record."""

    position: int
    previous: int


@dataclass(frozen=True, slots=True)
class Carried:
    """An event with the position of the one before it in the same partition."""

    recorded: Recorded
    previous: int

    @property
    def position(self) -> int:
        """Its position in the log."""
        return self.recorded.position


def message_of(row: Row, previous: int, source: str) -> KafkaMessage:
    """The message for a row of the log.

    The library writes the same at three times the cost, since it checks every attribute; a test holds both to be equal.
    """
    (position, stream, version, type_name, schema_version, id, project, recorded_at, *rest) = row
    actor, on_behalf_of, command_id, correlation_id, causation_id, body = rest
    key = (stream if project is None else str(project)).encode()
    headers = {
        "ce_specversion": b"1.0",
        "ce_id": str(UUID(bytes=id)).encode(),
        "ce_source": source.encode(),
        "ce_type": _type_of(type_name, schema_version),
        "ce_subject": stream.encode(),
        "ce_time": moment(recorded_at).isoformat()[: -len("+00:00")].encode() + b"Z",
        "content-type": b"application/json",
        "ce_partitionkey": key,
        "ce_sequence": b"%d" % position,
        "ce_previous": b"%d" % previous,
        "ce_streamversion": b"%d" % version,
        "ce_actor": b"%d" % actor,
        "ce_commandid": command_id.hex().encode(),
        "ce_correlationid": correlation_id.hex().encode(),
        # The correlation is the trace: whoever traces finds request, event and projection together.
        "ce_traceparent": traceparent_of(UUID(bytes=correlation_id), UUID(bytes=id)).encode(),
    }
    if project is not None:
        headers["ce_project"] = key
    if on_behalf_of is not None:
        headers["ce_onbehalfof"] = b"%d" % on_behalf_of
    if causation_id is not None:
        headers["ce_causationid"] = causation_id.hex().encode()
    return KafkaMessage(headers, key.decode(), body)


@lru_cache(maxsize=1024)
def _type_of(type_name: str, schema_version: int) -> bytes:
    return f"{NAMESPACE}.{dotted(type_name)}.v{schema_version}".encode()


def mark_message(position: int, previous: int, partition: int, source: str) -> KafkaMessage:
    """The message that says how far a partition is, though nothing happened in it."""
    attributes = {
        "id": f"reached-{position}-{partition}",
        "source": source,
        "type": REACHED,
        "subject": "log",
        "datacontenttype": "application/json",
        "partitionkey": f"partition-{partition}",
        "sequence": str(position),
        "previous": str(previous),
    }
    return to_binary(CloudEvent(attributes=attributes, data=b'{"position":%d}' % position), JSON)


def read(headers: Sequence[tuple[str, bytes]], value: bytes) -> Carried | Mark:
    """What a message carries; raises `Foreign` if it is none of ours.

    The library reads them too, at six times the cost; a test holds both to be the same.
    """
    is_event, position, previous = positions_of(headers)
    if not is_event:
        return Mark(position, previous)
    try:
        return Carried(_recorded(headers, position, value), previous)
    except NOT_OURS as trouble:
        raise Foreign(repr(trouble)) from trouble


def _recorded(headers: Sequence[tuple[str, bytes]], position: int, value: bytes) -> Recorded:
    found = {name.removeprefix("ce_"): text for name, text in headers}
    kind = found["type"].decode()
    name, _, schema_version = kind.removeprefix(f"{NAMESPACE}.").rpartition(".v")
    return Recorded(
        position=position,
        id=UUID(found["id"].decode()),
        stream=found["subject"].decode(),
        version=int(found["streamversion"]),
        recorded_at=datetime.fromisoformat(found["time"].decode()),
        actor=int(found["actor"]),
        on_behalf_of=int(found["onbehalfof"]) if "onbehalfof" in found else None,
        command_id=UUID(hex=found["commandid"].decode()),
        correlation_id=UUID(hex=found["correlationid"].decode()),
        causation_id=UUID(hex=found["causationid"].decode()) if "causationid" in found else None,
        project=int(found["project"]) if "project" in found else None,
        event=decode(TYPE_NAMES.get(name, name), int(schema_version), value),
    )


def positions_of(headers: Sequence[tuple[str, bytes]]) -> tuple[bool, int, int]:
    """Whether a message is an event, its position, and the one of the event before it, without looking further.

    Raises `Foreign` if it is none of ours.
    """
    found = dict(headers)
    try:
        kind, position, previous = found["ce_type"], int(found["ce_sequence"]), int(found["ce_previous"])
    except NOT_OURS as trouble:
        raise Foreign(repr(trouble)) from trouble
    if not kind.startswith(OURS) or not 0 <= previous <= position:
        raise Foreign(f"{kind!r} at {position} after {previous}")
    return kind != REACHED.encode(), position, previous
