"""Which providers of single sign-on an installation trusts, and how it is known to each."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

from annolog.domain.refusals import Fault, InvalidInput
from annolog.domain.sign_on.admission import Admits
from annolog.infra.secret_sources import secret_in_file

# Signatures by a key pair only. `none` signs nothing, and who can check an HMAC can make one.
Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
USUAL: tuple[Algorithm, ...] = ("RS256", "ES256", "PS256", "EdDSA")
NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class ClaimNames(BaseModel):
    """Under which names a provider says what; a dot leads into an object unless a claim has it in its name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: str = Field(default="sub", description="What never changes of a person, and is never given to another.")
    email: str = "email"
    name: str = "name"
    groups: str = "groups"


class ProviderSettings(BaseModel):
    """One provider, as settings have it. The secret is not among them: it comes from the environment or a file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(default="", max_length=100, description="On the button; the name where there is none.")
    issuer: str = Field(description="The URL that the provider signs as, letter by letter.")
    client_id: str = Field(min_length=1, max_length=500)
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    claims: ClaimNames = ClaimNames()
    algorithms: tuple[Algorithm, ...] = Field(default=USUAL, min_length=1)
    organization: int = Field(default=1, ge=1, description="Where people who come by it belong.")
    admits: Admits = Field(default=Admits.MAPPED, description="Whom it lets in beside those who are known.")
    links_by_email: bool = Field(
        default=True, description="Whether an address that the provider vouches for may lead to who is known by it."
    )
    userinfo: bool = Field(default=False, description="Whether to ask for what the provider leaves out of id tokens.")

    @field_validator("issuer")
    @classmethod
    def _can_be_trusted(cls, issuer: str) -> str:
        if not is_safe(issuer) or urlsplit(issuer).query or urlsplit(issuer).fragment:
            raise ValueError("an issuer is an https address without query; on this machine http will do")
        return issuer

    @field_validator("scopes")
    @classmethod
    def _asks_for_an_identity(cls, scopes: tuple[str, ...]) -> tuple[str, ...]:
        if "openid" not in scopes:
            raise ValueError("without the scope openid there is no id token")
        return scopes


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider with all that is needed to ask it. Without a secret the client is a public one."""

    name: str
    settings: ProviderSettings
    secret: str | None = field(default=None, repr=False)

    @property
    def title(self) -> str:
        """What people call it."""
        return self.settings.title or self.name


def is_safe(address: str) -> bool:
    """Whether nobody on the way can change what is said there: over TLS, or without leaving this machine."""
    parts = urlsplit(address)
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK))


def providers_of(
    settings: Mapping[str, ProviderSettings], environment: Mapping[str, str] = os.environ
) -> dict[str, Provider]:
    """Every provider with its secret, from `ANNOLOG_PROVIDER_<NAME>_SECRET` or the file that `…_SECRET_FILE` names."""
    found = {}
    for name, one in settings.items():
        if not NAME.fullmatch(name):
            raise _wrong("providers", f"{name!r} is no name: small letters, digits and hyphens, a letter first")
        found[name] = Provider(name, one, _secret(name, environment))
    return found


def _secret(name: str, environment: Mapping[str, str]) -> str | None:
    variable = f"ANNOLOG_PROVIDER_{name.upper().replace('-', '_')}_SECRET"
    return secret_in_file(variable, environment) or environment.get(variable) or None


def _wrong(setting: str, message: str) -> InvalidInput:
    return InvalidInput(f"{setting}: {message}", faults=[Fault(setting, message)])
