"""What people are worth is measured by what they did themselves, and says how sure it is and since when."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from annolog.commands.annotating import DeleteAnnotation, SubmitAnnotation
from annolog.commands.reviewing import SetGroundTruth, WithdrawReview
from annolog.domain.skills.skill import Skill, Source, measure
from annolog.infra.read_side import SkillReader
from annolog.projections.skills import queries
from tests.world import World, result

DAY = 86_400.0
PEOPLE = "ann bob cyd"


def skill(world: World, who: str, source: Source, **more: Any) -> dict[str, Any] | None:
    """The one skill that is asked for, of all controls and labels unless said otherwise."""
    world.settle()
    asked = {"dimension": "", "label": "", **more}
    with world.installation.read_engine.connect() as connection:
        rows = queries.skills_of(connection, world.project, person=world.people[who], source=source, **asked)["skills"]
    return rows[0] if rows else None


def right(world: World, who: str, source: Source, **more: Any) -> tuple[float, int] | None:
    found = skill(world, who, source, **more)
    return None if found is None else (found["all_time"]["value"], found["all_time"]["answers"])


def heard(world: World, source: Source, days: int | None) -> dict[str, Skill]:
    """What rules hear of everybody."""
    world.settle()
    reader = SkillReader(world.installation.read_engine)
    found = reader.of(world.project, list(world.people.values()), source, days)
    return {who: found[id] for who, id in world.people.items() if id in found}


def test_an_expert_is_told_from_a_guesser_by_the_truth_and_by_the_others(world: World) -> None:
    world.set_up(tasks=6, annotators=PEOPLE, assignment={"overlap": 3})
    for task in range(1, 7):
        true = "AB"[task % 2]
        world.submit("ann", task, true)
        world.submit("bob", task, true)
        world.submit("cyd", task, "A")
    for task in (1, 2):
        truth = world.submit("rev", task, "AB"[task % 2])
        world.run(SetGroundTruth(task=task, annotation=truth), "rev")
    assert right(world, "ann", Source.GROUND_TRUTH) == (1.0, 2)
    assert right(world, "cyd", Source.GROUND_TRUTH) == (0.5, 2)
    assert right(world, "cyd", Source.GROUND_TRUTH, dimension="label", label="B") == (0.0, 1)
    assert right(world, "cyd", Source.GROUND_TRUTH, dimension="label", label="A") == (1.0, 1)
    # Where Cyd says otherwise, the others of Ann are Bob and Cyd, who tie: nothing is known against Ann.
    assert right(world, "ann", Source.CONSENSUS) == (1.0, 3)
    assert right(world, "cyd", Source.CONSENSUS) == (0.5, 6)
    assert right(world, "cyd", Source.CONSENSUS, dimension="label", label="B") == (0.0, 3)
    assert right(world, "rev", Source.GROUND_TRUTH) is None
    of_all = heard(world, Source.GROUND_TRUTH, None)
    assert of_all == {"ann": measure(2, 2), "bob": measure(2, 2), "cyd": measure(1, 2)}
    assert of_all["ann"].low > of_all["cyd"].low


def test_nobody_is_held_against_a_truth_of_their_own(world: World) -> None:
    world.set_up(tasks=1, annotators=PEOPLE, assignment={"overlap": 3})
    mine = world.submit("ann", 1, "A")
    world.submit("bob", 1, "B")
    world.run(SetGroundTruth(task=1, annotation=mine), "rev")
    assert right(world, "ann", Source.GROUND_TRUTH) is None
    assert right(world, "bob", Source.GROUND_TRUTH) == (0.0, 1)


def test_the_latest_verdict_counts_and_a_fix_is_no_credit_to_who_was_wrong(world: World) -> None:
    world.set_up(tasks=3, annotators=PEOPLE, assignment={"overlap": 1})
    first, second, third = (world.submit("ann", task, "A") for task in (1, 2, 3))
    rejected = world.review("rev", 1, first, "rejected")
    world.review("rev", 2, second, "accepted")
    world.review("rev", 3, third, "fixed", result=result("B"))
    assert right(world, "ann", Source.REVIEW) == (pytest.approx(1 / 3), 3)
    assert right(world, "ann", Source.REVIEW, dimension="label", label="A") == (pytest.approx(1 / 3), 3)
    assert right(world, "ann", Source.REVIEW, dimension="label", label="B") is None
    truth = world.submit("rev", 3, "B")
    world.run(SetGroundTruth(task=3, annotation=truth), "rev")
    assert right(world, "ann", Source.GROUND_TRUTH) == (0.0, 1)
    world.run(WithdrawReview(task=1, review=rejected), "rev")
    assert right(world, "ann", Source.REVIEW) == (0.5, 2)
    world.run(DeleteAnnotation(task=2, annotation=second))
    assert right(world, "ann", Source.REVIEW) == (0.0, 1)


def test_who_gets_better_is_seen_of_late_and_day_by_day(world: World) -> None:
    world.set_up(tasks=4, annotators=PEOPLE, assignment={"overlap": 3})
    for task in range(1, 5):
        truth = world.submit("rev", task, "B")
        world.run(SetGroundTruth(task=task, annotation=truth), "rev")
    for task in (1, 2):
        world.submit("ann", task, "A")
    world.clock.forward(40 * DAY)
    for task in (3, 4):
        world.submit("ann", task, "B")
    found = skill(world, "ann", Source.GROUND_TRUTH)
    assert found is not None
    assert (found["all_time"]["value"], found["recent"]["value"]) == (0.5, 1.0)
    assert heard(world, Source.GROUND_TRUTH, 30) == {"ann": measure(2, 2)}
    assert heard(world, Source.GROUND_TRUTH, None) == {"ann": measure(2, 4)}
    with world.installation.read_engine.connect() as connection:
        ann = world.people["ann"]
        days = queries.history_of(connection, world.project, ann, Source.GROUND_TRUTH)["days"]
        before = queries.skills_of(connection, world.project, until=date(2026, 12, 1))["skills"]
    assert [(day["day"], day["so_far"]["value"], day["recent"]["value"]) for day in days] == [
        ("2026-11-24", 0.0, 0.0),
        ("2027-01-03", 0.5, 1.0),
    ]
    assert {row["all_time"]["value"] for row in before if row["person"] == ann} == {0.0}


STARS = '<View><Text name="text" value="$text"/><Rating name="stars" toName="text" maxRating="5"/></View>'


def rate(world: World, who: str, stars: int) -> int:
    item = {"from_name": "stars", "to_name": "text", "type": "rating", "value": {"rating": stars}}
    annotation: int = world.run(SubmitAnnotation(task=1, result=[item]), who).value["annotation"]
    return annotation


def test_another_metric_measures_everybody_anew(world: World) -> None:
    world.set_up(annotators=PEOPLE, config=STARS, assignment={"overlap": 3})
    truth = rate(world, "rev", 5)
    world.run(SetGroundTruth(task=1, annotation=truth), "rev")
    rate(world, "ann", 4)
    near = right(world, "ann", Source.GROUND_TRUTH)
    assert near is not None
    assert 0 < near[0] < 1
    world.change("agreement", metrics={"stars": {"metric": "exact_match"}})
    assert right(world, "ann", Source.GROUND_TRUTH) == (0.0, 1)
