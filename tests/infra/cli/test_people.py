"""People on the command line: listed, revised and erased in a folder and on a server alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from annolog.commands.command import Request
from annolog.commands.commenting import AddComment
from annolog.infra.composition import NOTHING, Installation
from annolog.infra.settings import InstallationSettings
from tests.infra.cli.terminal import annolog, answer


def listed(place: dict[str, Any]) -> dict[int, dict[str, Any]]:
    return {row["person"]: row for row in answer("people", "list", **place)["people"]}


def somebody(place: dict[str, Any]) -> tuple[str, str]:
    """Number and handle of somebody who has worked."""
    row = next(row for row in listed(place).values() if row["handle"] != "owner")
    return str(row["person"]), row["handle"]


def test_somebody_is_named_listed_and_erased_with_a_certificate(place: dict[str, Any]) -> None:
    person, handle = somebody(place)
    shown = annolog("people", "revise", person, "--name", "Ann Canary", "--email", "ann@example.org", **place)
    assert shown.stdout == f"person {person} is revised\n"
    assert answer("people", "revise", person, "--email", "", **place)["person"] == int(person)
    assert (listed(place)[int(person)]["name"], listed(place)[int(person)]["email"]) == ("Ann Canary", None)
    assert "Ann Canary" in annolog("people", "list", **place).stdout
    certificate = answer("people", "erase", person, handle, "--yes", **place)
    assert (certificate["person"], certificate["pseudonym"]) == (int(person), handle)
    assert certificate["destroyed"] == {"revisions": 2, "values": 3, "tokens": 0}
    assert certificate["key_destroyed_at"] is not None
    row = listed(place)[int(person)]
    assert (row["handle"], row["name"], row["erased"]) == (handle, None, True)
    again = annolog("people", "erase", person, handle, "--yes", **place)
    assert certificate["certificate"] in again.stdout


def test_nobody_is_erased_without_being_asked_or_by_a_wrong_handle(place: dict[str, Any]) -> None:
    person, handle = somebody(place)
    unasked = annolog("people", "erase", person, handle, **place)
    assert (unasked.exit_code, "--yes" in unasked.stderr) == (1, True)
    wrong = annolog("people", "erase", person, "somebody else", "--yes", **place)
    assert (wrong.exit_code, "handle" in wrong.stderr) == (1, True)
    assert not listed(place)[int(person)]["erased"]


def test_a_revision_says_what_of(place: dict[str, Any]) -> None:
    person, _ = somebody(place)
    refused = annolog("people", "revise", person, **place)
    assert (refused.exit_code, "--name" in refused.stderr) == (1, True)
    assert annolog("people", "revise", "999999", "--name", "x", **place).exit_code == 1


@pytest.fixture
def said(worked: Path) -> list[int]:
    """Two comments by two people who worked in the folder, before anybody serves it; who they are."""
    with Installation(InstallationSettings(data_dir=worked), parts=NOTHING) as installation:
        members = sorted(installation.states.project(1).members)[:2]
        for person in members:
            installation.bus.run(Request(AddComment(task=1, text="so?"), uuid4(), person))
    return members


@pytest.mark.parametrize("people", ["ids", "pseudonyms"])
def test_comments_are_exported_with_pseudonyms_where_that_is_asked(
    said: list[int], place: dict[str, Any], people: str
) -> None:
    found = answer("comments", "export", "1", "--people", people, **place)["comments"]
    authors = [comment["author"] for comment in found]
    if people == "ids":
        assert authors == said
    else:
        assert len(set(authors)) == len(said)
        assert not set(authors) & set(listed(place))
