"""A small application that stands for us: it sends browsers to a provider, takes them back, and says who came."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from threading import Thread
from time import monotonic, sleep
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from annolog.infra.http import problems
from annolog.infra.identity.claims import Claims
from annolog.infra.identity.openid import Answer, OpenId
from annolog.infra.identity.providers import Provider, ProviderSettings
from annolog.infra.identity.sealed_state import Seal, SignIn
from tools.services.ground import free_port
from tools.services.keycloak import Keycloak
from tools.services.realm import CLIENT, CLIENT_SECRET

COOKIE = "sign-in"


def now() -> datetime:
    return datetime.now(UTC)


class Reception:
    """`claims` are those of whoever came last, `answers` what browsers brought back, `begun` what was kept for them."""

    def __init__(self, keycloak: Keycloak) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        settings = ProviderSettings(issuer=keycloak.issuer, client_id=CLIENT, title="Keycloak")
        self.provider = Provider("keycloak", settings, CLIENT_SECRET)
        self.open_id = OpenId({"keycloak": self.provider}, now)
        self.seal = Seal(b"the key of the tests has 32 bytes", now)
        self.claims: list[Claims] = []
        self.answers: list[Answer] = []
        self.begun: list[SignIn] = []
        # Codes are left for the test to exchange.
        self.takes_codes = True

    @property
    def callback(self) -> str:
        return f"{self.url}/callback"

    def app(self) -> FastAPI:
        app = FastAPI()
        problems.register(app)

        @app.get("/start")
        async def start() -> Response:
            address, sign_in = await self.open_id.begin("keycloak", "/welcome", self.callback)
            self.begun.append(sign_in)
            response = RedirectResponse(address)
            response.set_cookie(COOKIE, self.seal.close(sign_in), httponly=True, samesite="lax")
            return response

        @app.get("/callback")
        async def callback(request: Request) -> Response:
            answer = Answer.of(request.query_params)
            self.answers.append(answer)
            if not self.takes_codes:
                return HTMLResponse("left alone")
            sign_in = self.seal.open(request.cookies.get(COOKIE))
            self.claims.append(await self.open_id.finish(sign_in, answer))
            response = RedirectResponse(sign_in.return_to)
            response.delete_cookie(COOKIE)
            return response

        @app.get("/welcome")
        async def welcome() -> Response:
            return HTMLResponse(f"welcome {self.claims[-1].name}")

        @app.get("/leave")
        async def leave() -> Response:
            address = await self.open_id.end_session_url("keycloak", self.claims[-1].id_token, f"{self.url}/gone")
            assert address is not None
            return RedirectResponse(address)

        @app.get("/gone")
        async def gone() -> Response:
            return HTMLResponse("gone")

        return app

    def said(self) -> dict[str, Any]:
        """What is known of whoever came last, but what only we may have."""
        return {name: value for name, value in asdict(self.claims[-1]).items() if name not in ("id_token", "session")}


@contextmanager
def received(keycloak: Keycloak) -> Iterator[Reception]:
    reception = Reception(keycloak)
    port = int(reception.url.rpartition(":")[2])
    server = uvicorn.Server(uvicorn.Config(reception.app(), "127.0.0.1", port, log_config=None, log_level="error"))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    until = monotonic() + 20
    while not server.started:
        assert monotonic() < until
        sleep(0.01)
    try:
        yield reception
    finally:
        server.should_exit = True
        thread.join()
