"""`annolog replay`: figures from the read models, as tables or as one object."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from time import sleep

import pytest

from annolog.datasets import shipped
from tests.infra.cli.terminal import annolog, answer, finished, started
from tests.infra.replay.crowds import small_crowd

MEMBERS = {
    "dataset",
    "tasks",
    "annotators",
    "labels",
    "labels_per_task",
    "reassigned_tasks",
    "exhausted_tasks",
    "infeasible_tasks",
    "waiting_tasks",
    "percent_agreement",
    "krippendorff_alpha_nominal",
    "krippendorff_alpha_ordinal",
    "majority_vote_accuracy",
    "majority_vote_accuracy_before_reassignment",
    "events",
    "seconds",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["rte", "cf_amt"])
def test_a_process_that_replays_all_labels_prints_one_object_with_the_expected_figures(name: str) -> None:
    expected = json.loads((shipped(name) / "expected.json").read_text())
    code, output, errors = finished("replay", name, "--all-labels", "--json")
    found = json.loads(output)
    assert (code, errors) == (0, "")
    assert set(found) >= MEMBERS
    assert round(found["percent_agreement"], 6) == expected["agreement"]["pairwise_agreement_mean_over_tasks"]
    assert round(found["krippendorff_alpha_nominal"], 6) == expected["agreement"]["krippendorff_alpha_nominal"]
    assert round(found["majority_vote_accuracy"], 6) == expected["accuracy"]["mv_tie_split"]


def test_people_see_tables_and_what_the_rule_did(tmp_path: Path) -> None:
    result = annolog("replay", small_crowd(tmp_path / "crowd"), "--overlap", 2)
    assert result.exit_code == 0
    assert result.stderr == ""
    for words in ("percent_agreement", "annotator", "w0", "completed", "4 tasks were given to further people"):
        assert words in result.stdout


def test_hostile_content_goes_through_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "a [red]folder[bold x]"
    folder.mkdir()
    (folder / "labels.csv").write_bytes(
        b"\xef\xbb\xbftask,worker,label,mood\r\n"
        b'"t,1/?","w <1>","<b> & ""x""",\r\n"t,1/?",w2,"two\nlines",\r\n"t,1/?",w2,[bold]$text[/],\r\n'
        b't2,"w <1>","<b> & ""x""",\r\nt2,w2,"<b> & ""x""",\r\n'
    )
    (folder / "truth.csv").write_text('task,truth\nt2,"<b> & ""x"""\nnobody,never\n')
    (folder / "tasks.csv").write_text('task,text\nt2,"has ""quotes"", commas\nand lines"\n')
    found = answer("replay", folder, "--all-labels")
    assert (found["tasks"], found["labels"], found["repeated_labels_left_out"]) == (2, 4, 1)
    assert (found["percent_agreement"], found["majority_vote_accuracy"]) == (0.5, 1.0)
    assert found["krippendorff_alpha_ordinal"] is None
    assert annolog("replay", folder).exit_code == 0


def test_without_truth_there_is_no_accuracy(tmp_path: Path) -> None:
    folder = small_crowd(tmp_path / "crowd")
    (folder / "truth.csv").unlink()
    found = answer("replay", folder)
    assert found["majority_vote_accuracy"] is None
    assert found["majority_vote_accuracy_before_reassignment"] is None
    assert annolog("replay", folder).exit_code == 0


def test_what_is_wrong_in_a_file_is_said_with_its_place(tmp_path: Path) -> None:
    folder = small_crowd(tmp_path / "crowd")
    (folder / "labels.csv").write_text("task,worker,label\nt,,1\n")
    result = annolog("replay", folder)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "labels.csv: line 2, column worker: is empty" in result.stderr


def test_a_server_replays_to_the_same_figures_as_a_folder(tmp_path: Path, served: dict[str, str]) -> None:
    crowd = small_crowd(tmp_path / "crowd")
    there, here = answer("replay", crowd, **served), answer("replay", crowd)
    assert {**there, "project": 0, "seconds": 0} == {**here, "project": 0, "seconds": 0}


def test_recorded_time_passes_as_fast_as_one_likes(tmp_path: Path) -> None:
    folder = tmp_path / "crowd"
    folder.mkdir()
    (folder / "labels.csv").write_text("task,worker,label,duration_s\na,w,1,10\nb,w,1,10\na,v,1,15\n")
    assert 0.2 <= answer("replay", folder, "--speed", 100)["seconds"] < 2


def wait_for_labels(data: Path) -> None:
    """Until the replay in another process has submitted some."""
    for _ in range(600):
        sleep(0.05)
        if (data / "read.db").exists():
            shown = annolog("log", "show", "--type", "AnnotationSubmitted", "--limit", 3, "--data-dir", data)
            if len(shown.stdout.splitlines()) == 3:
                return
    pytest.fail("no label was submitted")


def test_other_options_under_a_title_that_is_taken_are_refused(tmp_path: Path) -> None:
    run = ["replay", small_crowd(tmp_path / "crowd"), "--data-dir", tmp_path / "data", "--title", "once"]
    assert annolog(*run).exit_code == 0
    result = annolog(*run, "--overlap", 2)
    assert (result.exit_code, result.stderr.startswith("key-reused: ")) == (1, True)


@pytest.mark.fault
def test_ctrl_c_says_how_far_it_came_and_the_same_title_goes_on_from_there(tmp_path: Path) -> None:
    crowd, data = small_crowd(tmp_path / "crowd"), tmp_path / "data"
    again = ["replay", crowd, "--data-dir", data, "--title", "once"]
    with started(*again, "--speed", 5) as process:
        wait_for_labels(data)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=20)
    assert (process.returncode, output) == (130, "")
    assert " of 72 recorded labels were submitted" in errors
    assert "Traceback" not in errors
    found = answer(*again)
    whole = answer("replay", crowd)
    assert {**found, "seconds": 0} == {**whole, "seconds": 0}
    assert len(answer("project", "list", "--data-dir", data)["projects"]) == 1
