"""People at the front door, over a real socket: some with a token, some with a browser, with time moved by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr

from annolog.infra.composition import Installation
from annolog.infra.http.serve import running_server
from tests.world import Backend, MovableClock, settings_in

TOKEN = "the-owners-token"
PASSWORD = "correct horse battery staple"
ANOTHER = "a wholly different passphrase"
COOKIE = "annolog_session"


class Door:
    """An installation that is served, and who comes to it."""

    def __init__(self, url: str, installation: Installation, clock: MovableClock) -> None:
        self.url, self.installation, self.clock = url, installation, clock
        self._visitors = ExitStack()
        self.owner = self.with_token(TOKEN)

    def with_token(self, token: str) -> Visitor:
        return self._visitors.enter_context(Visitor(self.url, {"Authorization": f"Bearer {token}"}))

    def browser(self, **headers: str) -> Visitor:
        """Somebody whose browser says that what it asks comes from this place's own pages."""
        return self._visitors.enter_context(Visitor(self.url, {"Sec-Fetch-Site": "same-origin", **headers}))

    def shut(self) -> None:
        """Have everybody leave."""
        self._visitors.close()

    def invited(self, **more: Any) -> str:
        """The secret of an invitation."""
        return str(self.owner.done("POST", "/v1/invitations", json=more)["secret"])

    def came(self, handle: str, **more: Any) -> tuple[Visitor, int]:
        """Somebody who came in by an invitation, with a password, in a browser that is signed in."""
        browser = self.browser()
        body = {"secret": self.invited(**more), "handle": handle, "password": PASSWORD}
        return browser, browser.done("POST", "/v1/invitations/accept", json=body)["person"]


class Visitor(httpx.Client):
    """Somebody who asks."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        super().__init__(base_url=url, headers=headers, timeout=30)

    def done(self, method: str, path: str, **more: Any) -> Any:
        response = self.request(method, path, **more)
        assert response.status_code < 300, response.text
        return response.json() if response.content else None

    def code(self, method: str, path: str, **more: Any) -> str:
        """Why it is refused."""
        response = self.request(method, path, **more)
        assert response.status_code >= 400, response.text
        return str(response.json()["code"])

    def sign_in(self, name: str, password: str = PASSWORD, **more: Any) -> httpx.Response:
        return self.post("/v1/sign-in", json={"name": name, "password": password, **more})

    @property
    def is_in(self) -> bool:
        """Whether anything speaks for them."""
        response = self.get("/v1/me")
        assert response.status_code in (200, 401), response.text
        return response.status_code == 200


@contextmanager
def door_in(folder: Path, backend: Backend = Backend.EMBEDDED, **settings: Any) -> Iterator[Door]:
    with settings_in(folder, backend) as usual:
        changed = usual.model_copy(update={"bootstrap_token": SecretStr(TOKEN), **settings})
        clock = MovableClock()
        with Installation(changed, clock=clock) as installation, running_server(installation) as url:
            found = Door(url, installation, clock)
            yield found
            found.shut()
