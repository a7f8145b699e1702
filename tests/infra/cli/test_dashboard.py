"""`annolog dashboard`, on a folder and on a server."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

from tests.infra.cli.terminal import annolog, answer


def test_a_dashboard_for_programs_for_people_and_as_a_file(place: dict[str, Any]) -> None:
    asked = ("dashboard", 1, "--by", "person", "--by", "day", "--zone", "Asia/Kathmandu", "--measure", "annotations")
    found = answer(*asked, **place)
    assert found["zone"] == "Asia/Kathmandu"
    assert sum(row["annotations"] for row in found["rows"]) == found["total"]["annotations"] > 1
    shown = annolog(*asked, **place)
    assert shown.exit_code == 0
    assert "By person and day" in shown.stdout
    file = annolog(*asked, "--format", "csv", **place)
    lines = list(csv.DictReader(StringIO(file.stdout)))
    assert [list(map(str, row.values())) for row in found["rows"]] == [list(line.values()) for line in lines]
    total = annolog("dashboard", 1, **place)
    assert "performance_score" in total.stdout


def test_what_cannot_be_asked_is_refused_in_words(place: dict[str, Any]) -> None:
    assert annolog("dashboard", 999_999, **place).stderr.startswith("not-found: ")
    refused = annolog("dashboard", 1, "--zone", "Mars/Olympus", **place)
    assert refused.exit_code == 1
    assert "is not the name of a time zone" in refused.stderr
