"""Who keeps the realm: changes it through Keycloak's own API, as its administrators do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from tools.services.keycloak import Keycloak
from tools.services.realm import ADMIN, ADMIN_PASSWORD, CLIENT, REALM


class Keeper:
    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    def _done(self, response: httpx.Response) -> httpx.Response:
        assert response.is_success, response.text
        return response

    def _user(self, person: str) -> str:
        (found,) = self._done(self.client.get("/users", params={"username": person, "exact": "true"})).json()
        return str(found["id"])

    def sessions_of(self, person: str) -> list[Any]:
        sessions: list[Any] = self._done(self.client.get(f"/users/{self._user(person)}/sessions")).json()
        return sessions

    def sign_out(self, person: str) -> None:
        """End all their sessions, and tell every client that wants to know."""
        self._done(self.client.post(f"/users/{self._user(person)}/logout"))

    def is_in(self, person: str, *groups: str) -> None:
        """Have somebody be in these groups and no others."""
        user = self._user(person)
        wanted = {group["id"] for group in self._done(self.client.get("/groups")).json() if group["name"] in groups}
        assert len(wanted) == len(groups)
        now = {group["id"] for group in self._done(self.client.get(f"/users/{user}/groups")).json()}
        for group in wanted - now:
            self._done(self.client.put(f"/users/{user}/groups/{group}"))
        for group in now - wanted:
            self._done(self.client.delete(f"/users/{user}/groups/{group}"))

    def tells(self, address: str | None) -> None:
        """Have the client be told at this address who was signed out, by their name alone."""
        (client,) = self._done(self.client.get("/clients", params={"clientId": CLIENT})).json()
        told = {"backchannel.logout.url": address or "", "backchannel.logout.session.required": "false"}
        changed = {**client, "attributes": {**client["attributes"], **told}}
        self._done(self.client.put(f"/clients/{client['id']}", json=changed))

    def add_key(self, name: str, priority: int) -> str:
        """A new key for signatures, which is used before all others of a lower priority; its id."""
        provider = "org.keycloak.keys.KeyProvider"
        config = {"priority": [str(priority)], "enabled": ["true"], "active": ["true"], "algorithm": ["RS256"]}
        body = {"name": name, "providerId": "rsa-generated", "providerType": provider, "config": config}
        made = self._done(self.client.post("/components", json=body))
        return made.headers["location"].rpartition("/")[2]

    def remove_key(self, key: str) -> None:
        self._done(self.client.delete(f"/components/{key}"))


@contextmanager
def keeping(keycloak: Keycloak) -> Iterator[Keeper]:
    form = {"grant_type": "password", "client_id": "admin-cli", "username": ADMIN, "password": ADMIN_PASSWORD}
    answer = httpx.post(f"{keycloak.url}/realms/master/protocol/openid-connect/token", data=form, timeout=30)
    headers = {"authorization": f"Bearer {answer.json()['access_token']}"}
    with httpx.Client(base_url=f"{keycloak.url}/admin/realms/{REALM}", headers=headers, timeout=30) as client:
        yield Keeper(client)
