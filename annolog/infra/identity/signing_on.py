"""Signing in at providers, with what is kept in browsers sealed by a key that every process has."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

from annolog.domain.refusals import SignInRefused
from annolog.infra.identity.claims import Claims
from annolog.infra.identity.openid import Answer, OpenId
from annolog.infra.identity.providers import Provider, ProviderSettings, providers_of
from annolog.infra.identity.sealed_state import MOST_BYTES, Seal, SignIn
from annolog.infra.identity.tokens import LoggedOut

SIGNED_ON = b"annolog: signed on"


class SignOn:
    """Every provider of an installation. Several processes may serve one sign-in between them."""

    def __init__(
        self, settings: dict[str, ProviderSettings], installation_key: bytes, clock: Callable[[], datetime]
    ) -> None:
        self._settings = settings
        self._open_id = OpenId(providers_of(settings), clock)
        self._seal = Seal(installation_key, clock)
        self._tokens = Seal(installation_key, clock, SIGNED_ON)

    @property
    def providers(self) -> list[Provider]:
        """Those that people may choose from."""
        return self._open_id.providers

    def settings_of(self, provider: str) -> ProviderSettings:
        """What is set for a provider."""
        return self._settings[provider]

    async def begin(self, provider: str, return_to: str, callback: str) -> tuple[str, str]:
        """Where to send a browser, and what to give it to keep."""
        address, sign_in = await self._open_id.begin(provider, return_to, callback)
        return address, self._seal.close(sign_in)

    def opened(self, kept: str | None, provider: str) -> SignIn:
        """The sign-in under way in a browser; refused if there is none at this provider."""
        found = self._seal.open(kept)
        if found.provider != provider:
            raise SignInRefused("The sign-in that is under way is at another provider; begin again.")
        return found

    async def finish(self, sign_in: SignIn, answer: Answer) -> Claims:
        """Who came back."""
        return await self._open_id.finish(sign_in, answer)

    def sealed_token(self, provider: str, id_token: str) -> str | None:
        """What the browser keeps to end the session there; None if it is too long for a cookie."""
        sealed = self._tokens.close_text(json.dumps([provider, id_token]))
        return sealed if len(sealed) <= MOST_BYTES else None

    async def end_session_url(self, kept: str | None, return_to: str) -> str | None:
        """Where a browser ends its session at the provider it came from; None where that is not offered or known."""
        text = self._tokens.open_text(kept or "")
        if text is None:
            return None
        provider, id_token = json.loads(text)
        if provider not in self._settings:
            return None
        return await self._open_id.end_session_url(provider, id_token, return_to)

    async def logged_out(self, provider: str, logout_token: str) -> LoggedOut:
        """Whose session a provider says it ended."""
        return await self._open_id.logged_out(provider, logout_token)
