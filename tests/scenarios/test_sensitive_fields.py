"""Fields become sensitive while people work: read models forget them, Kafka never has them, and all is proven."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from annolog.commands.annotating import SubmitAnnotation
from annolog.commands.importing import ImportTasks
from annolog.commands.projects import PublishProject, ReviseLabelConfig
from annolog.domain.project.data_fields import MARK
from annolog.domain.task.importing import ImportedPrediction, ImportedTask
from annolog.infra.backbone.topic import Topic
from tests.infra.backbone.records import records_of
from tests.scenarios.test_both_ways_to_run import steady_world, tables_of
from tests.world import Backend, World, proven_world, result

BACKENDS = [
    pytest.param(Backend.EMBEDDED, id="embedded"),
    pytest.param(Backend.SCALED_OUT, id="scaled out", marks=pytest.mark.services),
]
CONFIG = (
    '<View><Text name="text" value="$text"/><Choices name="label" toName="text">'
    '<Choice value="A"/><Choice value="B"/><Choice value="C"/></Choices>'
    '<Labels name="who" toName="text"><Label value="Person"/></Labels></View>'
)
EARLY, LATE = "canary-from-before", "canary-from-after"
SENSITIVE = {"text": {"sensitive": True, "how": "mask"}, "iban": {"sensitive": True}}


def quoting(text: str, label: str = "A") -> list[dict[str, Any]]:
    value = {"start": 0, "end": 6, "text": text, "labels": ["Person"]}
    return [*result(label), {"id": "r1", "from_name": "who", "to_name": "text", "type": "labels", "value": value}]


def bring_in(world: World, text: str) -> list[int]:
    prediction = ImportedPrediction(result=quoting(text), model_version="m")
    one = ImportedTask(
        data={"text": text, "iban": text, "topic": "money"}, meta={"iban": text}, predictions=[prediction]
    )
    first = world.run(ImportTasks(project=world.project, tasks=[one, one])).value["first_task"]
    world.settle()
    return [first, first + 1]


def answer(world: World, tasks: list[int], text: str) -> None:
    for task in tasks:
        for who, label in (("ann", "A"), ("bob", "B")):
            world.run(SubmitAnnotation(task=task, result=quoting(text, label)), who)
            world.settle()


def story(world: World) -> None:
    """Work, then the rule, then more of both; at last another labeling config and a rule taken back."""
    world.set_up(tasks=0, config=CONFIG, publish=False, assignment={"overlap": 2})
    early = bring_in(world, EARLY)
    world.run(PublishProject(project=world.project))
    answer(world, early[:1], EARLY)
    world.change("data_fields", fields=SENSITIVE)
    answer(world, early[1:], LATE)
    answer(world, bring_in(world, LATE), LATE)
    world.run(ReviseLabelConfig(project=world.project, label_config=CONFIG.replace("$text", "$topic")))
    world.settle()
    world.change("data_fields", fields={"text": {"sensitive": True}, "topic": {"hidden_from": ["viewer"]}})


@pytest.mark.parametrize("backend", BACKENDS)
def test_no_read_model_has_what_is_sensitive_and_each_is_what_it_would_be_built_anew(
    tmp_path: Path, backend: Backend
) -> None:
    with proven_world(tmp_path, backend) as world:
        story(world)
        rows = repr(tables_of(world.installation))
        assert EARLY not in rows
        assert LATE not in rows
        assert MARK in rows
        assert len(world.board()) == 4


@pytest.mark.services
def test_what_comes_through_kafka_comes_to_the_same_rows_and_carries_nothing_sensitive(tmp_path: Path) -> None:
    tables, values = [], b""
    for backend in (Backend.EMBEDDED, Backend.SCALED_OUT):
        with steady_world(tmp_path / backend, backend) as world:
            story(world)
            world.settle()
            tables.append(tables_of(world.installation))
            if backend is Backend.SCALED_OUT:
                topic = Topic.of(world.installation.settings)
                records = [record for found in records_of(topic).values() for record in found]
                values = b"\n".join(record.value for record in records)
    embedded, scaled_out = tables
    for name, rows in embedded.items():
        assert scaled_out[name] == rows, name
    assert LATE.encode() not in values
    assert MARK.encode() in values
    assert b'"topic":"money"' in values
    # What was sent before the rule has left; so the record is there for the test to find.
    assert EARLY.encode() in values
