"""`annolog rules …`, on a folder and on a server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.infra.cli.terminal import annolog, answer

RULE = {
    "conditions": [{"collector": "answers", "comparison": "gte", "value": 1}],
    "action": {"do": "set_skill", "skill": "seasoned", "value": 1},
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rule.json"
    path.write_text(json.dumps(RULE), "utf-8")
    return path


def test_rules_are_set_listed_and_removed(place: dict[str, Any], file: Path) -> None:
    assert answer("rules", "set", 1, "seasoned", file, **place)["version"] == 1
    assert "version 1" in annolog("rules", "set", 1, "seasoned", file, **place).stdout
    [shown] = answer("rules", "list", 1, **place)["rules"]
    assert (shown["name"], shown["action"]) == ("seasoned", RULE["action"])
    table = annolog("rules", "list", 1, **place).stdout
    assert "answers gte 1" in table
    assert "set_skill (skill seasoned, value 1.0)" in table
    assert annolog("rules", "remove", 1, "seasoned", **place).exit_code == 0
    assert answer("rules", "list", 1, **place)["rules"] == []


def test_firings_are_listed_and_of_one_person(served: dict[str, Any], worked: Path, file: Path) -> None:
    set_at = answer("rules", "set", 1, "seasoned", file, **served)["position"]
    rows: list[dict[str, Any]] = []
    for _ in range(200):
        rows = answer("rules", "firings", 1, **served)["firings"]
        if rows:
            break
    assert rows, f"nothing fired after position {set_at}"
    assert {row["rule"] for row in rows} == {"seasoned"}
    person = rows[0]["person"]
    assert [row["person"] for row in answer("rules", "firings", 1, "--person", person, **served)["firings"]] == [person]
    assert "stands" in annolog("rules", "firings", 1, **served).stdout


@pytest.mark.parametrize(
    ("text", "said"), [("{", "is not JSON"), ("[]", "is not a JSON object"), ("{}", "/conditions")]
)
def test_a_file_that_is_no_rule_is_refused_in_words(place: dict[str, Any], file: Path, text: str, said: str) -> None:
    file.write_text(text, "utf-8")
    refused = annolog("rules", "set", 1, "r", file, **place)
    assert refused.exit_code == 1
    assert said in refused.stderr


@pytest.mark.parametrize("command", [("list", 99), ("firings", 99), ("remove", 1, "none")])
def test_what_is_not_there_is_refused_in_words(place: dict[str, Any], command: tuple[object, ...]) -> None:
    result = annolog("rules", *command, **place)
    assert result.exit_code == 1
    assert result.stderr.startswith("not-found: ")
