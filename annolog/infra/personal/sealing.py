"""Sealing a value with a person's key: AES-256-GCM, tied to the person and the field."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from annolog.commands.vault import SealBroken
from annolog.domain.people.personal import PersonalField, Sealed

VERSION = b"\x01"
KEY_BYTES = 32
NONCE_BYTES = 12
# Values are filled up to a multiple of this, so that what is sealed does not tell how long a name is.
BLOCK_BYTES = 64


def new_key() -> bytes:
    """A key that nobody has seen."""
    return secrets.token_bytes(KEY_BYTES)


def encrypted(key: bytes, value: bytes, context: bytes) -> bytes:
    """Nonce and ciphertext of a value that belongs into this context only."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, value, context)


def decrypted(key: bytes, found: bytes, context: bytes) -> bytes:
    """The value again; raises `SealBroken` if it was changed, or belongs elsewhere."""
    try:
        return AESGCM(key).decrypt(found[:NONCE_BYTES], found[NONCE_BYTES:], context)
    except (InvalidTag, ValueError) as wrong:
        raise SealBroken("a sealed value was changed, or is not what it is taken for") from wrong


def seal(key: bytes, person: int, field: PersonalField, value: str) -> Sealed:
    """The value as it is recorded. It has no character NUL, which fills it up."""
    text = value.encode()
    assert b"\0" not in text
    filled = text.ljust(-(-len(text) // BLOCK_BYTES) * BLOCK_BYTES, b"\0")
    return Sealed(urlsafe_b64encode(VERSION + encrypted(key, filled, _context(person, field))).decode())


def unseal(key: bytes, person: int, field: PersonalField, sealed: Sealed) -> str:
    """The value again; raises `SealBroken` if it was changed, or belongs to another person or field."""
    try:
        found = urlsafe_b64decode(sealed)
    except ValueError as wrong:
        raise SealBroken("a sealed value cannot be read") from wrong
    if found[:1] != VERSION:
        raise SealBroken("a sealed value is of a kind that is not known here")
    return decrypted(key, found[1:], _context(person, field)).rstrip(b"\0").decode()


def _context(person: int, field: PersonalField) -> bytes:
    return f"annolog/person/{person}/{field.value}".encode()
