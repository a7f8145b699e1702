"""A sealed value opens for its own person and field, unchanged, with the right key, and for nothing else."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annolog.commands.vault import SealBroken
from annolog.domain.people.personal import PersonalField, Sealed
from annolog.domain.refusals import InvalidInput
from annolog.infra.personal.keyring import Keyring, master_key
from annolog.infra.personal.sealing import new_key, seal, unseal

NAME, EMAIL = PersonalField.NAME, PersonalField.EMAIL
KEY = bytes(range(32))


@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=200))
def test_what_was_sealed_is_opened_again(value: str) -> None:
    assert unseal(KEY, 5, NAME, seal(KEY, 5, NAME, value)) == value


def test_the_same_value_never_looks_the_same_and_hides_its_length() -> None:
    assert seal(KEY, 5, NAME, "Ada") != seal(KEY, 5, NAME, "Ada")
    assert len(seal(KEY, 5, NAME, "Ada")) == len(seal(KEY, 5, NAME, "Augusta Ada King, Countess of Lovelace"))


def test_a_value_cannot_be_moved_to_another_person_or_field_or_opened_with_another_key() -> None:
    sealed = seal(KEY, 5, NAME, "Ada")
    for key, person, field in ((KEY, 6, NAME), (KEY, 5, EMAIL), (new_key(), 5, NAME)):
        with pytest.raises(SealBroken):
            unseal(key, person, field, sealed)


def test_a_value_that_was_changed_anywhere_does_not_open() -> None:
    bare = urlsafe_b64decode(seal(KEY, 5, NAME, "Ada"))
    for place in range(len(bare)):
        changed = bytearray(bare)
        changed[place] ^= 1
        with pytest.raises(SealBroken):
            unseal(KEY, 5, NAME, Sealed(urlsafe_b64encode(bytes(changed)).decode()))
    for broken in ("", "AA", "ä", "AQ==", urlsafe_b64encode(bare[:20]).decode()):
        with pytest.raises(SealBroken):
            unseal(KEY, 5, NAME, Sealed(broken))


def test_a_wrapped_key_is_unwrapped_under_its_own_name_with_its_own_master_key_only() -> None:
    one, other = new_key(), new_key()
    kept = Keyring(one).wrap("person/5", KEY)
    assert KEY not in kept
    assert Keyring(one).unwrap("person/5", kept) == KEY
    assert Keyring(other, one).unwrap("person/5", kept) == KEY
    for keyring, name in ((Keyring(one), "person/6"), (Keyring(other), "person/5"), (Keyring(), "person/5")):
        with pytest.raises(InvalidInput):
            keyring.unwrap(name, kept)


def test_what_is_not_wrapped_with_the_master_key_of_today_is_known() -> None:
    one, other = new_key(), new_key()
    bare, kept = Keyring().wrap("n", KEY), Keyring(one).wrap("n", KEY)
    assert Keyring(one).is_current(kept)
    assert Keyring().is_current(bare)
    assert not Keyring(one).is_current(bare)
    assert not Keyring(other, one).is_current(kept)
    assert not Keyring(None, one).is_current(kept)


def test_a_master_key_is_32_bytes_and_is_never_repeated() -> None:
    assert master_key(b64encode(KEY).decode() + "\n") == KEY
    for wrong in ("", "secretsecret", b64encode(KEY[1:]).decode()):
        with pytest.raises(InvalidInput) as refused:
            master_key(wrong)
        assert "ANNOLOG_MASTER_KEY" in str(refused.value)
        assert not wrong or wrong not in str(refused.value)
    assert repr(KEY) not in repr(Keyring(KEY, KEY))
