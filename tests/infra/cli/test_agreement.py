"""`annolog agreement`: what an export says about agreement, without a server, and what is wrong with it in words."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from annolog.datasets import shipped
from tests.infra.cli.terminal import ROOT, annolog, answer

FOLDER = ROOT / "tests" / "data" / "export"
EXPORT, CONFIG = FOLDER / "export.json", FOLDER / "config.xml"
TASKS: list[dict[str, Any]] = json.loads(EXPORT.read_text())


def choice(label: Any, **more: Any) -> dict[str, Any]:
    return {"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": [label]}, **more}


def task(identity: Any, *labels: Any, **more: Any) -> dict[str, Any]:
    """A task that people 1, 2, … gave these labels."""
    annotations = [
        {"id": number, "completed_by": number, "result": [choice(label)]}
        for number, label in enumerate(labels, start=1)
    ]
    return {"id": identity, "data": {"text": "x"}, "annotations": annotations, **more}


def told(*tasks: Any, options: tuple[str, ...] = ()) -> Any:
    return answer("agreement", "-", *options, stdin=json.dumps(tasks))


def scores(report: Any) -> dict[Any, Any]:
    return {task["id"]: task["agreement"] for task in report["tasks"]}


def refused(text: str | bytes, *options: str) -> Result:
    result = annolog("agreement", "-", *options, stdin=text)
    assert result.stdout == ""
    return result


# ── figures ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("options", [(), ("--config", str(CONFIG))])
def test_the_figures_of_an_export_worked_out_by_hand(options: tuple[str, ...]) -> None:
    report = answer("agreement", EXPORT, *options)
    # Task 11: one pair of three agrees in four controls; the stars 5, 4 and 5 agree by 2/3 in the mean.
    # Task 12: everything. Task 13: the sentiment, and the stars 3 and 2 by a half.
    eleven = (4 * 1 / 3 + 2 / 3) / 5
    assert scores(report) == {11: pytest.approx(eleven), 12: 1, 13: 0.75, 14: None, 15: None}
    assert report["agreement"] == pytest.approx((0.4 + 1 + 0.75) / 3)
    assert report["compared_tasks"] == 3
    assert report["participants"] == [1, 2, "three@example.org"]
    assert {(pair["one"], pair["other"]): pair["tasks"] for pair in report["pairs"]} == {
        (1, 2): 3,
        (1, "three@example.org"): 1,
        (2, "three@example.org"): 1,
    }
    assert report["tasks"][0]["winners"]["sentiment"] == ["good"]
    assert report["label_config_inferred"] is not bool(options)


def test_what_is_left_out_is_counted_and_what_is_malformed_is_named() -> None:
    result = annolog("agreement", EXPORT, "--json")
    report = json.loads(result.stdout)
    assert report["annotations"] == {
        "found": 13,
        "compared": 8,
        "skipped": 1,
        "ground_truth": 1,
        "repeated": 1,
        "predictions": 0,
        "problems": 2,
    }
    assert report["problems"] == [
        {
            "task": 14,
            "annotation": 112,
            "pointer": "/annotations/1/result/0/value/choices",
            "message": "choices must be a list",
        },
        {
            "task": 14,
            "annotation": 113,
            "pointer": "/annotations/2/completed_by",
            "message": "must say who annotated: a number, or an object with an id or an email",
        },
    ]
    assert (result.exit_code, result.stderr.count("\n")) == (0, 3)
    assert "task 14, annotation 112: /annotations/1/result/0/value/choices: choices must be a list" in result.stderr


def test_the_agreement_of_a_real_crowd_is_the_published_one(tmp_path: Path) -> None:
    tasks: dict[str, dict[str, Any]] = {}
    with (shipped("rte") / "labels.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            found = tasks.setdefault(row["task"], {"id": int(row["task"]), "annotations": []})
            found["annotations"].append({"completed_by": {"email": row["worker"]}, "result": [choice(row["label"])]})
    lines = tmp_path / "rte.ndjson"
    lines.write_text("\n".join(json.dumps(task) for task in tasks.values()))
    report = answer("agreement", lines)
    assert report["agreement"] == pytest.approx(0.628694, abs=5e-7)
    (dimension,) = report["dimensions"]
    assert dimension["coefficients"]["krippendorff_alpha_nominal"]["value"] == pytest.approx(0.241479, abs=5e-7)
    assert (len(report["tasks"]), len(report["participants"])) == (800, 164)


def test_predictions_take_part_when_asked_by_version() -> None:
    report = answer("agreement", EXPORT, "--predictions")
    assert report["participants"] == [1, 2, "model:v1", "model:v2", "three@example.org"]
    assert report["annotations"]["predictions"] == 3
    pairs = {(pair["one"], pair["other"]): pair["tasks"] for pair in report["pairs"]}
    assert pairs[1, "model:v1"] == 2
    assert pairs["model:v1", "model:v2"] == 1


def test_the_last_annotation_of_a_person_on_a_task_counts() -> None:
    double = task(1, "a", "b")
    double["annotations"].append({"id": 9, "completed_by": {"id": 1}, "result": [choice("b")]})
    assert scores(told(double)) == {1: 1.0}


def test_tasks_with_one_id_are_one_task_and_without_one_they_go_by_their_number() -> None:
    second = task(7, "c")
    second["annotations"][0]["completed_by"] = 9
    nameless = task(None, "a", "a")
    assert scores(told(task(7, "a", "a"), second, nameless)) == {7: pytest.approx(1 / 3), "#3": 1.0}


def test_lines_an_array_one_object_and_a_byte_order_mark_say_the_same() -> None:
    array = json.dumps(TASKS)
    lines = "\n\n".join(json.dumps(task) for task in TASKS)
    reports = [
        answer("agreement", "-", stdin=text.encode()) for text in (array, lines, "\ufeff" + lines, "\n " + array)
    ]
    assert all(report == reports[0] for report in reports)
    assert scores(answer("agreement", "-", stdin=json.dumps(TASKS[0], indent=1))) == {11: pytest.approx(0.4)}


# ── options ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_metric_may_be_chosen_for_one_control_with_its_parameters() -> None:
    report = answer(
        "agreement",
        EXPORT,
        *("--metric", "topics=jaccard_threshold:threshold=0.5"),
        *("--metric", "stars=numeric_threshold:maximum_difference=1"),
    )
    chosen = {found["name"]: (found["metric"], found["parameters"]) for found in report["dimensions"]}
    assert chosen["topics"] == ("jaccard_threshold", {"threshold": 0.5})
    assert chosen["stars"] == ("numeric_threshold", {"maximum_difference": 1.0})
    assert chosen["sentiment"] == ("exact_match", {})
    topics = next(found for found in report["dimensions"] if found["name"] == "topics")
    assert topics["agreement"] == 1.0


def test_a_metric_without_a_control_is_for_all_others() -> None:
    report = answer("agreement", EXPORT, "--metric", "exact_match", "--metric", "topics=jaccard")
    assert {found["name"]: found["metric"] for found in report["dimensions"]} == {
        "sentiment": "exact_match",
        "topics": "jaccard",
        "stars": "exact_match",
        "entities": "exact_match",
        "note": "exact_match",
    }


def test_weights_and_the_methodology_are_the_projects_own() -> None:
    none = [option for name in ("topics", "stars", "entities", "note") for option in ("--weight", f"{name}=0")]
    assert answer("agreement", EXPORT, *none)["agreement"] == pytest.approx((1 / 3 + 1 + 1) / 3)
    consensus = answer("agreement", EXPORT, *none, "--methodology", "consensus")
    assert consensus["agreement"] == pytest.approx((2 / 3 + 1 + 1) / 3)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--metric", "nothing"], "is no metric; the metrics are exact_match"),
        (["--metric", "topic=jaccard"], "names no control; there are sentiment, topics"),
        (["--metric", "topics=jaccard:x=1"], "has no such parameter"),
        (["--metric", "topics=jaccard_threshold:threshold"], "is not PARAMETER=VALUE"),
        (["--metric", "topics=jaccard_threshold:threshold=high"], "must be a number"),
        (["--weight", "topics"], "is not CONTROL=WEIGHT; there are sentiment"),
        (["--weight", "topics=2"], "must be a number from 0 to 1"),
        (["--weight", "topics=nan"], "must be a number from 0 to 1"),
        (["--methodology", "guess"], "guess"),
        (["--config", "no-such-file"], "no-such-file"),
    ],
)
def test_a_wrong_option_is_wrong_usage(options: list[str], words: str) -> None:
    result = annolog("agreement", EXPORT, *options, COLUMNS="1000")
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr


def test_a_config_that_cannot_be_used_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "config.xml").write_text("<View><Choices name='a' toName='b'/></View>")
    result = annolog("agreement", EXPORT, "--config", tmp_path / "config.xml")
    assert result.exit_code == 1
    assert result.stderr.startswith("invalid-labeling-config: Choices 'a' is about 'b'")
    (tmp_path / "config.xml").write_bytes(b"\xff\xfe<")
    assert annolog("agreement", EXPORT, "--config", tmp_path / "config.xml").exit_code == 2


# ── what cannot be read ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "invalid-input: The file holds no task."),
        ("[]", "invalid-input: The file holds no task."),
        ("hello", "malformed: The file is not JSON"),
        ("[1, 2", "malformed: The file is not JSON"),
        ("\x00\x01", "malformed: The file is not JSON"),
        ("17", "malformed: The file holds one int; expected Label Studio's JSON export"),
        ("[17]", "malformed: Task 1 is no task with annotations; expected"),
        ('{"annotations": []}\n{"annotations": {}}', "malformed: Line 2 is no task with annotations; expected"),
        ('{"annotations": []}\n{"annotations', "malformed: Line 2 is not JSON"),
        ('{"tasks": [{"annotations": []}]}', "It is an object around `tasks`: export these alone."),
        ('[{"id": 1, "annotator": 1, "annotation_id": 2, "label": "a"}]', "It looks like JSON_MIN"),
    ],
)
def test_what_is_no_export_is_refused_and_says_what_is_expected(text: str, words: str) -> None:
    result = refused(text)
    assert result.exit_code == 1
    assert words in result.stderr


def test_with_json_a_refusal_is_a_problem() -> None:
    result = annolog("agreement", "-", "--json", stdin="[17]")
    problem = json.loads(result.stdout)
    assert (result.exit_code, problem["code"], result.stderr) == (1, "malformed", "")


@pytest.mark.parametrize("file", ["no-such-file", "."])
def test_a_file_that_is_not_there_is_wrong_usage(file: str) -> None:
    result = annolog("agreement", file)
    assert (result.exit_code, result.stdout) == (2, "")


def test_an_export_of_which_nothing_is_left_is_refused() -> None:
    malformed = task(1, 5, 6)
    result = refused(json.dumps([malformed]))
    assert result.exit_code == 1
    assert "The file holds no annotation that can be compared, of 2." in result.stderr
    assert "task 1, annotation 1: /annotations/0/result/0/from_name" in result.stderr


def test_annotations_of_any_json_are_problems_and_never_a_trace() -> None:
    odd: list[Any] = [
        None,
        1,
        "x",
        [],
        {},
        {"completed_by": True},
        {"completed_by": {}},
        {"completed_by": 1, "result": {}},
    ]
    odd += [{"completed_by": 1, "result": [item]} for item in (None, 1, {"from_name": ["a"]}, choice(["deep"] * 200))]
    report = told({"id": 1, "annotations": odd}, task(2, "a", "a"), {"id": 3, "annotations": [], "predictions": 5})
    assert report["annotations"]["problems"] == len(odd)
    assert report["agreement"] == 1.0


def test_labels_that_the_given_config_lacks_are_problems() -> None:
    strange = json.dumps([task(1, "a", "b")])
    result = annolog("agreement", "-", "--config", CONFIG, stdin=strange)
    assert result.exit_code == 1
    assert "from_name must name a control of the labeling config" in result.stderr


# ── for people ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_people_read_the_figure_and_what_agrees_least() -> None:
    result = annolog("agreement", EXPORT, COLUMNS="100")
    assert result.exit_code == 0
    assert "8 annotations of 5 tasks by 3 participants; left out: 1 skipped, 1 ground truth" in result.stdout
    assert result.stdout.endswith("agreement 0.7167, pairwise, over 3 tasks that two or more answered; 1 below 0.75\n")
    tasks = result.stdout[result.stdout.index("Tasks, least agreement first") :]
    assert tasks.index("11") < tasks.index("13") < tasks.index("12")


def test_a_narrow_terminal_cuts_nothing_off() -> None:
    lines = "\n".join(json.dumps(task(number, "a-label-with-a-rather-long-name", "b")) for number in range(3))
    shown = annolog("agreement", "-", stdin=lines, COLUMNS="40").stdout
    assert "…" not in shown
    assert max(len(line) for line in shown.splitlines() if line.startswith(("│", "┃"))) <= 40
    labels = shown[shown.index("Labels") : shown.index("Pairs")]
    cells = [line.split("│")[1].strip() for line in labels.splitlines() if line.startswith("│")]
    assert "".join(cells) == "a-label-with-a-rather-long-nameb"


def test_a_number_that_is_none_makes_one_annotation_wrong_and_not_the_file() -> None:
    stars = {"from_name": "stars", "to_name": "text", "type": "rating", "value": {"rating": float("nan")}}
    odd = task(2, "a", "a")
    odd["annotations"][1]["result"].append(stars)
    report = json.loads(annolog("agreement", "-", "--json", stdin=json.dumps([task(1, "a", "b"), odd])).stdout)
    assert [(one["task"], one["annotation"]) for one in report["problems"]] == [(2, 2)]
    assert scores(report)[1] == 0


def test_nothing_to_compare_is_said() -> None:
    result = annolog("agreement", "-", stdin=json.dumps([task(1, "a")]))
    assert result.exit_code == 0
    assert result.stdout.endswith(
        "agreement: none, because no task was answered by two in a way that can be compared\n"
    )


def test_the_report_does_not_depend_on_the_order_of_tasks() -> None:
    given = ("--config", str(CONFIG))
    report = told(*TASKS, options=given)
    assert told(*reversed(TASKS), options=given) == report
    assert [(pair["one"], pair["other"]) for pair in report["pairs"]] == list(combinations(report["participants"], 2))


def test_it_needs_no_database_and_no_server() -> None:
    needless = ("sqlalchemy", "fastapi", "kafka", "numpy", "annolog.infra.composition")
    program = f"import sys, annolog.infra.cli.agreement;print([name for name in {needless!r} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"
