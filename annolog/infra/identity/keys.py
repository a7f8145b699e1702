"""The keys a provider signs with, fetched, kept for a while, and fetched again when it signs with another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import ECKey, JWKRegistry, Key, KeySet, OKPKey, RSAKey

# How long a key that the provider no longer publishes goes on being believed.
FRESH = timedelta(minutes=5)
# Anybody can send a token by a key that does not exist: we do not ask the provider for each.
AT_MOST_EVERY = timedelta(seconds=10)
SMALLEST_RSA_BITS = 2048


class KeyRing:
    """The public keys of one provider."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._keys: dict[str | None, Key] = {}
        self._fetched_at = datetime.min.replace(tzinfo=UTC)

    @property
    def age(self) -> timedelta:
        """How long ago they were fetched; very long if they never were."""
        return self._clock() - self._fetched_at

    def put(self, published: Mapping[str, Any]) -> None:
        """These are the provider's keys now, and no others."""
        found = published.get("keys")
        usable = [key for one in (found if isinstance(found, list) else []) if (key := public_key(one)) is not None]
        self._keys = {key.kid: key for key in KeySet(usable)} if usable else {}
        self._fetched_at = self._clock()

    def has(self, name: object) -> bool:
        """Whether there is the key of this name. A token may leave the name out where there is only one."""
        return (name is None and len(self._keys) == 1) or (isinstance(name, str) and name in self._keys)

    def get(self, name: object) -> Key:
        """The key of this name."""
        if not self.has(name):
            raise InvalidKeyIdError
        return next(iter(self._keys.values())) if name is None else self._keys[str(name)]


def public_key(published: object) -> Key | None:
    """A key that signs, or None for what we do not use: others' purposes, secrets, keys too short, unknown kinds."""
    if not isinstance(published, dict) or published.get("use", "sig") != "sig" or published.get("kty") == "oct":
        return None
    if published.get("kty") == "RSA" and _bits(published.get("n")) < SMALLEST_RSA_BITS:
        return None
    try:
        key = JWKRegistry.import_key(published)
    except (JoseError, ValueError, TypeError):
        return None
    return key if isinstance(key, RSAKey | ECKey | OKPKey) else None


def _bits(number: object) -> int:
    # Base64 has six bits a character, and a modulus begins with a bit that is set.
    return len(number.rstrip("=")) * 6 if isinstance(number, str) else 0
