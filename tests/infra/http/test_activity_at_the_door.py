"""What the activity log tells of people who come in by themselves, and of sessions that others ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from annolog.commands.people import RegisterPeople
from annolog.commands.signing_on import EndSessionsThere, RecognizePerson
from annolog.domain.sign_on.admission import Admits
from tests.infra.http.coming import ANOTHER, PASSWORD, Door, door_in

HERE = "127.0.0.1"


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with door_in(tmp_path) as found:
        yield found


def told(door: Door, action: str) -> list[dict[str, Any]]:
    """The entries of an action, the oldest first. Whatever was sent before this is in the log before it."""
    door.installation.as_system(RegisterPeople(people=[]))
    door.installation.settle()
    found = door.owner.done("GET", "/v1/activity", params={"action": action})["activity"]
    return list(reversed(found))


def who(entries: list[dict[str, Any]]) -> list[tuple[int, str]]:
    return [(entry["person"], entry["address"]) for entry in entries]


def test_who_comes_in_and_changes_their_password_did_it_themselves_and_it_is_told_where_from(door: Door) -> None:
    ada, person = door.came("ada")
    ada.done("POST", "/v1/me/password", json={"old": PASSWORD, "new": ANOTHER})
    assert who(told(door, "invitation_accepted")) == [(person, HERE)]
    assert who(told(door, "password_changed")) == [(person, HERE), (person, HERE)]
    # That they are known from now on is what the system did; where it is nobody asks.
    assert (0, "") in who(told(door, "person_registered"))


def test_who_ends_the_sessions_of_somebody_else_is_told_and_whose_they_were(door: Door) -> None:
    _, person = door.came("ada")
    owner = door.owner.done("GET", "/v1/me")["person"]
    door.owner.done("POST", f"/v1/people/{person}/sign-out")
    [ended] = told(door, "signed_out")
    assert (ended["person"], ended["subject"], ended["address"]) == (owner, person, HERE)
    assert ended["detail"] == {"cause": "revoked"}


def test_that_a_provider_ended_sessions_is_told_of_whom_it_names_and_of_nobody_else(door: Door) -> None:
    said = {"provider": "acme", "organization": 1, "subject": SecretStr("ada-there")}
    known = door.installation.as_system(RecognizePerson(**said, admits=Admits.EVERYBODY)).value["person"]
    then = door.clock() + timedelta(seconds=1)
    stranger = said | {"subject": SecretStr("nobody")}
    for more in (said, said | {"session": "one"}, stranger):
        door.installation.as_system(EndSessionsThere(**more, begun_by=then))
    ended = told(door, "signed_out")
    assert [(entry["person"], entry["detail"]["cause"]) for entry in ended] == [(known, "provider")] * 2
    # Who was recognized came in by themselves.
    assert who(told(door, "person_recognized")) == [(known, "")]
