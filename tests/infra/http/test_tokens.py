"""Tokens over a real socket: limited, ending, shown once; and what people come in with is kept nowhere as it is."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.infra.http.coming import ANOTHER, COOKIE, PASSWORD, Door, door_in


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with door_in(tmp_path) as found:
        yield found


def test_a_limited_token_opens_what_it_is_limited_to_and_issues_no_more_than_that(door: Door) -> None:
    project = door.owner.done("POST", "/v1/projects", json={"title": "one"})["project"]
    body = {"label": "reader", "scopes": ["see_project", "see_settings", "issue_own_tokens"]}
    limited = door.with_token(door.owner.done("POST", "/v1/me/tokens", json=body)["secret"])
    assert limited.done("GET", f"/v1/projects/{project}")["title"] == "one"
    assert limited.done("GET", "/v1/me")["limits"] == sorted(body["scopes"])
    assert limited.code("POST", "/v1/projects", json={"title": "two"}) == "forbidden"
    assert limited.code("GET", "/v1/people") == "forbidden"
    assert limited.code("POST", "/v1/me/tokens", json={}) == "forbidden"
    assert limited.code("POST", "/v1/me/tokens", json={"scopes": ["export"]}) == "forbidden"
    narrower = limited.done("POST", "/v1/me/tokens", json={"scopes": ["see_project"]})["secret"]
    assert door.with_token(narrower).done("GET", "/v1/me")["limits"] == ["see_project"]


def test_a_token_ends_when_it_was_said_to(door: Door) -> None:
    until = (door.clock() + timedelta(hours=1)).isoformat()
    short = door.with_token(door.owner.done("POST", "/v1/me/tokens", json={"expires_at": until})["secret"])
    door.clock.forward(3590)
    assert short.is_in
    door.clock.forward(11)
    assert not short.is_in
    assert door.owner.is_in


def test_people_issue_list_and_revoke_their_own_tokens_and_nobody_elses(door: Door) -> None:
    ada, person = door.came("ada")
    bob, _ = door.came("bob")
    issued = ada.done("POST", "/v1/me/tokens", json={"label": "laptop"})
    assert ada.done("GET", "/v1/me/tokens")["tokens"] == [
        {"token": issued["token"], "label": "laptop", "scopes": None, "expires_at": None, "last_used_at": None}
    ]
    assert door.with_token(issued["secret"]).done("GET", "/v1/me")["person"] == person
    assert bob.code("DELETE", f"/v1/tokens/{issued['token']}") == "forbidden"
    assert bob.code("POST", f"/v1/people/{person}/tokens", json={}) == "forbidden"
    assert bob.code("GET", f"/v1/people/{person}/tokens") == "forbidden"
    ada.done("DELETE", f"/v1/tokens/{issued['token']}")
    assert not door.with_token(issued["secret"]).is_in


def test_what_people_come_in_with_is_in_no_file_event_answer_or_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with door_in(tmp_path) as door:
        secret, wrong = door.invited(), "an altogether wrong passphrase"
        body = {"secret": secret, "handle": "ada", "password": PASSWORD, "token": "mine"}
        ada = door.browser()
        token = ada.done("POST", "/v1/invitations/accept", json=body)["secret"]
        first = ada.cookies[COOKIE]
        assert ada.sign_in("ada", wrong).status_code == 401
        ada.sign_in("ada")
        ada.done("POST", "/v1/me/password", json={"old": PASSWORD, "new": ANOTHER})
        ada.sign_in("ada", ANOTHER)
        unfinished = door.invited()
        organization = door.owner.done("POST", "/v1/organizations", json={"name": "other"})["secret"]
        told = [secret, wrong, PASSWORD, ANOTHER, token, first, ada.cookies[COOKIE], unfinished, organization]
        door.installation.settle()
        answers = b"".join(
            door.owner.get(path).content for path in ("/v1/invitations", "/v1/people", "/v1/me/tokens", "/v1/events")
        )
        events = repr(door.installation.log.after(0, 10_000))
        assert "InvitationAccepted" in events
    files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert any(b"$argon2id$" in content for content in files.values()), "the hash is there, so this does read them"
    # What the client of the test says of itself is not ours.
    lines = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("httpcore"))
    for one in told:
        assert not [path.name for path, content in files.items() if one.encode() in content]
        assert one.encode() not in answers
        assert one not in events
        assert one not in lines
    assert "$argon2id$" not in events
    assert b"$argon2id$" not in answers
    assert "$argon2id$" not in lines
