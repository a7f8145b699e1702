"""Models are fitted when answers are news, and not again and again where there is nothing to fit."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from annolog.commands.annotating import SubmitAnnotation
from annolog.commands.projects import ReviseLabelConfig
from annolog.domain.consensus.timing import Standing
from annolog.services.fitting import DimensionAnswers, Fitter
from tests.world import LABEL_CONFIG, world_in


class Answers:
    """Projects that have changed; what a look at one brings is trouble or nothing."""

    def __init__(self, *standings: Standing, trouble: int = 0) -> None:
        self.now = list(standings)
        self.trouble = trouble
        self.looked: list[int] = []

    def standings(self) -> Sequence[Standing]:
        return self.now

    def of_project(self, project: int) -> tuple[int, Sequence[DimensionAnswers]]:
        self.looked.append(project)
        if project == self.trouble:
            raise RuntimeError("cannot be fitted")
        return 100, []


def fitter(folder: Path, answers: Answers, looks: int) -> list[int]:
    with world_in(folder) as world:
        found = Fitter(world.installation.bus, answers, world.installation.states, 0)
        for _ in range(looks):
            found.fit_due()
    return answers.looked


def test_a_project_without_anything_to_fit_is_looked_at_once(tmp_path: Path) -> None:
    assert fitter(tmp_path, Answers(Standing(1, 500, 100)), looks=4) == [1]


def test_a_project_that_cannot_be_fitted_keeps_nobody_waiting(tmp_path: Path) -> None:
    answers = Answers(Standing(1, 500, 100), Standing(2, 500, 100), trouble=1)
    assert fitter(tmp_path, answers, looks=3) == [1, 2]


def test_few_more_answers_wait_until_work_rests_though_most_cannot_be_weighed(tmp_path: Path) -> None:
    answers = Answers(Standing(1, 500, 100, model_answers=50, model_position=40))
    with world_in(tmp_path) as world:
        found = Fitter(world.installation.bus, answers, world.installation.states, 0)
        found.fit_due()
        answers.now = [Standing(1, 501, 110, model_answers=50, model_position=100)]
        found.fit_due()
        assert answers.looked == [1]
        found.fit_due()
    assert answers.looked == [1, 1]


def test_a_control_that_is_asked_no_longer_does_not_have_the_others_fitted_for_ever(tmp_path: Path) -> None:
    two = LABEL_CONFIG.replace("</View>", '<Rating name="stars" toName="text"/></View>')
    stars = {"from_name": "stars", "to_name": "text", "type": "rating", "value": {"rating": 3}}
    with world_in(tmp_path) as world:
        world.set_up(tasks=30, config=two, assignment={"overlap": 2})
        for task in range(1, 25):
            for who in ("ann", "bob"):
                item = {"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": ["A"]}}
                world.run(SubmitAnnotation(task=task, result=[item, stars]), who)
        world.settle()
        before = len(world.installation.fitter.fit(world.project))
        world.run(ReviseLabelConfig(project=world.project, label_config=LABEL_CONFIG))
        world.submit("ann", 25)
        world.settle()
        after = [world.installation.fitter.fit_due() for _ in range(5)]
    with world_in(tmp_path) as world:
        world.settle()
        restarted = [world.installation.fitter.fit_due() for _ in range(3)]
    assert (before >= 1, sum(after), sum(restarted)) == (True, 1, 0)
