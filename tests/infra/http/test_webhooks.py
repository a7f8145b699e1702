"""Webhooks over the API: registered, looked at, changed, sent again, removed; by managers and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.infra.http.conftest import Api
from tests.receiver import Receiver, is_genuine, receiving

TYPES = ["AnnotationSubmitted"]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def test_a_webhook_from_its_registration_to_its_end(api: Api, receiver: Receiver) -> None:
    project, people = api.set_up()
    path = f"/v1/projects/{project}/webhooks"
    added = api.done("POST", path, json={"url": receiver.url, "event_types": TYPES})
    webhook, secret = added["webhook"], added["secret"]
    [listed] = api.done("GET", path)["webhooks"]
    assert (listed["webhook"], listed["url"], listed["event_types"]) == (webhook, receiver.url, TYPES)
    assert api.submit(1, people[0]).status_code == 201
    receiver.wait_for(lambda: len(receiver.taken) == 1)
    assert is_genuine(receiver.taken[0], secret)

    def stands() -> dict[str, Any]:
        return api.done("GET", f"{path}/{webhook}/deliveries")

    receiver.wait_for(lambda: stands()["delivered"] == 1)
    assert stands()["position"] >= receiver.sequences[0]
    assert (stands()["last_status"], stands()["attempts"], stands()["active"]) == (200, 0, True)

    changed = api.done("PATCH", f"{path}/{webhook}", json={"new_secret": True})
    assert changed["secret"] != secret
    api.done("POST", f"{path}/{webhook}/resend", json={"after": 0})
    receiver.wait_for(lambda: len(receiver.taken) == 2)
    assert is_genuine(receiver.taken[1], changed["secret"])
    assert receiver.taken[0].event == receiver.taken[1].event

    api.done("DELETE", f"{path}/{webhook}")
    assert api.done("GET", path)["webhooks"] == []
    for method, rest in (("GET", "/deliveries"), ("PATCH", ""), ("DELETE", "")):
        assert api.ask(method, f"{path}/{webhook}{rest}", json={}).status_code == 404


def test_the_secret_is_shown_once_and_is_in_no_event(api: Api, receiver: Receiver) -> None:
    project, _ = api.set_up(tasks=0)
    path = f"/v1/projects/{project}/webhooks"
    more = {"json": {"url": receiver.url}, "headers": {"Idempotency-Key": "once"}}
    first, again = api.ask("POST", path, **more), api.ask("POST", path, **more)
    secret = first.json()["secret"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == {name: value for name, value in first.json().items() if name != "secret"}
    assert len(api.done("GET", path)["webhooks"]) == 1
    everything = [api.ask("GET", where).text for where in (path, f"/v1/projects/{project}/events", "/v1/events")]
    assert all(secret not in text and first.json()["webhook"] for text in everything)
    assert api.installation.log.webhook_secret(first.json()["webhook"]) == secret


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"url": "ftp://example.org/"}, "/url"),
        ({"url": "https://name:secret@example.org/"}, "/url"),
        ({"url": "https://example.org/", "event_types": ["TaskExausted"]}, "/event_types/0"),
        ({"url": "https://example.org/", "event_type": ["TaskExhausted"]}, "/event_type"),
        ({"url": "https://example.org/", "after": -1}, "/after"),
        ({}, "/url"),
    ],
)
def test_what_is_wrong_is_refused_by_its_field(api: Api, body: dict[str, object], pointer: str) -> None:
    project, _ = api.set_up(tasks=0)
    refused = api.ask("POST", f"/v1/projects/{project}/webhooks", json=body)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid-input")
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]


def test_annotators_and_reviewers_see_no_webhooks(api: Api, receiver: Receiver) -> None:
    project, people = api.set_up(tasks=0)
    path = f"/v1/projects/{project}/webhooks"
    webhook = api.done("POST", path, json={"url": receiver.url})["webhook"]
    for who in people:
        for method, rest, body in (
            ("GET", "", None),
            ("POST", "", {"url": receiver.url}),
            ("GET", f"/{webhook}/deliveries", None),
            ("POST", f"/{webhook}/resend", {"after": 0}),
            ("PATCH", f"/{webhook}", {"active": False}),
            ("DELETE", f"/{webhook}", None),
        ):
            assert api.ask(method, f"{path}{rest}", who, json=body).status_code == 403


def test_a_failing_webhook_is_a_warning_with_its_last_error(api: Api, receiver: Receiver) -> None:
    project, people = api.set_up()
    receiver.answer = lambda _: 500
    path = f"/v1/projects/{project}/webhooks"
    webhook = api.done("POST", path, json={"url": receiver.url, "event_types": TYPES})["webhook"]
    api.submit(1, people[0])
    receiver.wait_for(lambda: len(receiver.requests) >= 2)
    ready = api.done("GET", "/readyz")
    assert ready["status"] == "warning"
    assert any(f"webhook {webhook}" in reason and "500" in reason for reason in ready["reasons"])
    assert 'annolog_webhook_attempts_total{outcome="failed"}' in api.ask("GET", "/metrics").text
    api.done("PATCH", f"{path}/{webhook}", json={"active": False})
    receiver.wait_for(lambda: not any("webhook" in reason for reason in api.done("GET", "/readyz")["reasons"]))
