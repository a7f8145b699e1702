"""Nothing is believed that the provider did not sign: for us, now, and for the sign-in that asked."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from typing import Any

import pytest
from joserfc.jwk import ECKey, OKPKey, RSAKey

from annolog.domain.refusals import SignInRefused
from annolog.infra.identity.keys import AT_MOST_EVERY, FRESH, public_key
from annolog.infra.identity.tokens import LEEWAY_SECONDS, MOST_TOKEN_BYTES
from tests.infra.identity.issuer import SUBJECT, AnyKey, Desk, Issuer, at_hash, part, sign

NOW = 1_795_780_800


def refused(desk: Desk, make: Any, **reply: Any) -> str:
    """Why; and the refusal tells nothing of the token."""
    made = []

    def remembered(nonce: str) -> str:
        made.append(make(nonce))
        return str(made[0])

    with pytest.raises(SignInRefused) as refusal:
        asyncio.run(desk.with_token(remembered, **reply))
    pieces = [piece for piece in made[0].split(".") if len(piece) > 8]
    assert not any(piece in str(refusal.value) for piece in [*pieces, SUBJECT, "ann@example.org"])
    assert (refusal.value.status, refusal.value.code) == (401, "sign-in-refused")
    return refusal.value.detail


def test_a_token_that_is_right_says_who_it_is(issuer: Issuer, desk: Desk) -> None:
    """Without this the others would prove nothing."""
    assert int(issuer.clock().timestamp()) == NOW
    found = asyncio.run(desk.with_claims(sid="s-1"))
    assert (found.issuer, found.subject, found.session) == (issuer.url, SUBJECT, "s-1")
    assert (found.email, found.email_verified, found.name) == ("ann@example.org", True, "Ann Example")
    assert (found.groups, found.expires_at.timestamp()) == (("annotators",), NOW + 60)
    assert found.id_token.count(".") == 2
    assert found.id_token not in repr(found)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"iss": "https://elsewhere.example"}, "issued by somebody else"),
        ({"iss": None}, "says nothing of iss"),
        ({"aud": "another-client"}, "meant for somebody else"),
        ({"aud": ["another-client", "a-third"]}, "meant for somebody else"),
        ({"aud": None}, "says nothing of aud"),
        ({"aud": ["annolog", "another-client"]}, "says nothing of azp"),
        ({"aud": ["annolog", "another-client"], "azp": "another-client"}, "meant for somebody else"),
        ({"azp": "another-client"}, "meant for somebody else"),
        ({"sub": None}, "says nothing of sub"),
        ({"sub": ""}, "wrong shape"),
        ({"sub": 7}, "wrong shape"),
        ({"sub": "x" * 256}, "does not say who"),
        ({"exp": NOW - LEEWAY_SECONDS}, "expired"),
        ({"exp": None}, "says nothing of exp"),
        ({"exp": "never"}, "expired"),
        ({"exp": float("nan")}, "expired"),
        ({"exp": 10**20}, "no year"),
        ({"nbf": NOW + LEEWAY_SECONDS + 1}, "not valid yet"),
        ({"iat": NOW + LEEWAY_SECONDS + 1}, "issued in the future"),
        ({"iat": None}, "says nothing of iat"),
        ({"nonce": "another"}, "does not belong to this sign-in"),
        ({"nonce": None}, "says nothing of nonce"),
        ({"at_hash": at_hash("another token")}, "does not belong to the access token"),
        ({"at_hash": 5}, "does not belong to the access token"),
    ],
)
def test_a_genuine_token_that_is_not_for_this_sign_in_is_refused(
    issuer: Issuer, desk: Desk, changed: dict[str, Any], why: str
) -> None:
    assert why in refused(desk, lambda nonce: issuer.signs(issuer.claims(nonce, **changed)))


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": NOW - LEEWAY_SECONDS + 1},
        {"nbf": NOW + LEEWAY_SECONDS},
        {"iat": NOW + LEEWAY_SECONDS},
        {"aud": ["annolog"]},
        {"aud": ["annolog", "another-client"], "azp": "annolog"},
        {"at_hash": at_hash("opaque")},
    ],
)
def test_clocks_may_differ_a_little_and_what_is_for_us_among_others_is_for_us(
    desk: Desk, changed: dict[str, Any]
) -> None:
    assert asyncio.run(desk.with_claims(**changed)).subject == SUBJECT


def test_a_token_without_a_signature_is_refused(issuer: Issuer, desk: Desk) -> None:
    for name in ("none", "None", "NONE"):
        why = refused(
            desk, lambda nonce, alg=name: (part({"alg": alg}) + b"." + part(issuer.claims(nonce)) + b".").decode()
        )
        assert "algorithm" in why


def test_the_public_key_is_no_secret_to_sign_with(issuer: Issuer, desk: Desk) -> None:
    public = issuer.key.as_pem(private=False)

    def forged(nonce: str) -> str:
        signed = part({"alg": "HS256", "kid": "one"}) + b"." + part(issuer.claims(nonce))
        return (signed + b"." + part(hmac.new(public, signed, hashlib.sha256).digest())).decode()

    assert "algorithm" in refused(desk, forged)
    assert "/keys" not in issuer.asked


def test_an_algorithm_that_is_not_allowed_is_refused_however_well_it_signs(issuer: Issuer) -> None:
    desk = Desk(issuer, algorithms=("ES256",))
    assert "algorithm" in refused(desk, lambda nonce: issuer.signs(issuer.claims(nonce)))
    assert asyncio.run(Desk(issuer, algorithms=("RS256",)).with_claims()).subject == SUBJECT


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [
        ("RS256", RSAKey.generate_key(2048, {"kid": "k"})),
        ("PS256", RSAKey.generate_key(2048, {"kid": "k"})),
        ("ES256", ECKey.generate_key("P-256", {"kid": "k"})),
        ("EdDSA", OKPKey.generate_key("Ed25519", {"kid": "k"})),
    ],
)
def test_every_usual_algorithm_is_understood_and_a_wrong_key_for_it_is_found_out(
    issuer: Issuer, algorithm: str, key: AnyKey
) -> None:
    issuer.published = [key]

    def made(nonce: str) -> str:
        return issuer.signs(issuer.claims(nonce), key, alg=algorithm)

    assert asyncio.run(Desk(issuer).with_token(made)).subject == SUBJECT
    crv = {"ES256": "P-256", "EdDSA": "Ed25519"}.get(algorithm, 2048)
    other = type(key).generate_key(crv, {"kid": "k"})  # type: ignore[arg-type]
    issuer.published = [other]
    assert "signature" in refused(Desk(issuer), made)


def test_a_key_of_one_kind_does_not_check_signatures_of_another(issuer: Issuer, desk: Desk) -> None:
    curve = ECKey.generate_key("P-256", {"kid": "one"})
    refused(desk, lambda nonce: sign({"alg": "ES256", "kid": "one"}, issuer.claims(nonce), curve))


def test_a_token_by_an_unknown_key_is_refused_and_the_provider_is_not_asked_for_each(
    issuer: Issuer, desk: Desk
) -> None:
    stranger = RSAKey.generate_key(2048, {"kid": "stranger"})
    for _ in range(3):
        assert "not one of the provider's" in refused(desk, lambda nonce: issuer.signs(issuer.claims(nonce), stranger))
    assert issuer.asked.count("/keys") == 1
    issuer.clock.passes(seconds=AT_MOST_EVERY.total_seconds())
    refused(desk, lambda nonce: issuer.signs(issuer.claims(nonce), stranger))
    assert issuer.asked.count("/keys") == 2


def test_a_stranger_cannot_sign_in_the_name_of_a_key(issuer: Issuer, desk: Desk) -> None:
    stranger = RSAKey.generate_key(2048, {"kid": "one"})
    assert "signature" in refused(desk, lambda nonce: issuer.signs(issuer.claims(nonce), stranger))


def test_a_key_that_comes_with_the_token_is_not_believed(issuer: Issuer, desk: Desk) -> None:
    stranger = RSAKey.generate_key(2048, {"kid": "stranger"})
    own = stranger.as_dict(private=False)
    assert "not one of the provider's" in refused(
        desk, lambda nonce: issuer.signs(issuer.claims(nonce), stranger, jwk=own)
    )
    refused(desk, lambda nonce: issuer.signs(issuer.claims(nonce), stranger, jku=f"{issuer.url}/evil"))
    assert "/evil" not in issuer.asked


def test_a_new_key_is_fetched_when_it_signs_and_the_one_it_replaces_is_believed_no_more(
    issuer: Issuer, desk: Desk
) -> None:
    old, new = issuer.key, RSAKey.generate_key(2048, {"kid": "two"})
    assert asyncio.run(desk.with_claims()).subject == SUBJECT
    issuer.clock.passes(seconds=30)
    issuer.key, issuer.published = new, [new]
    assert asyncio.run(desk.with_claims()).subject == SUBJECT
    assert issuer.asked.count("/keys") == 2
    assert "not one of the provider's" in refused(desk, lambda nonce: issuer.signs(issuer.claims(nonce), old))


def test_a_key_that_is_withdrawn_is_believed_no_longer_than_keys_are_kept(issuer: Issuer, desk: Desk) -> None:
    assert asyncio.run(desk.with_claims()).subject == SUBJECT
    issuer.published = [RSAKey.generate_key(2048, {"kid": "two"})]
    issuer.clock.passes(seconds=FRESH.total_seconds() - 1)
    assert asyncio.run(desk.with_claims()).subject == SUBJECT
    issuer.clock.passes(seconds=1)
    assert "not one of the provider's" in refused(desk, lambda nonce: issuer.signs(issuer.claims(nonce)))


def test_what_was_changed_on_the_way_is_refused(issuer: Issuer, desk: Desk) -> None:
    def tampered(nonce: str) -> str:
        header, payload, signature = issuer.signs(issuer.claims(nonce)).split(".")
        assert payload == part(issuer.claims(nonce)).decode()
        return f"{header}.{part(issuer.claims(nonce, groups=['admins'])).decode()}.{signature}"

    assert "signature" in refused(desk, tampered)


def test_a_huge_token_is_refused_unread_and_a_large_one_is_not(issuer: Issuer, desk: Desk) -> None:
    assert asyncio.run(desk.with_claims(filler="x" * (MOST_TOKEN_BYTES // 2))).subject == SUBJECT
    assert "too large" in refused(desk, lambda nonce: issuer.signs(issuer.claims(nonce, filler="x" * MOST_TOKEN_BYTES)))
    _, sign_in = asyncio.run(desk.begun())
    assert sign_in.nonce
    assert "more than is read" in refused(desk, lambda nonce: "x.y.z", filler="x" * 300_000)


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "....", "é.é.é", "e30.e30.e30", "[" * 5_000, "bnVsbA.e30.e30"])
def test_what_is_no_token_is_refused(desk: Desk, text: str) -> None:
    assert refused(desk, lambda _: text)


def test_a_reply_without_a_token_is_refused(desk: Desk) -> None:
    for nothing in (None, 7, ["a"]):
        assert "no token" in refused(desk, lambda _: "unused", id_token=nothing)


def test_a_signed_token_that_holds_no_object_is_refused(issuer: Issuer, desk: Desk) -> None:
    def list_of(_: str) -> str:
        return sign({"alg": "RS256", "kid": "one"}, ["admins"], issuer.key)  # type: ignore[arg-type]

    assert "cannot be read" in refused(desk, list_of)


def test_keys_that_are_not_to_sign_with_are_left_out() -> None:
    key = RSAKey.generate_key(2048, {"kid": "k"}).as_dict(private=False)
    assert public_key(key) is not None
    assert public_key({**key, "use": "sig"}) is not None
    assert public_key({**key, "use": "enc"}) is None
    assert public_key({"kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQ", "kid": "k"}) is None
    assert public_key({**key, "n": str(key["n"])[:171]}) is None
    for broken in ({}, {"kty": "RSA"}, {"kty": "EC", "crv": "P-256"}, {"kty": "new"}, {"kty": []}, "key", None):
        assert public_key(broken) is None


def test_a_key_ring_that_cannot_be_read_lets_nobody_in(issuer: Issuer) -> None:
    for said in (
        b"",
        b"[]",
        b"{}",
        b'{"keys": 5}',
        b'{"keys": []}',
        b"[" * 100_000,
        json.dumps({"keys": [{}]}).encode(),
    ):
        issuer.keys_reply = said
        assert refused(Desk(issuer), lambda nonce: issuer.signs(issuer.claims(nonce)))
