"""Organizations, people, workspaces, roles and tokens on the command line, in a folder and on a server alike."""

from __future__ import annotations

from typing import Any

import pytest

from annolog.infra.composition import NOTHING, Installation
from annolog.infra.settings import InstallationSettings
from tests.infra.cli.terminal import annolog, answer

Place = dict[str, Any]
PASSWORD = "correct horse battery staple"


def refused(*arguments: object, **place: Any) -> str:
    result = annolog(*arguments, **place)
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    return result.stderr


def one_person(place: Place, handle: str = "ada", *more: object) -> int:
    found = answer("people", "register", handle, *more, **place)["people"]
    assert [row["handle"] for row in found] == [handle]
    return int(found[0]["person"])


def listed(place: Place, person: int, *more: object) -> dict[str, Any]:
    [row] = [row for row in answer("people", "list", *more, **place)["people"] if row["person"] == person]
    return dict(row)


def test_people_are_registered_become_something_else_are_kept_out_and_let_in(place: Place) -> None:
    ada, robot = one_person(place), one_person(place, "robot", "--service", "--role", "administrator")
    assert listed(place, ada) == {
        "person": ada,
        "handle": "ada",
        "role": "member",
        "custom_role": None,
        "standing": "active",
        "service": False,
        "erased": False,
        "name": None,
        "email": None,
    }
    assert (listed(place, robot)["role"], listed(place, robot)["service"]) == ("administrator", True)
    shown = annolog("people", "role", ada, "administrator", **place)
    assert shown.stdout == f"person {ada} is administrator\n"
    assert listed(place, ada)["role"] == "administrator"
    answer("people", "deactivate", ada, "--reason", "left", **place)
    assert listed(place, ada)["standing"] == "deactivated"
    answer("people", "reactivate", ada, **place)
    assert listed(place, ada)["standing"] == "active"
    assert answer("people", "sign-out", ada, **place)["person"] == ada
    assert answer("people", "remove-password", ada, **place)["person"] == ada
    assert "robot" in annolog("people", "list", **place).stdout
    assert refused("people", "deactivate", 999_999, **place).startswith("not-found: ")


def test_who_is_invited_joins_once_and_waits_for_approval_where_that_is_asked(place: Place) -> None:
    secret = answer("people", "invite", "--role", "administrator", "--approval", "--days", 2, **place)["secret"]
    joined = answer("join", secret, "--handle", "ada", "--password-stdin", stdin=PASSWORD + "\n", **place)
    assert (joined["handle"], joined["awaits_approval"], joined["secret"].startswith("annolog_")) == ("ada", True, True)
    assert listed(place, joined["person"])["standing"] == "awaiting_approval"
    answer("people", "approve", joined["person"], **place)
    assert listed(place, joined["person"])["standing"] == "active"
    again = refused("join", secret, "--handle", "eve", "--no-password", **place)
    assert again.startswith("invitation-ended: ")
    [token] = answer("tokens", "list", joined["person"], **place)["tokens"]
    assert token["label"] == "command line"


def test_an_invitation_is_listed_without_its_secret_and_taken_back(place: Place) -> None:
    made = answer("people", "invite", **place)
    [row] = answer("people", "invitations", **place)["invitations"]
    assert (row["invitation"], row["open"], row["role"]) == (made["invitation"], True, "member")
    assert made["secret"] not in annolog("people", "invitations", **place).stdout
    answer("people", "revoke-invitation", made["invitation"], **place)
    [row] = answer("people", "invitations", **place)["invitations"]
    assert not row["open"]
    assert refused("join", made["secret"], "--handle", "eve", "--no-password", **place).startswith("invitation-ended")
    told = annolog("people", "invite", **place).stdout
    assert "shown this once: " in told
    assert "annolog join " in told


