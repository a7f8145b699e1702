"""Recorded crowds through the front door, and what the read models then say."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from annolog.datasets import shipped
from annolog.domain.consensus.events import ConsensusModelFitted
from annolog.domain.event import Event
from annolog.domain.task.events import AnnotationSubmitted, SlotAdded
from annolog.infra.composition import Installation
from annolog.infra.http.serve import running_server
from annolog.infra.replay.dataset import Dataset, load
from annolog.infra.replay.front_door import FrontDoor, Work
from annolog.infra.replay.http_door import HttpDoor
from annolog.infra.replay.local_door import LocalDoor
from annolog.infra.replay.plan import Plan
from annolog.infra.replay.run import replay
from annolog.infra.replay.summary import summary
from annolog.infra.settings import InstallationSettings
from tests.infra.replay.crowds import TASKS, WORKERS, small_crowd

DATA = Path(__file__).parents[2] / "data"
TOKEN = "annolog_of_the_owner"


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    settings = InstallationSettings.model_validate({"data_dir": tmp_path / "data", "bootstrap_token": TOKEN})
    with Installation(settings) as found:
        yield found


@pytest.fixture
def crowd(tmp_path: Path) -> Dataset:
    return load(str(small_crowd(tmp_path / "crowd")))


def figures(crowd: Dataset, plan: Plan, door: FrontDoor) -> dict[str, Any]:
    outcome = replay(crowd, plan, door)
    return summary(crowd, plan, outcome, door.figures(outcome.project))


def submissions(installation: Installation) -> list[AnnotationSubmitted]:
    recorded = installation.log.after(0, 1_000_000)
    return [found.event for found in recorded if isinstance(found.event, AnnotationSubmitted)]


@pytest.mark.parametrize(
    "folder",
    [
        shipped("rte"),
        shipped("cf_amt"),
        pytest.param(DATA / "zc_us", marks=pytest.mark.slow),
        # Ten thousand answers one after the other: over a minute on a slow machine that does nothing else.
        pytest.param(DATA / "sp", marks=[pytest.mark.slow, pytest.mark.timeout(300)]),
    ],
    ids=lambda folder: folder.name,
)
def test_every_recorded_label_gives_the_agreement_and_accuracy_that_were_computed_elsewhere(
    installation: Installation, folder: Path
) -> None:
    expected = json.loads((folder / "expected.json").read_text())
    found = figures(load(str(folder)), Plan(all_labels=True), LocalDoor(installation))
    assert {name: found[name] for name in ("tasks", "labels")} == {
        name: expected["counts"][name] for name in ("tasks", "labels")
    }
    assert found["annotators"] == expected["counts"]["workers"]
    agreement = expected["agreement"]
    assert found["percent_agreement"] == pytest.approx(agreement["pairwise_agreement_mean_over_tasks"], abs=1e-6)
    assert found["krippendorff_alpha_nominal"] == pytest.approx(agreement["krippendorff_alpha_nominal"], abs=1e-6)
    assert found["majority_vote_accuracy"] == pytest.approx(expected["accuracy"]["mv_tie_split"], abs=1e-6)


def test_the_rule_asks_further_people_where_the_first_disagree_and_the_majority_gets_better(
    installation: Installation,
) -> None:
    found = figures(load("rte"), Plan(overlap=3, threshold=0.75, additional=7), LocalDoor(installation))
    answers = Counter(event.task for event in submissions(installation))
    slots = Counter(
        event.event.task for event in installation.log.after(0, 10**6) if isinstance(event.event, SlotAdded)
    )
    assert set(answers.values()) <= set(range(3, 11))
    assert all(answers[task] == 3 + slots[task] for task in answers)
    assert found["labels_per_task"] == answers.total() / 800
    assert found["reassigned_tasks"] == len(slots) > 0
    assert found["waiting_tasks"] == found["infeasible_tasks"] == 0
    assert found["majority_vote_accuracy"] > found["majority_vote_accuracy_before_reassignment"] + 0.03


def test_nobody_answers_a_task_twice_and_everybody_answers_what_they_really_answered(
    installation: Installation, crowd: Dataset
) -> None:
    outcome = replay(crowd, Plan(), LocalDoor(installation))
    tasks = {id: task for task, id in outcome.ids.items()}
    workers = {person: worker for worker, person in outcome.people.items()}
    said = [
        (tasks[event.task], workers[event.annotator], event.result[0]["value"]["choices"][0], event.lead_time)
        for event in submissions(installation)
    ]
    assert len({(task, worker) for task, worker, _, _ in said}) == len(said)
    assert set(said) <= {(label.task, label.worker, label.label, label.duration) for label in crowd.labels}


def test_labels_go_in_in_recorded_order(installation: Installation, crowd: Dataset) -> None:
    outcome = replay(crowd, Plan(all_labels=True), LocalDoor(installation))
    order = [(outcome.ids[label.task], outcome.people[label.worker]) for label in crowd.labels]
    assert [(event.task, event.annotator) for event in submissions(installation)] == order


def test_a_rule_that_runs_out_of_recorded_people_says_so(installation: Installation, crowd: Dataset) -> None:
    found = figures(crowd, Plan(overlap=2, threshold=1.0, additional=WORKERS), LocalDoor(installation))
    assert (found["reassigned_tasks"], found["infeasible_tasks"], found["waiting_tasks"]) == (4, 4, 0)
    assert found["labels"] == 2 * (TASKS - 4) + WORKERS * 4


def test_a_task_with_fewer_recorded_people_than_slots_waits(installation: Installation, crowd: Dataset) -> None:
    found = figures(crowd, Plan(overlap=WORKERS + 1), LocalDoor(installation))
    assert (found["labels"], found["waiting_tasks"]) == (TASKS * WORKERS, TASKS)


def test_a_seed_takes_other_people_first_and_the_same_ones_every_time(
    installation: Installation, crowd: Dataset
) -> None:
    def first_answers(seed: int) -> list[tuple[str, str]]:
        sent = replay(crowd, Plan(overlap=1, seed=seed, threshold=0), LocalDoor(installation)).sent
        return [(label.task, label.worker) for label in sent]

    assert first_answers(1) == first_answers(1) != first_answers(2)
    assert first_answers(0) == [(f"t{task}", "w0") for task in range(TASKS)]


def must_be_the_same(installation: Installation, one: dict[str, Any], other: dict[str, Any]) -> None:
    """Two runs found the same, and left the same in the log."""
    # A model is fitted whenever it is time, so that a slow run may count one more event than a quick one.
    differing = {"seconds": 0, "project": 0, "events": 0}
    assert {**one, **differing} == {**other, **differing}
    assert written(installation, one["project"]) == written(installation, other["project"])


def written(installation: Installation, project: int) -> Counter[type[Event]]:
    kinds = Counter(type(recorded.event) for recorded in installation.log.after(0, 100_000, project))
    del kinds[ConsensusModelFitted]
    return kinds


def test_over_http_it_comes_to_the_same(installation: Installation, crowd: Dataset) -> None:
    here = figures(crowd, Plan(), LocalDoor(installation))
    with running_server(installation) as url, HttpDoor(url, TOKEN) as door:
        there = figures(crowd, Plan(), door)
    must_be_the_same(installation, there, here)


class Breaking:
    """A door that closes after some answers, as a network or a Ctrl-C does."""

    def __init__(self, door: FrontDoor, answers: int) -> None:
        self._door, self._left = door, answers

    def __getattr__(self, name: str) -> Any:
        return getattr(self._door, name)

    def answer(self, work: Work) -> Future[None]:
        self._left -= 1
        if self._left < 0:
            raise KeyboardInterrupt
        return self._door.answer(work)


@pytest.mark.parametrize("answers", [0, 7, 3 * TASKS + 2])
@pytest.mark.fault
def test_a_run_that_broke_off_goes_on_under_its_title_as_if_nothing_had_happened(
    installation: Installation, crowd: Dataset, answers: int
) -> None:
    whole = figures(crowd, Plan(), LocalDoor(installation))
    with running_server(installation) as url, HttpDoor(url, TOKEN) as door:
        with pytest.raises(KeyboardInterrupt):
            replay(crowd, Plan(title="once"), Breaking(door, answers))
        resumed = figures(crowd, Plan(title="once"), door)
    must_be_the_same(installation, resumed, whole)


def test_a_run_of_the_same_title_that_was_finished_changes_nothing(installation: Installation, crowd: Dataset) -> None:
    door = LocalDoor(installation)
    replay(crowd, Plan(title="once"), door)
    head = installation.log.head()
    replay(crowd, Plan(title="once"), door)
    assert installation.log.head() == head


def test_an_answer_whose_slot_somebody_else_took_waits_for_the_next_slot(
    installation: Installation, crowd: Dataset
) -> None:
    class Crowded(Breaking):
        """Before the first answer of all, somebody else gives one to the same task."""

        def admit(self, project: int, handles: list[str], key: str) -> list[int]:
            *people, self.stranger = self._door.admit(project, [*handles, "stranger"], key)
            return people

        def answer(self, work: Work) -> Future[None]:
            if self._left:
                self._left = 0
                self._door.answer(Work(work.task, self.stranger, work.result, None, "stranger")).result()
            return self._door.answer(work)

    outcome = replay(crowd, Plan(overlap=1), Crowded(LocalDoor(installation), 1))
    assert [label.task for label in outcome.sent] == [f"t{task}" for task in range(1, TASKS)]
