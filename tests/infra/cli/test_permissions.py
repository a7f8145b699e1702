"""What every role may do, on the command line: looked at and changed in a folder and on a server alike."""

from __future__ import annotations

from typing import Any

import pytest

from tests.infra.cli.terminal import annolog, answer


def who_has(permission: str, place: dict[str, Any]) -> list[str]:
    rows = answer("permissions", "list", **place)["permissions"]
    [roles] = [row["roles"] for row in rows if row["permission"] == permission]
    return list(roles)


def test_a_permission_is_taken_from_a_role_and_left_to_the_default_again(place: dict[str, Any]) -> None:
    before = who_has("export", place)
    assert "manager" in before
    shown = annolog("permissions", "change", "export", "manager", "take", **place)
    assert shown.stdout == "export is taken from manager\n"
    assert who_has("export", place) == [role for role in before if role != "manager"]
    assert answer("permissions", "change", "export", "manager", "default", **place)["granted"] is None
    assert who_has("export", place) == before
    assert "can be changed for" in annolog("permissions", "list", **place).stdout


@pytest.mark.parametrize("wrong", [("export", "owner", "take"), ("export", "king", "give")])
def test_what_cannot_be_changed_is_refused_in_words(place: dict[str, Any], wrong: tuple[str, str, str]) -> None:
    refused = annolog("permissions", "change", *wrong, **place)
    assert refused.exit_code == 1
    assert "manager" in refused.stderr
    assert "manager" in who_has("export", place)