def test_a_password_that_is_none_or_that_nobody_can_be_asked_for_is_refused_and_the_invitation_stays(
    place: Place,
) -> None:
    secret = answer("people", "invite", **place)["secret"]
    assert "/password" in refused("join", secret, "--handle", "ada", "--password-stdin", stdin="short\n", **place)
    assert "--password-stdin" in refused("join", secret, "--handle", "ada", **place)
    assert "--handle" in refused("join", secret, "--no-password", **place)
    assert annolog("join", secret, "--no-password", "--password-stdin", **place).exit_code == 2
    shown = annolog("join", secret, "--handle", "ada", "--no-password", "--token-label", "laptop", **place)
    assert shown.exit_code == 0, shown.stderr
    assert "known as ada" in shown.stdout
    assert "shown this once: annolog_" in shown.stdout


def test_a_workspace_is_made_filled_archived_and_opened_again_and_guests_are_invited_into_it(place: Place) -> None:
    ada = one_person(place)
    workspace = answer("workspaces", "create", "films", "--colour", "#aabbcc", **place)["workspace"]
    answer("workspaces", "revise", workspace, "more films", "--description", "old ones", **place)
    answer("workspaces", "add", workspace, "reviewer", ada, **place)
    shown = answer("workspaces", "show", workspace, **place)
    assert (shown["title"], shown["description"]) == ("more films", "old ones")
    [member] = shown["members"]
    assert (member["person"], member["role"], member["custom_role"]) == (ada, "reviewer", None)
    assert "reviewer" in annolog("workspaces", "show", workspace, **place).stdout
    answer("project", "move", 1, workspace, **place)
    answer("project", "move", 1, **place)
    secret = answer("people", "invite", "--workspace", f"{workspace}=annotator", **place)["secret"]
    guest = answer("join", secret, "--handle", "guest", "--no-password", **place)["person"]
    assert [row["person"] for row in answer("workspaces", "show", workspace, **place)["members"]] == [ada, guest]
    answer("workspaces", "remove", workspace, guest, **place)
    answer("workspaces", "archive", workspace, **place)
    assert answer("workspaces", "list", **place)["workspaces"] == []
    assert [row["workspace"] for row in answer("workspaces", "list", "--archived", **place)["workspaces"]] == [
        workspace
    ]
    assert refused("workspaces", "add", workspace, "manager", ada, **place).startswith("wrong-state: ")
    answer("workspaces", "unarchive", workspace, **place)
    assert "more films" in annolog("workspaces", "list", **place).stdout
    assert annolog("people", "invite", "--workspace", "films", **place).exit_code == 2
    assert refused("workspaces", "show", 999_999, **place).startswith("not-found: ")


def test_a_role_of_ones_own_is_defined_given_and_retired(place: Place) -> None:
    options = ["--like", "member", "--permission", "create_project", "--permission", "see_people"]
    answer("roles", "define", "lead & senior", *options, **place)
    [row] = answer("roles", "list", **place)["roles"]
    assert row == {
        "role": "lead & senior",
        "like": "member",
        "permissions": ["create_project", "see_people"],
        "retired": False,
    }
    ada = one_person(place, "ada", "--custom-role", "lead & senior")
    assert listed(place, ada)["custom_role"] == "lead & senior"
    answer("roles", "retire", "lead & senior", **place)
    assert answer("roles", "list", **place)["roles"][0]["retired"]
    assert "/custom_role" in refused("people", "register", "bob", "--custom-role", "lead & senior", **place)
    assert "--like is one of" in refused("roles", "define", "x", "--like", "king", **place)
    assert annolog("roles", "define", "x", "--like", "member", "--permission", "rule", **place).exit_code == 2


