"""What a provider publishes of itself (OpenID Connect Discovery): where to ask it what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authlib.oidc.discovery import get_well_known_url

from annolog.infra.identity.fetching import ask
from annolog.infra.identity.providers import Provider, is_safe
from annolog.infra.identity.refusing import untrusted

OK = 200


@dataclass(frozen=True, slots=True)
class Metadata:
    """Where people are sent, where codes are turned into tokens, where keys are, and where sessions end."""

    authorization: str
    token: str
    keys: str
    end_session: str | None
    userinfo: str | None
    takes_basic: bool
    names_itself: bool


async def discover(provider: Provider) -> Metadata:
    """Ask the provider, and believe it only if it is the one that is meant."""
    reply = await ask(provider.title, get_well_known_url(provider.settings.issuer, external=True))
    if reply.status != OK:
        raise untrusted(provider.title, f"its description is HTTP {reply.status}")
    return read(provider, reply.body)


def read(provider: Provider, said: Mapping[str, Any]) -> Metadata:
    """The description of a provider, checked."""
    if said.get("issuer") != provider.settings.issuer:
        raise untrusted(provider.title, "its description is that of another issuer")

    def address(name: str) -> str:
        found = said.get(name)
        if not isinstance(found, str) or not is_safe(found):
            raise untrusted(provider.title, f"its description has no {name} that could be trusted")
        return found

    def offered(name: str) -> str | None:
        return address(name) if said.get(name) else None

    methods = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return Metadata(
        authorization=address("authorization_endpoint"),
        token=address("token_endpoint"),
        keys=address("jwks_uri"),
        end_session=offered("end_session_endpoint"),
        userinfo=offered("userinfo_endpoint"),
        takes_basic="client_secret_basic" in methods,
        names_itself=said.get("authorization_response_iss_parameter_supported") is True,
    )
