"""What a webhook sends: a CloudEvent in structured mode, signed as https://www.standardwebhooks.com describes."""

from __future__ import annotations

import hmac
import secrets
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

import orjson

from annolog.domain.project.delivering import TASK_DATA
from annolog.domain.project.subscribing import SECRET_BYTES, SECRET_PREFIX, key_of
from annolog.domain.recorded import Recorded
from annolog.infra.backbone.envelope import message_of
from annolog.infra.event_log.codec import to_row
from annolog.infra.withholding import Withholding

# What only means something inside a partition of Kafka.
OF_PARTITIONS = "ce_previous"


def new_secret() -> str:
    """A secret that nobody has."""
    return SECRET_PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES.start)).decode()


def body_of(recorded: Recorded, source: str, withholding: Withholding, *, include_task_data: bool) -> bytes:
    """The event as JSON, with the attributes that it has on Kafka too. Without a task's own data unless asked for, and
    never with what is sensitive of it.
    """
    [row] = withholding.from_rows([to_row(recorded)])
    message = message_of(row, 0, source)
    value = bytes(message.value)
    if not include_task_data and recorded.type in TASK_DATA:
        members = orjson.loads(value)
        value = orjson.dumps({name: members[name] for name in members if name not in TASK_DATA[recorded.type]})
    attributes = {
        name.removeprefix("ce_"): text.decode()
        for name, text in message.headers.items()
        if name.startswith("ce_") and name != OF_PARTITIONS
    }
    return orjson.dumps({**attributes, "datacontenttype": "application/json", "data": orjson.Fragment(value)})


def headers_of(id: str, at: datetime, body: bytes, secret: str) -> Mapping[str, str]:
    """The headers that say which message this is, when it was sent, and that it is ours."""
    timestamp = str(int(at.timestamp()))
    return {
        "content-type": "application/cloudevents+json; charset=utf-8",
        "user-agent": "annolog-webhooks",
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{signature_of(id, timestamp, body, key_of(secret))}",
    }


def signature_of(id: str, timestamp: str, body: bytes, key: bytes) -> str:
    """HMAC-SHA256 of id, timestamp and body with points between them, in base64."""
    signed = b".".join((id.encode(), timestamp.encode(), body))
    return b64encode(hmac.digest(key, signed, sha256)).decode()
