"""Tokens that a provider signed, and what must hold before a word of them is believed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import InvalidClaimError, JoseError, MissingClaimError, UnsupportedAlgorithmError
from joserfc.jwk import Key

from annolog.infra.identity.providers import Provider
from annolog.infra.identity.refusing import moment_in, of_token, untrusted

# Clocks differ.
LEEWAY_SECONDS = 30
MOST_TOKEN_BYTES = 32 * 1024
LOGGED_OUT = "http://schemas.openid.net/event/backchannel-logout"

FindKey = Callable[[object], Awaitable[Key]]


class _Allowed(jws.JWSRegistry):
    """Exactly the algorithms that are allowed, whatever the library recommends or warns of."""

    max_header_length = 4 * 1024

    def __init__(self, algorithms: tuple[str, ...]) -> None:
        super().__init__(algorithms=algorithms, strict_check_header=False)
        self._names = frozenset(algorithms)

    def get_alg(self, name: object) -> Any:
        if not isinstance(name, str) or name not in self._names:
            raise UnsupportedAlgorithmError
        return self.algorithms[name]


@dataclass(frozen=True, slots=True)
class LoggedOut:
    """The provider ended a session of somebody, or all of them: at least one of the two is known."""

    issuer: str
    subject: str | None
    session: str | None
    token: str
    # Clocks differ: what began by then had begun when the provider said it.
    begun_by: datetime


async def signed(provider: Provider, token: object, find_key: FindKey) -> jwt.Token:
    """The token, if one of the provider's keys signed it as we allow. Nothing in it is checked yet."""
    if not isinstance(token, str) or not token.isascii():
        raise untrusted(provider.title, "there is no token in it")
    if len(token) > MOST_TOKEN_BYTES:
        raise untrusted(provider.title, "its token is too large")
    registry = _Allowed(provider.settings.algorithms)
    try:
        header = jws.extract_compact(token.encode(), registry=registry).headers()
        # Before any key is looked for: what we do not allow is no reason to ask the provider.
        registry.get_alg(header.get("alg"))
        return jwt.decode(token, await find_key(header.get("kid")), registry=registry)
    except JoseError as trouble:
        raise of_token(provider.title, trouble) from trouble
    except (ValueError, TypeError, RecursionError) as trouble:
        raise untrusted(provider.title, "it cannot be read as a signed token") from trouble


def check_identity(provider: Provider, token: jwt.Token, nonce: str, access_token: object, now: datetime) -> None:
    """Refuse an id token that was not issued by this provider, for us, now, and for this sign-in."""
    claims = CodeIDToken(
        token.claims,
        token.header,
        {
            "iss": {"essential": True, "value": provider.settings.issuer},
            "aud": {"essential": True, "values": [provider.settings.client_id]},
            "sub": {"essential": True},
        },
        {"nonce": nonce, "client_id": provider.settings.client_id, "access_token": access_token},
    )
    try:
        if not isinstance(claims.get("at_hash", ""), str):
            raise InvalidClaimError("at_hash")
        claims.validate(int(now.timestamp()), LEEWAY_SECONDS)
    except JoseError as trouble:
        raise of_token(provider.title, trouble) from trouble


def read_logout(provider: Provider, token: jwt.Token, now: datetime) -> LoggedOut:
    """What a logout token says (OpenID Connect Back-Channel Logout, 2.6). An id token is none."""
    claims = token.claims
    registry = jwt.JWTClaimsRegistry(
        int(now.timestamp()),
        LEEWAY_SECONDS,
        iss={"essential": True, "value": provider.settings.issuer},
        aud={"essential": True, "values": [provider.settings.client_id]},
        iat={"essential": True},
        exp={"essential": True},
        jti={"essential": True},
    )
    try:
        registry.validate(claims)
        events = claims.get("events")
        if not isinstance(events, Mapping) or not isinstance(events.get(LOGGED_OUT), Mapping) or "nonce" in claims:
            raise InvalidClaimError("events")
        # By which name people are known here: another than `sub` where the settings say so.
        subject, session = claims.get(provider.settings.claims.subject), claims.get("sid")
        for name, said in (("sub", subject), ("sid", session)):
            if said is not None and not isinstance(said, str):
                raise InvalidClaimError(name)
        if not subject and not session:
            raise MissingClaimError("sub")
    except JoseError as trouble:
        raise of_token(provider.title, trouble) from trouble
    begun_by = moment_in(provider.title, claims["iat"]) + timedelta(seconds=LEEWAY_SECONDS)
    return LoggedOut(provider.settings.issuer, subject, session, claims["jti"], begun_by)
