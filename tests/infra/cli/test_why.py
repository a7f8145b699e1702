"""`annolog why …`, on a folder and on a server."""

from __future__ import annotations

from typing import Any

import pytest

from tests.infra.cli.terminal import annolog, answer


def test_why_of_a_task_names_people_and_decisions(place: dict[str, Any]) -> None:
    found = answer("why", "task", 1, **place)
    assert found["task"] == 1
    assert found["people"]
    assert found["decisions"][0]["type"] == "TaskImported"
    shown = annolog("why", "task", 1, **place)
    assert shown.exit_code == 0
    assert "TaskImported" in shown.stdout


def test_why_of_an_annotator_says_what_comes_next(place: dict[str, Any]) -> None:
    person = answer("why", "task", 1, **place)["people"][0]["person"]
    found = answer("why", "annotator", 1, person, **place)
    assert found["person"] == person
    assert "next" in annolog("why", "annotator", 1, person, **place).stdout


def test_why_of_an_annotator_says_in_words_why_there_is_nothing(place: dict[str, Any]) -> None:
    person = answer("why", "task", 1, **place)["people"][0]["person"]
    found = answer("why", "annotator", 1, person, **place)
    assert found["next"] is None
    assert found["no_work"]["reason"] == "finished"
    shown = annolog("why", "annotator", 1, person, **place).stdout
    assert f"next: nothing. {found['no_work']['words']}" in shown


@pytest.mark.parametrize("command", [("task", 999_999), ("annotator", 1, 999_999)])
def test_what_is_not_there_is_refused_in_words(place: dict[str, Any], command: tuple[object, ...]) -> None:
    result = annolog("why", *command, **place)
    assert result.exit_code == 1
    assert result.stderr.startswith("not-found: ")
