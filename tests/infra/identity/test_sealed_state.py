"""What a browser keeps for us between two requests: it can neither be read, nor changed, nor kept for long."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta

import pytest
from joserfc import jwe
from joserfc.jwk import OctKey

from annolog.domain.refusals import SignInRefused
from annolog.infra.identity.sealed_state import LIFETIME, LONGEST_PATH_BYTES, MOST_BYTES, Seal, SignIn, own_path
from tests.infra.identity.issuer import Clock

KEY = b"the key of the tests has 32 bytes"


def sign_in(clock: Clock) -> SignIn:
    ends_at = (clock() + LIFETIME).timestamp()
    return SignIn("acme", "state", "nonce", "verifier", "https://annolog.example/callback", "/tasks", ends_at)


def test_what_was_sealed_opens_again_and_shows_nothing_meanwhile() -> None:
    clock = Clock()
    seal, kept = Seal(KEY, clock), sign_in(clock)
    closed = seal.close(kept)
    assert seal.open(closed) == kept
    assert Seal(KEY, clock).open(closed) == kept
    assert seal.close(kept) != closed
    header, *rest = closed.split(".")
    opened = [part for part in rest if part]
    assert all(str(value) not in closed for value in asdict(kept).values())
    assert header
    assert len(opened) == 3


def test_it_opens_for_ten_minutes() -> None:
    clock = Clock()
    seal = Seal(KEY, clock)
    closed = seal.close(sign_in(clock))
    clock.now += LIFETIME - timedelta(seconds=1)
    assert seal.open(closed).state == "state"
    clock.now += timedelta(seconds=1)
    with pytest.raises(SignInRefused, match="too long"):
        seal.open(closed)


def test_what_was_changed_or_sealed_by_somebody_else_does_not_open() -> None:
    clock = Clock()
    seal = Seal(KEY, clock)
    closed = seal.close(sign_in(clock))
    for place in range(0, len(closed), 7):
        changed = closed[:place] + ("A" if closed[place] != "A" else "B") + closed[place + 1 :]
        with pytest.raises(SignInRefused, match="begin again"):
            seal.open(changed)
    for other in (Seal(KEY[::-1], clock).close(sign_in(clock)), "", None, "a.b.c.d.e", "é", "x" * (MOST_BYTES + 1)):
        with pytest.raises(SignInRefused, match="begin again"):
            seal.open(other)


def test_a_seal_by_the_key_itself_or_by_another_algorithm_does_not_open() -> None:
    """The key of an installation is used for other things too: they must not be mixed up."""
    clock = Clock()
    plain = OctKey.import_key(KEY[:32])
    other = jwe.encrypt_compact({"alg": "dir", "enc": "A256GCM"}, "{}", plain, ["dir", "A256GCM"])
    wrapped = jwe.encrypt_compact({"alg": "A256KW", "enc": "A256GCM"}, "{}", plain, ["A256KW", "A256GCM"])
    for forged in (other, wrapped):
        with pytest.raises(SignInRefused):
            Seal(KEY[:32], clock).open(forged)


def test_a_short_key_is_none() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Seal(b"short", Clock())


def test_a_sign_in_fits_into_a_cookie_however_long_the_way_back_is() -> None:
    clock = Clock()
    long = replace(sign_in(clock), return_to="/" + '"' * (LONGEST_PATH_BYTES - 1), callback="https://" + "a" * 300)
    closed = Seal(KEY, clock).close(replace(long, state="s" * 43, nonce="n" * 43, verifier="v" * 43))
    assert len(closed) <= MOST_BYTES


@pytest.mark.parametrize("path", ["/", "/tasks", "/tasks?filter=a&b=%20#c", "/a//b", "/é"])
def test_the_way_back_is_a_path_of_ours(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tasks",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/a\nb",
        "/" + "a" * LONGEST_PATH_BYTES,
        "/" + "é" * (LONGEST_PATH_BYTES // 2),
        "/\ud800",
    ],
)
def test_a_way_back_that_leads_elsewhere_leads_to_the_start(path: str) -> None:
    assert own_path(path) == "/"
