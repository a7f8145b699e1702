"""What is remembered between leaving for a provider and coming back: with the browser, where only we can read it.

Who begins a sign-in in one browser cannot end it in another, because the other does not have this. That it is used once
is for the caller to see to, by its `nonce`; a code is worth something once anyway.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from annolog.domain.refusals import SignInRefused

LIFETIME = timedelta(minutes=10)
# Browsers keep cookies of up to 4,096 bytes.
MOST_BYTES = 4_000
LONGEST_PATH_BYTES = 1_000
# The key is used as it is, and what is changed on the way does not open.
HEADER = {"alg": "dir", "enc": "A256GCM"}
UNDER_WAY = b"annolog: sign-in under way"


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in under way."""

    provider: str
    state: str
    nonce: str
    verifier: str
    callback: str
    return_to: str
    ends_at: float


def own_path(address: str) -> str:
    """Where to go afterwards: a path of ours, or the start page if it leads anywhere else."""
    path = address[:1] == "/" and address[1:2] not in ("/", "\\") and address.isprintable()
    return address if path and len(address.encode()) <= LONGEST_PATH_BYTES else "/"


class Seal:
    """Seals and opens with a key made from the installation's own, so that other uses of that do not touch this one."""

    def __init__(self, installation_key: bytes, clock: Callable[[], datetime], purpose: bytes = UNDER_WAY) -> None:
        if len(installation_key) < 32:
            raise ValueError("the key of an installation has at least 32 bytes")
        self._clock = clock
        self._registry = jwe.JWERegistry(algorithms=list(HEADER.values()))
        self._key = OctKey.import_key(HKDF(SHA256(), 32, None, purpose).derive(installation_key))

    def close(self, sign_in: SignIn) -> str:
        """The value of a cookie."""
        return self.close_text(json.dumps(asdict(sign_in), ensure_ascii=False))

    def close_text(self, text: str) -> str:
        """The same of any text."""
        return jwe.encrypt_compact(HEADER, text, self._key, registry=self._registry)

    def open(self, sealed: str | None) -> SignIn:
        """The sign-in under way, unless it is none of ours, changed, or over."""
        text = self.open_text(sealed or "")
        found = None if text is None else SignIn(**json.loads(text))
        if found is None:
            raise SignInRefused("This browser has no sign-in under way; begin again.")
        if found.ends_at <= self._clock().timestamp():
            raise SignInRefused("The sign-in took too long; begin again.")
        return found

    def open_text(self, sealed: str) -> str | None:
        """The text that was sealed here, None if it was not or was changed."""
        if not sealed.isascii() or len(sealed) > MOST_BYTES:
            return None
        try:
            plain = jwe.decrypt_compact(sealed, self._key, registry=self._registry).plaintext
        except (JoseError, ValueError):
            return None
        return (plain or b"{}").decode()
