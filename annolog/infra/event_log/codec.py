"""Recorded events as rows of the log, and back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson

from annolog.domain.catalogue import EVENT_TYPES
from annolog.domain.event import Event, Unreadable
from annolog.domain.recorded import Recorded
from annolog.infra.event_log.upcasting import UPCASTERS
from annolog.projections.engine.moments import microseconds, moment


def to_row(recorded: Recorded) -> tuple[Any, ...]:
    """The row of the `event` table, in the order of its columns."""
    event = recorded.event
    causation = recorded.causation_id
    return (
        recorded.position,
        recorded.stream,
        recorded.version,
        event.type_name(),
        event.schema_version,
        recorded.id.bytes,
        recorded.project,
        microseconds(recorded.recorded_at),
        recorded.actor,
        recorded.on_behalf_of,
        recorded.command_id.bytes,
        recorded.correlation_id.bytes,
        causation.bytes if causation is not None else None,
        event.model_dump_json(exclude_none=True).encode(),
    )


def from_row(row: Sequence[Any]) -> Recorded:
    """The recorded event of a row of the `event` table."""
    causation = row[12]
    command_id = _shared_id(row[10])
    return Recorded(
        position=row[0],
        id=UUID(bytes=row[5]),
        stream=row[1],
        version=row[2],
        recorded_at=moment(row[7]),
        actor=row[8],
        on_behalf_of=row[9],
        command_id=command_id,
        correlation_id=command_id if row[11] == row[10] else _shared_id(row[11]),
        causation_id=UUID(bytes=causation) if causation is not None else None,
        project=row[6],
        event=decode(row[3], row[4], row[13]),
    )


@lru_cache(maxsize=1024)
def _shared_id(value: bytes) -> UUID:
    """An id that many events have in common, made once: making one costs more than all else about an envelope."""
    return UUID(bytes=value)


def decode(type_name: str, schema_version: int, body: bytes) -> Event:
    """The event, upcast step by step to today's shape; `Unreadable` if nobody here knows it."""
    known = EVENT_TYPES.get(type_name)
    if known is None:
        return Unreadable(name=type_name, reason="there is no such event here")
    if schema_version > known.schema_version:
        return Unreadable(name=type_name, reason=f"its shape {schema_version} is newer than {known.schema_version}")
    try:
        if schema_version == known.schema_version:
            return known.model_validate_json(body)
        members = orjson.loads(body)
        for version in range(schema_version, known.schema_version):
            members = UPCASTERS[type_name, version](members)
        return known.model_validate(members)
    except (ValueError, KeyError) as wrong:
        return Unreadable(name=type_name, reason=repr(wrong))
