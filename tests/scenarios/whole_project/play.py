"""A project from its first task to its last: five annotators of a recorded crowd, two reviewers, a manager.

What people answer, and how long that takes them, is what five workers of the ZenCrowd US crowd did.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

from annolog.commands.annotating import DeleteAnnotation, RestoreAnnotation, ReviseAnnotation, SkipTask
from annolog.commands.commenting import AddComment, ResolveComment
from annolog.commands.importing import ImportTasks
from annolog.commands.members import PauseMember, ResumeMember
from annolog.commands.projects import PublishProject
from annolog.commands.review_stream import RequestReview
from annolog.commands.reviewing import SetGroundTruth, WithdrawReview
from annolog.commands.second_review import AdjudicateReview, GiveSecondReview
from annolog.domain.project.events import PauseKind
from annolog.domain.refusals import NoWork, Refused
from annolog.domain.task.importing import ImportedTask
from tests.world import World, result

CROWD = Path(__file__).parents[2] / "data" / "zc_us"
ANNOTATORS = ("ann", "bob", "cyd", "dan", "eve")
REVIEWERS = ("rev", "roy")
TASKS = 60
TESTS = 6
HOUR = 3600.0
SETTINGS: dict[str, dict[str, Any]] = {
    "assignment": {"overlap": 2},
    "reassignment": {"enabled": True, "threshold": 0.9, "maximum_additional": 1},
    "review": {"criteria": "all", "second_review_percent": 30, "adjudication": "on_disagreement"},
    "evaluation": {"enabled": True, "onboarding_tasks": 3, "minimum_tasks": 3, "minimum_score": 0.7},
}


def recorded_crowd() -> Iterator[tuple[list[tuple[str, float]], str]]:
    """Tasks with five answers or more: those of the first five, each with its seconds, and what is true."""
    with (CROWD / "truth.csv").open() as file:
        truth = {row["task"]: row["truth"] for row in csv.DictReader(file)}
    answers: dict[str, list[tuple[str, float]]] = defaultdict(list)
    with (CROWD / "labels.csv").open() as file:
        for row in csv.DictReader(file):
            answers[row["task"]].append(("AB"[int(row["label"])], float(row["duration_s"])))
    for task, said in answers.items():
        if len(said) >= len(ANNOTATORS):
            yield said[: len(ANNOTATORS)], "AB"[int(truth[task])]


class Play:
    """Everybody at work, some days long, in an order that a seed decides."""

    def __init__(self, world: World, seed: int = 7) -> None:
        self.world = world
        self.chance = Random(seed)
        self.crowd = [found for found, _ in zip(recorded_crowd(), range(TASKS), strict=False)]
        world.set_up(
            tasks=0,
            annotators=" ".join(ANNOTATORS),
            reviewers=" ".join(REVIEWERS),
            managers="max",
            publish=False,
            **SETTINGS,
        )
        tasks = [ImportedTask(data={"text": f"pair {number}"}) for number in range(TASKS)]
        world.run(ImportTasks(project=world.project, tasks=tasks))
        world.run(PublishProject(project=world.project))
        for task in range(1, TESTS + 1):
            annotation = world.submit("max", task, self.crowd[task - 1][1], lead_time=20.0)
            world.run(SetGroundTruth(task=task, annotation=annotation), "max")

    def days(self, count: int) -> None:
        """So many days of eight hours."""
        for day in range(count):
            for _ in range(8):
                self._hour()
                self.world.clock.forward(HOUR)
            self._manage(day)
            self.world.settle()
            self.world.clock.forward(16 * HOUR)

    def _hour(self) -> None:
        for who in self.chance.sample(ANNOTATORS, len(ANNOTATORS)):
            for _ in range(self.chance.randint(0, 2)):
                with suppress(Refused):
                    self._annotate(who)
        self.world.settle()
        for who in REVIEWERS:
            for _ in range(self.chance.randint(0, 6)):
                with suppress(NoWork):
                    self._review(who)

    def _annotate(self, who: str) -> None:
        world, chance = self.world, self.chance
        task = world.next(who)
        said, truth = self.crowd[task - 1]
        label, seconds = said[ANNOTATORS.index(who)]
        own = next((one for one in world.task(task).annotations.values() if one.annotator == world.people[who]), None)
        if own is not None:
            again = ReviseAnnotation(task=task, annotation=own.id, result=result(truth), lead_time=15.5)
            world.clock.forward(20.0)
            world.run(again, who)
        elif chance.random() < 0.05:
            world.run(SkipTask(task=task, comment="not in my language", lead_time=2.0), who)
        else:
            active = {"active_time": round(seconds * 0.75, 3)} if chance.random() < 0.8 else {}
            annotation = world.submit(who, task, label, lead_time=seconds, **active)
            if chance.random() < 0.1:
                world.run(AddComment(task=task, annotation=annotation, text="not sure"), who)

    def _review(self, who: str) -> None:
        world, chance = self.world, self.chance
        found = world.run(RequestReview(project=world.project), who).value
        task, annotation = found["task"], found["annotation"]
        right = found["result"] == result(self.crowd[task - 1][1])
        # Reviewers err as well; a second one often, so that a play of any order has something to adjudicate.
        right ^= chance.random() < (0.5 if found["stage"] == "second" else 0.1)
        world.clock.forward(30.0)
        judged: dict[str, Any] = {"verdict": "accepted"}
        if not right:
            action = chance.choice(["return", "return", "pass_on", "remove"])
            judged = {"verdict": "rejected", "action": action, "comment": "look again"}
            if chance.random() < 0.3:
                other = "A" if found["result"] == result("B") else "B"
                judged = {"verdict": "fixed", "result": result(other)}
        judged["review_time"] = round(chance.uniform(1.0, 29.0), 3)
        judged["active_time"] = round(judged["review_time"] / 2, 3)
        match found["stage"]:
            case "second":
                world.run(GiveSecondReview(task=task, review=found["review"], **judged), who)
            case "adjudication":
                world.run(AdjudicateReview(task=task, review=found["review"], **judged), who)
            case _:
                review = world.review(who, task, annotation, **judged)
                if chance.random() < 0.05:
                    world.run(WithdrawReview(task=task, review=review), who)

    def _manage(self, day: int) -> None:
        """The manager adjudicates, answers comments, pauses somebody for a day, and takes an answer out and back."""
        world = self.world
        with suppress(NoWork):
            while True:
                self._review("max")
        for task in range(1, TASKS + 1):
            open_threads = [
                one for one in world.task(task).comments.values() if one.root == one.id and not one.resolved
            ]
            for thread in open_threads:
                world.run(AddComment(task=task, parent=thread.id, text="neither am I"), "max")
                world.run(ResolveComment(task=task, comment=thread.id), "max")
        if day == 0:
            pause = PauseMember(project=world.project, person=world.people["dan"], kind=PauseKind.FULL, reason="away")
            world.run(pause, "max")
        if day == 1:
            world.run(ResumeMember(project=world.project, person=world.people["dan"]), "max")
            task = next(id for id in range(TESTS + 1, TASKS + 1) if world.task(id).annotations)
            annotation = next(iter(world.task(task).annotations))
            world.run(DeleteAnnotation(task=task, annotation=annotation), "max")
            world.run(RestoreAnnotation(task=task, annotation=annotation), "max")
            last = next(id for id in range(TASKS, TESTS, -1) if world.task(id).annotations)
            world.run(DeleteAnnotation(task=last, annotation=next(iter(world.task(last).annotations))), "max")
