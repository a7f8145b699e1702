"""`annolog simulate`: a row for each policy, parameter and seed, or a table of their means."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from annolog.domain.simulation import trial
from annolog.domain.simulation.replaying import Stop, replay
from tests.infra.cli.terminal import annolog, answer
from tests.infra.replay.crowds import TASKS, WORKERS, small_crowd

MEMBERS = {"policy", "parameter", "seed", "labels_per_task", "accuracy"}


@pytest.fixture
def crowd(tmp_path: Path) -> Path:
    return small_crowd(tmp_path / "crowd")


def test_json_is_a_list_with_a_row_for_each_policy_parameter_and_seed(crowd: Path) -> None:
    rows = answer("simulate", crowd, "--policy", "rule", "--policy", "fixed", "--seeds", 2)
    assert all(set(row) >= MEMBERS for row in rows)
    keys = [(row["policy"], row["parameter"], row["seed"]) for row in rows]
    assert len(set(keys)) == len(keys)
    fixed = [key for key in keys if key[0] == "fixed"]
    assert sorted(fixed) == [("fixed", float(most), seed) for most in range(1, WORKERS + 1) for seed in range(2)]
    assert {seed for policy, _, seed in keys if policy == "rule"} == {0, 1}
    everything = next(row for row in rows if row["policy"] == "fixed" and row["parameter"] == WORKERS)
    assert everything["labels_per_task"] == WORKERS
    # Where the workers take turns, three say yes and three no: a tie shares the credit.
    assert everything["accuracy"] == pytest.approx((TASKS * 2 / 3 + TASKS / 3 * 0.5) / TASKS)
    assert everything["seconds"] == sum(task + worker for task in range(TASKS) for worker in range(WORKERS))
    assert everything["imputed_share"] == 0


def test_the_same_seeds_give_the_same_rows(crowd: Path) -> None:
    run = ["simulate", crowd, "--policy", "confidence", "--seeds", 2]
    assert answer(*run) == answer(*run)


def test_all_policies_are_tried_where_none_is_named(crowd: Path) -> None:
    rows = answer("simulate", crowd, "--seeds", 1)
    assert {row["policy"] for row in rows} == {"rule", "confidence", "fixed"}


def test_named_parameters_are_tried_and_a_budget_is_kept(crowd: Path) -> None:
    run = ["simulate", crowd, "--policy", "confidence", "--parameter", 0.9, "--parameter", 1.0, "--seeds", 1]
    rows = answer(*run, "--budget", 3)
    assert [row["parameter"] for row in rows] == [0.9, 1.0]
    assert (rows[-1]["labels_per_task"], rows[-1]["budget_spent"]) == (3.0, True)
    assert answer(*run, "--not-routed")[-1]["labels_per_task"] == WORKERS


def test_nothing_at_all_may_be_asked(crowd: Path) -> None:
    rows = answer("simulate", crowd, "--seeds", 1, "--budget", 0)
    assert {row["labels"] for row in rows} == {0}


def test_people_see_a_table_and_what_all_labels_come_to(crowd: Path) -> None:
    result = annolog("simulate", crowd, "--policy", "fixed", "--seeds", 2)
    assert (result.exit_code, result.stderr) == (0, "")
    for words in ("fixed 6", "labels a task", "the truth", "All 6.00 labels a task", "No answer was made up"):
        assert words in " ".join(result.stdout.split())


def test_without_truth_it_is_held_against_the_consensus(crowd: Path) -> None:
    (crowd / "truth.csv").unlink()
    rows = answer("simulate", crowd, "--policy", "fixed", "--seeds", 1)
    assert {row["against"] for row in rows} == {"consensus"}
    result = annolog("simulate", crowd, "--policy", "fixed", "--seeds", 1)
    assert "against the consensus" in " ".join(result.stdout.split())


@pytest.mark.parametrize("labels", ["t,v,a\nt,w,b\n", "t,v,a\n", "t,v,a\nt,w,a\ns,v,a\n"])
def test_the_smallest_crowds_have_rows_too(tmp_path: Path, labels: str) -> None:
    (tmp_path / "labels.csv").write_text(f"task,worker,label\n{labels}")
    rows = answer("simulate", tmp_path, "--seeds", 1)
    assert all(row["accuracy"] is None or 0 <= row["accuracy"] <= 1 for row in rows)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--policy", "guess"], "there is no policy 'guess'"),
        (["--policy", "rule", "--parameter", 2], "is 0 to 1: not 2"),
        (["--policy", "rule", "--policy", "fixed", "--parameter", 1], "--parameter goes with one --policy"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(crowd: Path, options: list[object], says: str) -> None:
    result = annolog("simulate", crowd, *options)
    assert (result.exit_code, result.stdout) == (1, "")
    assert says in result.stderr


def test_ctrl_c_says_how_far_it_came(crowd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: Any, **options: Any) -> Iterator[Stop]:
        yield next(replay(*arguments, **options))
        raise KeyboardInterrupt

    monkeypatch.setattr(trial, "replay", interrupted)
    result = annolog("simulate", crowd, "--policy", "fixed", "--seeds", 2, "--json")
    assert (result.exit_code, result.stdout) == (130, "")
    assert "1 of 12 outcomes were worked out" in result.stderr


def test_a_project_is_asked_again_for_what_people_answered_in_it(worked: Path) -> None:
    place = {"ANNOLOG_DATA_DIR": str(worked)}
    rows = answer("simulate", 1, "--policy", "fixed", "--seeds", 1, **place)
    labels = answer("project", "show", 1, **place)
    everything = max(rows, key=lambda row: row["labels"])
    assert everything["labels"] == annotations_in(worked)
    assert everything["imputed_share"] == 0
    assert everything["against"] in ("truth", "consensus")
    assert labels["tasks"] == TASKS
    assert rows[0]["labels_per_task"] == 1.0


def annotations_in(folder: Path) -> int:
    """How many answers the log of a folder holds, counted without the code under test."""
    with sqlite3.connect(folder / "log.db") as connection:
        [found] = connection.execute("SELECT count(*) FROM event WHERE type = 'AnnotationSubmitted'").fetchone()
    return int(found)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("99",), "not-found: There is no project 99"),
        (("1", "--dimension", "other"), "not-found: Project 1 has no control 'other'"),
    ],
)
def test_a_project_or_control_that_is_not_there_is_refused(
    worked: Path, arguments: tuple[str, ...], words: str
) -> None:
    result = annolog("simulate", *arguments, ANNOLOG_DATA_DIR=str(worked))
    assert result.exit_code == 1
    assert words in result.stderr


def test_a_policy_takes_over_when_somebody_says_yes(worked: Path) -> None:
    place = {"ANNOLOG_DATA_DIR": str(worked)}
    chosen = ["simulate", 1, "--policy", "confidence", "--parameter", 0.8, "--seeds", 2, "--budget", 1.75, "--apply"]
    before = answer("project", "show", 1, **place)["settings"]
    refused = annolog(*chosen, stdin="n\n", **place)
    assert (refused.exit_code, answer("project", "show", 1, **place)["settings"]) == (1, before)
    assert "labels_after" in refused.stdout
    assert "nothing was changed" in refused.stderr
    assert annolog(*chosen, stdin="y\n", **place).exit_code == 0
    rule = answer("project", "show", 1, **place)["settings"]["reassignment"]
    assert (rule["enabled"], rule["policy"], rule["confidence"], rule["budget"]) == (True, "confidence", 0.8, 1.8)
    again = annolog(*chosen, **place)
    assert (again.exit_code, "these settings already" in again.stdout) == (0, True)


def test_a_fixed_number_of_answers_becomes_the_overlap_and_ends_the_rule(worked: Path) -> None:
    place = {"ANNOLOG_DATA_DIR": str(worked)}
    chosen = ["simulate", 1, "--policy", "fixed", "--parameter", 4, "--seeds", 1, "--apply", "--yes"]
    found = answer(*chosen, **place)
    assert found["changes"] == {
        "reassignment": {"enabled": False},
        "assignment": {"overlap": 4, "coverage_percent": 100},
    }
    assert found["effect"]["feasible"]
    assert [row["parameter"] for row in found["outcomes"]] == [4.0]
    settings = answer("project", "show", 1, **place)["settings"]
    assert (settings["assignment"]["overlap"], settings["reassignment"]["enabled"]) == (4, False)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--policy", "rule"], "exactly one --policy and one --parameter"),
        (["--parameter", 0.5], "exactly one --policy and one --parameter"),
        (["--policy", "fixed", "--parameter", 50], "infeasible-settings"),
        (["--policy", "rule", "--parameter", 0.5, "--budget", 3], "keeps to no budget"),
        (["--policy", "fixed", "--parameter", 2.5], "a whole number: not 2.5"),
    ],
)
def test_what_cannot_take_over_is_refused_and_changes_nothing(worked: Path, options: list[object], says: str) -> None:
    place = {"ANNOLOG_DATA_DIR": str(worked)}
    before = answer("project", "show", 1, **place)["version"]
    result = annolog("simulate", 1, "--seeds", 1, "--apply", "--yes", *options, **place)
    assert result.exit_code == 1
    assert says in result.stderr
    assert answer("project", "show", 1, **place)["version"] == before


def test_a_policy_takes_over_in_projects_only(crowd: Path) -> None:
    result = annolog("simulate", crowd, "--policy", "rule", "--parameter", 0.5, "--apply", "--yes")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "is a data set" in result.stderr
