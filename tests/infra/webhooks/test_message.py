"""What a webhook sends is the CloudEvent that is on Kafka, in one piece, and its signature is that of the scheme."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from annolog.domain.project.subscribing import key_of
from annolog.domain.recorded import Recorded
from annolog.domain.task.events import TaskImported
from annolog.infra.backbone.envelope import message_of
from annolog.infra.event_log.codec import to_row
from annolog.infra.webhooks.message import body_of, headers_of, new_secret, signature_of
from annolog.infra.withholding import Withholding
from tests.infra.event_log.samples import SAMPLES

NOON = datetime(2026, 11, 24, 12, 0, 0, 123456, tzinfo=UTC)
SOURCE = "/annolog.events"


class Unconfigured:
    """A log in which no project says anything of its fields."""

    def configured(self, project: int, version: int) -> tuple[int, Sequence[Recorded]]:
        return 0, ()


ALL_LEAVES = Withholding(Unconfigured())


def recorded(event: object) -> Recorded:
    return Recorded(
        position=99,
        id=UUID(int=1),
        stream="task-41",
        version=3,
        recorded_at=NOON,
        actor=5,
        on_behalf_of=6,
        command_id=UUID(int=2),
        correlation_id=UUID(int=3),
        causation_id=UUID(int=4),
        project=3,
        event=event,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("event", SAMPLES, ids=lambda event: event.type_name())
def test_it_is_the_event_that_is_on_kafka(event: object) -> None:
    one = recorded(event)
    message = message_of(to_row(one), 42, SOURCE)
    there = from_binary(KafkaMessage(message.headers, message.key, message.value), JSONFormat(), CloudEvent)
    here = JSONFormat().read(CloudEvent, body_of(one, SOURCE, ALL_LEAVES, include_task_data=True))
    expected = {name: value for name, value in there.get_attributes().items() if name != "previous"}
    assert here.get_attributes() == expected
    assert here.get_data() == json.loads(message.value)


def test_the_data_of_a_task_is_left_out_and_nothing_else() -> None:
    imported = next(sample for sample in SAMPLES if isinstance(sample, TaskImported))
    whole = json.loads(body_of(recorded(imported), SOURCE, ALL_LEAVES, include_task_data=True))
    less = json.loads(body_of(recorded(imported), SOURCE, ALL_LEAVES, include_task_data=False))
    assert {name: value for name, value in whole["data"].items() if name not in ("data", "meta")} == less["data"]
    assert {**whole, "data": None} == {**less, "data": None}


def test_the_signature_is_that_of_a_published_example() -> None:
    """The example of the scheme's own libraries (standard-webhooks): secret, id, time, body and signature."""
    key = b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    signature = signature_of("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}', key)
    assert signature == "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_time_is_in_the_headers_and_a_secret_is_never_the_same() -> None:
    secrets = {new_secret() for _ in range(100)}
    assert len(secrets) == 100
    secret = secrets.pop()
    headers = headers_of("id", NOON, b"{}", secret)
    assert headers["webhook-timestamp"] == str(int(NOON.timestamp()))
    expected = signature_of("id", headers["webhook-timestamp"], b"{}", key_of(secret))
    assert headers["webhook-signature"] == f"v1,{expected}"


def test_an_event_without_a_cause_has_no_attribute_for_it() -> None:
    plain = replace(recorded(SAMPLES[0]), causation_id=None, on_behalf_of=None)
    found = json.loads(body_of(plain, SOURCE, ALL_LEAVES, include_task_data=False))
    assert not {"causationid", "onbehalfof"} & found.keys()


def test_the_example_of_the_documentation_tells_what_is_ours_from_what_is_not() -> None:
    page = (Path(__file__).parents[3] / "docs/webhooks.md").read_text("utf-8")
    [example] = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    given: dict[str, Any] = {}
    exec(example, given)
    is_genuine = given["is_genuine"]
    secret, now = new_secret(), datetime.now(UTC)
    headers = dict(headers_of("id", now, b"{}", secret))
    assert is_genuine(secret, headers, b"{}")
    assert is_genuine(secret, {**headers, "webhook-signature": f"v1,old {headers['webhook-signature']}"}, b"{}")
    assert not is_genuine(secret, headers, b"{ }")
    assert not is_genuine(new_secret(), headers, b"{}")
    assert not is_genuine(secret, {**headers, "webhook-id": "other"}, b"{}")
    assert not is_genuine(secret, dict(headers_of("id", now - timedelta(minutes=6), b"{}", secret)), b"{}")
