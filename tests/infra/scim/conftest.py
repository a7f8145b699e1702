"""A provider's view of a real server: a token that may provision and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.infra.http.conftest import BACKENDS, Api, served

PROVISIONER = "the-provider"


class Provider:
    """An identity provider with a token, in the organization of the owner who issued it."""

    def __init__(self, api: Api, secret: str) -> None:
        self.api = api
        self.url = f"{api.url}/scim/v2"
        self.headers = {"Authorization": f"Bearer {secret}"}
        self.client = httpx.Client(base_url=self.url, headers=self.headers, timeout=30)

    def ask(self, method: str, path: str, said: Any = None, **more: Any) -> httpx.Response:
        return self.client.request(method, path, json=said, **more)

    def done(self, method: str, path: str, said: Any = None, **more: Any) -> dict[str, Any]:
        response = self.ask(method, path, said, **more)
        assert response.status_code < 300, response.text
        assert response.headers["content-type"] == "application/scim+json"
        found: dict[str, Any] = response.json()
        return found

    def user(self, user_name: str, **more: Any) -> dict[str, Any]:
        said = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": user_name, "active": True}
        return self.done("POST", "/Users", said | more)

    def group(self, name: str, *members: dict[str, Any]) -> dict[str, Any]:
        said = {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
            "displayName": name,
            "members": [{"value": user["id"]} for user in members],
        }
        return self.done("POST", "/Groups", said)

    def patch(self, path: str, *operations: dict[str, Any]) -> dict[str, Any]:
        return self.done("PATCH", path, patch(*operations))

    def names(self, query: str) -> list[str]:
        found = self.done("GET", f"/Users?{query}")
        return [user["userName"] for user in found["Resources"]]


def patch(*operations: dict[str, Any]) -> dict[str, Any]:
    return {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": list(operations)}


def provider_of(api: Api, handle: str = PROVISIONER) -> Provider:
    person = {"handle": handle, "role": "owner", "service": True}
    id = api.done("POST", "/v1/people", json={"people": [person]})["people"][0]["person"]
    issued = api.done("POST", f"/v1/people/{id}/tokens", json={"label": "provider", "scopes": ["provision"]})
    return Provider(api, issued["secret"])


@pytest.fixture(params=BACKENDS)
def provider(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Provider]:
    with served(tmp_path, request.param) as api:
        found = provider_of(api)
        yield found
        found.client.close()
