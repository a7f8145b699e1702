"""A rich history to fold: everything that people do to a project, in an order that a seed decides."""

from __future__ import annotations

import random
from contextlib import suppress

from annolog.commands.annotating import DeleteAnnotation, RestoreAnnotation
from annolog.commands.commenting import AddComment
from annolog.commands.defining import ProposeAgreementDefinition
from annolog.commands.reviewing import ClearGroundTruth, SetGroundTruth, WithdrawReview
from annolog.commands.rules import OverruleFiring, SetRule
from annolog.domain.refusals import Refused
from tests.world import World


def live_through(world: World, steps: int, seed: int) -> None:
    """A rich history: everything that people do, in an order that the seed decides."""
    chance = random.Random(seed)
    world.set_up(
        tasks=12,
        annotators="ann bob cyd dan",
        assignment={"overlap": 2, "coverage_percent": 70},
        reassignment={"enabled": True, "threshold": 0.9, "maximum_additional": 1},
        review={"only_finished": False},
    )
    rule = {
        "conditions": [{"collector": "answers", "comparison": "gte", "value": 3}],
        "action": {"do": "set_skill", "skill": "seasoned", "value": 1},
    }
    world.run(SetRule(project=world.project, name="seasoned", rule=rule))
    for step in range(steps):
        who = chance.choice(["ann", "bob", "cyd", "dan"])
        id = chance.randint(1, 12)
        annotations = list(world.task(id).annotations)
        reviews = [review.id for found in world.task(id).annotations.values() for review in found.reviews]
        with suppress(Refused):
            match chance.randint(0, 11):
                case 0 | 1 | 2 | 3:
                    world.work(who, chance.choice("AAB"))
                case 4:
                    world.skip(who, world.next(who))
                case 5 if annotations:
                    world.revise(who, id, chance.choice(annotations), chance.choice("ABC"))
                case 6 if annotations:
                    action = chance.choice(["remove", "return", "pass_on"])
                    world.review("rev", id, chance.choice(annotations), "rejected", action=action)
                case 7 if annotations:
                    world.review("rev", id, chance.choice(annotations), "accepted")
                case 8 if annotations:
                    kind = chance.choice([DeleteAnnotation, RestoreAnnotation])
                    world.run(kind(task=id, annotation=chance.choice(annotations)))
                case 9 if annotations:
                    world.run(SetGroundTruth(task=id, annotation=chance.choice(annotations)), "rev")
                case 10:
                    before = next(reversed(world.task(id).comments), None)
                    remark = AddComment(task=id, text="hm", parent=before, mentions=[world.people[who]])
                    world.run(chance.choice([ClearGroundTruth(task=id), remark]), "rev")
                case 11 if reviews:
                    world.run(WithdrawReview(task=id, review=chance.choice(reviews)), "rev")
        if step == steps // 2:
            consensus = {"methodology": "consensus"}
            world.run(
                ProposeAgreementDefinition(project=world.project, definition=consensus, activate=True, threshold=0.9)
            )
            with suppress(Refused):
                world.run(OverruleFiring(project=world.project, firing=1))
            world.change("assignment", overlap=3, coverage_percent=80)
    world.settle()
