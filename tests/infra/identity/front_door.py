"""An installation that people come into by a provider, and browsers to come with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from annolog.commands.organizations import CreateOrganization
from annolog.infra.composition import Installation
from annolog.infra.http.serve import running_server
from annolog.infra.identity.providers import ProviderSettings
from annolog.infra.identity.tokens import LOGGED_OUT
from annolog.infra.settings import InstallationSettings
from tests.infra.http.conftest import LIMITS, Api
from tests.infra.identity.issuer import CLIENT, SUBJECT, Issuer

HERE: dict[str, dict[str, Any]] = {
    "acme": {"admits": "everybody"},
    "mapped": {"title": "By groups"},
    "known": {"admits": "known"},
    "unlinked": {"admits": "everybody", "links_by_email": False},
    "elsewhere": {"admits": "everybody", "organization": 2},
}


def providers(issuer: Issuer) -> dict[str, ProviderSettings]:
    return {name: ProviderSettings(issuer=issuer.url, client_id=CLIENT, **more) for name, more in HERE.items()}


class FrontDoor(Api):
    """An API whose providers are all one issuer, which says of whoever comes what a test makes it say."""

    def __init__(self, url: str, installation: Installation, issuer: Issuer) -> None:
        super().__init__(url, installation)
        self.issuer = issuer
        self._browsers: list[httpx.Client] = []

    def browser(self, **headers: str) -> httpx.Client:
        """A browser that has never been anywhere, and follows where it is sent only when told to."""
        found = httpx.Client(base_url=self.url, headers=headers, timeout=30)
        self._browsers.append(found)
        return found

    def close(self) -> None:
        for client in (self.client, *self._browsers):
            client.close()

    def leaves(self, browser: httpx.Client, provider: str = "acme", **params: str) -> dict[str, str]:
        """What the browser is sent to the provider with."""
        answer = browser.get(f"/v1/sign-on/{provider}", params=params)
        assert answer.status_code == 307, answer.text
        return {name: value for name, (value,) in parse_qs(urlsplit(answer.headers["location"]).query).items()}

    def returns(self, browser: httpx.Client, asked: dict[str, str], provider: str, **claims: Any) -> httpx.Response:
        """Come back as whom the provider says."""
        token = self.issuer.signs(self.issuer.claims(asked["nonce"], **claims))
        self.issuer.token_reply = (200, {"id_token": token, "access_token": "opaque"})
        params = {"state": asked["state"], "code": "a-code"}
        return browser.get(f"/v1/sign-on/{provider}/callback", params=params)

    def tries(
        self, browser: httpx.Client | None = None, provider: str = "acme", return_to: str = "/", **claims: Any
    ) -> httpx.Response:
        """A whole sign-in, whatever becomes of it."""
        browser = browser or self.browser()
        return self.returns(browser, self.leaves(browser, provider, return_to=return_to), provider, **claims)

    def comes(self, provider: str = "acme", browser: httpx.Client | None = None, **claims: Any) -> httpx.Client:
        """A whole sign-in that lets somebody in; the browser in which they are."""
        browser = browser or self.browser()
        answer = self.tries(browser, provider, **claims)
        assert answer.status_code == 303, answer.text
        return browser

    def me(self, browser: httpx.Client) -> dict[str, Any]:
        answer = browser.get("/v1/me")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def is_in(self, browser: httpx.Client) -> bool:
        """Whether the session speaks for somebody, asked of the database and not of what was remembered."""
        self.installation.sessions._remembered.clear()
        answer = browser.get("/v1/me")
        assert answer.status_code in (200, 401)
        return answer.status_code == 200

    def registers(self, handle: str, **more: Any) -> int:
        found: int = self.done("POST", "/v1/people", json={"people": [{"handle": handle, **more}]})["people"][0][
            "person"
        ]
        return found

    def maps(self, *rules: dict[str, Any]) -> None:
        self.done("PUT", "/v1/group-mapping", json={"rules": [{"provider": "acme", **rule} for rule in rules]})

    def logout_token(self, **changed: Any) -> str:
        now = int(self.issuer.clock().timestamp())
        right = {"iss": self.issuer.url, "aud": CLIENT, "iat": now, "exp": now + 120, "jti": "j", "sub": SUBJECT}
        events = {"events": {LOGGED_OUT: {}}}
        claims = {name: value for name, value in (right | events | changed).items() if value is not None}
        return self.issuer.signs(claims, typ="logout+jwt")

    def is_told(self, token: str, provider: str = "acme") -> httpx.Response:
        """What a provider sends behind the browser's back."""
        return httpx.post(f"{self.url}/v1/sign-on/{provider}/ended", data={"logout_token": token}, timeout=30)


@contextmanager
def front_door(settings: InstallationSettings, issuer: Issuer, **more: Any) -> Iterator[FrontDoor]:
    """The installation with its server; with a second organization."""
    set_up = settings.model_copy(update={**LIMITS, "providers": providers(issuer), **more})
    with Installation(set_up, clock=issuer.clock) as installation, running_server(installation) as url:
        installation.as_system(CreateOrganization(name="another"), key="another")
        found = FrontDoor(url, installation, issuer)
        yield found
        found.close()
