"""Rules go by how well people answer, as it is measured; so who proves good at something becomes an expert in it."""

from __future__ import annotations

from typing import Any

import pytest

from annolog.commands.distributing import DeleteTasks
from annolog.commands.reviewing import SetGroundTruth
from annolog.commands.rules import SetRule
from annolog.domain.refusals import InvalidInput
from annolog.projections.conduct.queries import firings
from tests.world import World

DAY = 86_400.0
TRUTH: dict[str, Any] = {"source": "ground_truth"}
EXPERT = {"do": "set_skill", "skill": "films", "value": 1}
TIER = {
    "enabled": True,
    "threshold": 1.0,
    "maximum_additional": 1,
    "expert_after": 1,
    "expert_skill": "films",
    "expert_least": 1.0,
}


def condition(collector: str, comparison: str, value: float, **parameters: Any) -> dict[str, Any]:
    return {"collector": collector, "comparison": comparison, "value": value, "parameters": parameters}


def rule(world: World, name: str, action: dict[str, Any], *conditions: dict[str, Any]) -> None:
    world.run(SetRule(project=world.project, name=name, rule={"conditions": list(conditions), "action": action}))


def fired(world: World) -> list[dict[str, Any]]:
    world.settle()
    with world.installation.read_engine.connect() as connection:
        return firings(connection, world.project)


def tested(world: World, *tasks: int) -> None:
    for task in tasks:
        world.run(SetGroundTruth(task=task, annotation=world.submit("rev", task, "B")), "rev")


def skill(world: World, who: str) -> float | None:
    world.settle()
    found: float | None = world.installation.states.project(world.project).skill(world.people[who], "films")
    return found


def test_who_proves_to_be_good_is_an_expert_and_is_given_what_others_disagree_on(world: World) -> None:
    world.set_up(
        tasks=4, annotators="ann bob cyd", assignment={"overlap": 2}, review={"sample_percent": 0}, reassignment=TIER
    )
    rule(world, "good", EXPERT, condition("skill_low", "gte", 0.4, **TRUTH))
    rule(world, "bad", {**EXPERT, "value": 0}, condition("skill_high", "lt", 0.6, **TRUTH))
    tested(world, 1, 2, 3)
    world.submit("ann", 4, "A")
    world.submit("bob", 4, "B")
    world.settle()
    assert not world.has_work("cyd") or world.next("cyd") != 4
    for task in (1, 2):
        world.submit("cyd", task, "B")
    # Two of two right may be chance.
    assert skill(world, "cyd") is None
    world.submit("cyd", 3, "B")
    assert skill(world, "cyd") == 1
    [firing] = fired(world)
    assert (firing["rule"], firing["inputs"]) == ("good", {"skill_low": pytest.approx(0.46, abs=0.01)})
    assert world.next("cyd") == 4


def test_what_was_long_ago_does_not_count_where_a_rule_says_since_when(world: World) -> None:
    world.set_up(tasks=6, annotators="ann bob cyd", assignment={"overlap": 3})
    for name, days in (("of-late", 30), ("ever", None)):
        same = {**TRUTH, "days": days}
        conditions = condition("skill", "lt", 0.5, **same), condition("skill_answers", "gte", 2, **same)
        rule(world, name, {"do": "set_skill", "skill": name, "value": 0}, *conditions)
    tested(world, *range(1, 7))
    for task in (1, 2, 3, 4):
        world.submit("ann", task, "B")
    world.clock.forward(40 * DAY)
    world.submit("ann", 5, "A")
    assert fired(world) == []
    world.submit("ann", 6, "A")
    [firing] = fired(world)
    assert firing["rule"] == "of-late"
    assert firing["inputs"] == {"skill": 0.0, "skill_answers": 2.0}
    assert firing["conditions"][0]["parameters"] == {"source": "ground_truth", "days": 30}


def test_who_is_worse_by_what_is_deleted_is_looked_at(world: World) -> None:
    world.set_up(tasks=3, annotators="ann bob cyd", assignment={"overlap": 3})
    tested(world, 1, 2, 3)
    for task, said in ((1, "B"), (2, "B"), (3, "A")):
        world.submit("ann", task, said)
    rule(world, "bad", {**EXPERT, "value": 0}, condition("skill", "lte", 0.5, **TRUTH))
    assert fired(world) == []
    world.run(DeleteTasks(project=world.project, tasks=[1]))
    assert [firing["inputs"] for firing in fired(world)] == [{"skill": 0.5}]


@pytest.mark.parametrize(
    ("parameters", "place"),
    [({}, "source"), ({"source": "rumour"}, "source"), ({**TRUTH, "days": 0}, "days"), ({**TRUTH, "day": 3}, "day")],
)
def test_what_is_not_measured_cannot_be_asked_for(world: World, parameters: dict[str, Any], place: str) -> None:
    world.set_up(tasks=0, publish=False)
    with pytest.raises(InvalidInput) as refusal:
        rule(world, "odd", EXPERT, condition("skill", "gte", 1, **parameters))
    assert [fault.pointer for fault in refusal.value.faults] == [f"/conditions/0/parameters/{place}"]
