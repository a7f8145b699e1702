"""`annolog skills`, on a folder and on a server."""

from __future__ import annotations

from typing import Any

from tests.infra.cli.terminal import annolog, answer


def test_skills_for_programs_and_for_people(place: dict[str, Any]) -> None:
    found = answer("skills", 1, "--source", "consensus", "--days", 7, **place)
    assert (found["project"], found["days"]) == (1, 7)
    everybody = {row["person"] for row in found["skills"]}
    assert len(everybody) > 1
    person = min(everybody)
    mine = answer("skills", 1, "--person", person, **place)["skills"]
    assert {row["person"] for row in mine} == {person}
    low, high = mine[0]["all_time"]["interval"]
    assert 0 <= low <= mine[0]["all_time"]["value"] <= high <= 1
    shown = annolog("skills", 1, "--person", person, **place)
    assert shown.exit_code == 0
    assert "consensus" in shown.stdout
    assert f"{low:.3f} to {high:.3f}" in shown.stdout


def test_what_is_not_there_is_refused_in_words(place: dict[str, Any]) -> None:
    result = annolog("skills", 999_999, **place)
    assert result.exit_code == 1
    assert result.stderr.startswith("not-found: ")


def test_an_unknown_source_is_wrong_usage(place: dict[str, Any]) -> None:
    result = annolog("skills", 1, "--source", "gut_feeling", **place)
    assert result.exit_code == 2
    assert "--source" in result.stderr
