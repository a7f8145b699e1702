"""Another way to measure agreement is tried beside the one in force, and takes over without mixing scores."""

from __future__ import annotations

from typing import Any

import pytest

from annolog.commands.annotating import SubmitAnnotation
from annolog.commands.defining import (
    ActivateAgreementDefinition,
    ProposeAgreementDefinition,
    WithdrawAgreementDefinition,
)
from annolog.commands.reviewing import SetGroundTruth
from annolog.domain.ids import project_stream, task_stream
from annolog.domain.refusals import InvalidInput, StaleVersion, WrongState
from annolog.projections.agreement import queries
from tests.world import World

CONFIG = (
    '<View><Text name="text" value="$text"/><Choices name="label" toName="text" choice="multiple">'
    '<Choice value="A"/><Choice value="B"/><Choice value="C"/></Choices></View>'
)
JACCARD = {"metrics": {"label": {"metric": "jaccard"}}}
RULE = {"enabled": True, "threshold": 0.9, "maximum_additional": 1}


def chosen(*labels: str) -> list[dict[str, Any]]:
    return [{"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": list(labels)}}]


def definitions(world: World) -> list[dict[str, Any]]:
    world.settle()
    with world.installation.read_engine.connect() as connection:
        return queries.definitions(connection, world.project)


def score(world: World, definition: int | None = None) -> float | None:
    world.settle()
    with world.installation.read_engine.connect() as connection:
        found = queries.project_agreement(connection, world.project, definition)
        assert found is not None
        value: float | None = found["score"]
        return value


def answer(world: World, who: str, task: int, *labels: str) -> None:
    world.run(SubmitAnnotation(task=task, result=chosen(*labels)), who)


def propose(world: World, definition: dict[str, Any], **more: Any) -> int:
    command = ProposeAgreementDefinition(project=world.project, definition=definition, **more)
    version: int = world.run(command).value["version"]
    return version


def test_a_definition_is_computed_beside_the_one_in_force_and_takes_over_when_told_to(world: World) -> None:
    world.set_up(tasks=3, config=CONFIG, assignment={"overlap": 2})
    for task in (1, 2, 3):
        answer(world, "ann", task, "A", "B")
    answer(world, "bob", 1, "A")
    answer(world, "bob", 2, "A", "B")
    assert score(world) == 0.5
    version = propose(world, JACCARD)
    assert (score(world), score(world, version)) == (0.5, 0.75)
    # Both move with every answer.
    answer(world, "bob", 3, "B")
    assert score(world) == pytest.approx(1 / 3)
    assert score(world, version) == pytest.approx(2 / 3)
    assert world.agreement(3)["score"] == 0
    assert world.board(order=["task"])[2]["agreement"] == 0
    world.run(ActivateAgreementDefinition(project=world.project, version=version))
    assert score(world) == pytest.approx(2 / 3)
    assert world.agreement(3)["score"] == 0.5
    assert world.board(order=["task"])[2]["agreement"] == 0.5
    before, now = definitions(world)
    assert (before["status"], before["score"]) == ("replaced", pytest.approx(1 / 3))
    assert (now["status"], now["version"]) == ("active", version)


def test_a_definition_takes_over_by_itself_and_brings_its_threshold(world: World) -> None:
    world.set_up(tasks=2, config=CONFIG, assignment={"overlap": 2}, reassignment=RULE)
    answer(world, "ann", 1, "A", "B")
    with pytest.raises(InvalidInput, match="threshold"):
        propose(world, JACCARD, activate=True)
    propose(world, JACCARD, activate=True, threshold=0.4)
    world.settle()
    answer(world, "bob", 1, "A")
    world.settle()
    # Half of the labels agree, which the new threshold takes for enough and the old one would not have.
    assert "AgreementReached" in world.types(task_stream(1))
    [evidence] = [
        recorded.event.evidence
        for recorded in world.installation.log.streams([task_stream(1)])[task_stream(1)]
        if recorded.type == "AgreementReached"
    ]
    assert (evidence.score, evidence.threshold, evidence.definition) == (0.5, 0.4, 1)
    assert world.types(project_stream(world.project))[-1] == "AgreementDefinitionActivated"


