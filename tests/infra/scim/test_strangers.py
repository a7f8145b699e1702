"""What nobody but the provider of the very organization sees over SCIM."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.infra.http.conftest import Backend, served
from tests.infra.scim.conftest import Provider, patch, provider_of


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Provider, Provider]]:
    """The providers of two organizations."""
    with served(tmp_path, Backend.EMBEDDED) as api:
        mine = provider_of(api)
        created = api.done("POST", "/v1/organizations", json={"name": "others", "owner": "chief"})
        other = Provider(api, created["secret"])
        yield mine, other
        for provider in (mine, other):
            provider.client.close()


def test_another_organization_sees_nothing_and_changes_nothing(two: tuple[Provider, Provider]) -> None:
    mine, other = two
    user = mine.user("canary@example.org")
    group = mine.group("canary", user)
    assert other.done("GET", "/Users")["totalResults"] == 0
    assert other.done("GET", "/Groups")["totalResults"] == 0
    head = mine.api.facts()
    told: list[tuple[str, str, Any]] = [
        ("GET", f"Users/{user['id']}", None),
        ("PUT", f"Users/{user['id']}", user),
        ("PATCH", f"Users/{user['id']}", patch({"op": "replace", "path": "active", "value": False})),
        ("DELETE", f"Users/{user['id']}", None),
        ("GET", f"/Groups/{group['id']}", None),
        ("PUT", f"/Groups/{group['id']}", {"schemas": group["schemas"], "displayName": "x"}),
        ("PATCH", f"/Groups/{group['id']}", patch({"op": "remove", "path": "members"})),
        ("DELETE", f"/Groups/{group['id']}", None),
    ]
    for method, path, said in told:
        hidden = other.ask(method, path, said)
        absent = other.ask(method, f"{path.rpartition('/')[0]}/98765", said)
        assert (hidden.status_code, absent.status_code) == (404, 404), (method, path, hidden.text)
        assert hidden.json() == absent.json()
    theirs = {"schemas": group["schemas"], "displayName": "theirs", "members": [{"value": user["id"]}]}
    assert other.ask("POST", "/Groups", theirs).status_code == 400
    assert mine.api.facts() == head


def test_one_name_is_two_people_in_two_organizations(two: tuple[Provider, Provider]) -> None:
    mine, other = two
    assert mine.user("ada@example.org")["id"] != other.user("ada@example.org")["id"]


def test_a_token_that_is_limited_to_provisioning_opens_nothing_else(two: tuple[Provider, Provider]) -> None:
    mine, _ = two
    for path in ("/v1/people", "/v1/events", "/v1/group-mapping"):
        answer = httpx.get(f"{mine.api.url}{path}", headers=mine.headers)
        assert answer.status_code == 403, path
        assert answer.headers["content-type"] == "application/problem+json"


def test_who_has_no_token_or_one_for_something_else_is_told_so_in_words_of_scim(
    two: tuple[Provider, Provider],
) -> None:
    mine, _ = two
    without = httpx.get(f"{mine.url}/Users")
    assert (without.status_code, without.json()["status"]) == (401, "401")
    assert without.headers["www-authenticate"] == "Bearer"
    me = mine.api.done("GET", "/v1/me")["person"]
    issued = mine.api.done("POST", f"/v1/people/{me}/tokens", json={"label": "x", "scopes": ["export"]})
    other = httpx.get(f"{mine.url}/Users", headers={"Authorization": f"Bearer {issued['secret']}"})
    assert (other.status_code, other.json()["status"]) == (403, "403")


def test_what_is_not_here_is_told_in_words_of_scim(two: tuple[Provider, Provider]) -> None:
    mine, _ = two
    for method, path, status in (
        ("GET", "/Me", 501),
        ("POST", "/Bulk", 501),
        ("GET", "/Nothing", 404),
        ("DELETE", "/Schemas", 405),
        ("GET", "/Schemas?filter=x", 403),
    ):
        answer = mine.ask(method, path)
        assert (answer.status_code, answer.json()["status"]) == (status, str(status)), path
        assert answer.headers["content-type"] == "application/scim+json"