def test_a_token_is_issued_with_limits_shown_once_and_revoked(place: Place) -> None:
    ada = one_person(place)
    options = ["--label", "nightly", "--scope", "see_project", "--scope", "export", "--days", 30]
    issued = answer("tokens", "issue", ada, *options, **place)
    assert issued["secret"].startswith("annolog_")
    [row] = answer("tokens", "list", ada, **place)["tokens"]
    assert (row["token"], row["label"], row["scopes"]) == (issued["token"], "nightly", ["export", "see_project"])
    assert row["expires_at"] is not None
    assert issued["secret"] not in annolog("tokens", "list", ada, **place).stdout
    answer("tokens", "revoke", issued["token"], **place)
    assert answer("tokens", "list", ada, **place)["tokens"] == []
    assert "shown this once: annolog_" in annolog("tokens", "issue", ada, **place).stdout
    assert refused("tokens", "list", 999_999, **place).startswith("not-found: ")


def test_oneself_is_who_has_the_token_of_a_server_and_nobody_in_a_folder(served: dict[str, str], worked: Any) -> None:
    mine = answer("tokens", "issue", "--label", "mine", **served)
    assert mine["token"] in [row["token"] for row in answer("tokens", "list", **served)["tokens"]]
    assert refused("tokens", "list", ANNOLOG_DATA_DIR=str(worked)).startswith("invalid-input: ")


def test_an_organization_is_made_with_a_way_in_for_its_owner(place: Place) -> None:
    made = answer("organizations", "create", "other", **place)
    joined = answer("join", made["secret"], "--handle", "olga", "--no-password", **place)
    assert joined["organization"] == made["organization"]
    owned = answer("organizations", "create", "third", "--owner", "tim", **place)
    names = {row["organization"]: row["name"] for row in answer("organizations", "list", **place)["organizations"]}
    assert (names[made["organization"]], names[owned["organization"]]) == ("other", "third")
    answer("organizations", "rename", "ours", **place)
    rows = answer("organizations", "list", **place)["organizations"]
    assert {"organization": 1, "name": "ours"} in rows
    assert "annolog join " in annolog("organizations", "create", "fourth", **place).stdout
    assert "annolog_" in annolog("organizations", "create", "fifth", "--owner", "olga", **place).stdout


def test_in_a_folder_one_says_which_organization_and_a_server_is_not_told(worked: Any, served: dict[str, str]) -> None:
    place = {"ANNOLOG_DATA_DIR": str(worked)}
    other = answer("organizations", "create", "other", **place)["organization"]
    there = ("--organization", other)
    ada = one_person(place, "ada", *there)
    workspace = answer("workspaces", "create", "films", *there, **place)["workspace"]
    answer("workspaces", "add", workspace, "manager", ada, *there, **place)
    assert ada not in [row["person"] for row in answer("people", "list", **place)["people"]]
    assert [row["person"] for row in answer("people", "list", *there, **place)["people"]] == [ada]
    assert refused("workspaces", "show", workspace, **place).startswith("not-found: ")
    here = answer("workspaces", "create", "books", **place)["workspace"]
    assert refused("workspaces", "add", here, "manager", ada, **place).startswith("not-found: ")
    assert refused("people", "list", "--organization", 99, **place).startswith("not-found: ")
    assert refused("people", "register", "x", "--organization", 99, **place).startswith("not-found: ")
    assert "--organization" in refused("people", "list", *there, **served)


@pytest.mark.parametrize("command", [("tokens", "issue", 1), ("people", "list"), ("organizations", "list")])
def test_a_server_asks_for_a_token(served: dict[str, str], command: tuple[object, ...]) -> None:
    assert refused(*command, ANNOLOG_URL=served["ANNOLOG_URL"]).startswith("unauthenticated: ")


def test_what_was_joined_in_a_folder_holds_there(worked: Any) -> None:
    place = {"ANNOLOG_DATA_DIR": str(worked)}
    secret = answer("people", "invite", **place)["secret"]
    joined = answer("join", secret, "--handle", "ada", "--password-stdin", stdin=PASSWORD + "\n", **place)
    with Installation(InstallationSettings(data_dir=worked), parts=NOTHING) as installation:
        assert installation.person_of(joined["secret"]).id == joined["person"]
