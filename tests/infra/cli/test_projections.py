"""`annolog projections …`: how far read models are, building them anew, and the proof that they follow from the log."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from annolog.infra.read_models import ALL_PROJECTORS
from tests.infra.cli.terminal import annolog, answer
from tests.infra.replay.crowds import small_crowd

NAMES = [projector.name for projector in ALL_PROJECTORS]
# What is done by hand to a table of each.
TAMPERED = {
    "access": ("read.db", "access_project", "UPDATE access_project SET workspace = 7"),
    "activity": ("read.db", "activity_entry", "UPDATE activity_entry SET person = 9 WHERE position = 1"),
    "assignment_queue": ("log.db", "queue_task", "UPDATE queue_task SET slots = slots + 1 WHERE task = 3"),
    "agreement": ("read.db", "agreement_task", "UPDATE agreement_task SET pairwise = 5 WHERE task = 3"),
    "consensus": (
        "read.db",
        "consensus_model",
        "INSERT INTO consensus_model VALUES (1, 'label', 1, 'majority', '{}', 1, 1, 0, 1, 0, '{}', '{}')",
    ),
    "conduct": ("read.db", "conduct_person", "UPDATE conduct_person SET skips_in_row = 9"),
    "performance": ("read.db", "performance_person", "DELETE FROM performance_person"),
    "progress": ("read.db", "progress_project", "UPDATE progress_project SET tasks = 13"),
    "board": ("read.db", "board", "UPDATE board SET state = 'created' WHERE task = 3"),
    "review_queue": ("log.db", "review_task", "UPDATE review_task SET stage = 9 WHERE task = 3"),
    "comments": ("read.db", "comment_mention", "INSERT INTO comment_mention VALUES (2, 1, 1)"),
    "notifications": ("read.db", "notification_members", "UPDATE notification_members SET roles = '{}'"),
    "drift": ("read.db", "drift_answer", "UPDATE drift_answer SET live = 0 WHERE annotation = 1"),
    "reviewers": ("read.db", "reviewer_pair", "INSERT INTO reviewer_pair VALUES (1, 2, 3, 'accepted', 'fixed', 1)"),
    "burndown": ("read.db", "burndown_change", "UPDATE burndown_change SET came = came + 1"),
    "stages": ("read.db", "stage_task", "UPDATE stage_task SET state = 'created' WHERE task = 3"),
    "dashboards": ("read.db", "dashboard_annotation", "DELETE FROM dashboard_annotation WHERE annotation = 1"),
    "skills": ("read.db", "skill_day", 'UPDATE skill_day SET "right" = "right" - 1 WHERE source = \'consensus\''),
}


def tables(folder: Path) -> dict[str, list[str]]:
    found = {}
    for file in ("log.db", "read.db"):
        with sqlite3.connect(folder / file) as connection:
            rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        connection.close()
        found[file] = [name for (name,) in rows]
    return found


def tamper(folder: Path, name: str) -> None:
    file, _, statement = TAMPERED[name]
    connection = sqlite3.connect(folder / file)
    with connection:
        assert connection.execute(statement).rowcount > 0
    connection.close()


def test_status_says_how_far_each_read_model_is(worked: Path) -> None:
    found = answer("projections", "status", "--data-dir", worked)
    assert [row["projection"] for row in found["projections"]] == NAMES
    assert {(row["position"], row["lag"]) for row in found["projections"]} == {(found["position"], 0)}


def test_what_is_behind_shows_its_lag_and_is_caught_up_before_it_is_verified(worked: Path) -> None:
    annolog("project", "create", "--title", "later", "--data-dir", worked)
    late = answer("projections", "status", "--data-dir", worked)["projections"][-1]
    assert late["lag"] > 0
    assert answer("projections", "verify", "--data-dir", worked)["equal"]
    assert answer("projections", "status", "--data-dir", worked)["projections"][-1]["lag"] == 0


def test_live_read_models_equal_those_built_anew(worked: Path) -> None:
    assert answer("projections", "verify", "--all", "--data-dir", worked) == {
        "equal": True,
        "projections": NAMES,
        "differences": [],
    }


@pytest.mark.fault
@pytest.mark.parametrize("name", NAMES)
def test_a_row_that_was_tampered_with_is_found_and_rebuilding_mends_it(worked: Path, name: str) -> None:
    tamper(worked, name)
    result = annolog("projections", "verify", name, "--data-dir", worked, "--json")
    found = json.loads(result.stdout)
    assert (result.exit_code, found["equal"]) == (1, False)
    assert all(row["live"] != row["rebuilt"] for row in found["differences"])
    assert {row["table"] for row in found["differences"]} == {TAMPERED[name][1]}
    others = [other for other in NAMES if other != name]
    assert answer("projections", "verify", *others, "--data-dir", worked)["equal"]
    answer("projections", "rebuild", name, "--data-dir", worked)
    assert answer("projections", "verify", "--all", "--data-dir", worked)["equal"]


def test_people_are_shown_the_rows_that_differ(worked: Path) -> None:
    tamper(worked, "progress")
    result = annolog("projections", "verify", "progress", "--data-dir", worked)
    assert result.exit_code == 1
    assert "progress_project" in result.stdout


def test_rebuilding_changes_nothing_and_leaves_nothing_behind(worked: Path) -> None:
    before = tables(worked)["read.db"]
    head = answer("projections", "status", "--data-dir", worked)["position"]
    rebuilt = answer("projections", "rebuild", "--all", "--data-dir", worked)["rebuilt"]
    assert rebuilt == dict.fromkeys(NAMES, head)
    assert sorted(tables(worked)["read.db"]) == sorted(before)
    assert answer("projections", "verify", "--data-dir", worked)["equal"]


def test_work_goes_on_after_a_rebuild_and_is_still_verified(worked: Path, tmp_path: Path) -> None:
    answer("projections", "rebuild", "--data-dir", worked)
    crowd = small_crowd(tmp_path / "again")
    answer("replay", crowd, "--data-dir", worked)
    assert answer("projections", "verify", "--data-dir", worked)["equal"]


def test_a_name_that_no_read_model_has_is_told_those_there_are(worked: Path) -> None:
    result = annolog("projections", "rebuild", "bord", "--data-dir", worked)
    assert result.exit_code == 1
    assert ", ".join(NAMES) in result.stderr


def test_a_running_server_is_verified_and_rebuilt_beside(worked: Path, served: dict[str, str]) -> None:
    assert answer("projections", "verify", "--data-dir", worked)["equal"]
    answer("projections", "rebuild", "--data-dir", worked)
    project = answer("project", "create", "--title", "after", **served)["project"]
    assert answer("project", "show", project, "--data-dir", worked)["title"] == "after"
    assert answer("projections", "verify", "--data-dir", worked)["equal"]