def test_scores_by_another_definition_never_meet_a_threshold_that_was_set_for_the_one_before(world: World) -> None:
    world.set_up(tasks=1, config=CONFIG, assignment={"overlap": 2}, reassignment=RULE)
    with pytest.raises(WrongState, match="threshold"):
        world.change("agreement", **JACCARD)
    version = propose(world, JACCARD)
    world.settle()
    with pytest.raises(InvalidInput, match="threshold"):
        world.run(ActivateAgreementDefinition(project=world.project, version=version))
    world.run(ActivateAgreementDefinition(project=world.project, version=version, threshold=0.5))
    assert world.installation.states.project(world.project).settings.reassignment.threshold == 0.5


def test_a_proposal_that_is_withdrawn_or_replaced_leaves_what_is_in_force(world: World) -> None:
    world.set_up(tasks=1, config=CONFIG, assignment={"overlap": 3})
    answer(world, "ann", 1, "A", "B")
    answer(world, "bob", 1, "A")
    first = propose(world, JACCARD)
    second = propose(world, {"methodology": "consensus"})
    world.settle()
    with pytest.raises(StaleVersion):
        world.run(ActivateAgreementDefinition(project=world.project, version=first))
    world.run(WithdrawAgreementDefinition(project=world.project, reason="not yet"))
    assert [found["status"] for found in definitions(world)] == ["active", "withdrawn", "withdrawn"]
    assert second == first + 1
    answer(world, "cyd", 1, "A")
    assert score(world) == pytest.approx(1 / 3)


def test_a_definition_that_cannot_be_is_refused_with_its_field(world: World) -> None:
    world.set_up(tasks=1, config=CONFIG)
    for definition, pointer in (
        ({"metrics": {"label": {"metric": "telepathy"}}}, "metric"),
        ({"custom": "no such digest"}, "custom"),
        ({"label_weights": {"label": {"A": 2}}}, "^/definition: .*weight of"),
        ({"methodologies": "pairwise"}, "methodologies"),
        ({"metrics": {"mood": {"metric": "jaccard"}}}, "^/definition/metrics/mood: .*no control 'mood'"),
        ({"metrics": {"label": {"metric": "overlap"}}}, "cannot compare"),
        ({"weights": {"label": 0}}, "above 0"),
    ):
        with pytest.raises(InvalidInput, match=pointer):
            propose(world, definition)


def test_labels_may_weigh_differently(world: World) -> None:
    world.set_up(tasks=1, config=CONFIG, assignment={"overlap": 2}, agreement={"label_weights": {"label": {"B": 0}}})
    answer(world, "ann", 1, "A", "B")
    answer(world, "bob", 1, "A")
    assert score(world) == 1


@pytest.mark.parametrize("by_settings", [False, True])
def test_who_is_judged_by_the_truth_is_judged_anew_by_another_definition(world: World, by_settings: bool) -> None:
    rules = {"enabled": True, "minimum_tasks": 2, "minimum_score": 0.4}
    world.set_up(tasks=2, managers="max", config=CONFIG, evaluation=rules)
    for task in (1, 2):
        answer(world, "max", task, "A", "B")
        [annotation] = world.task(task).annotations
        world.run(SetGroundTruth(task=task, annotation=annotation), "max")
    for task in (1, 2):
        answer(world, "ann", task, "A")

    def paused() -> bool:
        world.settle()
        return bool(world.installation.states.project(world.project).members[world.people["ann"]].pauses)

    assert paused()
    if by_settings:
        world.change("agreement", **JACCARD)
    else:
        propose(world, JACCARD, activate=True)
    assert not paused(), "half of the labels are right"
