"""`annolog project …`, on a folder and on a server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.infra.cli.terminal import CONFIG, annolog, answer


def test_a_project_is_created_with_config_and_settings_filled_and_published(
    place: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "config.xml").write_text("\ufeff" + CONFIG, encoding="utf-8")
    tasks = tmp_path / "tasks.json"
    tasks.write_text('[{"data": {"text": "a"}}]')
    options = ["--overlap", 2, "--threshold", 0.5, "--set", "assignment.sampling=uniform", "--set", "assignment.seed=7"]
    created = answer("project", "create", "--title", "new", "--config", tmp_path / "config.xml", *options, **place)
    project = created["project"]
    assert answer("tasks", "import", project, tasks, **place)["imported"] == 1
    answer("project", "publish", project, **place)
    shown = answer("project", "show", project, **place)
    assert (shown["title"], shown["tasks"], shown["published"], shown["label_config"]) == ("new", 1, True, CONFIG)
    assert (
        shown["settings"]["assignment"] | {"overlap": 2, "sampling": "uniform", "seed": 7}
        == (shown["settings"]["assignment"])
    )
    rule = shown["settings"]["reassignment"]
    assert rule == {
        "enabled": True,
        "policy": "agreement",
        "threshold": 0.5,
        "confidence": 0.95,
        "budget": None,
        "maximum_additional": 2,
        "parameter": None,
        "preference_seconds": 900,
        "expert_after": None,
        "expert_skill": None,
        "expert_least": 0.0,
    }


def test_the_config_may_come_through_a_pipe(place: dict[str, Any]) -> None:
    project = answer("project", "create", "--title", "x", "--config", "-", stdin=CONFIG, **place)["project"]
    assert answer("project", "show", project, **place)["label_config"] == CONFIG


def test_which_fields_of_tasks_are_sensitive_is_a_setting_like_any_other(place: dict[str, Any]) -> None:
    told = 'data_fields.fields={"iban": {"sensitive": true, "how": "withhold"}}'
    project = answer("project", "create", "--title", "x", "--set", told, **place)["project"]
    [(name, rule)] = answer("project", "show", project, **place)["settings"]["data_fields"]["fields"].items()
    assert (name, rule) == ("iban", {"hidden_from": [], "how": "withhold", "sensitive": True})


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--title", "x" * 501], "invalid-input"),
        (["--title", "x", "--set", "assignment.overlp=3"], "invalid-input"),
        (["--title", "x", "--set", "nothing.overlap=3"], "invalid-input"),
        (["--title", "x", "--config", "-"], "invalid-labeling-config"),
    ],
)
def test_a_project_that_cannot_be_is_refused_in_words(place: dict[str, Any], options: list[str], code: str) -> None:
    result = annolog("project", "create", *options, stdin="<View>", **place)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{code}: ")


def test_projects_are_listed_with_their_progress(place: dict[str, Any]) -> None:
    listed = answer("project", "list", **place)["projects"]
    assert [(row["project"], row["title"], row["tasks"], row["published"]) for row in listed] == [
        (1, "small", 12, True)
    ]
    assert "small" in annolog("project", "list", **place).stdout


def test_a_project_is_shown_to_people_too(place: dict[str, Any]) -> None:
    shown = annolog("project", "show", 1, **place).stdout
    assert "small" in shown
    assert "maximum_additional" in shown
