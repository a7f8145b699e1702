"""One answer is made of several people's, with how sure it is; what people's answers are worth is learnt from them."""

from __future__ import annotations

from typing import Any

import pytest

from annolog.commands.reviewing import SetGroundTruth
from annolog.domain.ids import consensus_stream
from annolog.projections.consensus import skills, verdicts
from tests.world import World

PEOPLE = "ann bob cyd dan"


def consensus(world: World, task: int) -> dict[str, Any]:
    world.settle()
    settings = world.installation.states.project(world.project).settings.consensus
    with world.installation.read_engine.connect() as connection:
        found = verdicts.consensus_of_task(connection, task, settings)
    assert found is not None
    return found["dimensions"]["label"]


def fit(world: World) -> list[int]:
    world.settle()
    return world.installation.fitter.fit(world.project)


def label_all(world: World, tasks: int) -> None:
    """Ann and Bob are right, Cyd mostly, and Dan says A whatever he sees."""
    for task in range(1, tasks + 1):
        true = "AB"[task % 2]
        for who in ("ann", "bob", "cyd", "dan"):
            world.submit(who, task, {"cyd": true if task % 5 else "C", "dan": "A"}.get(who, true))


def test_people_are_weighed_by_what_their_answers_are_worth(world: World) -> None:
    world.set_up(tasks=30, annotators=PEOPLE, assignment={"overlap": 4}, consensus={"model": "dawid_skene"})
    label_all(world, 28)
    world.submit("ann", 29, "B")
    world.submit("dan", 29, "A")
    before = consensus(world, 29)
    assert (before["model"], before["winners"], before["version"]) == ("majority", ["A", "B"], 0)
    assert fit(world) == [1]
    after = consensus(world, 29)
    assert (after["model"], after["winners"], after["version"]) == ("dawid_skene", ["B"], 1)
    assert sorted(after["people"]) == sorted(world.people[who] for who in ("ann", "dan"))
    assert sum(entry["probability"] for entry in after["posterior"]) == pytest.approx(1)
    with world.installation.read_engine.connect() as connection:
        [dimension] = skills.skills_of(connection, world.project)
    worth = {found["person"]: found["accuracy"] for found in dimension["people"]}
    assert worth[world.people["ann"]]["share"] > worth[world.people["dan"]]["share"]
    low, high = worth[world.people["dan"]]["interval"]
    assert 0 < low < worth[world.people["dan"]]["share"] < high < 1


def test_one_more_answer_counts_at_once_and_the_model_follows(world: World) -> None:
    world.set_up(tasks=30, annotators=PEOPLE, assignment={"overlap": 4})
    label_all(world, 25)
    assert fit(world) == [1]
    world.submit("ann", 26, "A")
    alone = consensus(world, 26)
    world.submit("bob", 26, "A")
    together = consensus(world, 26)
    assert together["version"] == alone["version"] == 1
    assert together["posterior"][0]["probability"] > alone["posterior"][0]["probability"]
    assert together["entropy"] < alone["entropy"]
    assert fit(world) == [2]
    assert world.types(consensus_stream(world.project)) == ["ConsensusModelFitted"] * 2


def test_a_ground_truth_is_known(world: World) -> None:
    world.set_up(tasks=30, annotators=PEOPLE, assignment={"overlap": 4})
    label_all(world, 25)
    truth = world.submit("rev", 1, "C")
    world.run(SetGroundTruth(task=1, annotation=truth), "rev")
    fit(world)
    found = consensus(world, 1)
    assert (found["winners"], found["known"]) == (["C"], True)


def looks(world: World, times: int) -> list[int]:
    """How many projects are fitted, look by look."""
    found = []
    for _ in range(times):
        world.settle()
        found.append(world.installation.fitter.fit_due())
    return found


def test_models_are_due_with_growth_and_when_work_rests(world: World) -> None:
    world.set_up(tasks=30, annotators=PEOPLE, assignment={"overlap": 4})
    world.submit("ann", 1, "A")
    assert looks(world, 3) == [0, 0, 0]
    for task in range(2, 26):
        world.submit("ann", task, "A")
        world.submit("bob", task, "A")
    assert looks(world, 3) == [1, 0, 0]
    world.submit("cyd", 2, "A")
    # Two per cent more is no growth, but nobody answers any more.
    assert looks(world, 3) == [0, 1, 0]


BOXES = (
    '<View><Image name="image" value="$text"/><RectangleLabels name="box" toName="image">'
    '<Label value="car"/></RectangleLabels></View>'
)


def box(number: int, x: float) -> dict[str, Any]:
    value = {"x": x, "y": 10, "width": 20, "height": 20, "rotation": 0, "rectanglelabels": ["car"]}
    return {"id": f"r{number}", "from_name": "box", "to_name": "image", "type": "rectanglelabels", "value": value}


def test_boxes_that_enough_people_drew_are_merged(world: World) -> None:
    from annolog.commands.annotating import SubmitAnnotation

    world.set_up(tasks=1, config=BOXES, assignment={"overlap": 3})
    for who, drawn in (("ann", [10, 60]), ("bob", [11]), ("cyd", [12])):
        result = [box(number, x) for number, x in enumerate(drawn)]
        world.run(SubmitAnnotation(task=1, result=result), who)
    world.settle()
    settings = world.installation.states.project(world.project).settings.consensus
    with world.installation.read_engine.connect() as connection:
        found = verdicts.consensus_of_task(connection, 1, settings)
    assert found is not None
    [merged] = found["dimensions"]["box"]["regions"]
    assert merged["region"]["x"] == 11
    assert len(merged["people"]) == 3
    assert merged["support"] == 1
