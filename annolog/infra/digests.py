"""What is kept of secrets that people hold."""

from __future__ import annotations

from hashlib import sha256


def digest_of(secret: str) -> str:
    """The SHA-256 of a token, a session or the secret of a link, in hex. They are long and random: it is enough."""
    return sha256(secret.encode()).hexdigest()
