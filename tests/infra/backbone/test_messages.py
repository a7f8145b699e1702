"""Real messages of a real story, held against the document that describes them."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary
from cloudevents.core.formats.json import JSONFormat
from jsonschema import Draft202012Validator

from annolog.infra.backbone.asyncapi import document
from annolog.infra.backbone.envelope import Carried, Mark, read
from annolog.infra.backbone.topic import Topic
from annolog.infra.composition import Installation
from annolog.infra.settings import InstallationSettings
from tests.infra.backbone.records import records_of
from tests.projections.engine.history import live_through
from tests.world import MovableClock, World

pytestmark = pytest.mark.services

DOCUMENT = document()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[int, list[Any]], list[Any]]:
    """The records of a story, by partition, and its events as the log has them."""
    from tests.world import Backend, settings_in

    with settings_in(tmp_path_factory.mktemp("told"), Backend.SCALED_OUT) as settings:
        clock = MovableClock()
        with Installation(settings, clock=clock) as installation:
            for seed in (1, 2, 3):
                live_through(World(installation, clock), 60, seed=seed)
            installation.settle(30)
            events = list(installation.log.after(0, 100_000))
        return records_of(Topic.of(settings)), events


def headers_of(record: Any) -> dict[str, str]:
    return {name: value.decode() for name, value in record.headers}


def test_every_message_is_as_the_document_says(told: tuple[dict[int, list[Any]], list[Any]]) -> None:
    messages = {message["name"]: message for message in DOCUMENT["components"]["messages"].values()}
    seen = set()
    for records in told[0].values():
        for record in records:
            headers = headers_of(record)
            message = messages[headers["ce_type"]]
            seen.add(message["title"])
            shape = message.get("headers") or DOCUMENT["components"]["messageTraits"]["event"]["headers"]
            Draft202012Validator({**DOCUMENT, **shape}).validate(headers)
            Draft202012Validator({**DOCUMENT, **message["payload"]}).validate(json.loads(record.value))
    assert {"TaskImported", "AnnotationSubmitted", "AnnotationReviewed", "LogReached"} <= seen


def test_every_message_is_a_cloud_event(told: tuple[dict[int, list[Any]], list[Any]]) -> None:
    for records in told[0].values():
        for record in records:
            message = KafkaMessage(dict(record.headers), record.key, record.value)
            assert from_binary(message, JSONFormat()).get_specversion() == "1.0"


def test_every_event_is_there_once_in_order_and_says_what_came_before_it(
    told: tuple[dict[int, list[Any]], list[Any]],
) -> None:
    records, events = told
    carried = []
    for partition in records.values():
        found = [read(record.headers, record.value) for record in partition]
        positions = [one.position for one in found]
        assert positions == sorted(set(positions))
        mine = [one for one in found if isinstance(one, Carried)]
        assert [one.previous for one in mine] == [0, *(one.position for one in mine)][: len(mine)]
        for one, after in pairwise(found):
            if isinstance(after, Mark):
                assert after.previous <= one.position
        carried += mine
    assert sorted((one.recorded for one in carried), key=lambda one: one.position) == events


def test_a_project_stays_in_one_partition(told: tuple[dict[int, list[Any]], list[Any]]) -> None:
    places: dict[str, set[int]] = {}
    for partition, records in told[0].items():
        for record in records:
            if "ce_project" in headers_of(record):
                places.setdefault(record.key.decode(), set()).add(partition)
    assert len(places) == 3
    assert all(len(partitions) == 1 for partitions in places.values())
    assert len(set.union(*places.values())) > 1


def test_settings_name_the_topic(settings: InstallationSettings) -> None:
    assert Topic.of(settings).name == settings.kafka_topic
