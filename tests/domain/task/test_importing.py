"""How tasks come in: what they must hold, how many people they need, and where they stand in a seeded order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from annolog.domain.project.state import Project, parsed_config
from annolog.domain.task.importing import ImportedTask, covered_count, covered_tasks, draw, faults_in, slots_of
from tests.story import settings

CONFIG = '<View><Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="A"/></Choices></View>'
PROJECT = Project(1, title="x", config=parsed_config(CONFIG))


def test_a_task_without_data_is_none() -> None:
    with pytest.raises(ValidationError):
        ImportedTask.model_validate({"data": {}})


def test_what_the_labeling_config_needs_must_be_there_and_more_may_be() -> None:
    assert not faults_in(ImportedTask(data={"text": "x", "more": 1}), PROJECT)
    [fault] = faults_in(ImportedTask(data={"txt": "x"}), PROJECT)
    assert fault.pointer == "/data/text"


def test_what_else_label_studio_exports_is_let_be() -> None:
    assert ImportedTask.model_validate({"id": 3, "data": {"text": "x"}, "created_at": "now"}).data == {"text": "x"}


CHOICE = {"from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": ["A"]}}


@pytest.mark.parametrize(
    ("item", "pointer"),
    [
        ({"value": 3}, "/from_name"),
        (CHOICE | {"from_name": "other"}, "/from_name"),
        (CHOICE | {"from_name": ["c"]}, "/from_name"),
        (CHOICE | {"type": {}}, "/type"),
        (CHOICE | {"type": "rating", "value": {"rating": 10**400}}, "/type"),
        (CHOICE | {"value": 3}, "/value"),
        (CHOICE | {"value": {"choices": "A"}}, "/value/choices"),
        (CHOICE | {"value": {"choices": [float("nan")]}}, "/value/choices/0"),
        (CHOICE | {"value": {"choices": ["B"]}}, "/value/choices/0"),
    ],
)
@pytest.mark.parametrize("kind", ["annotations", "predictions"])
def test_what_comes_with_a_task_must_fit_the_labeling_config(kind: str, item: Any, pointer: str) -> None:
    sent = {"data": {"text": "x"}, kind: [{"result": [CHOICE]}, {"result": [item]}]}
    assert faults_in(ImportedTask.model_validate(sent), PROJECT)[0].pointer == f"/{kind}/1/result/0{pointer}"


def test_a_prediction_may_leave_open_what_people_must_answer() -> None:
    must = replace(PROJECT, config=parsed_config(CONFIG.replace('toName="t"', 'toName="t" required="true"')))
    assert not faults_in(ImportedTask.model_validate({"data": {"text": "x"}, "predictions": [{"result": []}]}), must)
    assert faults_in(ImportedTask.model_validate({"data": {"text": "x"}, "annotations": [{"result": []}]}), must)


@given(st.integers(0, 2**31), st.integers(1, 2**53 - 1))
def test_a_draw_depends_on_seed_and_task_alone(seed: int, task: int) -> None:
    assert draw(seed, task) == draw(seed, task)
    assert 0 <= draw(seed, task) < 1


def test_draws_are_spread_evenly_and_another_seed_gives_others() -> None:
    draws = [draw(7, task) for task in range(1, 2001)]
    assert len(set(draws)) == 2000
    assert [sum(int(d * 10) == tenth for d in draws) for tenth in range(10)] == pytest.approx([200] * 10, abs=60)
    assert sum(one < other for one, other in zip(draws, (draw(8, t) for t in range(1, 2001)), strict=True)) < 1200


@pytest.mark.parametrize(
    ("percent", "tasks", "covered"),
    [(50, 100, 50), (50, 1, 1), (50, 3, 2), (49, 1, 0), (33, 10, 3), (25, 10, 3), (0, 9, 0), (100, 9, 9), (35, 10, 4)],
)
def test_halves_round_up(percent: int, tasks: int, covered: int) -> None:
    assert covered_count(percent, tasks) == covered


@given(st.integers(0, 100), st.lists(st.integers(1, 30), max_size=6))
def test_however_tasks_come_in_exactly_the_share_asked_for_is_covered(percent: int, imports: list[int]) -> None:
    project = replace(PROJECT, settings=settings(assignment={"overlap": 2, "coverage_percent": percent}))
    for count in imports:
        draws = [draw(0, project.tasks + index) for index in range(count)]
        chosen = covered_tasks(project, draws)
        assert max((draws[i] for i in chosen), default=0) <= min(
            (draws[i] for i in range(count) if i not in chosen), default=1
        )
        project = replace(project, tasks=project.tasks + count, covered=project.covered + len(chosen))
    assert project.covered == covered_count(percent, project.tasks)


def test_a_covered_task_needs_the_overlap_and_any_other_one_person() -> None:
    three = settings(assignment={"overlap": 3})
    assert (slots_of(three, covered=True), slots_of(three, covered=False)) == (3, 1)
