"""A metric of the project's own judges its tasks; where it fails, that score fails and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from annolog.commands.defining import ProposeAgreementDefinition, RegisterCustomMetric
from annolog.commands.distributing import DeleteTasks, RestoreTasks
from annolog.domain.ids import task_stream
from annolog.domain.refusals import InvalidInput
from tests.world import World

FIRST_LETTERS = """
def agreement(annotation_1, annotation_2, per_label=False):
    labels = [annotation["result"][0]["value"]["choices"][0] for annotation in (annotation_1, annotation_2)]
    return 1.0 if labels[0] == labels[1] else 0.25
"""
TOGETHER = """
def group_agreement(annotations):
    labels = {annotation["result"][0]["value"]["choices"][0] for annotation in annotations}
    return 1 / len(labels)
"""
ENDLESS = """
def agreement(annotation_1, annotation_2, per_label=False):
    raise ValueError("no idea")
"""


def use(world: World, source: str, **more: Any) -> int:
    registered = world.run(RegisterCustomMetric(project=world.project, name="mine", source=source)).value
    command = ProposeAgreementDefinition(
        project=world.project, definition={"custom": registered["digest"]}, activate=True, **more
    )
    version: int = world.run(command).value["version"]
    world.settle()
    return version


def test_it_judges_what_is_there_and_what_comes(world: World) -> None:
    world.set_up(tasks=2, assignment={"overlap": 3})
    world.submit("ann", 1, "A")
    world.submit("bob", 1, "B")
    assert world.agreement(1)["score"] == 0
    version = use(world, FIRST_LETTERS)
    assert world.agreement(1)["score"] == 0.25
    assert world.board(order=["task"])[0]["agreement"] == 0.25
    world.submit("cyd", 1, "A")
    assert world.agreement(1)["score"] == pytest.approx((0.25 + 0.25 + 1) / 3)
    assert world.agreement(1)["definition"] == version


def test_a_group_form_sees_all_annotations_at_once(world: World) -> None:
    world.set_up(tasks=1, assignment={"overlap": 3})
    use(world, TOGETHER)
    for who, label in (("ann", "A"), ("bob", "B"), ("cyd", "B")):
        world.submit(who, 1, label)
    assert world.agreement(1)["score"] == 0.5


def test_low_agreement_by_it_brings_in_one_more_person(world: World) -> None:
    rule = {"enabled": True, "threshold": 0.9, "maximum_additional": 1}
    world.set_up(tasks=1, assignment={"overlap": 2}, reassignment=rule)
    use(world, FIRST_LETTERS, threshold=0.5)
    world.submit("ann", 1, "A")
    world.submit("bob", 1, "B")
    world.settle()
    [added] = [
        recorded.event
        for recorded in world.installation.log.streams([task_stream(1)])[task_stream(1)]
        if recorded.type == "SlotAdded"
    ]
    assert (added.evidence.score, added.evidence.threshold, added.evidence.definition) == (0.25, 0.5, 1)


def test_a_task_that_comes_back_is_measured_by_what_took_over_meanwhile(world: World) -> None:
    world.set_up(tasks=1, assignment={"overlap": 2})
    world.submit("ann", 1, "A")
    world.submit("bob", 1, "B")
    world.run(DeleteTasks(project=world.project, tasks=[1]))
    use(world, FIRST_LETTERS)
    world.run(RestoreTasks(project=world.project, tasks=[1]))
    world.settle()
    assert world.agreement(1)["score"] == 0.25


def test_where_it_fails_there_is_no_score_and_the_reason_is_told(world: World) -> None:
    world.set_up(tasks=1, assignment={"overlap": 2})
    use(world, ENDLESS)
    world.submit("ann", 1, "A")
    world.submit("bob", 1, "A")
    found = world.agreement(1)
    assert found["score"] is None
    assert "no idea" in found["error"]
    assert world.progress()["annotations"] == 2


def test_a_file_that_cannot_be_a_metric_is_refused(world: World) -> None:
    world.set_up(tasks=1)
    for source in ("def agreement(: pass", "x = 1", "def agreement(one): return 1"):
        with pytest.raises(InvalidInput):
            world.run(RegisterCustomMetric(project=world.project, name="mine", source=source))
