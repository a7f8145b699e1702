"""`annolog activity …`: on a folder and over a server."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from tests.infra.cli.terminal import annolog, answer


def test_a_folder_is_listed_newest_first_and_filters_narrow_it(worked: Path) -> None:
    rows = answer("activity", "list", "--data-dir", worked, "--limit", 1000)["activity"]
    assert [row["position"] for row in rows] == sorted((row["position"] for row in rows), reverse=True)
    added = answer("activity", "list", "--data-dir", worked, "--limit", 1000, "--action", "member_added")["activity"]
    assert added == [row for row in rows if row["action"] == "member_added"] != []
    shown = annolog("activity", "list", "--data-dir", worked, COLUMNS="250")
    assert "member_added" in shown.stdout


def test_an_export_has_all_of_it_and_is_in_the_next_one(worked: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(annolog("activity", "export", "--data-dir", worked).stdout)))
    listed = answer("activity", "list", "--data-dir", worked, "--limit", 1000)["activity"]
    assert listed[0]["action"] == "exported"
    assert (listed[0]["address"], listed[0]["detail"]["rows"]) == ("command line", len(rows))
    assert [int(row["position"]) for row in rows] == [row["position"] for row in listed[1:]]


def test_comments_written_to_a_file_are_noted(worked: Path) -> None:
    annolog("comments", "export", 1, "--task", 3, "--data-dir", worked)
    [noted] = answer("activity", "list", "--data-dir", worked, "--action", "exported")["activity"]
    assert (noted["project"], noted["detail"]["what"], noted["detail"]["filter"]) == (1, "comments", {"task": 3})
