"""Names and e-mails over HTTP: who sees them, who revises them, and what a repeated request finds."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import pytest

from annolog.infra.personal.showing import named
from tests.infra.http.conftest import Api

CANARY = "Zephyrine Quillfeather"
EMAIL = "zephyrine@quillfeather.example"


def registered(api: Api, **more: Any) -> int:
    body = {"people": [{"handle": "zq", "name": CANARY, "email": EMAIL, **more}]}
    person: int = api.done("POST", "/v1/people", json=body)["people"][0]["person"]
    return person


def shown(api: Api, person: int) -> dict[str, Any]:
    [found] = [row for row in api.done("GET", "/v1/people")["people"] if row["person"] == person]
    return found


def test_who_may_see_people_sees_what_they_are_called_and_everybody_sees_themselves(api: Api) -> None:
    person, other = registered(api), api.done("POST", "/v1/people", json={"people": [{"handle": "bob"}]})
    usual = {"role": "member", "custom_role": None, "standing": "active", "service": False, "erased": False}
    whole = {"person": person, "handle": "zq", **usual, "name": CANARY, "email": EMAIL}
    here = {"organization": 1, "organization_name": "", "limits": None}
    assert shown(api, person) == whole
    assert api.done("GET", "/v1/me", person) == {**whole, **here}
    bob = other["people"][0]["person"]
    assert shown(api, bob) == {**whole, "person": bob, "handle": "bob", "name": None, "email": None}
    assert api.ask("GET", "/v1/people", person).status_code == 403


def test_people_revise_themselves_and_nobody_else(api: Api) -> None:
    person = registered(api)
    bob = api.done("POST", "/v1/people", json={"people": [{"handle": "bob"}]})["people"][0]["person"]
    api.done("PUT", f"/v1/people/{person}", person, json={"name": "Z. Q."})
    assert (shown(api, person)["name"], shown(api, person)["email"]) == ("Z. Q.", EMAIL)
    api.done("PUT", f"/v1/people/{person}", person, json={"email": ""})
    assert (shown(api, person)["name"], shown(api, person)["email"]) == ("Z. Q.", None)
    assert api.ask("PUT", f"/v1/people/{bob}", person, json={"name": "B"}).status_code == 403
    assert api.ask("PUT", "/v1/people/999", json={"name": "B"}).status_code == 404


def test_what_is_known_already_is_not_news_though_it_would_seal_anew(api: Api) -> None:
    person = registered(api)
    facts = api.facts()
    api.done("PUT", f"/v1/people/{person}", json={"name": CANARY, "email": EMAIL})
    assert api.facts() == facts
    # Of who is known already registering changes nothing.
    assert registered(api, name="Somebody Else") == person
    assert shown(api, person)["name"] == CANARY


@pytest.mark.parametrize("wrong", [{"name": "Quill\nfeather"}, {"email": CANARY}, {"name": 7 * 10**9}, {"nam": CANARY}])
def test_what_cannot_be_is_refused_by_name_and_told_to_nobody(
    api: Api, wrong: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    person = registered(api)
    refused = api.ask("PUT", f"/v1/people/{person}", json=wrong)
    [field] = wrong
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == f"/{field}"
    for word in ("Quill", "feather", "7000000000"):
        assert word not in refused.text
        assert word not in caplog.text


def test_a_newcomer_that_cannot_be_is_pointed_at(api: Api) -> None:
    body = {"people": [{"handle": "a"}, {"handle": "b", "email": "nowhere"}]}
    refused = api.ask("POST", "/v1/people", json=body)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/people/1/email")


def test_a_repeated_request_gets_its_answer_and_another_name_under_its_key_is_refused(api: Api) -> None:
    person, key = registered(api), {"Idempotency-Key": "k"}
    first = api.ask("PUT", f"/v1/people/{person}", json={"name": "One"}, headers=key)
    again = api.ask("PUT", f"/v1/people/{person}", json={"name": "One"}, headers=key)
    assert again.json() == first.json() == {"person": person, "position": first.json()["position"]}
    assert again.headers["Idempotency-Replayed"] == "true"
    for other in ({"name": "Two"}, {"email": EMAIL}, {"name": "One", "email": EMAIL}):
        refused = api.ask("PUT", f"/v1/people/{person}", json=other, headers=key)
        assert refused.json()["code"] == "key-reused"


def test_after_an_erasure_no_fingerprint_of_a_name_can_be_compared_any_more(api: Api) -> None:
    person, key = registered(api), {"Idempotency-Key": "k"}
    api.done("PUT", f"/v1/people/{person}", json={"name": "One"}, headers=key)
    api.done("POST", f"/v1/people/{person}/erase", json={"handle": "zq"})
    again = api.ask("PUT", f"/v1/people/{person}", json={"name": "One"}, headers=key)
    assert again.json()["code"] == "key-reused"


def test_a_value_that_was_moved_to_somebody_else_is_not_shown_and_hides_nobody(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    person = registered(api)
    bob = api.done("POST", "/v1/people", json={"people": [{"handle": "bob", "name": "Bob"}]})["people"][0]["person"]
    people = api.installation.directory.accounts
    found = named(api.installation.vault, [replace(people[bob], name=people[person].name), people[person]])
    assert [row["name"] for row in found] == [None, CANARY]
    assert "seal broken" in caplog.text
    assert CANARY not in caplog.text
