"""Why somebody is not let in, in words that tell nothing of what was in a token."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from joserfc.errors import (
    BadSignatureError,
    ExpiredTokenError,
    InvalidClaimError,
    InvalidKeyIdError,
    JoseError,
    MissingClaimError,
    UnsupportedAlgorithmError,
)

from annolog.domain.refusals import SignInRefused

CLAIMS = {
    "iss": "it was issued by somebody else",
    "aud": "it is meant for somebody else",
    "azp": "it is meant for somebody else",
    "exp": "it has expired",
    "nbf": "it is not valid yet",
    "iat": "it was issued in the future",
    "nonce": "it does not belong to this sign-in",
    "at_hash": "it does not belong to the access token it came with",
}
ERROR_CODE = re.compile(r"[a-z_]{1,60}")


def untrusted(provider: str, why: str) -> SignInRefused:
    """A token or an answer that does not hold."""
    return SignInRefused(f"What {provider} sent is not accepted: {why}.")


def moment_in(provider: str, seconds: float) -> datetime:
    """A time that a token names."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError) as trouble:
        raise untrusted(provider, "it names a time in no year that there is") from trouble


def of_token(provider: str, trouble: JoseError) -> SignInRefused:
    """Why a token does not hold. The library's own words may quote it, so they are not passed on."""
    match trouble:
        case BadSignatureError():
            why = "its signature is wrong"
        case UnsupportedAlgorithmError():
            why = "its algorithm is not one of those allowed"
        case InvalidKeyIdError():
            why = "the key that signed it is not one of the provider's"
        case ExpiredTokenError():
            why = CLAIMS["exp"]
        case MissingClaimError(claim=claim):
            why = f"it says nothing of {claim}" if claim in CLAIMS or claim == "sub" else "a claim is missing"
        case InvalidClaimError(claim=claim):
            why = CLAIMS.get(claim, "a claim has the wrong shape")
        case _:
            why = "it cannot be read as a signed token"
    return untrusted(provider, why)


def of_provider(provider: str, code: object) -> SignInRefused:
    """The provider itself said no; its code is passed on where it is one."""
    said = code if isinstance(code, str) and ERROR_CODE.fullmatch(code) else "no reason"
    return SignInRefused(f"{provider} did not let you in: {said}.")
