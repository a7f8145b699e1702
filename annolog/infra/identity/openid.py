"""Sign-in with OpenID Connect: the code flow with PKCE, from leaving for a provider to knowing who came back.

Nothing is written to the log here: who is let in, and as whom, is decided by who asks.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import Any, Self
from urllib.parse import quote

import httpx
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.jwk import Key

from annolog.domain.refusals import NotFound, SignInRefused
from annolog.infra.identity import claims, tokens
from annolog.infra.identity.claims import Claims
from annolog.infra.identity.fetching import Bearer, ask
from annolog.infra.identity.keys import AT_MOST_EVERY, FRESH, KeyRing
from annolog.infra.identity.metadata import OK, Metadata, discover
from annolog.infra.identity.providers import Provider
from annolog.infra.identity.refusing import of_provider, untrusted
from annolog.infra.identity.sealed_state import LIFETIME, SignIn, own_path
from annolog.infra.identity.tokens import LoggedOut

DISCOVERED_FOR = timedelta(hours=1)
# Of state and nonce; a verifier has at least 43 characters, which 32 bytes make.
RANDOM_BYTES = 32


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser brings back from a provider."""

    state: str = ""
    code: str = field(default="", repr=False)
    issuer: str | None = None
    error: str | None = None

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> Self:
        """From the query of the callback."""
        return cls(
            parameters.get("state", ""), parameters.get("code", ""), parameters.get("iss"), parameters.get("error")
        )


class _Known:
    """A provider with what was learned of it."""

    def __init__(self, provider: Provider, clock: Callable[[], datetime]) -> None:
        self.provider = provider
        self.keys = KeyRing(clock)
        self._clock = clock
        self._metadata: Metadata | None = None
        self._discovered_at = datetime.min.replace(tzinfo=UTC)

    async def metadata(self) -> Metadata:
        if self._metadata is None or self._clock() - self._discovered_at >= DISCOVERED_FOR:
            self._metadata = await discover(self.provider)
            self._discovered_at = self._clock()
        return self._metadata

    async def key(self, name: object) -> Key:
        if self.keys.age >= FRESH or (not self.keys.has(name) and self.keys.age >= AT_MOST_EVERY):
            published = await ask(self.provider.title, (await self.metadata()).keys)
            if published.status != OK:
                raise untrusted(self.provider.title, f"its keys are HTTP {published.status}")
            self.keys.put(published.body)
        return self.keys.get(name)


class OpenId:
    """All providers of an installation."""

    def __init__(self, providers: Mapping[str, Provider], clock: Callable[[], datetime]) -> None:
        self._known = {name: _Known(provider, clock) for name, provider in providers.items()}
        self._clock = clock

    @property
    def providers(self) -> list[Provider]:
        """Those that people may choose from."""
        return [known.provider for known in self._known.values()]

    async def begin(self, provider: str, return_to: str, callback: str) -> tuple[str, SignIn]:
        """Where to send the browser, and what to keep for when it comes back to `callback`."""
        known = self._of(provider)
        sign_in = SignIn(
            provider=provider,
            state=secrets.token_urlsafe(RANDOM_BYTES),
            nonce=secrets.token_urlsafe(RANDOM_BYTES),
            verifier=secrets.token_urlsafe(RANDOM_BYTES),
            callback=callback,
            return_to=own_path(return_to),
            ends_at=(self._clock() + LIFETIME).timestamp(),
        )
        address = prepare_grant_uri(
            (await known.metadata()).authorization,
            client_id=known.provider.settings.client_id,
            response_type="code",
            redirect_uri=callback,
            scope=list(known.provider.settings.scopes),
            state=sign_in.state,
            nonce=sign_in.nonce,
            code_challenge=create_s256_code_challenge(sign_in.verifier),
            code_challenge_method="S256",
        )
        return address, sign_in

    async def finish(self, sign_in: SignIn, answer: Answer) -> Claims:
        """Who came back, or why that is not to be believed."""
        known = self._of(sign_in.provider)
        title, metadata = known.provider.title, await known.metadata()
        if not compare_digest(answer.state.encode(), sign_in.state.encode()):
            raise SignInRefused("The answer belongs to another sign-in; begin again.")
        if (answer.issuer is not None or metadata.names_itself) and answer.issuer != known.provider.settings.issuer:
            raise untrusted(title, "it was sent by somebody else")
        if answer.error is not None:
            raise of_provider(title, answer.error)
        if not answer.code:
            raise untrusted(title, "there is no code in it")
        given = await self._exchange(known.provider, metadata, sign_in, answer.code)
        token = await tokens.signed(known.provider, given.get("id_token"), known.key)
        tokens.check_identity(known.provider, token, sign_in.nonce, given.get("access_token"), self._clock())
        more = await self._userinfo(known.provider, metadata, token.claims, given.get("access_token"))
        # What is signed comes before what is not.
        return claims.read(known.provider, {**more, **token.claims}, str(given["id_token"]))

    async def _exchange(self, provider: Provider, metadata: Metadata, sign_in: SignIn, code: str) -> Mapping[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": sign_in.callback,
            "code_verifier": sign_in.verifier,
        }
        client, secret, auth = provider.settings.client_id, provider.secret, None
        if secret is None:
            form["client_id"] = client
        elif metadata.takes_basic:
            auth = httpx.BasicAuth(quote(client, safe=""), quote(secret, safe=""))
        else:
            form |= {"client_id": client, "client_secret": secret}
        reply = await ask(provider.title, metadata.token, form, auth)
        if reply.status != OK:
            raise of_provider(provider.title, reply.body.get("error"))
        return reply.body

    async def _userinfo(
        self, provider: Provider, metadata: Metadata, said: Mapping[str, Any], access_token: object
    ) -> Mapping[str, Any]:
        if not provider.settings.userinfo:
            return {}
        if metadata.userinfo is None or not isinstance(access_token, str):
            raise untrusted(provider.title, "it cannot be asked for more")
        reply = await ask(provider.title, metadata.userinfo, auth=Bearer(access_token))
        if reply.status != OK or reply.body.get("sub") != said["sub"]:
            # OpenID Connect Core 5.3.2: it may be about somebody else.
            raise untrusted(provider.title, "what it says on being asked is not about who signs in")
        return reply.body

    async def end_session_url(self, provider: str, id_token: str, return_to: str) -> str | None:
        """Where to send a browser so that the provider ends its session too; None where it does not offer that."""
        known = self._of(provider)
        address = (await known.metadata()).end_session
        if address is None:
            return None
        parameters = {
            "id_token_hint": id_token,
            "post_logout_redirect_uri": return_to,
            "client_id": known.provider.settings.client_id,
        }
        return str(add_params_to_uri(address, list(parameters.items())))

    async def logged_out(self, provider: str, logout_token: str) -> LoggedOut:
        """Whose session a provider ended, from what it sends to us behind the browser's back."""
        known = self._of(provider)
        token = await tokens.signed(known.provider, logout_token, known.key)
        return tokens.read_logout(known.provider, token, self._clock())

    def _of(self, provider: str) -> _Known:
        if provider not in self._known:
            raise NotFound("There is no such provider.")
        return self._known[provider]
