"""What is kept of a password: enough to know it again, not enough to find it."""

from __future__ import annotations

from time import perf_counter

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from annolog.infra.identity.passwords import hashed, verified

PASSWORD = "correct horse battery staple"


def test_a_password_is_known_again_and_no_other_is() -> None:
    kept = hashed(PASSWORD)
    assert verified(PASSWORD, kept) == (True, None)
    assert verified(PASSWORD + " ", kept) == (False, None)
    assert verified(PASSWORD.upper(), kept) == (False, None)


def test_it_is_kept_by_argon2id_with_a_salt_of_its_own() -> None:
    first, second = hashed(PASSWORD), hashed(PASSWORD)
    assert first.startswith("$argon2id$")
    assert first != second
    assert PASSWORD not in first


def test_one_that_was_hashed_more_cheaply_is_right_and_hashed_anew() -> None:
    cheap = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8 * 1024),)).hash(PASSWORD)
    is_right, anew = verified(PASSWORD, cheap)
    assert is_right
    assert anew is not None
    assert anew != cheap
    assert verified(PASSWORD, anew) == (True, None)
    assert verified("wrong", cheap) == (False, None)


def test_where_there_is_no_password_it_takes_about_as_long_to_say_so() -> None:
    kept = hashed(PASSWORD)
    assert verified(PASSWORD, None) == (False, None)

    def quickest(hash: str | None) -> float:
        times = []
        for _ in range(7):
            begun = perf_counter()
            verified("wrong password", hash)
            times.append(perf_counter() - begun)
        return min(times)

    with_one, without = quickest(kept), quickest(None)
    assert 0.4 < without / with_one < 2.5
