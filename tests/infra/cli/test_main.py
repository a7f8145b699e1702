"""How every command speaks: exit codes, refusals in words, one JSON object, no traces."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.infra.cli.terminal import annolog, answer, finished


def test_it_says_its_version() -> None:
    result = annolog("--version")
    assert (result.exit_code, result.stdout.startswith("annolog")) == (0, True)


def test_a_refusal_is_said_in_words_on_standard_error_and_exits_1(worked: Path) -> None:
    result = annolog("project", "show", 99, "--data-dir", worked)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "not-found: There is no project 99.\n")


def test_with_json_a_refusal_is_a_problem_on_standard_output_and_nothing_else(worked: Path) -> None:
    result = annolog("project", "show", 99, "--data-dir", worked, "--json")
    problem = json.loads(result.stdout)
    assert (result.exit_code, result.stderr) == (1, "")
    assert problem["type"] == "/problems/not-found"
    assert (problem["status"], problem["code"], problem["detail"]) == (404, "not-found", "There is no project 99.")


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such-command"],
        ["project", "show", "one"],
        ["project", "create"],
        ["project", "create", "--title", "x", "--set", "overlap=3"],
        ["project", "create", "--title", "x", "--config", "no-such-file"],
        ["tasks", "import", "1", "no-such-file"],
        ["replay", "rte", "--overlap", "0"],
        ["log", "show", "--type", "NoSuchType"],
        ["projections", "verify", "board", "--all"],
    ],
)
def test_wrong_usage_exits_2_and_prints_nothing_on_standard_output(arguments: list[str]) -> None:
    result = annolog(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr


def test_a_folder_without_data_is_refused_so_that_a_misspelt_one_is_noticed(tmp_path: Path) -> None:
    result = annolog("project", "list", "--data-dir", tmp_path / "nowhere")
    assert result.exit_code == 1
    assert "nowhere holds no Annolog data" in result.stderr
    assert not (tmp_path / "nowhere").exists()


def test_the_folder_may_come_from_the_environment(worked: Path) -> None:
    assert answer("project", "list", ANNOLOG_DATA_DIR=str(worked))["projects"][0]["title"] == "small"


def test_a_folder_on_the_command_line_wins_over_a_server_in_the_environment(worked: Path) -> None:
    assert answer("project", "list", "--data-dir", worked, ANNOLOG_URL="http://127.0.0.1:1")["projects"]


@pytest.mark.parametrize("command", [["project", "list"], ["log", "show"], ["replay", "rte"]])
def test_a_server_that_does_not_answer_is_said_in_words(command: list[str]) -> None:
    result = annolog(*command, "--url", "http://127.0.0.1:1", "--token", "x")
    assert result.exit_code == 1
    assert result.stderr.startswith("unreachable: http://127.0.0.1:1 does not answer")


def test_a_server_without_a_token_is_refused_before_it_is_asked() -> None:
    result = annolog("project", "list", "--url", "http://127.0.0.1:1")
    assert result.stderr.startswith("unauthenticated: --url needs a token")


def test_a_token_that_is_not_known_is_refused(served: dict[str, str]) -> None:
    result = annolog("project", "list", **{**served, "ANNOLOG_TOKEN": "annolog_wrong"})
    assert (result.exit_code, result.stderr) == (1, "unauthenticated: The token is not known.\n")


def test_what_the_machine_cannot_do_is_said_without_a_trace(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "log.db").write_bytes(b"this is no database" * 100)
    code, output, errors = finished("project", "list", "--data-dir", tmp_path / "data")
    assert (code, output) == (1, "")
    assert errors == "the database failed: file is not a database\n"


def test_words_of_other_people_are_never_markup(worked: Path) -> None:
    annolog("project", "create", "--title", "[b]x[/c]", "--data-dir", worked)
    assert "[b]x[/c]" in annolog("project", "list", "--data-dir", worked).stdout
