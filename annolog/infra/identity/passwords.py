"""Passwords as they are kept: hashed with Argon2id, each with a salt of its own."""

from __future__ import annotations

from functools import cache

from pwdlib import PasswordHash


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _nobodys() -> str:
    return _hasher().hash("a password that nobody has")


def hashed(password: str) -> str:
    """What is kept of a password. Takes tens of milliseconds, and is meant to."""
    return _hasher().hash(password)


def verified(password: str, hash: str | None) -> tuple[bool, str | None]:
    """Whether it is the password, and another hash of it where parameters have changed since.

    Where there is none it takes as long, so that nobody learns by the time who has one.
    """
    if hash is None:
        _hasher().verify(password, _nobodys())
        return False, None
    return _hasher().verify_and_update(password, hash)
