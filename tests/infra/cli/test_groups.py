"""What groups are worth, on the command line: looked at and changed in a folder and on a server alike."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.infra.cli.terminal import annolog, answer

RULES = [
    {"provider": "scim", "group": "Staff", "role": "administrator"},
    {"provider": "scim", "group": "Staff", "project": 1, "project_role": "viewer"},
]


def test_rules_are_read_from_a_file_and_listed(place: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "rules.json"
    file.write_text(json.dumps(RULES))
    assert answer("groups", "list", **place) == {"rules": [], "groups": [], "kept_owner": None}
    assert annolog("groups", "map", str(file), **place).stdout == "2 rules hold from now on\n"
    assert answer("groups", "list", **place)["rules"] == RULES
    shown = annolog("groups", "list", **place).stdout
    assert "administrator in the organization" in shown
    assert "viewer in project 1" in shown


@pytest.mark.parametrize("wrong", ["{", '[{"provider": "scim", "group": "x"}]', "{}"])
def test_a_file_that_says_nothing_is_refused_in_words(place: dict[str, Any], tmp_path: Path, wrong: str) -> None:
    file = tmp_path / "rules.json"
    file.write_text(wrong)
    refused = annolog("groups", "map", str(file), **place)
    assert refused.exit_code == 1
    assert "FILE" in refused.stderr
    assert answer("groups", "list", **place)["rules"] == []
