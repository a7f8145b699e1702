"""Questions to a provider: little time, short answers, and no following to where an answer points."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from functools import cache
from ssl import SSLContext
from typing import Any

import httpx

from annolog.domain.refusals import SignInRefused

# For one question with everything about it.
LIMIT_SECONDS = 10.0
MOST_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: a JSON object, and how it was sent."""

    status: int
    body: Mapping[str, Any]


class Bearer(httpx.Auth):
    """Asks with a token."""

    def __init__(self, token: str) -> None:
        # What comes from elsewhere does not become a header of its own.
        self._token = token if token.isascii() and token.isprintable() else ""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Once, without being asked to."""
        request.headers["authorization"] = f"Bearer {self._token}"
        yield request


@cache
def _certificates() -> SSLContext:
    # Reading them takes longer than most answers.
    return httpx.create_ssl_context(trust_env=False)


async def ask(
    provider: str, address: str, form: Mapping[str, str] | None = None, auth: httpx.Auth | None = None
) -> Reply:
    """GET, or POST where there is a form."""
    try:
        # The client's own limits are for one step each: a provider that trickles would be waited for without end.
        async with asyncio.timeout(LIMIT_SECONDS):
            return await _ask(provider, address, form, auth)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as trouble:
        raise SignInRefused(f"{provider} cannot be reached ({type(trouble).__name__}); try again later.") from trouble


async def _ask(provider: str, address: str, form: Mapping[str, str] | None, auth: httpx.Auth | None) -> Reply:
    async with (
        httpx.AsyncClient(
            follow_redirects=False, trust_env=False, timeout=LIMIT_SECONDS, verify=_certificates()
        ) as client,
        client.stream(
            "GET" if form is None else "POST", address, data=form, auth=auth, headers={"accept": "application/json"}
        ) as response,
    ):
        said = b""
        async for piece in response.aiter_bytes():
            said += piece
            if len(said) > MOST_BYTES:
                raise SignInRefused(f"{provider} answers with more than is read.")
    try:
        body = json.loads(said)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise SignInRefused(f"{provider} does not answer as a provider does: HTTP {response.status_code}.")
    return Reply(response.status_code, body)
