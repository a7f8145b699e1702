"""`annolog tasks import`: every line checked before the first is written, wrong ones named by their number."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from annolog.infra.composition import Installation
from annolog.infra.http.serve import running_server
from tests.infra.cli.conftest import TOKEN, settings_of
from tests.infra.cli.terminal import CONFIG, annolog, answer

TWO = '{"text": "a"}\n{"text": "b"}'
LINES = ['{"data": {"text": "a"}}', "", '{"data": {"txt": "b"}}', "{", '{"text": "d"}']


@pytest.fixture
def project(place: dict[str, Any]) -> int:
    found: int = answer("project", "create", "--title", "new", "--config", "-", stdin=CONFIG, **place)["project"]
    return found


def count(project: int, place: dict[str, Any]) -> int:
    found: int = answer("project", "show", project, **place)["tasks"]
    return found


def test_wrong_lines_are_named_by_their_number_and_nothing_is_written(
    project: int, place: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "tasks.ndjson").write_text("\n".join(LINES))
    result = annolog("tasks", "import", project, tmp_path / "tasks.ndjson", **place)
    assert result.exit_code == 1
    assert "2 of 4 lines are wrong, and nothing was written; line 3" in result.stderr
    assert "/data/text: the labeling config needs this" in result.stderr
    assert "\n  line 4/: is not JSON" in result.stderr
    assert count(project, place) == 0


def test_wrong_lines_may_be_left_out_and_are_reported(project: int, place: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "tasks.ndjson").write_text("\n".join(LINES))
    report = answer("tasks", "import", project, tmp_path / "tasks.ndjson", "--skip-errors", **place)
    assert (report["imported"], report["refused_count"]) == (2, 2)
    assert [wrong["line"] for wrong in report["refused"]] == [3, 4]
    assert count(project, place) == 2


def test_an_array_lines_and_bare_data_come_in_through_a_pipe_with_or_without_a_byte_order_mark(
    project: int, place: dict[str, Any]
) -> None:
    tasks = [{"data": {"text": "a"}}, {"text": "b"}]
    lines = "\n".join(json.dumps(task) for task in tasks)
    for text in (json.dumps(tasks), lines, "\ufeff" + lines, "\ufeff\n " + json.dumps(tasks)):
        assert answer("tasks", "import", project, "-", stdin=text.encode(), **place)["imported"] == 2
    assert count(project, place) == 8


def test_more_tasks_than_one_command_takes_come_in_by_pieces(project: int, place: dict[str, Any]) -> None:
    lines = "\n".join(f'{{"text": "{number}"}}' for number in range(1201))
    result = annolog("tasks", "import", project, "-", stdin=lines, **place)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "1,201 tasks imported\n", "")
    assert count(project, place) == 1201


def test_an_import_waits_until_whoever_looks_next_finds_it(worked: Path) -> None:
    settings = settings_of(worked)
    with Installation(settings) as installation, running_server(installation) as url:
        place = {"ANNOLOG_URL": url, "ANNOLOG_TOKEN": TOKEN}
        project = answer("project", "create", "--title", "new", "--config", "-", stdin=CONFIG, **place)["project"]
        installation.projections.stop()
        later = Timer(0.5, installation.projections.catch_up)
        later.start()
        report = annolog("tasks", "import", project, "-", stdin=TWO, **place)
        assert (report.exit_code, report.stderr) == (0, "")
        assert count(project, place) == 2
        later.join()
        settings.wait_seconds = 0.05
        late = annolog("tasks", "import", project, "-", stdin=TWO, **place)
        assert (late.exit_code, late.stdout) == (0, "2 tasks imported\n")
        assert "the read models are behind" in late.stderr


def test_an_import_with_a_key_comes_in_once(project: int, place: dict[str, Any]) -> None:
    lines = "\n".join(f'{{"text": "{number}"}}' for number in range(601))
    first, second = (
        answer("tasks", "import", project, "-", "--key", "a", stdin=lines, **place)["first_task"] for _ in range(2)
    )
    assert (first, count(project, place)) == (second, 601)


@pytest.mark.parametrize("text", ["", "\n\n", "[]"])
def test_a_file_without_a_task_is_refused(project: int, place: dict[str, Any], text: str) -> None:
    result = annolog("tasks", "import", project, "-", stdin=text, **place)
    assert result.exit_code == 1
    assert "holds no task" in result.stderr


def test_tasks_of_no_project_are_refused(place: dict[str, Any]) -> None:
    result = annolog("tasks", "import", 99, "-", stdin="{}", **place)
    assert (result.exit_code, result.stderr) == (1, "not-found: There is no project 99.\n")


def test_a_table_comes_in_by_its_ending(project: int, place: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "tasks.csv").write_text('text,more\n"a, b",1\nc\n')
    refused = annolog("tasks", "import", project, tmp_path / "tasks.csv", **place)
    assert "line 3" in refused.stderr
    (tmp_path / "tasks.csv").write_text('text,more\n"a, b",1\nc,2\n')
    assert answer("tasks", "import", project, tmp_path / "tasks.csv", **place)["imported"] == 2
